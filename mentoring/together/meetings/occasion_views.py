"""The pages of times that mentors give: slots that mentees book, and meetings with several mentees at once."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import local_time, render, zone_of
from mentoring.mentorships.models import Mentorship, Part
from mentoring.mentorships.naming import names_of
from mentoring.mentorships.refusing import Refusal
from mentoring.names import in_sentence
from mentoring.participants.models import Participant
from mentoring.programs.models import Cohort
from mentoring.programs.starting import current
from mentoring.together.meetings import colliding, gathering, occasions, slots
from mentoring.together.meetings.blueprint import bp
from mentoring.together.meetings.forms import USUAL_MINUTES, moment_said
from mentoring.together.meetings.models import Meeting, Occasion
from mentoring.together.meetings.occasion_forms import (
    GroupForm,
    OccasionForm,
    SlotForm,
    group_form,
    occasion_form,
    present_form,
    slot_form,
)
from mentoring.together.meetings.showing import WORDS
from mentoring.together.meetings.suggesting import suggest_to_several
from mentoring.together.meetings.telling import page_of

SLOTS = "/courses/<course>/mentoring/slots"
GROUPS = "/courses/<course>/mentoring/group-meetings"
ONE_GROUP = f"{GROUPS}/<occasion_id>"
HALF_AN_HOUR = 30


@bp.get(SLOTS)
@open_to(*MEMBERS)
def all_slots(me: Enrolment) -> ResponseReturnValue:
    """What I offer, and what I can book."""
    cohort = _flash(me)
    form = SlotForm(formdata=None, minutes=HALF_AN_HOUR, channel=cohort.version.channel.value, seats=1)
    return _slots_page(me, cohort, form)


@bp.post(SLOTS)
@open_to(*MEMBERS)
def publish(me: Enrolment) -> ResponseReturnValue:
    cohort = _flash(me)
    mentor, form = _as_mentor(me, cohort) or abort(404), SlotForm()
    if not form.validate_on_submit():
        return _slots_page(me, cohort, form), 422
    try:
        plan = form.plan(zone_of(me.person).key)
        made = slots.publish(db.session, cohort, mentor, plan, form.seats.data, at=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _slots_page(me, cohort, form), 422
    db.session.commit()
    flash(_("%(when)s is offered. You are told when somebody books it.", when=local_time(made.starts)), "success")
    return redirect(url_for(".all_slots", course=me.course.public_id))


@bp.post(f"{SLOTS}/<slot_id>/book")
@open_to(*MEMBERS)
def book_slot(me: Enrolment, slot_id: str) -> ResponseReturnValue:
    cohort = _flash(me)
    slot = _slot(cohort, slot_id)
    try:
        met = slots.book(db.session, cohort, slot, by=me, at=clock.now())
    except Refusal as refusal:
        return _refused(me, refusal, "all_slots")
    db.session.commit()
    flash(_("Booked for %(when)s. Your mentor is told.", when=local_time(met.starts)), "success")
    return redirect(page_of(met))


@bp.post(f"{SLOTS}/<slot_id>/give-up")
@open_to(*MEMBERS)
def give_up_slot(me: Enrolment, slot_id: str) -> ResponseReturnValue:
    """I do not come; the seat is free again."""
    cohort = _flash(me)
    slot = _slot(cohort, slot_id)
    meeting = occasions.meeting_of(slot, me) or abort(404)
    try:
        gathering.hold_all(db.session, slot)
        slots.give_up(db.session, meeting, by=me, at=clock.now())
    except Refusal as refusal:
        return _refused(me, refusal, "all_slots")
    db.session.commit()
    flash(_("Given up, and your mentor is told. That happens. Book another time when it suits you."), "success")
    return redirect(url_for(".all_slots", course=me.course.public_id))


@bp.get(f"{SLOTS}/<slot_id>")
@open_to(*MEMBERS)
def slot(me: Enrolment, slot_id: str) -> ResponseReturnValue:
    """One that I offer, to be moved or changed."""
    found = _mine(me, _slot(_flash(me), slot_id))
    return _slot_page(me, found, slot_form(found, zone_of(me.person)))


@bp.post(f"{SLOTS}/<slot_id>/move")
@open_to(*MEMBERS)
def move_slot(me: Enrolment, slot_id: str) -> ResponseReturnValue:
    cohort = _flash(me)
    found, form = _mine(me, _slot(cohort, slot_id)), SlotForm()
    if not form.validate_on_submit():
        return _slot_page(me, found, form), 422
    try:
        plan = form.plan(zone_of(me.person).key)
        told = slots.move(db.session, cohort, found, plan, form.seats.data, by=found.mentor, at=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _slot_page(me, _slot(cohort, slot_id), form), 422
    db.session.commit()
    flash(
        ngettext(
            "Changed. Whoever had booked it is told, and can call it off.",
            "Changed. The %(num)d who had booked it are told, and can call it off.",
            told,
        )
        if told
        else _("Changed. There was nobody to tell."),
        "success",
    )
    return redirect(url_for(".all_slots", course=me.course.public_id))


@bp.post(f"{SLOTS}/<slot_id>/withdraw")
@open_to(*MEMBERS)
def withdraw_slot(me: Enrolment, slot_id: str) -> ResponseReturnValue:
    cohort = _flash(me)
    slot = _mine(me, _slot(cohort, slot_id))
    try:
        gathering.hold_all(db.session, slot)
        told = slots.withdraw(db.session, cohort, slot, by=me, at=clock.now())
    except Refusal as refusal:
        return _refused(me, refusal, "all_slots")
    db.session.commit()
    if told:
        flash(
            ngettext(
                "Taken back. Whoever had booked it is told.",
                "Taken back. The %(num)d who had booked it are told.",
                told,
            ),
            "success",
        )
    else:
        flash(_("Taken back. Nobody had booked it."), "success")
    return redirect(url_for(".all_slots", course=me.course.public_id))


@bp.get(GROUPS)
@open_to(*MEMBERS)
def groups(me: Enrolment) -> ResponseReturnValue:
    """My meetings with several mentees at once, and a form for the next; `?starts=` fills in a suggested time."""
    cohort, mine = _with_mentees(me)
    usual = {"minutes": USUAL_MINUTES, "channel": cohort.version.channel.value, "seats": len(mine)}
    form = group_form(_names(mine), **usual, **_when_said(me))
    return _groups_page(me, cohort, mine, form)


@bp.post(GROUPS)
@open_to(*MEMBERS)
def gather(me: Enrolment) -> ResponseReturnValue:
    cohort, mine = _with_mentees(me)
    form = group_form(_names(mine))
    if not form.validate_on_submit():
        return _groups_page(me, cohort, mine, form), 422
    wanted = [each for each in mine if each.public_id in form.who.data]
    try:
        plan = form.plan(zone_of(me.person).key)
        made = gathering.gather(db.session, _me_in(mine[0], me), wanted, plan, form.seats.data, at=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _groups_page(me, *_with_mentees(me), form), 422
    db.session.commit()
    flash(_("Booked for %(when)s. All who are to come are told.", when=local_time(made.starts)), "success")
    colliding.warn(db.session, made.coming, by=made.mentor)
    return redirect(_address(made))


@bp.get(ONE_GROUP)
@open_to(*MEMBERS)
def group(me: Enrolment, occasion_id: str) -> ResponseReturnValue:
    return _group_page(me, _seen(me, occasion_id))


@bp.post(f"{ONE_GROUP}/change")
@open_to(*MEMBERS)
def change_group(me: Enrolment, occasion_id: str) -> ResponseReturnValue:
    occasion, form = _mine(me, _seen(me, occasion_id)), OccasionForm()
    if not form.validate_on_submit():
        return _group_page(me, occasion, form), 422
    try:
        plan = form.plan(zone_of(me.person).key)
        moved = gathering.move(db.session, occasion, plan, form.seats.data, by=occasion.mentor, at=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _group_page(me, _seen(me, occasion_id), form), 422
    db.session.commit()
    flash(
        ngettext("Changed, and the one who comes is told.", "Changed, and the %(num)d who come are told.", moved)
        if moved
        else _("Changed. Time and place are as they were, so nobody is disturbed."),
        "success",
    )
    if moved:
        colliding.warn(db.session, [each for each in occasion.coming if each.is_planned], by=occasion.mentor)
    return redirect(_address(occasion))


@bp.post(f"{ONE_GROUP}/cancel")
@open_to(*MEMBERS)
def cancel_group(me: Enrolment, occasion_id: str) -> ResponseReturnValue:
    occasion = _mine(me, _seen(me, occasion_id))
    try:
        told = gathering.call_off(db.session, occasion, by=occasion.mentor, at=clock.now())
    except Refusal as refusal:
        return _refused(me, refusal, "groups")
    db.session.commit()
    flash(
        ngettext(
            "The meeting is called off, and the one who was to come is told.",
            "The meeting is called off, and the %(num)d who were to come are told.",
            told,
        ),
        "success",
    )
    return redirect(_address(occasion))


@bp.post(f"{ONE_GROUP}/come")
@open_to(*MEMBERS)
def come_along(me: Enrolment, occasion_id: str) -> ResponseReturnValue:
    """I take a seat that is left."""
    occasion = _seen(me, occasion_id)
    mentorship = _with_mentor(me, occasion) or abort(404)
    try:
        met = gathering.come(db.session, occasion, mentorship, by=_me_in(mentorship, me), at=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
        return redirect(_address(_seen(me, occasion_id)))
    db.session.commit()
    flash(_("You have a seat. Your mentor is told."), "success")
    return redirect(page_of(met))


@bp.post(f"{ONE_GROUP}/present")
@open_to(*MEMBERS)
def list_present(me: Enrolment, occasion_id: str) -> ResponseReturnValue:
    """Who was there, for everybody at once."""
    occasion = _mine(me, _seen(me, occasion_id))
    try:
        gathering.list_present(
            db.session, occasion, request.form.getlist("present"), by=occasion.mentor, at=clock.now()
        )
    except Refusal as refusal:
        return _refused(me, refusal, "groups")
    db.session.commit()
    flash(_("Kept. Each of them may still say so themselves, and then their own word counts."), "success")
    return redirect(_address(occasion))


def _flash(me: Enrolment) -> Cohort:
    """The run that works with slots, or a 404."""
    cohort = current(db.session, me.course)
    return cohort if cohort is not None and slots.are_published_in(cohort) else abort(404)


def _as_mentor(me: Enrolment, cohort: Cohort) -> Participant | None:
    return db.session.scalar(
        select(Participant).where(
            Participant.cohort_id == cohort.id, Participant.enrolment_id == me.id, Participant.as_mentor
        )
    )


def _slot(cohort: Cohort, public_id: str) -> Occasion:
    found = occasions.one(db.session, cohort, public_id)
    return found if found is not None and found.is_slot else abort(404)


def _mine(me: Enrolment, occasion: Occasion) -> Occasion:
    """One that I give, or a 404."""
    return occasion if occasion.mentor.enrolment_id == me.id else abort(404)


def _seen(me: Enrolment, public_id: str) -> Occasion:
    """One that I give, or that my mentor gives to their mentees; else a 404."""
    cohort = current(db.session, me.course) or abort(404)
    found = occasions.one(db.session, cohort, public_id) or abort(404)
    is_mine = found.mentor.enrolment_id == me.id
    is_for_me = occasions.is_booked_by(found, me) or (not found.is_slot and _with_mentor(me, found) is not None)
    return found if is_mine or is_for_me else abort(404)


def _with_mentor(me: Enrolment, occasion: Occasion) -> Mentorship | None:
    """The mentorship in which whoever gives this is my mentor."""
    mine = occasions.standing_of(db.session, occasion.mentor.cohort, me, (Part.MENTEE,))
    return next((each for each in mine if each.mentor.id == occasion.mentor_id), None)


def _with_mentees(me: Enrolment) -> tuple[Cohort, list[Mentorship]]:
    """The mentorships in which I mentor, or a 404 where there are none."""
    cohort = current(db.session, me.course) or abort(404)
    mine = occasions.standing_of(db.session, cohort, me, occasions.GUIDING)
    return (cohort, list(mine)) if mine else abort(404)


def _me_in(mentorship: Mentorship, me: Enrolment) -> Participant:
    return next(person for person in mentorship.people if person.enrolment_id == me.id)


def _when_said(me: Enrolment) -> dict[str, Any]:
    """What a suggested time in the address fills in, by the visitor's clock."""
    moment = moment_said(request.args.get("starts", ""))
    if moment is None:
        return {}
    try:
        there = moment.astimezone(zone_of(me.person))
    except OverflowError:
        return {}
    return {"day": there.date(), "clock": there.time()}


