"""What leaves the building, and what falls due later: announced with the change, delivered until it is done.

`announce` writes an event beside the change it tells of and lets subscribers hear it inside the same
transaction. What has to travel is posted as a letter. Letters stand in lanes; a lane is served by one worker
at a time, in order, so a lane that stands still (an LMS that is down) holds up no other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeVar, get_type_hints

from flask import Flask, current_app
from sqlalchemy import Executable, Index, String, Text, bindparam, case, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from lti_tool import clock
from lti_tool.db import Base, db, table
from lti_tool.events import Event
from lti_tool.prepared import Here, insert_into

Told = TypeVar("Told", bound=Event)
Listener = Callable[[Session, Told], None]
ListenerToMany = Callable[[Session, Sequence[Told]], None]

PAUSED_BY_OPERATOR = "paused by an operator"
_IS_WAITING = text("state = 'waiting' AND key IS NOT NULL")


class Happening(Base):
    """An event as it was announced: the project's own history, append-only."""

    __tablename__ = "happening"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36), unique=True)
    name: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    body: Mapped[str] = mapped_column(Text)


class LetterState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Given up: trying again cannot help. An operator reads why, mends the cause and retries it."""


class Letter(Base):
    """One errand: what to do, for whom, when it is due, and how the last try went."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_due", "state", "due"),
        Index("ix_letter_lane", "lane", "state", "due"),
        Index(
            "uq_letter_waiting_key",
            "key",
            unique=True,
            sqlite_where=_IS_WAITING,
            postgresql_where=_IS_WAITING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lane: Mapped[str] = mapped_column(String(128))
    """Kind and addressee: `gradebook:<platform>`, `lrs:<endpoint>`, `quiz-closing`."""
    key: Mapped[str | None] = mapped_column(String(128))
    """What the errand is about: while one letter with a key waits, no second one is posted."""
    body: Mapped[dict[str, Any]]
    edition: Mapped[int] = mapped_column(default=1)
    """Counts how often it was posted anew while it waited, so that news posted during a try is not lost."""
    due: Mapped[datetime]
    state: Mapped[LetterState] = mapped_column(default=LetterState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    created: Mapped[datetime]
    delivered: Mapped[datetime | None]

    @property
    def kind(self) -> str:
        return self.lane.partition(":")[0]


class Lane(Base):
    """Who serves a lane just now, and whether it is paused."""

    __tablename__ = "lane"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(128), unique=True)
    held_by: Mapped[str] = mapped_column(String(64), default="")
    """Who serves it just now; nobody while it is free, and while it rests."""
    held_until: Mapped[datetime | None]
    """How long a dead worker could keep it, or how long it rests."""
    paused: Mapped[str] = mapped_column(Text, default="")
    """Why nothing is sent until an operator resumes; empty when it runs."""


class Waiting(NamedTuple):
    """Letters of one lane that were not delivered: on their way, or given up."""

    lane: str
    state: LetterState
    letters: int
    oldest: datetime


def waiting(session: Session) -> list[Waiting]:
    """What waits to leave, and what was given up."""
    rows = session.execute(
        select(Letter.lane, Letter.state, func.count(), func.min(Letter.created))
        .where(Letter.state != LetterState.DELIVERED)
        .group_by(Letter.lane, Letter.state)
        .order_by(Letter.lane, Letter.state)
    )
    return [Waiting(*row) for row in rows]


def delivered(session: Session) -> dict[str, int]:
    """How many letters of each lane were delivered, as far back as they are kept."""
    counts = (
        select(Letter.lane, func.count().label("letters"))
        .where(Letter.state == LetterState.DELIVERED)
        .group_by(Letter.lane)
    )
    return {row.lane: row.letters for row in session.execute(counts)}


def paused(session: Session) -> dict[str, str]:
    """Lanes that are paused, and why."""
    return {row.name: row.paused for row in session.scalars(select(Lane).where(Lane.paused != ""))}


def resting(session: Session, *, at: datetime) -> dict[str, datetime]:
    """Lanes that wait as a whole, and until when."""
    rows = session.execute(select(Lane.name, Lane.held_until).where(Lane.held_by == "", Lane.held_until > at))
    return {name: until for name, until in rows if until is not None}


_HAPPENED = insert_into(Happening, "event_id", "name", "at", "body", unless_there=True)
_POST = insert_into(Letter, "lane", "key", "body", "edition", "due", "state", "attempts", "error", "created")


@dataclass(frozen=True)
class Errand:
    """A letter as its carrier sees it."""

    id: int
    lane: str
    body: Mapping[str, Any]
    edition: int
    attempts: int
    created: datetime


@dataclass(frozen=True)
class Done:
    pass


@dataclass(frozen=True)
class Later:
    """Could not be done now; try again, at the earliest after `seconds` if the other side said so."""

    error: str
    seconds: float | None = None


@dataclass(frozen=True)
class Dead:
    """Trying again cannot help."""

    error: str


@dataclass(frozen=True)
class Pause:
    """The whole lane cannot be served until somebody acts; nothing in it is lost."""

    error: str


@dataclass(frozen=True)
class Rest:
    """The whole lane waits and is tried again by itself: nothing in it may overtake what could not be done now.

    At the earliest after `seconds` if the other side said so.
    """

    error: str
    seconds: float | None = None


Outcome = Done | Later | Dead | Pause | Rest


class Carrier(Protocol):
    """Knows how to run the errands of one kind.

    `carry` is called outside any transaction and may take up to five seconds an errand. Every errand it was
    handed may come again after a crash, so what it does must be repeatable under the same id. What it stores
    itself, it commits itself.
    """

    batch: int

    def carry(self, errands: Sequence[Errand]) -> Iterable[Outcome]:
        """One outcome for each errand, in order; at once, or one by one as it goes."""


class _Registry:
    def __init__(self) -> None:
        self.listeners: list[tuple[type[Event], ListenerToMany[Any]]] = []
        self.carriers: dict[str, Carrier] = {}


def init_app(app: Flask) -> None:
    app.extensions["outbox"] = _Registry()


def _registry(app: Flask | None = None) -> _Registry:
    found = (app or current_app).extensions["outbox"]
    assert isinstance(found, _Registry)
    return found


def subscribe(app: Flask, kind: type[Told], listener: Listener[Told]) -> None:
    """Let `listener(session, event)` hear every event of this kind, inside the announcing transaction."""

    def hear(session: Session, events: Sequence[Told]) -> None:
        for event in events:
            listener(session, event)

    subscribe_to_many(app, kind, hear)


def subscribe_to_many(app: Flask, kind: type[Told], listener: ListenerToMany[Told]) -> None:
    """As `subscribe`, for `listener(session, events)`, who hears at once what was announced at once."""
    _registry(app).listeners.append((kind, listener))


def session_of(here: Here) -> Session:
    """The session of the transaction under way."""
    return here if isinstance(here, Session) else db.session


def register_carrier(app: Flask, kind: str, carrier: Carrier) -> None:
    _registry(app).carriers[kind] = carrier


def carrier_for(lane: str) -> Carrier | None:
    return _registry().carriers.get(lane.partition(":")[0])


def announce(here: Here, event: Event) -> None:
    """Write down what happened and let everybody concerned hear it, all in the caller's transaction."""
    announce_all(here, [event])


def announce_all(here: Here, events: Sequence[Event]) -> None:
    """The same of several, all of one course, which are heard together."""
    for event in events:
        _HAPPENED.run(here, event_id=event.event_id, name=type(event).__name__, at=event.at, body=as_json(event))
    for kind, listener in _registry().listeners:
        if concerned := [event for event in events if isinstance(event, kind)]:
            listener(session_of(here), concerned)


def as_json(event: Event) -> str:
    return json.dumps(plain(event), ensure_ascii=False, sort_keys=True)


def plain(value: Any) -> Any:
    """An event, or a part of one, as JSON may hold it."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if hasattr(value, "__dataclass_fields__"):
        return {name: each if type(each) is str else plain(each) for name, each in vars(value).items()}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    raise TypeError(f"{value!r} cannot stand in an event")


def filled(kind: Any, said: Any) -> Any:
    """An event, or a part of one, of what `plain` made of it; for events without lists of parts."""
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: filled(hints[name], value) for name, value in said.items()})  # type: ignore[operator]
    return datetime.fromisoformat(said) if kind is datetime else said


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    """Python compiles every annotation anew each time it is asked."""
    return get_type_hints(kind)


def post(
    here: Here,
    lane: str,
    body: Mapping[str, Any],
    *,
    due: datetime | None = None,
    key: str | None = None,
) -> None:
    """Post a letter in the caller's transaction; one that already waits under `key` is brought forward."""
    at = clock.now()
    letter = {"lane": lane, "key": key, "body": dict(body), "due": due or at, "created": at}
    if key is None:
        _POST.run(here, **letter, state=LetterState.WAITING, edition=1, attempts=0, error="")
        return
    session = session_of(here)
    session.flush()
    # Somebody else may post under the same key, and a worker may deliver it, between any two of these steps.
    while not (_bring_forward(session, key, body, due or at) or _post_first(session, letter)):
        pass


@dataclass(frozen=True)
class Keyed:
    """A letter to be posted under a key."""

    lane: str
    key: str
    body: Mapping[str, Any]
    due: datetime


def post_all(session: Session, letters: Sequence[Keyed]) -> None:
    """Post many letters, each under a key of its own, in one statement; those that wait already are brought forward."""
    if not letters:
        return
    at = clock.now()
    session.flush()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    post = insert(table(Letter))
    waits, new = table(Letter).c, post.excluded
    session.execute(
        post.on_conflict_do_update(
            index_elements=[waits.key],
            index_where=_IS_WAITING,
            set_={
                "due": case((new.due < waits.due, new.due), else_=waits.due),
                "body": new.body,
                "edition": waits.edition + 1,
            },
        ),
        [
            {"lane": each.lane, "key": each.key, "body": dict(each.body), "due": each.due, "created": at}
            for each in letters
        ],
    )


_WAITS = (
    select(Letter)
    .where(Letter.key == bindparam("key"), Letter.state == LetterState.WAITING)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def _bring_forward(session: Session, key: str, body: Mapping[str, Any], due: datetime) -> bool:
    """Give the letter that waits under this key the newest body; False if none waits."""
    waiting = session.scalar(_WAITS, {"key": key})
    if waiting is None:
        return False
    waiting.due = min(waiting.due, due)
    waiting.body = dict(body)
    waiting.edition += 1
    return True


def _post_first(session: Session, letter: Mapping[str, Any]) -> bool:
    """Post a letter under a key; False if another one was quicker."""
    return session.scalar(_unless_waiting(session.get_bind().dialect.name), dict(letter)) is not None


@cache
def _unless_waiting(dialect: str) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    letters = table(Letter)
    return (
        insert(letters)
        .on_conflict_do_nothing(index_elements=[letters.c.key], index_where=_IS_WAITING)
        .returning(letters.c.id)
    )
