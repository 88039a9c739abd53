"""Which concerns somebody may know of: those they raised, and those they look after. Nobody else's."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from lti_tool.models import Enrolment
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.participants.models import Participant
from mentoring.together.concerns.models import Concern, ConcernState

MOST = 200
"""Concerns on the list of one person, the newest first."""
AT_ONCE = 20
"""On a home page."""


def seen_by(me: Enrolment) -> Select[Concern]:
    return select(Concern).where(or_(Concern.raised_by_id == me.id, _is_looked_after_by(me)))


def _is_looked_after_by(me: Enrolment) -> ColumnElement[bool]:
    """As long as they teach the course and stand outside: whoever steps into the mentorship reads it no longer."""
    if not me.is_instructor:
        return false()
    inside = (
        select(Membership.id)
        .join(Membership.participant)
        .where(Membership.mentorship_id == Concern.mentorship_id, Participant.enrolment_id == me.id)
    )
    return and_(Concern.owner_id == me.id, ~inside.exists())


def one(session: Session, me: Enrolment, public_id: str) -> Concern | None:
    return session.scalar(seen_by(me).where(Concern.public_id == public_id).options(*_WHOLE))


def to_change(session: Session, me: Enrolment, public_id: str) -> Concern | None:
    """As the database has it now, held until the caller commits."""
    return session.scalar(
        seen_by(me)
        .where(Concern.public_id == public_id)
        .options(*_WHOLE)
        .with_for_update(of=Concern)
        .execution_options(populate_existing=True)
    )


def list_of(session: Session, me: Enrolment) -> Sequence[Concern]:
    """Mine and those I look after, what changed last first."""
    return session.scalars(
        seen_by(me).options(*_WITH_PEOPLE).order_by(Concern.changed.desc(), Concern.id.desc()).limit(MOST)
    ).all()


_WITH_PEOPLE = (
    joinedload(Concern.raised_by, innerjoin=True),
    joinedload(Concern.owner, innerjoin=True),
    joinedload(Concern.about),
)
_WHOLE = (
    selectinload(Concern.messages),
    selectinload(Concern.mentorship)
    .selectinload(Mentorship.members)
    .joinedload(Membership.participant, innerjoin=True),
)


_MAY_BE_ONE = (
    select(Concern.id)
    .where(
        or_(Concern.raised_by_id == bindparam("me"), Concern.owner_id == bindparam("me")),
        Concern.state != ConcernState.CLOSED,
    )
    .limit(1)
)
"""Put together once: home pages ask, and hardly anybody has one."""


def open_of(session: Session, me: Enrolment) -> Sequence[Concern]:
    """Those that are not closed, who waits longest first."""
    if session.scalar(_MAY_BE_ONE, {"me": me.id}) is None:
        return ()
    return session.scalars(
        seen_by(me)
        .where(Concern.state != ConcernState.CLOSED)
        .options(*_WITH_PEOPLE)
        .order_by(Concern.changed, Concern.id)
        .limit(AT_ONCE)
    ).all()
