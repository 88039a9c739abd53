"""What the tool holds about a person: given out in full to whoever asks for their data, and erased when they want it.

Nothing cascades from a person. Each part of the tool says what it gives out and what it erases; what belongs to
somebody else as much as to them (a mentorship, an attempt that is counted) stays, without the name and without a way
back to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment, Person, Platform

Plain = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """A part of the tool that holds something about people."""

    key: str
    order: int
    """Erasing goes up the house and then down to the name: who needs it to end something comes before who takes it."""
    export: Callable[[Session, Person], Plain]
    """Everything about this person, as plain JSON; of others nothing but that they are there."""
    erase: Callable[[Session, Person, datetime], Sequence[str]]
    """Erase it, and say in a sentence each what was erased and what stays; the caller commits."""


class Unknown(Exception):
    """There is nobody like that, or more than one."""


def init_app(app: Flask) -> None:
    app.extensions["personal_data"] = []


def register(app: Flask, keeper: Keeper) -> None:
    keepers: list[Keeper] = app.extensions["personal_data"]
    keepers.append(keeper)
    keepers.sort(key=lambda each: each.order)


def find(session: Session, wanted: str, platform: str | None) -> Person:
    """The person with this id at their LMS (`sub`), or this mail; raises Unknown."""
    asked = select(Person).where(or_(Person.subject == wanted, func.lower(Person.email) == wanted.lower()))
    if platform:
        asked = asked.join(Person.platform).where(Platform.public_id == platform)
    found = session.scalars(asked.order_by(Person.id)).all() if wanted else []
    if not found:
        raise Unknown("Nobody has this id or mail. Take the id that the learning platform sends (sub), or the mail.")
    if len(found) > 1:
        where = ", ".join(sorted({each.platform.public_id for each in found}))
        raise Unknown(
            f"{len(found)} people have this id or mail. Name one by the id the learning platform sends (sub), and the "
            f"platform with --platform: {where}."
        )
    return found[0]


def enrolments_of(session: Session, person: Person) -> Sequence[Enrolment]:
    """Their places in courses, those they have left too."""
    return session.scalars(select(Enrolment).where(Enrolment.person_id == person.id).order_by(Enrolment.id)).all()


def export(session: Session, person: Person) -> dict[str, Any]:
    """Everything held about them, by the part of the tool that holds it."""
    return {keeper.key: dict(keeper.export(session, person)) for keeper in _keepers()}


def erase(session: Session, person: Person, *, at: datetime) -> list[str]:
    """Erase them in one transaction, which the caller commits; comes back with what was done, a sentence each."""
    return [sentence for keeper in _keepers() for sentence in keeper.erase(session, person, at)]


def _keepers() -> list[Keeper]:
    keepers: list[Keeper] = current_app.extensions["personal_data"]
    return keepers
