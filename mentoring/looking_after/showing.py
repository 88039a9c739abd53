"""What home pages say when a mentor carries too much: kindly to the mentor, and to instructors how many there are."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool import clock
from lti_tool.access import MEMBERS
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.panels import Card, NextStep, Panel, Urgency
from mentoring.looking_after import warned
from mentoring.looking_after.words import TO_MENTOR
from mentoring.mentorships.queries import mentees_of
from mentoring.programs.starting import current


def too_much(me: Enrolment) -> Card | None:
    """One statement for instructors and for those who have mentees, and none for others."""
    is_mentor = bool(mentees_of(db.session, me))
    cohort = current(db.session, me.course) if me.is_instructor or is_mentor else None
    if cohort is None or cohort.version.is_of_peers:
        return None
    at, course = clock.now(), me.course.public_id
    everybody = warned.everybody(db.session, cohort, at=at) if me.is_instructor else {}
    mine = everybody.get(me.id, []) if me.is_instructor else warned.of_mentor(db.session, cohort, me, at=at)
    mine = mine if is_mentor else []
    others = len(everybody.keys() - {me.id})
    if not mine and not others:
        return None
    mine_url = url_for("looking_after.mine", course=course)
    everybody_url = url_for("looking_after.everybody", course=course)
    step = (
        NextStep(sentence=str(TO_MENTOR[mine[0]]), label=_("Take care of yourself"), url=mine_url)
        if mine
        else NextStep(sentence=_carried(others), label=_("See how they are"), url=everybody_url)
    )
    return Card(
        title=_("Take care of yourself") if mine else _("Mentors who carry a lot"),
        template="looking_after/_too_much.html",
        context={
            "mine": [TO_MENTOR[warning] for warning in mine],
            "others": _carried(others) if others else "",
            "mine_url": mine_url,
            "everybody_url": everybody_url,
        },
        urgency=Urgency.USEFUL,
        next_step=step,
    )


def _carried(number: int) -> str:
    return str(
        ngettext(
            "One mentor may carry too much. Talk to them before you give them another mentee.",
            "%(num)d mentors may carry too much. Talk to them before you give them another mentee.",
            number,
        )
    )


PANEL = Panel(key="too-much", order=21, open_to=MEMBERS, fill=too_much)
