"""The pages of a mentorship's meetings: all of them, a new one, and one with what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import local_time, render, zone_of
from lti_tool.paging import beginning
from mentoring.mentorships.blueprint import held_as_mine, look_at, mine, shown
from mentoring.mentorships.naming import names_of
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.sections import Look
from mentoring.names import in_sentence
from mentoring.participants.models import Participant
from mentoring.together.meetings import attending, colliding, queries, scheduling, slots
from mentoring.together.meetings.blueprint import ALL, ONE, bp, meeting_in
from mentoring.together.meetings.calendars import calendar_of
from mentoring.together.meetings.forms import (
    USUAL_MINUTES,
    ChangeForm,
    LogForm,
    MeetingForm,
    NewMeetingForm,
    change_form,
    log_form,
    moment_said,
    outline_of,
)
from mentoring.together.meetings.models import LONGEST, SHORTEST, Meeting, MeetingState, Useful
from mentoring.together.meetings.occasion_forms import PresentForm, present_form
from mentoring.together.meetings.scheduling import Plan
from mentoring.together.meetings.showing import WORDS, was_there_for
from mentoring.together.meetings.suggesting import suggest

AT_ONCE = 25


@bp.get(ALL)
@open_to(*MEMBERS)
def index(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = look_at(me, shown(me, mentorship_id))
    if look.mentorship.is_open:
        abort(404)
    found = queries.count_of_past(look)
    first = beginning(found, AT_ONCE)
    return render(
        "meetings/all.html",
        me=me,
        look=look,
        mentorship=look.mentorship,
        coming=queries.coming(look, scheduling.MOST_PLANNED),
        past=queries.newest(look, AT_ONCE, first),
        reads=queries.reader(look),
        was_there=was_there_for(look),
        found=found,
        first=first,
        at_once=AT_ONCE,
        words=WORDS,
    )


@bp.get(f"{ALL}/new")
@open_to(*MEMBERS)
def new(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    """When all of them are free, and a form for any other time; `?minutes=` says how long, `?agenda=` what about."""
    look = mine(me, mentorship_id)
    channel = look.mentorship.cohort.version.channel.value
    agenda = outline_of(request.args.get("agenda", ""))
    return _new_page(look, NewMeetingForm(formdata=None, minutes=_minutes(), channel=channel, agenda=agenda))


@bp.post(f"{ALL}/new")
@open_to(*MEMBERS)
def book(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look, form = held_as_mine(me, mentorship_id), NewMeetingForm()
    if not form.validate_on_submit():
        return _new_page(look, form), 422
    plan, weeks, times = form.plan(zone_of(me.person).key), form.weeks.data or 1, form.times.data or 1
    try:
        made = scheduling.book(db.session, look.mentorship, plan, weeks=weeks, times=times, by=_me(look), at=look.at)
    except Refusal as refusal:
        return _refused(look.me, mentorship_id, form, refusal)
    db.session.commit()
    flash(_booked(made[0], len(made)), "success")
    colliding.warn(db.session, made, by=_me(look))
    return redirect(_address("meeting", made[0]))


@bp.post(f"{ALL}/suggested/book")
@open_to(*MEMBERS)
def pick(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    """Book one of the suggested times with one click; how they meet is as the program says, and can be changed."""
    look, minutes = held_as_mine(me, mentorship_id), _minutes()
    moment = moment_said(request.form.get("starts", ""))
    if moment is None or not suggest(look, minutes=minutes).holds(moment):
        raise Refusal(_("That time is not free any more. Look at the new suggestions and choose another one."))
    zone = zone_of(me.person)
    there = moment.astimezone(zone)
    plan = Plan(
        day=there.date(),
        clock=there.time(),
        zone=zone.key,
        minutes=minutes,
        channel=look.mentorship.cohort.version.channel,
    )
    [made] = scheduling.book(db.session, look.mentorship, plan, by=_me(look), at=look.at)
    db.session.commit()
    flash(_booked(made, 1), "success")
    colliding.warn(db.session, [made], by=_me(look))
    return redirect(_address("meeting", made))


@bp.get(ONE)
@open_to(*MEMBERS)
def meeting(me: Enrolment, mentorship_id: str, meeting_id: str) -> ResponseReturnValue:
    look = mine(me, mentorship_id)
    return _page(look, meeting_in(look, meeting_id))


@bp.post(f"{ONE}/change")
@open_to(*MEMBERS)
def change(me: Enrolment, mentorship_id: str, meeting_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    planned, form = meeting_in(look, meeting_id), ChangeForm()
    if not form.validate_on_submit():
        return _page(look, planned, form), 422
    if form.is_overtaken(planned):
        form.form_errors.append(_overtaken(planned))
        return _page(look, planned, form), 409
    plan = form.plan(zone_of(me.person).key)
    try:
        moved = scheduling.change(
            db.session, planned, plan, with_rest=bool(form.with_rest.data), by=_me(look), at=look.at
        )
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        look = mine(me, mentorship_id)
        return _page(look, meeting_in(look, meeting_id), form), 422
    db.session.commit()
    flash(_changed(planned, moved), "success")
    if moved:
        colliding.warn(db.session, queries.rest_of(db.session, planned)[:moved], by=_me(look))
    return redirect(_address("meeting", planned))


@bp.post(f"{ONE}/cancel")
@open_to(*MEMBERS)
def cancel(me: Enrolment, mentorship_id: str, meeting_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    planned = meeting_in(look, meeting_id)
    if planned.occasion is not None and planned.occasion.is_slot:
        slots.give_up(db.session, planned, by=me, at=look.at)
        db.session.commit()
        flash(_("Called off, and the others are told. That happens."), "success")
        return redirect(url_for("meetings.all_slots", course=me.course.public_id))
    number = scheduling.cancel(db.session, planned, with_rest=request.form.get("rest") == "1", by=_me(look), at=look.at)
    db.session.commit()
    flash(
        ngettext(
            "The meeting is called off, and the others are told. That happens.",
            "%(num)d meetings are called off, and the others are told. That happens.",
            number,
        ),
        "success",
    )
    return redirect(_address("index", planned))


@bp.post(f"{ONE}/log")
@open_to(*MEMBERS)
def log(me: Enrolment, mentorship_id: str, meeting_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    met = meeting_in(look, meeting_id)
    form = log_form(is_circle=look.mentorship.is_circle, entry=None)
    if not form.validate_on_submit():
        return _page(look, met, form), 422
    attending.say(db.session, met, form.log(), by=_me(look), at=look.at)
    db.session.commit()
    if met.mentorship.has_ended:
        flash(_("Kept. With that your mentorship is complete. Thank you, both of you."), "success")
        return redirect(url_for("courses.home", course=me.course.public_id))
    flash(_("Kept. What you wrote can be changed here as long as the mentorship lasts."), "success")
    return redirect(_address("meeting", met))


@bp.post(f"{ONE}/present")
@open_to(*MEMBERS)
def tick_present(me: Enrolment, mentorship_id: str, meeting_id: str) -> ResponseReturnValue:
    """Who of a circle was there, ticked by one of them for everybody at once."""
    look = held_as_mine(me, mentorship_id)
    met, mine = meeting_in(look, meeting_id), _me(look)
    if not look.mentorship.is_circle:
        abort(404)
    sent = set(request.form.getlist("present"))
    there = {person.id for person in look.mentorship.people if person.public_id in sent}
    attending.list_present(db.session, met, there, by=mine, at=look.at)
    db.session.commit()
    flash(_("Kept. Each of them may still say so themselves, and then their own word counts."), "success")
    return redirect(_address("meeting", met))


@bp.post(f"{ONE}/useful")
@open_to(*MEMBERS)
def rate(me: Enrolment, mentorship_id: str, meeting_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    met, said = meeting_in(look, meeting_id), request.form.get("useful", "")
    if said not in set(Useful):
        raise Refusal(_("Choose one of the buttons to say how useful it was."))
    attending.rate(met, Useful(said), by=_me(look))
    db.session.commit()
    flash(_("Thank you. Nobody else sees what you said."), "success")
    return redirect(_address("meeting", met))


@bp.get(f"{ONE}/meeting.ics")
@open_to(*MEMBERS)
def as_file(me: Enrolment, mentorship_id: str, meeting_id: str) -> ResponseReturnValue:
    """For one's own calendar."""
    look = mine(me, mentorship_id)
    body = calendar_of(_appointment(meeting_in(look, meeting_id), me), me.person_id)
    answer = Response(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=meeting.ics"
    return answer


def _appointment(met: Meeting, me: Enrolment) -> Sequence[Meeting]:
    """What this is in my calendar: for who gives the time, with all who come."""
    occasion = met.occasion
    return occasion.meetings if occasion is not None and occasion.mentor.enrolment_id == me.id else [met]


def _new_page(look: Look, form: NewMeetingForm) -> str:
    minutes = _minutes()
    return render(
        "meetings/new.html",
        me=look.me,
        look=look,
        mentorship=look.mentorship,
        form=form,
        minutes=minutes,
        suggested=suggest(look, minutes=minutes) if look.can_write else None,
        zone=zone_of(look.me.person).key.replace("_", " "),
        others=_others(look),
        names_of=names_of,
        words=WORDS,
    )


def _refused(me: Enrolment, mentorship_id: str, form: MeetingForm, refusal: Refusal) -> ResponseReturnValue:
    db.session.rollback()
    form.form_errors.append(refusal.sentence)
    assert isinstance(form, NewMeetingForm)
    return _new_page(mine(me, mentorship_id), form), 422


def _page(look: Look, met: Meeting, wrong: MeetingForm | LogForm | None = None) -> str:
    """The meeting as it stands; with the form that was filled in wrongly, if one was."""
    me = look.mine
    assert me is not None
    own = met.entry_of(me)
    zone, outline = zone_of(look.me.person), request.args.get("agenda", "")
    return render(
        "meetings/meeting.html",
        me=look.me,
        look=look,
        mentorship=look.mentorship,
        meeting=met,
        own=own,
        others=_others(look),
        change_form=wrong if isinstance(wrong, ChangeForm) else change_form(met, zone, outline=outline),
        is_outlined=not met.agenda and bool(outline_of(outline)),
        log_form=wrong if isinstance(wrong, LogForm) else log_form(is_circle=look.mentorship.is_circle, entry=own),
        wrong=wrong,
        has_begun=met.has_begun(look.at),
        was_there=was_there_for(look)(met),
        present=_present(look, met),
        rest=len(queries.rest_of(db.session, met)) - 1 if met.is_planned else 0,
        zone=zone.key.replace("_", " "),
        words=WORDS,
    )


def _present(look: Look, met: Meeting) -> PresentForm | None:
    """The list of the others of a circle, for a meeting that has begun."""
    if not look.mentorship.is_circle or not met.has_begun(look.at) or met.state is MeetingState.CANCELLED:
        return None
    others = [person for person in look.mentorship.people if person.enrolment_id != look.me.id]
    entries = {person.id: met.entry_of(person) for person in others}
    there = [person.public_id for person in others if (said := entries[person.id]) is None or said.has_attended]
    return present_form({person.public_id: in_sentence(person.name) for person in others}, there)


def _me(look: Look) -> Participant:
    assert look.mine is not None
    return look.mine


def _others(look: Look) -> str:
    return names_of(person for person in look.mentorship.people if person.enrolment_id != look.me.id)


def _minutes() -> int:
    """How long a meeting they look for; what the address says wrongly is an hour."""
    said = request.args.get("minutes", "")
    minutes = int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else USUAL_MINUTES
    return minutes if SHORTEST <= minutes <= LONGEST else USUAL_MINUTES


def _changed(first: Meeting, moved: int) -> str:
    if not moved:
        return str(_("Changed. Time and place are as they were, so nobody is disturbed."))
    when = local_time(first.starts)
    return str(
        ngettext(
            "Changed: you meet on %(when)s. The others are told.",
            "%(num)d meetings are changed, the first of them is on %(when)s. The others are told.",
            moved,
            when=when,
        )
    )


def _overtaken(planned: Meeting) -> str:
    when = local_time(planned.starts)
    return str(
        _(
            "Somebody has changed this meeting meanwhile, so yours is not kept yet: it is on %(when)s now. Look at it "
            "above, then send yours again if it still holds.",
            when=when,
        )
    )


def _booked(made: Meeting, times: int) -> str:
    when = local_time(made.starts)
    if times == 1:
        return str(_("Booked for %(when)s. The others are told.", when=when))
    return str(
        ngettext(
            "Booked for %(when)s.",
            "%(num)d meetings are booked, the first for %(when)s. The others are told.",
            times,
            when=when,
        )
    )


def _address(endpoint: str, met: Meeting) -> str:
    mentorship = met.mentorship
    ids = {"course": mentorship.cohort.course.public_id, "mentorship_id": mentorship.public_id}
    if endpoint != "index":
        ids["meeting_id"] = met.public_id
    return url_for(f"meetings.{endpoint}", **ids)  # type: ignore[arg-type]
