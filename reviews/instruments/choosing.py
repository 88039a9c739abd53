"""What a campaign can ask with: the course's own instruments, and those that come with the tool."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lti_tool.models import Course
from reviews.instruments import versions
from reviews.instruments.content import InstrumentKind
from reviews.instruments.models import Instrument, InstrumentVersion
from reviews.instruments.ready_made import ReadyMade, ready_made

PAIR = frozenset({"mentor_evaluation", "mentee_evaluation"})
OWN, READY = "own:", "ready:"
"""How what stands for one in a form begins."""
FITTING = {InstrumentKind.REVIEW: (InstrumentKind.REVIEW, InstrumentKind.CHECKLIST)}
"""Kinds of instruments that are asked with, where these are several: what was seen done is ticked in a review."""


def key_of(instrument: Instrument | ReadyMade) -> str:
    """What stands for it in a form."""
    return f"{OWN}{instrument.public_id}" if isinstance(instrument, Instrument) else f"{READY}{instrument.key}"


def offered(session: Session, course: Course, kind: InstrumentKind) -> Sequence[Instrument | ReadyMade]:
    """Those made for this kind, the course's own first; each ready-made one until it is taken over."""
    own = session.scalars(
        select(Instrument)
        .where(Instrument.course_id == course.id, ~Instrument.is_retired)
        .order_by(Instrument.name, Instrument.id)
        .options(selectinload(Instrument.versions))
    ).all()
    taken = {each.ready_made for each in own}
    others = [each for each in ready_made().values() if each.key not in taken]
    fitting = FITTING.get(kind, (kind,))
    everything: list[Instrument | ReadyMade] = [*own, *others]
    return sorted((each for each in everything if each.kind in fitting), key=lambda each: each.kind is not kind)


def usual(found: Sequence[Instrument | ReadyMade]) -> tuple[str, str]:
    """Of these, what a new campaign asks with, and what mentors are asked with where that is something else: the two of
    a pair are asked different things."""
    keys = {each.ready_made if isinstance(each, Instrument) else each.key: key_of(each) for each in found}
    if keys.keys() >= PAIR:
        return keys["mentor_evaluation"], keys["mentee_evaluation"]
    return key_of(found[0]), ""


def version_for(session: Session, course: Course, key: str, *, at: datetime) -> InstrumentVersion | None:
    """The newest wording of what was chosen, taken over if it came with the tool; the caller commits."""
    ready = ready_made().get(key.removeprefix(READY)) if key.startswith(READY) else None
    if ready is not None:
        return versions.take_over(session, course, ready, at=at).newest
    wanted = select(Instrument).where(Instrument.course_id == course.id, Instrument.public_id == key.removeprefix(OWN))
    instrument = session.scalar(wanted)
    return instrument.newest if instrument is not None else None
