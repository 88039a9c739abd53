"""What instructors see and say of single people: their part, offer, need, checklist, and whom they must not meet."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.members import people_of
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.paging import searched
from mentoring.mentorships.models import Part
from mentoring.names import answers_to, in_sentence
from mentoring.participants import taking_part
from mentoring.participants.excluding import BY_INSTRUCTORS, about, exclude
from mentoring.participants.facts import need_facts, offer_facts
from mentoring.participants.finding import find
from mentoring.participants.joining_forms import (
    AvoidForm,
    ChecklistForm,
    PutDownForm,
    WaitingListForm,
    avoid_form,
    checklist_form,
)
from mentoring.participants.models import Came, ExclusionSource, Participant, ParticipantState
from mentoring.participants.part_pages import need_form_for, offer_form_for, refuse, show
from mentoring.participants.queries import is_here, is_seeking, joinable, part_of, parts_of, person_of
from mentoring.participants.saying import TooFewPlaces, lists_of, say_need, say_offer
from mentoring.participants.views import bp
from mentoring.participants.words import checklist_labels, source_labels, state_of
from mentoring.programs.models import Cohort
from mentoring.programs.starting import ensure
from mentoring.training import gate

AT_ONCE = 100


@dataclass(frozen=True)
class Standing:
    """Somebody's line on the page of all."""

    person: Enrolment
    participant: Participant | None

    @property
    def state(self) -> tuple[str, str]:
        return state_of(self.participant)

    @property
    def seeks(self) -> bool:
        return is_seeking(self.person, self.participant)

    @property
    def is_waiting(self) -> bool:
        return self.participant is not None and self.participant.state == ParticipantState.WAITING_LIST


@bp.get("/courses/<course>/mentoring/participants")
@open_to(Role.INSTRUCTOR)
def everybody(me: Enrolment) -> ResponseReturnValue:
    cohort = joinable(db.session, me.course)
    parts = parts_of(db.session, cohort)
    lines = [Standing(person, parts.get(person.id)) for person in people_of(db.session, me.course)]
    found = [line for line in lines if answers_to(line.person, searched())]
    found.sort(key=lambda line: not line.is_waiting)
    return render(
        "participants/everybody.html",
        me=me,
        lines=found[:AT_ONCE],
        hidden=max(len(found) - AT_ONCE, 0),
        waiting=sum(line.is_waiting for line in lines),
        needs_consent=cohort is not None and cohort.version.needs_consent,
        form=WaitingListForm(keeps=cohort is not None and cohort.keeps_waiting_list),
        search=searched(),
    )


@bp.post("/courses/<course>/mentoring/participants")
@open_to(Role.INSTRUCTOR)
def save_waiting_list(me: Enrolment) -> ResponseReturnValue:
    form = WaitingListForm()
    if form.validate_on_submit():
        _cohort(me).keeps_waiting_list = form.keeps.data
        db.session.commit()
        flash(_("Saved."), "success")
    return redirect(url_for(".everybody", course=me.course.public_id))


@bp.get("/courses/<course>/mentoring/people/<person_id>")
@open_to(Role.INSTRUCTOR)
def person(me: Enrolment, person_id: str) -> ResponseReturnValue:
    return _page(me, _person(me, person_id))


@bp.post("/courses/<course>/mentoring/people/<person_id>")
@open_to(Role.INSTRUCTOR)
def put_down(me: Enrolment, person_id: str) -> ResponseReturnValue:
    person, form = _person(me, person_id), PutDownForm()
    if not form.validate_on_submit():
        return _page(me, person, form=form), 422
    if not is_here(person):
        flash(_("%(name)s is no longer in the course and cannot take part.", name=in_sentence(person.name)), "error")
        return _to(me, person)
    said = {"mentors": form.mentors.data, "seeks": form.seeks.data}
    taking_part.put_down(db.session, _cohort(me), person, **said, at=clock.now())
    db.session.commit()
    flash(_("Saved. %(name)s takes part.", name=in_sentence(person.name)), "success")
    return _to(me, person)


