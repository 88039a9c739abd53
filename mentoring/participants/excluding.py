"""Two people who must not be matched: who may say so, who may see it, and who may take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from lti_tool.db import find_or_create
from lti_tool.models import Course, Enrolment
from mentoring.participants.models import Exclusion, ExclusionSource

BY_INSTRUCTORS = (ExclusionSource.COORDINATOR, ExclusionSource.GRADER, ExclusionSource.PAST_END)


def exclude(
    session: Session,
    one: Enrolment,
    other: Enrolment,
    *,
    by: Enrolment,
    at: datetime,
    source: ExclusionSource = ExclusionSource.ASKED,
    reason: str = "",
) -> bool:
    """From now on these two are not matched; the caller commits. False if the same person had said so before."""
    first, second = sorted((one.id, other.id))
    key = {"one_id": first, "other_id": second, "said_by_id": by.id}
    _exclusion, is_new = find_or_create(session, Exclusion, key, source=source, reason=reason, created=at)
    return is_new


def are_kept_apart(session: Session, one: Enrolment, other: Enrolment, *, at: datetime) -> bool:
    """Whether anybody has said so of these two, and it holds now."""
    first, second = sorted((one.id, other.id))
    said = select(Exclusion.id).where(
        Exclusion.one_id == first,
        Exclusion.other_id == second,
        or_(Exclusion.until.is_(None), Exclusion.until > at),
    )
    return session.scalar(said.limit(1)) is not None


def asked_by(session: Session, me: Enrolment) -> Sequence[tuple[Exclusion, Enrolment]]:
    """With whom I would rather not be matched; not what others have said of me."""
    found = _of(session, me, Exclusion.said_by_id == me.id)
    return [(exclusion, _other(exclusion, me)) for exclusion in found]


def about(
    session: Session, person: Enrolment, *, reader: Enrolment | None = None
) -> Sequence[tuple[Exclusion, Enrolment]]:
    """Everything that is said about this person and others, whoever said it: for instructors.

    To a reader who is one of the two it is told only if they said it themselves.
    """
    told = true() if reader is None else _may_be_told(reader)
    return [(exclusion, _other(exclusion, person)) for exclusion in _of(session, person, told)]


def _may_be_told(reader: Enrolment) -> ColumnElement[bool]:
    is_theirs = or_(Exclusion.one_id == reader.id, Exclusion.other_id == reader.id)
    return or_(~is_theirs, Exclusion.said_by_id == reader.id)


def to_take_back(session: Session, me: Enrolment, public_id: str) -> Exclusion | None:
    """An exclusion I may take back: my own, or as an instructor any of the course but what others said of me."""
    return session.scalar(
        select(Exclusion)
        .join(Exclusion.one)
        .where(
            Exclusion.public_id == public_id,
            Enrolment.course_id == me.course_id,
            _may_be_told(me) if me.is_instructor else Exclusion.said_by_id == me.id,
        )
        .with_for_update(of=Exclusion)
    )


def barred(session: Session, course: Course, *, at: datetime) -> Sequence[Exclusion]:
    """Every exclusion of a course that holds at this moment, for whoever matches."""
    return session.scalars(
        select(Exclusion)
        .join(Exclusion.one)
        .where(Enrolment.course_id == course.id, or_(Exclusion.until.is_(None), Exclusion.until > at))
        .order_by(Exclusion.id)
    ).all()


def are_kept_apart_by_themselves(reader: Enrolment, person: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether the reader and this person, by enrolment id, are kept apart because one of the two said so."""
    both = or_(
        and_(Exclusion.one_id == reader.id, Exclusion.other_id == person),
        and_(Exclusion.other_id == reader.id, Exclusion.one_id == person),
    )
    themselves = Exclusion.said_by_id.in_([Exclusion.one_id, Exclusion.other_id])
    return select(Exclusion.id).where(both, themselves).exists()


def _of(session: Session, person: Enrolment, *more: object) -> Sequence[Exclusion]:
    return session.scalars(
        select(Exclusion)
        .where(or_(Exclusion.one_id == person.id, Exclusion.other_id == person.id), *more)  # type: ignore[arg-type]
        .options(joinedload(Exclusion.one), joinedload(Exclusion.other), joinedload(Exclusion.said_by))
        .order_by(Exclusion.id)
    ).all()


def _other(exclusion: Exclusion, person: Enrolment) -> Enrolment:
    return exclusion.other if exclusion.one_id == person.id else exclusion.one
