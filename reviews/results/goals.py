"""A shortfall becomes a goal of a mentorship, with one click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lti_tool.db import find_or_create
from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.queries import circles_of, mentors_of
from mentoring.mentorships.sections import Look
from mentoring.programs.choices import GoalType
from mentoring.together.goals import acts
from mentoring.together.goals.acts import Wording
from mentoring.together.goals.models import LONGEST_STATEMENT, Goal
from reviews.campaigns.models import Target
from reviews.instruments.content import Competency
from reviews.results.models import DevelopmentGoal

WEEKS = 12
"""Until the goal is due, which can be changed at once."""


def places_for(session: Session, me: Enrolment) -> Sequence[Mentorship]:
    """The mentorships in which I set goals."""
    found = [*(place.mentorship for place in mentors_of(session, me)), *circles_of(session, me)]
    return list({each.id: each for each in found if each.is_standing}.values())


def made_of(session: Session, target: Target) -> dict[str, Goal]:
    """The newest goal that was made of each competency."""
    rows = session.scalars(
        select(DevelopmentGoal)
        .where(DevelopmentGoal.target_id == target.id)
        .order_by(DevelopmentGoal.id)
        .options(joinedload(DevelopmentGoal.goal, innerjoin=True))
    )
    return {each.competency: each.goal for each in rows}


def make(session: Session, look: Look, target: Target, competency: Competency, *, at: datetime) -> Goal:
    """A goal of mine in this mentorship, held; the caller commits. It tells no figure: the mentor reads it, too.

    Raises Refusal.
    """
    assert look.mine is not None
    statement = _("Get better at: %(competency)s", competency=competency.name)
    if competency.definition:
        statement = f"{statement}. {competency.definition}"
    wording = Wording(statement=statement[:LONGEST_STATEMENT], due=at + timedelta(weeks=WEEKS), kind=GoalType.SKILL)
    goal = acts.set_goal(session, look.mentorship, wording, by=look.mine, at=at)
    key = {"target_id": target.id, "competency": competency.key, "goal_id": goal.id}
    find_or_create(session, DevelopmentGoal, key)
    return goal