@bp.post("/courses/<course>/mentoring/people/<person_id>/let-in")
@open_to(Role.INSTRUCTOR)
def let_in(me: Enrolment, person_id: str) -> ResponseReturnValue:
    person = _person(me, person_id)
    participant = part_of(db.session, joinable(db.session, me.course), person)
    name = in_sentence(person.name)
    if participant is not None and taking_part.let_in(db.session, participant, at=clock.now()):
        db.session.commit()
        flash(_("%(name)s is let in and takes part.", name=name), "success")
    else:
        flash(_("%(name)s does not stand on the waiting list.", name=name), "info")
    return redirect(url_for(".everybody", course=me.course.public_id))


@bp.get("/courses/<course>/mentoring/people/<person_id>/offer")
@open_to(Role.INSTRUCTOR)
def offer_of(me: Enrolment, person_id: str) -> ResponseReturnValue:
    person = _person(me, person_id)
    return show(offer_form_for(person, by=me), person, me=me, **_addresses(me, person, "save_offer_of"))


@bp.post("/courses/<course>/mentoring/people/<person_id>/offer")
@open_to(Role.INSTRUCTOR)
def save_offer_of(me: Enrolment, person_id: str) -> ResponseReturnValue:
    person, cohort = _person(me, person_id), _cohort(me)
    form = offer_form_for(person, by=me)
    if not form.validate_on_submit():
        return show(form, person, me=me, **_addresses(me, person, "save_offer_of")), 422
    taking_part.enter(db.session, cohort, person, came=Came.ADDED, at=clock.now())
    try:
        say_offer(db.session, cohort, person, form.said(), form.about(), at=clock.now())
    except TooFewPlaces as few:
        db.session.rollback()
        refuse(form, few, is_own=False)
        return show(form, person, me=me, **_addresses(me, person, "save_offer_of")), 422
    db.session.commit()
    flash(_("Saved. This is what %(name)s offers.", name=in_sentence(person.name)), "success")
    return _to(me, person)


@bp.get("/courses/<course>/mentoring/people/<person_id>/need")
@open_to(Role.INSTRUCTOR)
def need_of(me: Enrolment, person_id: str) -> ResponseReturnValue:
    person = _person(me, person_id)
    return show(need_form_for(person), person, me=me, **_addresses(me, person, "save_need_of"))


@bp.post("/courses/<course>/mentoring/people/<person_id>/need")
@open_to(Role.INSTRUCTOR)
def save_need_of(me: Enrolment, person_id: str) -> ResponseReturnValue:
    person, cohort = _person(me, person_id), _cohort(me)
    form = need_form_for(person)
    if not form.validate_on_submit():
        return show(form, person, me=me, **_addresses(me, person, "save_need_of")), 422
    taking_part.enter(db.session, cohort, person, came=Came.ADDED, at=clock.now())
    say_need(db.session, cohort, person, form.said(), form.about(), at=clock.now())
    db.session.commit()
    flash(_("Saved. This is what %(name)s looks for.", name=in_sentence(person.name)), "success")
    return _to(me, person)


@bp.post("/courses/<course>/mentoring/people/<person_id>/checklist")
@open_to(Role.INSTRUCTOR)
def save_checklist(me: Enrolment, person_id: str) -> ResponseReturnValue:
    person, cohort = _person(me, person_id), _cohort(me)
    participant = part_of(db.session, cohort, person)
    if participant is None or participant.offer is None:
        flash(_("Say first what %(name)s offers, then tick the list.", name=in_sentence(person.name)), "error")
        return _to(me, person)
    form = _checklist(cohort, participant)
    if not form.validate_on_submit():
        return _page(me, person, checklist=form), 422
    participant.offer.checked = list(form["checked"].data or [])
    db.session.commit()
    flash(_("Saved. Only instructors see this list."), "success")
    return _to(me, person)


