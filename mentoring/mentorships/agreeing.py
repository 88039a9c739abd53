"""Everybody who has to has said yes: the two are a pair."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from mentoring.events import MentorAssigned
from mentoring.mentorships import telling_people
from mentoring.mentorships.ledger import Ledger
from mentoring.mentorships.models import Mentorship, Part, Place, Task
from mentoring.mentorships.postcards import about
from mentoring.mentorships.superseding import asking_others, supersede_others
from mentoring.mentorships.timeline.reaching import lay_out
from mentoring.mentorships.winding import wind


def take_place(mentorship: Mentorship, ledger: Ledger, *, at: datetime) -> None:
    """The mentee has this place with the mentor from now on; the caller has seen that it is free."""
    mentee, mentor = mentorship.mentee, mentorship.mentor
    nth = ledger.take(mentorship, mentee, mentor)
    mentorship.places.append(Place(mentor=mentor, mentee=mentee, kind=mentorship.kind, nth=nth, since=at))


def settle(mentorship: Mentorship, *, at: datetime) -> None:
    """The two wait for nobody any more, and their time begins."""
    mentorship.wait_for(None, at=at)
    mentorship.mentee.as_mentee = True
    start_counting(mentorship, Part.MENTOR, at=at)


def start_counting(mentorship: Mentorship, part: Part, *, at: datetime) -> None:
    """Its length counts from here, and the program's tasks have their days; `part` does them."""
    version = mentorship.cohort.version
    mentorship.started, mentorship.planned_end = at, at + version.length
    mentorship.tasks = [
        Task(part=part, title=task.title, detail=task.detail, due=at + timedelta(days=task.days))
        for task in version.tasks
    ]


def announce_pairs(session: Session, pairs: Sequence[Mentorship], *, by: Enrolment | None, at: datetime) -> None:
    """Tell everybody of pairs of one course that were just made, lay out their timelines, and let the asks rest that
    they make needless."""
    outbox.announce_all(session, [_assigned(pair, by or pair.mentor.enrolment, at) for pair in pairs])
    lay_out(session, pairs)
    asking = asking_others(session, pairs)
    for pair in pairs:
        if pair.mentee.id in asking:
            supersede_others(session, pair, at=at)
        telling_people.paired(session, pair, at=at)
        wind(session, pair)


def _assigned(pair: Mentorship, by: Enrolment, at: datetime) -> MentorAssigned:
    return MentorAssigned(**about(pair, at), by=by.who, is_agreed=pair.mentor_agreed is not None)
