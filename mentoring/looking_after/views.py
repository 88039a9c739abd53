"""How it goes for a mentor: their own page, and for instructors all of them and each."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.paging import beginning
from mentoring.looking_after import reading
from mentoring.looking_after.words import TO_INSTRUCTOR, TO_MENTOR, lasting, month
from mentoring.participants.models import ParticipantState
from mentoring.participants.queries import person_of
from mentoring.programs.starting import current
from mentoring.together.thanks import queries as thanks

bp = Blueprint("looking_after", __name__, template_folder="templates")

ALL = "/courses/<course>/mentoring/looking-after"
AT_ONCE = 100


@bp.get("/courses/<course>/mentoring/how-it-goes")
@open_to(*MEMBERS)
def mine(me: Enrolment) -> ResponseReturnValue:
    cohort, at = current(db.session, me.course), clock.now()
    found = reading.one(db.session, cohort, me, at=at) if cohort else None
    return render(
        "looking_after/mine.html",
        me=me,
        found=found,
        is_on_break=found is not None and found.mentor.state is ParticipantState.PAUSED,
        thanks=thanks.received(db.session, me),
        words=TO_MENTOR,
        month=month,
        lasting=lasting,
    )


@bp.get(ALL)
@open_to(Role.INSTRUCTOR)
def everybody(me: Enrolment) -> ResponseReturnValue:
    """Those with a warning first; `?from=` leads on."""
    cohort = current(db.session, me.course)
    found = reading.everybody(db.session, cohort, at=clock.now()) if cohort else []
    first = beginning(len(found), AT_ONCE)
    return render(
        "looking_after/everybody.html",
        me=me,
        found=found[first : first + AT_ONCE],
        number=len(found),
        warned=sum(bool(each.warnings) for each in found),
        first=first,
        at_once=AT_ONCE,
        words=TO_INSTRUCTOR,
        lasting=lasting,
    )


@bp.get(f"{ALL}/<person_id>")
@open_to(Role.INSTRUCTOR)
def person(me: Enrolment, person_id: str) -> ResponseReturnValue:
    mentor = person_of(db.session, me.course, person_id) or abort(404)
    cohort = current(db.session, me.course)
    found = (reading.one(db.session, cohort, mentor, at=clock.now()) if cohort else None) or abort(404)
    return render(
        "looking_after/person.html",
        me=me,
        person=mentor,
        found=found,
        is_on_break=found.mentor.state is ParticipantState.PAUSED,
        thanks=thanks.shown(db.session, mentor),
        words=TO_INSTRUCTOR,
        month=month,
        lasting=lasting,
    )