def _names(mentorships: list[Mentorship]) -> dict[str, str]:
    return {each.public_id: in_sentence(each.mentee.name) for each in mentorships}


def _refused(me: Enrolment, refusal: Refusal, endpoint: str) -> ResponseReturnValue:
    db.session.rollback()
    flash(refusal.sentence, "error")
    return redirect(url_for(f".{endpoint}", course=me.course.public_id))


def _address(occasion: Occasion) -> str:
    course = occasion.mentor.cohort.course.public_id
    return url_for(".group", course=course, occasion_id=occasion.public_id)


def _zone(me: Enrolment) -> str:
    return zone_of(me.person).key.replace("_", " ")


def _slots_page(me: Enrolment, cohort: Cohort, form: SlotForm) -> str:
    at, mentor = clock.now(), _as_mentor(me, cohort)
    return render(
        "meetings/slots.html",
        me=me,
        form=form,
        mentor=mentor,
        mine=occasions.of_mentor(db.session, mentor, at, is_slot=True) if mentor else [],
        open=occasions.slots_for(db.session, cohort, me, at),
        at=at,
        meeting_of=lambda slot: occasions.meeting_of(slot, me),
        page_of=page_of,
        zone=_zone(me),
        words=WORDS,
    )


def _slot_page(me: Enrolment, found: Occasion, form: SlotForm) -> str:
    return render(
        "meetings/slot.html", me=me, slot=found, form=form, is_open=found.is_open(clock.now()), zone=_zone(me)
    )


