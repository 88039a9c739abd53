"""Meetings are booked, moved and called off, each alone or with the rest of its series.

Each act is handed what belongs to a mentorship that is held; the caller commits. All raise Refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_time
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import new_public_id
from lti_tool.pages import local_time
from mentoring.events import MeetingCancelled, MeetingRescheduled, MeetingScheduled
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.refusing import Refusal
from mentoring.participants.models import Participant
from mentoring.programs.choices import Channel
from mentoring.together.meetings import reminding, telling
from mentoring.together.meetings.models import Meeting, MeetingState, Occasion
from mentoring.together.meetings.postcards import about
from mentoring.together.meetings.queries import planned, rest_of
from mentoring.together.meetings.times import NotOnThatDay, Odd, every, moment_of, moved_along

FURTHEST = timedelta(days=2 * 365)
"""How far ahead somebody may plan."""
MOST_PLANNED = 100
"""That one mentorship has ahead of it."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What somebody would have: a day and a time by clocks in a zone, and how."""

    day: date
    clock: time
    zone: str
    minutes: int
    channel: Channel
    place: str = ""
    agenda: str = ""


def book(
    session: Session,
    mentorship: Mentorship,
    plan: Plan,
    *,
    weeks: int = 1,
    times: int = 1,
    by: Participant,
    at: datetime,
) -> Sequence[Meeting]:
    """So many meetings, that many weeks apart at the same time of the day."""
    _must_be_near(plan.day, at)
    moments = _moments(lambda: every(weeks, times, plan.day, plan.clock, plan.zone))
    ahead = planned(session, mentorship)
    _must_fit(moments, plan.minutes, ahead, at)
    series = new_public_id() if times > 1 else None
    made = [_made(mentorship, plan, moment, series, by, at) for moment in moments]
    session.add_all(made)
    session.flush()
    outbox.announce_all(session, [MeetingScheduled(**about(meeting, at), by=by.enrolment.who) for meeting in made])
    telling.scheduled(session, made, by=by, at=at)
    reminding.remind(session, made, at=at)
    return made


def meet_on(
    session: Session, occasion: Occasion, mentorships: Sequence[Mentorship], *, by: Participant, at: datetime
) -> Sequence[Meeting]:
    """A meeting on this occasion for each of these mentorships; the caller has seen that there are seats."""
    plan = Plan(
        day=occasion.starts.date(),
        clock=occasion.starts.time(),
        zone=occasion.timezone,
        minutes=occasion.minutes,
        channel=occasion.channel,
        place=occasion.place,
        agenda=occasion.agenda,
    )
    made = [_made(mentorship, plan, occasion.starts, None, occasion.mentor, at) for mentorship in mentorships]
    occasion.meetings.extend(made)
    session.flush()
    outbox.announce_all(session, [MeetingScheduled(**about(meeting, at), by=by.enrolment.who) for meeting in made])
    for meeting in made:
        telling.scheduled(session, [meeting], by=by, at=at)
    reminding.remind(session, made, at=at)
    return made


def move_occasion(session: Session, occasion: Occasion, plan: Plan, *, by: Participant, at: datetime) -> int:
    """All who come meet then instead, the same for everybody; how many meetings are different now."""
    starts = moment_to_come(plan, at)
    occasion.starts, occasion.minutes, occasion.timezone = starts, plan.minutes, plan.zone
    occasion.channel, occasion.place, occasion.agenda = plan.channel, plan.place, plan.agenda
    moved = []
    for meeting in occasion.meetings:
        if meeting.is_planned:
            # What a slot is about is said by each who has booked it.
            meeting.agenda = meeting.agenda if occasion.is_slot else plan.agenda
            moved += [meeting] if _apply(meeting, plan, starts, by, at) else []
    session.flush()
    outbox.announce_all(session, [MeetingRescheduled(**about(each, at), by=by.enrolment.who) for each in moved])
    for meeting in moved:
        telling.changed(session, [meeting], by=by, at=at)
    reminding.remind(session, moved, at=at)
    return len(moved)


def moment_to_come(plan: Plan, at: datetime) -> datetime:
    """When that is; raises Refusal for what is past, too far, or no time that day."""
    _must_be_near(plan.day, at)
    [moment] = _moments(lambda: [moment_of(plan.day, plan.clock, plan.zone)])
    _must_fit([moment], plan.minutes, [], at)
    return moment


