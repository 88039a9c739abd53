"""What people are told about their meetings: the others of whoever acted, each in their own time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import Words
from lti_tool.pages import local_time
from mentoring.mentorships.naming import names_of
from mentoring.mentorships.telling_people import MENTORSHIPS
from mentoring.participants.models import Participant
from mentoring.together.meetings.models import Meeting

REMINDERS = "meetings"
"""The kind of notice that reminds of meetings; what else is told of them happens in a mentorship."""

Say = Callable[[Meeting, str], Words]
"""The words for somebody who meets these others."""


def scheduled(session: Session, meetings: Sequence[Meeting], *, by: Participant, at: datetime) -> None:
    def say(meeting: Meeting, others: str) -> Words:
        subject = _("You meet %(names)s on %(when)s", names=others, when=local_time(meeting.starts))
        return Words(subject, _and_more(meetings), _("Open the meeting"), page_of(meeting))

    _tell_others(session, meetings, say, word="scheduled", by=by, at=at)


def changed(session: Session, meetings: Sequence[Meeting], *, by: Participant, at: datetime) -> None:
    def say(meeting: Meeting, others: str) -> Words:
        subject = _("Your meeting with %(names)s has changed", names=others)
        when = _("It is on %(when)s now.", when=local_time(meeting.starts))
        return Words(subject, (when, *_and_more(meetings), *_way_out(meeting)), _("Open the meeting"), page_of(meeting))

    _tell_others(session, meetings, say, word="changed", by=by, at=at)


def cancelled(session: Session, meetings: Sequence[Meeting], *, by: Participant, at: datetime) -> None:
    def say(meeting: Meeting, others: str) -> Words:
        when = local_time(meeting.starts)
        subject = _("Your meeting with %(names)s on %(when)s is called off", names=others, when=when)
        how = _("That happens. Book another one when it suits you.")
        return Words(subject, (*_and_more(meetings), how), _("Open"), mentorship_of(meeting))

    _tell_others(session, meetings, say, word="cancelled", by=by, at=at)


def off_for_new_mentor(
    session: Session, meetings: Sequence[Meeting], *, before: Collection[Participant], at: datetime
) -> None:
    """Tell whoever was to come: the mentee, who books with somebody else now, and the mentor before."""
    first = meetings[0]
    mentee = first.mentorship.mentee

    def words(person: Participant) -> Words:
        subject = _("Your meeting on %(when)s is called off", when=local_time(first.starts))
        more = len(meetings) - 1
        others = ngettext("So is one more that was planned.", "So are %(num)d more that were planned.", more)
        said = (others,) if more else ()
        if person.id != mentee.id:
            return Words(subject, (*said, _("Somebody else mentors now, and plans meetings of their own.")))
        how = _("It was planned with the mentor you had before. Book a time that suits you and your new one.")
        return Words(subject, (*said, how), _("Book a meeting"), mentorship_of(first))

    for person in (mentee, *before):
        key = f"meeting-cancelled:{first.public_id}:{first.sequence}"
        mail.tell(session, person.enrolment, MENTORSHIPS, partial(words, person), key=key, at=at)


def soon(session: Session, meeting: Meeting, *, at: datetime) -> None:
    """Remind each of its people, whoever booked it too."""
    people = meeting.mentorship.people
    for person in people:

        def words(person: Participant = person) -> Words:
            names, when = names_of(other for other in people if other.id != person.id), local_time(meeting.starts)
            subject = _("You meet %(names)s on %(when)s", names=names, when=when)
            where = (meeting.place,) if meeting.place else ()
            how = _("If that does not suit any more, move it or call it off: nobody has to explain.")
            return Words(subject, (*where, how), _("Open the meeting"), page_of(meeting))

        key = f"meeting-soon:{meeting.public_id}:{int(meeting.starts.timestamp())}"
        mail.tell(session, person.enrolment, REMINDERS, words, key=key, at=at)


def _way_out(meeting: Meeting) -> tuple[str, ...]:
    """For whoever booked a time that its mentor has moved."""
    if meeting.occasion is None or not meeting.occasion.is_slot:
        return ()
    return (
        _("If that does not suit you, call it off on its page; nobody has to explain. The seat is free again then."),
    )


def _and_more(meetings: Sequence[Meeting]) -> tuple[str, ...]:
    more = len(meetings) - 1
    if not more:
        return ()
    return (
        ngettext(
            "The same holds for the next meeting of this series.",
            "The same holds for the next %(num)d meetings of this series.",
            more,
        ),
    )


def _tell_others(
    session: Session, meetings: Sequence[Meeting], say: Say, *, word: str, by: Participant, at: datetime
) -> None:
    """One notice for all of these, which names the first."""
    first = meetings[0]
    people = first.mentorship.people
    for person in people:
        if person.id == by.id:
            continue

        def words(person: Participant = person) -> Words:
            return say(first, names_of(other for other in people if other.id != person.id))

        key = f"meeting-{word}:{first.public_id}:{first.sequence}"
        mail.tell(session, person.enrolment, MENTORSHIPS, words, key=key, at=at)


def page_of(meeting: Meeting) -> str:
    mentorship = meeting.mentorship
    return url_for(
        "meetings.meeting",
        course=mentorship.cohort.course.public_id,
        mentorship_id=mentorship.public_id,
        meeting_id=meeting.public_id,
    )


def mentorship_of(meeting: Meeting) -> str:
    mentorship = meeting.mentorship
    return url_for(
        "mentorships.mentorship", course=mentorship.cohort.course.public_id, mentorship_id=mentorship.public_id
    )