def _groups_page(me: Enrolment, cohort: Cohort, mine: list[Mentorship], form: GroupForm) -> str:
    mentor, at = _me_in(mine[0], me), clock.now()
    mentees = [each.mentee for each in mine]
    return render(
        "meetings/groups.html",
        suggested=suggest_to_several(db.session, me, mentor, mentees, minutes=USUAL_MINUTES, at=at),
        minutes=USUAL_MINUTES,
        names_of=names_of,
        me=me,
        form=form,
        mine=mine,
        occasions=occasions.of_mentor(db.session, mentor, at, is_slot=False),
        zone=_zone(me),
        words=WORDS,
    )


def _group_page(me: Enrolment, occasion: Occasion, wrong: OccasionForm | None = None) -> str:
    at, is_mine = clock.now(), occasion.mentor.enrolment_id == me.id
    people = {meeting.public_id: in_sentence(meeting.mentorship.mentee.name) for meeting in occasion.coming}
    there = [meeting.public_id for meeting in occasion.coming if _was_there(meeting)]
    return render(
        "meetings/group.html",
        me=me,
        occasion=occasion,
        is_mine=is_mine,
        own=occasions.meeting_of(occasion, me),
        is_open=occasion.is_open(at),
        has_begun=occasion.has_begun(at),
        page_of=page_of,
        form=wrong or occasion_form(occasion, zone_of(me.person)),
        wrong=wrong,
        present=present_form(people, there) if is_mine and people else None,
        zone=_zone(me),
        words=WORDS,
    )


def _was_there(meeting: Meeting) -> bool:
    entry = meeting.entry_of(meeting.mentorship.mentee)
    return entry is None or entry.has_attended