def change(session: Session, meeting: Meeting, plan: Plan, *, with_rest: bool, by: Participant, at: datetime) -> int:
    """This one is to be so, and with the rest of its series those after it too; only its own agenda changes.

    How many are different now to whoever is to come.
    """
    _must_be_planned(meeting)
    if meeting.occasion is not None:
        raise Refusal(_("This time is for others as well, so it is not moved for you alone. Call it off instead."))
    _must_be_near(plan.day, at)
    concerned = rest_of(session, meeting) if with_rest else [meeting]
    was = [each.starts for each in concerned]
    stays = _moments(lambda: [moment_of(plan.day, plan.clock, plan.zone)]) == [meeting.starts]
    # By clocks elsewhere, others of its series may stand at another time of the day: they stay unless it is moved.
    moments = was if stays else _moments(lambda: moved_along(was, meeting.starts, plan.day, plan.clock, plan.zone))
    others = [each for each in planned(session, meeting.mentorship) if each not in concerned]
    if (moments, plan.minutes) != (was, meeting.minutes):
        _must_fit(moments, plan.minutes, others, at)
    moved = [each for each, moment in zip(concerned, moments, strict=True) if _apply(each, plan, moment, by, at)]
    meeting.agenda, meeting.planned_by = plan.agenda, by
    session.flush()
    if moved:
        outbox.announce_all(session, [MeetingRescheduled(**about(each, at), by=by.enrolment.who) for each in moved])
        telling.changed(session, moved, by=by, at=at)
        reminding.remind(session, moved, at=at)
    return len(moved)


def cancel(session: Session, meeting: Meeting, *, with_rest: bool, by: Participant, at: datetime) -> int:
    """It will not take place, and nobody has to say why; how many were called off."""
    _must_be_planned(meeting)
    concerned = rest_of(session, meeting) if with_rest else [meeting]
    _call_off(session, concerned, at)
    telling.cancelled(session, concerned, by=by, at=at)
    return len(concerned)


def cancel_all(session: Session, mentorship: Mentorship, *, at: datetime) -> Sequence[Meeting]:
    """What was still planned is called off, as the mentorship is over or another one mentors; what that was."""
    ahead = [meeting for meeting in planned(session, mentorship) if not meeting.has_begun(at)]
    _call_off(session, ahead, at)
    return ahead


def _call_off(session: Session, meetings: Sequence[Meeting], at: datetime) -> None:
    for meeting in meetings:
        meeting.state = MeetingState.CANCELLED
        meeting.change(at)
    session.flush()
    outbox.announce_all(session, [MeetingCancelled(**about(meeting, at)) for meeting in meetings])


def _made(
    mentorship: Mentorship, plan: Plan, moment: datetime, series: str | None, by: Participant, at: datetime
) -> Meeting:
    return Meeting(
        mentorship=mentorship,
        state=MeetingState.PLANNED,
        starts=moment,
        minutes=plan.minutes,
        timezone=plan.zone,
        channel=plan.channel,
        place=plan.place,
        agenda=plan.agenda,
        series=series,
        planned_by=by,
        sequence=0,
        created=at,
        changed=at,
    )


def _apply(meeting: Meeting, plan: Plan, moment: datetime, by: Participant, at: datetime) -> bool:
    """Whether that made a difference to whoever is to come."""
    was = (meeting.starts, meeting.minutes, meeting.channel, meeting.place)
    meeting.starts, meeting.minutes = moment, plan.minutes
    meeting.channel, meeting.place = plan.channel, plan.place
    if was == (meeting.starts, meeting.minutes, meeting.channel, meeting.place):
        return False
    if moment != was[0]:
        meeting.timezone = plan.zone
    meeting.planned_by = by
    meeting.change(at)
    return True


def _moments(worked_out: Callable[[], list[datetime]]) -> list[datetime]:
    try:
        return worked_out()
    except NotOnThatDay as problem:
        raise Refusal(why_odd(problem)) from problem


def why_odd(problem: NotOnThatDay) -> str:
    locale = get_locale()
    said = {
        "day": format_date(problem.day, "long", locale=locale),
        "time": format_time(problem.clock, "short", locale=locale).replace("\u202f", "\u00a0"),
    }
    if problem.why is Odd.LEFT_OUT:
        return str(
            _("On %(day)s clocks go forward and leave %(time)s out. Choose a time an hour earlier or later.", **said)
        )
    return str(_("On %(day)s clocks go back and show %(time)s twice. Choose a time an hour earlier or later.", **said))


def _must_be_near(day: date, at: datetime) -> None:
    """Before anything is worked out with it: the calendar has ends."""
    if day < (at - timedelta(days=2)).date():
        raise Refusal(_past())
    if day > (at + FURTHEST).date():
        raise Refusal(_too_far())


def _must_fit(moments: Sequence[datetime], minutes: int, others: Collection[Meeting], at: datetime) -> None:
    if min(moments) <= at:
        raise Refusal(_past())
    if max(moments) > at + FURTHEST:
        raise Refusal(_too_far())
    if len(moments) + len(others) > MOST_PLANNED:
        raise Refusal(
            _("That makes more than %(most)d planned meetings. Plan fewer, and the others later.", most=MOST_PLANNED)
        )
    length = timedelta(minutes=minutes)
    for moment in moments:
        for other in others:
            if other.starts < moment + length and moment < other.ends:
                raise Refusal(
                    _(
                        "You already meet at %(when)s. Choose another time, or move that one.",
                        when=local_time(other.starts),
                    )
                )


def _past() -> str:
    return str(_("That time is past. Choose one to come."))


def _too_far() -> str:
    return str(_("That is more than two years ahead. Choose a time that is nearer."))


def _must_be_planned(meeting: Meeting) -> None:
    if not meeting.is_planned:
        raise Refusal(_("This meeting is not planned any more, so it stays as it is. Book another one."))
