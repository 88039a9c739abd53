"""Putting statements into a store, in the caller's transaction: all of them or none, and each only once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, select, update
from sqlalchemy.orm import Session

from lti_tool.bulk import Bulk
from lti_tool.db import find_or_create
from lti_tool.models import Platform
from lti_tool.prepared import Here, Prepared, among
from xapi.lrs import definitions, references
from xapi.lrs.comparing import say_the_same
from xapi.lrs.keys import activity_key, iri_key, short, signs_of
from xapi.lrs.models import IN_A_COURSE, Mention, Opened, Store, StoredStatement
from xapi.lrs.references import Link
from xapi.validation.statements import VOIDED
from xapi.validation.times import in_utc, moment

Statement = Mapping[str, Any]

TICK = timedelta(microseconds=1)

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_statements = Bulk(
    StoredStatement,
    *("store_id", "seq", "statement_id", "stored", "timestamp", "verb", "registration", "ref", "voided", "body"),
)
_mentions = Bulk(Mention, "store_id", "key", "seq", "via", "places", "verb", "signs")
_void = Prepared(
    lambda dialect: (
        update(StoredStatement)
        .where(
            StoredStatement.store_id == bindparam("store"),
            among(StoredStatement.statement_id, "ids", String())(dialect),
            StoredStatement.verb != VOIDED,
        )
        .values(voided=True)
    )
)
_known = Prepared(
    lambda dialect: select(StoredStatement.statement_id, StoredStatement.body).where(
        StoredStatement.store_id == bindparam("store"), among(StoredStatement.statement_id, "ids", String())(dialect)
    )
)


_held = Prepared(
    select(Store.last_seq, Store.last_stored).where(Store.id == bindparam("store")).with_for_update(key_share=True)
)
_moved_on = Prepared(
    update(Store)
    .where(Store.id == bindparam("store"))
    .values(last_seq=bindparam("last_seq"), last_stored=bindparam("last_stored"))
)


class Standing(NamedTuple):
    """How far a store has got."""

    last_seq: int
    last_stored: datetime


Completed = tuple[int, datetime, dict[str, Any]]
"""The number of a statement, when it counts as stored, and all of it."""


class Conflict(Exception):
    """A statement with this id is stored already and says something else."""

    def __init__(self, statement_id: str) -> None:
        super().__init__(f"Another statement is stored under the id {statement_id}.")
        self.statement_id = statement_id


class OutsideCourse(Exception):
    """Somebody who may write to one course only wants to change what lies outside."""


def store_of(session: Session, platform: str, at: datetime) -> Store:
    """The store of the platform with this public id, made when it is first asked for."""
    platform_id = session.scalars(select(Platform.id).where(Platform.public_id == platform)).one()
    store, _ = find_or_create(
        session, Store, {"platform_id": platform_id}, last_seq=0, last_stored=at - TICK, created=at
    )
    return store


def hold(here: Here, store: Opened) -> Standing:
    """From here until the caller commits, others who want to write to the same store wait."""
    row = _held.one(here, store=store.id)
    assert row is not None
    return Standing(*row)


def store(
    here: Here,
    store: Opened,
    statements: Sequence[Statement],
    authority: Statement,
    at: datetime,
    *,
    version: str = "1.0.0",
    course: str | None = None,
    defines: bool = True,
    heard: Callable[[Sequence[Statement]], None] | None = None,
) -> list[str]:
    """Store valid statements under this authority; gives their ids in order.

    One that is stored already is not stored again; Conflict if it says something else. `stored` becomes `at`,
    or as little later as keeps it strictly increasing; `version` is for those that name none, and under 2.0.0 times are
    kept in UTC. The store is held: so statements become readable in the order of their numbers, and who has seen one
    could have seen all before it.

    Unless it `defines` nothing, what the new ones say of activities is remembered for all who ask about those.
    With a `course` (its activity id), OutsideCourse if a statement does not belong to it, or voids one that does not.
    `heard` is told the new ones, as they are stored.
    """
    standing = hold(here, store)
    named = [(str(statement.get("id") or uuid.uuid4()).lower(), statement) for statement in statements]
    unknown = _unknown(here, store, named)
    if unknown:
        completed = _completed(standing, unknown, authority, at, version)
        _insert(here, store, completed, course)
        if defines:
            definitions.learn(here, store, (statement for _, _, statement in completed))
        if heard is not None:
            heard([statement for _, _, statement in completed])
    return [statement_id for statement_id, _ in named]


def _unknown(here: Here, store: Opened, named: Sequence[tuple[str, Statement]]) -> dict[str, Statement]:
    ids = sorted({statement_id for statement_id, _ in named})
    told: dict[str, Statement] = {
        statement_id: json.loads(body) for statement_id, body in _known.rows(here, store=store.id, ids=ids)
    }
    unknown: dict[str, Statement] = {}
    for statement_id, statement in named:
        if (earlier := told.get(statement_id)) is None:
            told[statement_id] = unknown[statement_id] = _with_arrays(statement)
        elif not say_the_same(_as_json(earlier), _as_json(_with_arrays(statement))):
            raise Conflict(statement_id)
    return unknown


def _as_json(statement: Statement) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(json.dumps(statement))
    return said


def _with_arrays(statement: Statement) -> Statement:
    """Its context activities are arrays, as every reader is promised."""
    thing = statement["object"]
    said = statement
    if thing.get("objectType") == "SubStatement" and (inner := _with_arrays(thing)) is not thing:
        said = {**said, "object": inner}
    places = statement.get("context", {}).get("contextActivities")
    if places and any(isinstance(found, dict) for found in places.values()):
        arrays = {name: [found] if isinstance(found, dict) else found for name, found in places.items()}
        said = {**said, "context": {**said["context"], "contextActivities": arrays}}
    return said


def _completed(
    standing: Standing, told: Mapping[str, Statement], authority: Statement, at: datetime, version: str
) -> list[Completed]:
    """With what the store adds, and when each counts as stored."""
    found = []
    seq, when = standing.last_seq, max(at.astimezone(UTC), standing.last_stored + TICK)
    for statement_id, statement in told.items():
        seq += 1
        stored = when.isoformat(timespec="microseconds").replace("+00:00", "Z")
        complete = {"timestamp": stored, "version": version, **statement, "id": statement_id, "stored": stored}
        complete["authority"] = authority
        if version == "2.0.0":
            complete["timestamp"] = in_utc(complete["timestamp"])
        found.append((seq, when, complete))
        when += TICK
    return found


def _insert(here: Here, store: Opened, completed: Sequence[Completed], course: str | None) -> None:
    new = [Link(seq, said["id"], _ref(said), iri_key(said["verb"]["id"]), said) for seq, _, said in completed]
    came_first = references.referring_to(here, store, {link.statement_id for link in new})
    if course is not None:
        _must_lie_inside(here, store, new, course)
    through_others = _mentioned_by_others(here, store, new, came_first)
    # Row by row: PostgreSQL works on the first of them while the next ones are put together.
    _statements.insert(here, (_row(store, link, stored) for link, (_, stored, _) in zip(new, completed, strict=True)))
    _mentions.insert(here, chain((row for link in new for row in _rows_of(store, link.seq, link)), through_others))
    _void_what_is_voided(here, store, [*new, *came_first])
    last_seq, last_stored, _ = completed[-1]
    _moved_on.run(here, store=store.id, last_seq=last_seq, last_stored=last_stored)


def _ref(statement: Statement) -> str | None:
    thing = statement["object"]
    return thing["id"].lower() if thing.get("objectType") == "StatementRef" else None


def _row(store: Opened, link: Link, stored: datetime) -> tuple[Any, ...]:
    said = link.body
    assert not isinstance(said, str)
    registration = said.get("context", {}).get("registration", "").lower() or None
    when = moment(said["timestamp"])
    body = _encode(said)
    return (store.id, link.seq, link.statement_id, stored, when, link.verb, registration, link.ref, False, body)


def _rows_of(store: Opened, seq: int, via: Link) -> list[tuple[Any, ...]]:
    mentions = via.mentions
    verb = short(next(iter(mentions)))
    signs = signs_of(mentions)
    return [(store.id, key, seq, via.seq, places, verb, signs) for key, places in mentions.items()]


def _mentioned_by_others(
    here: Here, store: Opened, new: Sequence[Link], came_first: Sequence[Link]
) -> list[tuple[Any, ...]]:
    """What statements are found by because they refer to one that mentions it."""
    if not came_first and all(link.ref is None for link in new):
        return []
    pairs = references.inherited(here, store, new, came_first)
    return [row for seq, link in pairs for row in _rows_of(store, seq, link)]


def _void_what_is_voided(here: Here, store: Opened, links: Iterable[Link]) -> None:
    """Hide what the new statements void, and those of the new that were voided before they came.

    A voiding statement is never voided itself.
    """
    targets = {link.ref for link in links if link.ref is not None and link.verb == VOIDED}
    if targets:
        _void.run(here, store=store.id, ids=sorted(targets))


def _must_lie_inside(here: Here, store: Opened, new: Sequence[Link], course: str) -> None:
    key = activity_key(course)

    def lies_inside(link: Link) -> bool:
        return bool(link.mentions.get(key, 0) & IN_A_COURSE)

    if not all(map(lies_inside, new)):
        raise OutsideCourse("This credential is for one course: every statement must be about it or grouped under it.")
    voided = {link.ref for link in new if link.ref is not None and link.verb == VOIDED}
    inside = {link.statement_id for link in [*new, *references.stored_as(here, store, voided)] if lies_inside(link)}
    if voided - inside:
        raise OutsideCourse("This credential is for one course: only statements of that course may be voided.")
