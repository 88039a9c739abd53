"""An instrument is taken over, worked on, and fixed when somebody is asked with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment
from reviews.instruments.content import Content, InstrumentKind
from reviews.instruments.models import Instrument, InstrumentVersion
from reviews.instruments.ready_made import ReadyMade


def take_over(session: Session, course: Course, ready: ReadyMade, *, at: datetime) -> Instrument:
    """The course's own copy of one that came with the tool, made if it has none; the caller commits."""
    wanted = select(Instrument).where(
        Instrument.course_id == course.id, Instrument.ready_made == ready.key, ~Instrument.is_retired
    )
    found = session.scalars(wanted.order_by(Instrument.id)).first()
    if found is not None:
        return found
    return make(session, course, ready.kind, ready.name, ready.content, ready_made=ready.key, by=None, at=at)


def make(
    session: Session,
    course: Course,
    kind: InstrumentKind,
    name: str,
    content: Content,
    *,
    ready_made: str = "",
    by: Enrolment | None,
    at: datetime,
) -> Instrument:
    """A new instrument with its first version, which may change until somebody is asked with it."""
    instrument = Instrument(course=course, kind=kind, name=name, ready_made=ready_made, created=at)
    instrument.versions.append(
        InstrumentVersion(n=1, content=content.as_json(), made_by_id=by.id if by else None, created=at)
    )
    session.add(instrument)
    session.flush()
    return instrument


def change(
    session: Session, instrument: Instrument, content: Content, *, by: Enrolment, at: datetime
) -> InstrumentVersion:
    """This is what it asks from now on: in place while nobody was asked, else as the next version."""
    newest = instrument.newest
    if newest.is_frozen:
        newest = InstrumentVersion(n=newest.n + 1, created=at)
        instrument.versions.append(newest)
    newest.content, newest.made_by_id = content.as_json(), by.id
    session.flush()
    return newest


def freeze(version: InstrumentVersion, *, at: datetime) -> None:
    """Somebody is asked with it: from here on it stays as it is."""
    if version.frozen is None:
        version.frozen = at
