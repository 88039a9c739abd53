"""Goals on other pages: the section of a mentorship, a card of home pages, a panel of the mentor's brief."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import MEMBERS
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.panels import BriefPanel, Card, NextStep, Panel, Urgency
from mentoring.mentorships.blueprint import look_at
from mentoring.mentorships.briefing import between
from mentoring.mentorships.days import in_words
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.sections import Look, Section
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.queries import has_part
from mentoring.programs.words import GOALS
from mentoring.together.goals import queries
from mentoring.together.goals.models import Goal, GoalState
from mentoring.together.goals.wording import HOW_FAR, PROMPTS, STATES

FEW = 5


def day_in_words(goal: Goal, at: datetime) -> str:
    """*By Nov 23, 2026*, and a kind word where that has passed."""
    if goal.closed is not None:
        return in_words(goal.closed)
    if goal.is_overdue(at):
        return str(_("Was planned for %(day)s; it is not too late", day=in_words(goal.due)))
    return str(_("By %(when)s", when=in_words(goal.due)))


def words_for(look: Look) -> dict[str, Any]:
    """What the templates of goals are given beside the goals."""
    return {
        "look": look,
        "names": {member.participant_id: member.participant.name for member in look.mentorship.members},
        "states": STATES,
        "how_far": HOW_FAR,
        "prompts": PROMPTS,
        "kinds": GOALS,
        "day_in_words": lambda goal: day_in_words(goal, look.at),
        "may_read": queries.reader(look),
        "may_set": queries.may_set(look),
    }


def section(look: Look) -> Card | None:
    """The open goals with what was last done for them; where there never was one, how to set the first."""
    standing = queries.standing(look)
    closed = queries.closed_states(look) if not _are_some_mine(look, standing) else None
    if not standing and not closed and not look.can_write:
        return None
    step = _first_step(look.me, look.mentorship) if _has_none(look, standing, closed) else None
    return Card(
        title=_("Goals"),
        template="goals/_section.html",
        context={**words_for(look), "standing": standing[:FEW], "left_out": len(standing[FEW:]), "closed": closed},
        urgency=Urgency.USEFUL if step else Urgency.QUIET,
        next_step=step,
    )


def _are_some_mine(look: Look, standing: list[queries.Standing]) -> bool:
    """Whether nothing more has to be asked: there are goals, and of whoever may set some, one is theirs."""
    mine = look.mine.id if look.mine is not None and queries.may_set(look) else None
    return any(mine is None or each.goal.participant_id == mine for each in standing)


def _has_none(look: Look, standing: list[queries.Standing], closed: set[tuple[int, GoalState]] | None) -> bool:
    """Whether they may set goals, and none of theirs is open or reached; nobody is asked while it is paused."""
    if closed is None or not queries.may_set(look) or look.mentorship.state is MentorshipState.PAUSED:
        return False
    assert look.mine is not None
    return (look.mine.id, GoalState.REACHED) not in closed


def _first_step(me: Enrolment, mentorship: Mentorship) -> NextStep:
    return NextStep(
        sentence=_("What do you want to reach? One sentence and a day are enough to begin with."),
        label=_("Set a goal"),
        url=url_for("goals.new", course=me.course.public_id, mentorship_id=mentorship.public_id),
    )


SECTION = Section(key="goals", order=20, fill=section)


def your_goals(me: Enrolment) -> Card | None:
    """My goals where I set some, and to set a first one where there is none."""
    found = queries.of_mine(db.session, me) if has_part(db.session, me) else []
    without = [each.mentorship for each in found if not each.has_any]
    if not without and not any(each.goals for each in found):
        return None
    at = clock.now()
    step = _first_step(me, without[0]) if without else None
    return Card(
        title=_("Your goals"),
        template="goals/_yours.html",
        context={"found": found, "few": FEW, "day_in_words": lambda goal: day_in_words(goal, at)},
        urgency=Urgency.USEFUL if step else Urgency.QUIET,
        next_step=step,
    )


PANEL = Panel(key="your-goals", order=12, open_to=MEMBERS, fill=your_goals)


def before_we_meet(mentor: Enrolment, mentee: Enrolment) -> Card | None:
    """What the mentee wants to reach, and what was last done for it."""
    mentorship = between(mentor, mentee)
    if mentorship is None:
        return None
    look = look_at(mentor, mentorship)
    standing = queries.standing(look)
    if not standing:
        return None
    return Card(
        title=_("Goals"),
        template="goals/_lines.html",
        context={**words_for(look), "standing": standing},
    )


BRIEF = BriefPanel(key="goals", order=15, fill=before_we_meet)
