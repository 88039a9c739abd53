"""What the page of one circle shows, and the end of a circle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select

from lti_tool import clock
from lti_tool.db import db
from lti_tool.members import people_of
from lti_tool.models import Enrolment
from lti_tool.pages import render
from lti_tool.panels import steps_of
from mentoring.mentorships import ending, living
from mentoring.mentorships.allowing import CIRCLES, Act, acts_open_to
from mentoring.mentorships.blueprint import back_to, sections_of
from mentoring.mentorships.circles.absence import kept_until
from mentoring.mentorships.circles.fitting import what_they_share
from mentoring.mentorships.forms import EndCircleForm, LeaveForm, PauseForm, SomebodyForm, somebody_form
from mentoring.mentorships.models import Membership, Mentorship, Place
from mentoring.mentorships.naming import by_name, title_of, with_you
from mentoring.mentorships.refusing import part_of, seats_of
from mentoring.mentorships.wording import OF_CIRCLES, STATES
from mentoring.names import in_sentence
from mentoring.pairing.circles.peering import sizes_of
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_seeking, participants_of

_FORMS: dict[Act, type[FlaskForm]] = {Act.PAUSE: PauseForm, Act.LEAVE: LeaveForm, Act.END: EndCircleForm}
LABELS = {Act.PUT_IN: _l("Who is to come into the circle?"), Act.TAKE_OUT: _l("Who is to leave the circle?")}


def page(me: Enrolment, circle: Mentorship, wrong: FlaskForm | None = None) -> str:
    """The circle as it stands; with the form that was filled in wrongly, if one was."""
    acts = acts_open_to(circle.state, seats_of(circle, me), CIRCLES)
    others = [person for person in circle.people if person.enrolment_id != me.id]
    sections = sections_of(me, circle)
    return render(
        "mentorships/circle.html",
        me=me,
        mentorship=circle,
        title=with_you(others) if part_of(circle, me) else title_of(circle),
        part=part_of(circle, me),
        people=by_name(circle.people),
        kept_until=kept_until,
        former=former_members(circle),
        acts=[act.value for act in acts],
        forms=_forms(circle, acts, wrong),
        is_full=len(circle.people) >= sizes_of(circle.cohort.version).largest,
        wrong=wrong,
        fit=what_they_share(db.session, circle, at=clock.now()),
        sections=sections,
        next_steps=steps_of(sections),
        latest_pause=living.latest_pause(circle, clock.now()),
        states=STATES,
        reasons=OF_CIRCLES,
    )


def former_members(circle: Mentorship) -> Sequence[Membership]:
    """Who belonged to it and does no more; for instructors."""
    return [member for member in circle.members if member.until is not None and member.until != circle.ended]


def end(me: Enrolment, circle: Mentorship) -> ResponseReturnValue:
    """An instructor ends a circle that is held."""
    form = EndCircleForm()
    if not form.validate_on_submit():
        return page(me, circle, form), 422
    why = {"reason": form.reason.data, "note": (form.note.data or "").strip()}
    ending.end(db.session, circle, by=me, at=clock.now(), **why)
    db.session.commit()
    flash(_("It has ended. Everybody in it is told that it has, not why."), "success")
    return back_to(circle)


def _forms(circle: Mentorship, acts: list[Act], wrong: FlaskForm | None) -> dict[str, Any]:
    """The forms of these acts, by the act: what was typed stands in the one that was sent, the others are new."""
    made = {act.value: kind(formdata=None) for act, kind in _FORMS.items() if act in acts and type(wrong) is not kind}
    made |= {act.value: choice(circle, act) for act in LABELS if act in acts}
    if isinstance(wrong, SomebodyForm):
        made |= {act.value: wrong for act in LABELS if act.value in wrong}
    elif wrong is not None:
        made |= {act.value: wrong for act, kind in _FORMS.items() if type(wrong) is kind}
    return made


def choice(circle: Mentorship, act: Act) -> SomebodyForm:
    """Somebody to be put in, or to be taken out."""
    people = circle_seekers(circle) if act is Act.PUT_IN else [person.enrolment for person in by_name(circle.people)]
    return somebody_form(
        name=act.value, label=LABELS[act], people=[(person, in_sentence(person.name)) for person in people]
    )


def circle_seekers(circle: Mentorship) -> list[Enrolment]:
    """Everybody of the course who is to be in a circle and has none, by name."""
    cohort = circle.cohort
    participants = participants_of(db.session, cohort)
    placed = set(
        db.session.scalars(
            select(Participant.enrolment_id)
            .join(Place, Place.mentee_id == Participant.id)
            .where(Participant.cohort_id == cohort.id)
        )
    )
    return [
        person
        for person in people_of(db.session, cohort.course)
        if person.id not in placed and is_seeking(person, participants.get(person.id))
    ]