@bp.post("/courses/<course>/mentoring/people/<person_id>/not-with")
@open_to(Role.INSTRUCTOR)
def avoid_for(me: Enrolment, person_id: str) -> ResponseReturnValue:
    person = _person(me, person_id)
    form = _avoid([each for each in people_of(db.session, me.course) if each.id != person.id])
    if not form.validate_on_submit():
        return _page(me, person, avoid=form), 422
    other = person_of(db.session, me.course, form["whom"].data) or abort(404)
    source, reason = ExclusionSource(form["source"].data), (form["reason"].data or "").strip()
    exclude(db.session, person, other, by=me, at=clock.now(), source=source, reason=reason)
    db.session.commit()
    names = {"one": in_sentence(person.name), "other": in_sentence(other.name)}
    flash(_("Saved. %(one)s and %(other)s will not be matched.", **names), "success")
    return _to(me, person)


def _person(me: Enrolment, person_id: str) -> Enrolment:
    return person_of(db.session, me.course, person_id) or abort(404)


def _cohort(me: Enrolment) -> Cohort:
    return joinable(db.session, me.course) or ensure(db.session, me.course, at=clock.now())


def _to(me: Enrolment, person: Enrolment) -> ResponseReturnValue:
    return redirect(url_for(".person", course=me.course.public_id, person_id=person.public_id))


def _addresses(me: Enrolment, person: Enrolment, save: str) -> dict[str, str]:
    course, person_id = me.course.public_id, person.public_id
    return {
        "action": url_for(f".{save}", course=course, person_id=person_id),
        "back": url_for(".person", course=course, person_id=person_id),
    }


def _checklist(cohort: Cohort, participant: Participant, *, is_sent: bool = True) -> ChecklistForm:
    checked = participant.offer.checked if participant.offer else []
    return checklist_form(items=checklist_labels(cohort.version.checklist), checked=checked, is_sent=is_sent)


def _avoid(people: list[Enrolment], *, is_sent: bool = True) -> AvoidForm:
    labels = source_labels()
    return avoid_form(people=people, sources={source: labels[source] for source in BY_INSTRUCTORS}, is_sent=is_sent)


def _page(
    me: Enrolment,
    person: Enrolment,
    *,
    form: PutDownForm | None = None,
    checklist: ChecklistForm | None = None,
    avoid: AvoidForm | None = None,
) -> str:
    cohort = joinable(db.session, me.course)
    participant = part_of(db.session, cohort, person)
    lists = lists_of(cohort.version if cohort else None)
    known = {person.id, *(other.id for _exclusion, other in about(db.session, person, reader=me))}
    found = find(db.session, me.course, searched(), without=known)
    if cohort is not None and participant is not None and participant.offer is not None and cohort.version.checklist:
        checklist = checklist or _checklist(cohort, participant, is_sent=False)
    return render(
        "participants/person.html",
        me=me,
        person=person,
        participant=participant,
        state=state_of(participant),
        form=form
        or PutDownForm(
            formdata=None,
            mentors=participant is not None and participant.as_mentor,
            seeks=is_seeking(person, participant),
        ),
        checklist=checklist,
        avoid=avoid or _avoid(found, is_sent=False),
        found=found,
        search=searched(),
        avoided=about(db.session, person, reader=me),
        sources=source_labels(),
        offered=offer_facts(participant, lists) if participant else [],
        needed=need_facts(participant, lists) if participant else [],
        needs_consent=cohort is not None and cohort.version.needs_consent,
        trained=_trained(cohort, participant),
    )


def _trained(cohort: Cohort | None, participant: Participant | None) -> list[tuple[str, bool]]:
    """The trainings the program asks of them, and whether they have done each."""
    if cohort is None or participant is None:
        return []
    parts = {Part.MENTOR: _("Training of mentors"), Part.MENTEE: _("Training of mentees")}
    asked = {
        part: gate.steps(cohort.version, participant, part, clock.now())
        for part in parts
        if part == Part.MENTEE or participant.as_mentor
    }
    return [(parts[part], all(step.is_done for step in steps)) for part, steps in asked.items() if steps]
