"""What people are told about goals: that one was set, moved on with or reached; none of its words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import Words
from mentoring.mentorships.telling_people import MENTORSHIPS
from mentoring.names import in_sentence
from mentoring.participants.models import Participant
from mentoring.together.goals.models import Goal, GoalStep, HowFar


def was_set(session: Session, goal: Goal, *, by: Participant, at: datetime) -> None:
    """Tell the mentor; in a circle it is seen when they look."""

    def say() -> Words:
        subject = _("%(name)s has set a goal", name=in_sentence(by.name))
        how = _("Read it, and talk about the first step when you meet.")
        return Words(subject, (how,), _("Read the goal"), page_of(goal))

    if not goal.mentorship.is_circle:
        _tell_others(session, goal, say, key=f"goal-set:{goal.public_id}", by=by, at=at)


def moved_on(session: Session, goal: Goal, step: GoalStep, *, by: Participant, at: datetime) -> None:
    """Tell the other of a pair; of a circle everybody, and only when the goal is reached."""
    is_reached = step.far is HowFar.REACHED

    def say() -> Words:
        name = in_sentence(by.name)
        if is_reached:
            how = _("A word about it will please them.")
            return Words(_("%(name)s has reached a goal", name=name), (how,), _("Read the goal"), page_of(goal))
        subject = _("%(name)s has written what was done for a goal", name=name)
        return Words(subject, (), _("Read it"), page_of(goal))

    if is_reached or not goal.mentorship.is_circle:
        _tell_others(session, goal, say, key=f"goal-moved:{goal.public_id}:{step.id}", by=by, at=at)


def _tell_others(
    session: Session, goal: Goal, say: Callable[[], Words], *, key: str, by: Participant, at: datetime
) -> None:
    for person in goal.mentorship.people:
        if person.id != by.id:
            mail.tell(session, person.enrolment, MENTORSHIPS, say, key=key, at=at)


def page_of(goal: Goal) -> str:
    mentorship = goal.mentorship
    return url_for(
        "goals.goal",
        course=mentorship.cohort.course.public_id,
        mentorship_id=mentorship.public_id,
        goal_id=goal.public_id,
    )
