"""Meetings as calendar programs read them (iCalendar, RFC 5545): one meeting as a file, or all of somebody's as a feed.

A meeting keeps its UID for good, and SEQUENCE counts its changes, so that a program that has read it before moves or
strikes it out instead of showing it twice. What people mean to talk about stays in the tool: calendars are read by
companies, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from icalendar import Calendar, Event, Timezone

from mentoring.mentorships.naming import names_of
from mentoring.together.meetings.links import is_link
from mentoring.together.meetings.models import Meeting, MeetingState

OURSELVES = "-//lti-mentoring//meetings//EN"
AROUND = 370
"""Days before the first and after the last meeting for which clock changes are told."""


def calendar_of(meetings: Sequence[Meeting], whose: int, *, name: str = "") -> bytes:
    """These meetings for the person with this id."""
    calendar = Calendar()
    calendar.add("prodid", OURSELVES)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT4H")
    for zone in sorted({meeting.timezone for meeting in meetings} - {"UTC"}):
        calendar.add_component(_zone(zone, *_span(meetings)))
    for together in _together(meetings, whose):
        calendar.add_component(_event(together, whose))
    return bytes(calendar.to_ical())


def _together(meetings: Sequence[Meeting], whose: int) -> list[list[Meeting]]:
    """Meetings that are one appointment for this person: a mentor's, with several at once, else each by itself."""
    found: dict[tuple[str, str], list[Meeting]] = {}
    for meeting in meetings:
        is_theirs = meeting.occasion is not None and meeting.occasion.mentor.enrolment.person_id == whose
        key = ("occasion", meeting.occasion.public_id) if is_theirs and meeting.occasion else ("", meeting.public_id)
        found.setdefault(key, []).append(meeting)
    return list(found.values())


def _uid(meeting: Meeting, whose: int) -> str:
    occasion = meeting.occasion
    if occasion is not None and occasion.mentor.enrolment.person_id == whose:
        return f"{occasion.public_id}@occasions.lti-mentoring"
    return f"{meeting.public_id}@meetings.lti-mentoring"


def _event(together: Sequence[Meeting], whose: int) -> Event:
    coming = [each for each in together if each.state is not MeetingState.CANCELLED]
    meeting, is_off = (coming or together)[0], not coming
    zone = UTC if meeting.timezone == "UTC" else ZoneInfo(meeting.timezone)
    others = [
        person
        for each in coming or together
        for person in each.mentorship.people
        if person.enrolment.person_id != whose
    ]
    changed = max(each.changed for each in together)
    event = Event()
    event.add("uid", _uid(meeting, whose))
    event.add("dtstamp", changed)
    event.add("created", min(each.created for each in together))
    event.add("last-modified", changed)
    # Whoever comes later is a change as well: the names are others now.
    event.add("sequence", sum(each.sequence for each in together) + len(together) - 1)
    event.add("dtstart", meeting.starts.astimezone(zone))
    event.add("dtend", meeting.ends.astimezone(zone))
    event.add("summary", _("Meeting with %(names)s", names=names_of(others)))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    event.add("class", "PRIVATE")
    if meeting.place:
        event.add("location", meeting.place)
    if is_link(meeting.place):
        event.add("url", meeting.place)
    return event


def _span(meetings: Iterable[Meeting]) -> tuple[int, int]:
    """The first and last year in which there is one."""
    years = [moment.year for meeting in meetings for moment in (meeting.starts, meeting.ends)]
    return min(years), max(years)


@lru_cache(maxsize=256)
def _zone(name: str, first: int, last: int) -> Timezone:
    begins, ends = date(first, 1, 1) - timedelta(days=AROUND), date(last, 12, 31) + timedelta(days=AROUND)
    return Timezone.from_tzid(name, first_date=begins, last_date=ends)
