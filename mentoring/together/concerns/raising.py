"""A concern is raised, answered to and fro, handed over and closed.

Each act but the first is handed a concern that is held; the caller commits. All raise Refusal. Nothing is announced.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from mentoring.mentorships.refusing import Refusal
from mentoring.together.concerns import telling
from mentoring.together.concerns.matters import Matter, met_in, who_may_own
from mentoring.together.concerns.models import Concern, ConcernMessage, ConcernState, Topic
from mentoring.together.twice import AGAIN


def raise_concern(
    session: Session,
    about: Matter,
    topic: Topic,
    words: str,
    *,
    hoped: str = "",
    owner: Enrolment,
    by: Enrolment,
    at: datetime,
) -> Concern:
    """Put it before this instructor, who is told that there is one; the same sent twice is one."""
    session.scalar(select(Enrolment.id).where(Enrolment.id == by.id).with_for_update())
    same = select(Concern).where(
        Concern.raised_by_id == by.id,
        Concern.owner_id == owner.id,
        Concern.mentorship_id == (about.mentorship.id if about.mentorship else None),
        Concern.about_id == (about.person.id if about.person else None),
        Concern.topic == topic,
        Concern.words == words,
        Concern.created > at - AGAIN,
    )
    if (before := session.scalar(same.limit(1))) is not None:
        return before
    concern = Concern(
        raised_by=by,
        owner=owner,
        owner_since=at,
        mentorship=about.mentorship,
        about=about.person,
        topic=topic,
        words=words,
        hoped=hoped,
        state=ConcernState.NEW,
        created=at,
        changed=at,
    )
    session.add(concern)
    session.flush()
    telling.raised(session, concern, at=at)
    return concern


def say(session: Session, concern: Concern, words: str, *, by: Enrolment, at: datetime) -> None:
    """One more thing, however often it is sent: of whoever looks after it an answer; of whoever raised it, it waits for
    one."""
    if concern.messages and _is_same(concern.messages[-1], words, by, at):
        return
    is_owner = by.id == concern.owner_id
    if is_owner and concern.is_closed:
        raise Refusal(_("This concern is closed. Whoever raised it can write again, and it is open again then."))
    message = ConcernMessage(concern=concern, by=by, words=words, written=at)
    session.add(message)
    if is_owner:
        concern.move(ConcernState.ANSWERED, at=at)
    else:
        concern.move(ConcernState.NEW if concern.state is ConcernState.NEW else ConcernState.LOOKED_AT, at=at)
    session.flush()
    telling.said(session, concern, message, at=at)


def _is_same(last: ConcernMessage, words: str, by: Enrolment, at: datetime) -> bool:
    return (last.by_id, last.words) == (by.id, words) and last.written > at - AGAIN


def look_at(session: Session, concern: Concern, *, by: Enrolment, at: datetime) -> None:
    """Whoever looks after it says that they have begun to."""
    if by.id != concern.owner_id or concern.state is not ConcernState.NEW:
        raise Refusal(_("Somebody is looking at this concern already."))
    concern.move(ConcernState.LOOKED_AT, at=at)
    telling.looked_at(session, concern, at=at)


def close(session: Session, concern: Concern, *, by: Enrolment, at: datetime) -> None:
    """It is settled, as either of the two says; the other is told."""
    if concern.is_closed:
        raise Refusal(_("This concern is closed already."))
    concern.move(ConcernState.CLOSED, at=at)
    telling.closed(session, concern, by=by, at=at)


def hand_over(session: Session, concern: Concern, to: Enrolment, *, by: Enrolment, at: datetime) -> None:
    """Another instructor who stands outside looks after it and reads all of it; the one before no longer."""
    if to.id == concern.owner_id or to not in who_may_take_over(session, concern):
        raise Refusal(_("Choose another instructor who is not part of what this is about."))
    concern.owner, concern.owner_since = to, at
    concern.move(ConcernState.NEW, at=at)
    session.flush()
    telling.handed_over(session, concern, by=by, at=at)


def who_may_take_over(session: Session, concern: Concern) -> Sequence[Enrolment]:
    return [each for each in who_stands_outside(session, concern) if each.id != concern.owner_id]


def who_stands_outside(session: Session, concern: Concern) -> Sequence[Enrolment]:
    return who_may_own(session, concern.raised_by, matter_of(concern))


def matter_of(concern: Concern) -> Matter:
    """What it is about, as whoever raised it knows it."""
    others = met_in(concern.mentorship, concern.raised_by) if concern.mentorship else ()
    return Matter(concern.mentorship, others, concern.about)
