"""The instruments of a course."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from lti_tool.models import Course
from reviews.campaigns.models import Campaign
from reviews.instruments.models import Instrument, InstrumentVersion


def instruments_of(session: Session, course: Course) -> Sequence[Instrument]:
    """Those that are offered, by name."""
    wanted = select(Instrument).where(Instrument.course_id == course.id, ~Instrument.is_retired)
    return session.scalars(
        wanted.options(selectinload(Instrument.versions)).order_by(Instrument.name, Instrument.id)
    ).all()


def instrument_of(session: Session, course: Course, public_id: str) -> Instrument | None:
    wanted = select(Instrument).where(Instrument.course_id == course.id, Instrument.public_id == public_id)
    return session.scalar(wanted)


def times_used(session: Session, course: Course) -> dict[int, int]:
    """In how many campaigns each instrument is asked with, by row number."""
    rows = session.execute(
        select(InstrumentVersion.instrument_id, func.count(Campaign.id))
        .join(Campaign, Campaign.version_id == InstrumentVersion.id)
        .where(Campaign.course_id == course.id)
        .group_by(InstrumentVersion.instrument_id)
    )
    return {instrument: count for instrument, count in rows}  # noqa: C416 -- `dict` takes the result for a mapping
