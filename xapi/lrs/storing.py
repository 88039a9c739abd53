"""Putting statements into a store, in the caller's transaction: all of them or none, and each only once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from lti_tool.db import Base, find_or_create
from lti_tool.models import Platform
from xapi.lrs.comparing import say_the_same
from xapi.lrs.keys import activities_of, agents_of, iri_key
from xapi.lrs.models import StatementActivity, StatementAgent, Store, StoredStatement
from xapi.validation.statements import VOIDED
from xapi.validation.times import moment

Statement = Mapping[str, Any]

TICK = timedelta(microseconds=1)

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class Conflict(Exception):
    """A statement with this id is stored already and says something else."""

    def __init__(self, statement_id: str) -> None:
        super().__init__(f"Another statement is stored under the id {statement_id}.")
        self.statement_id = statement_id


def store_of(session: Session, platform: str, at: datetime) -> Store:
    """The store of the platform with this public id, made when it is first asked for."""
    platform_id = session.scalars(select(Platform.id).where(Platform.public_id == platform)).one()
    store, _ = find_or_create(
        session, Store, {"platform_id": platform_id}, last_seq=0, last_stored=at - TICK, created=at
    )
    return store


def store(
    session: Session, store: Store, statements: Sequence[Statement], authority: Statement, at: datetime
) -> list[str]:
    """Store valid statements under this authority; gives their ids in order.

    One that is stored already is not stored again; Conflict if it says something else. `stored` becomes `at`,
    or as little later as keeps it strictly increasing. From here until the caller commits, others who want to
    write to the same store wait: so statements become readable in the order of their numbers, and who has
    seen one could have seen all before it.
    """
    session.refresh(store, with_for_update={"key_share": True})
    named = [(str(statement.get("id") or uuid.uuid4()).lower(), statement) for statement in statements]
    rows = _rows(store, _unknown(session, store, named), authority, at)
    if rows:
        _insert(session, store, rows)
    return [statement_id for statement_id, _ in named]


def _unknown(session: Session, store: Store, named: Sequence[tuple[str, Statement]]) -> dict[str, Statement]:
    known = session.execute(
        select(StoredStatement.statement_id, StoredStatement.body).where(
            StoredStatement.store_id == store.id,
            StoredStatement.statement_id.in_({statement_id for statement_id, _ in named}),
        )
    )
    told = {row.statement_id: json.loads(row.body) for row in known}
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


def _with_arrays(statement: Statement) -> dict[str, Any]:
    """A copy whose context activities are arrays, as every reader is promised."""
    said = dict(statement)
    if said["object"].get("objectType") == "SubStatement":
        said["object"] = _with_arrays(said["object"])
    places = said.get("context", {}).get("contextActivities")
    if places:
        arrays = {name: found if isinstance(found, list) else [found] for name, found in places.items()}
        said["context"] = {**said["context"], "contextActivities": arrays}
    return said


def _rows(store: Store, told: Mapping[str, Statement], authority: Statement, at: datetime) -> list[dict[str, Any]]:
    rows = []
    for statement_id, statement in told.items():
        store.last_seq += 1
        store.last_stored = max(at.astimezone(UTC), store.last_stored + TICK)
        rows.append(_row(store, statement_id, statement, authority))
    return rows


def _row(store: Store, statement_id: str, statement: Statement, authority: Statement) -> dict[str, Any]:
    stored = store.last_stored.isoformat(timespec="microseconds").replace("+00:00", "Z")
    complete: dict[str, Any] = {
        "timestamp": stored,
        "version": "1.0.0",
        **statement,
        "id": statement_id,
        "stored": stored,
        "authority": authority,
    }
    thing = complete["object"]
    return {
        "store_id": store.id,
        "seq": store.last_seq,
        "statement_id": statement_id,
        "stored": store.last_stored,
        "timestamp": moment(complete["timestamp"]),
        "verb": iri_key(complete["verb"]["id"]),
        "registration": complete.get("context", {}).get("registration", "").lower() or None,
        "ref": thing["id"].lower() if thing.get("objectType") == "StatementRef" else None,
        "voided": False,
        "body": _encode(complete),
        "complete": complete,
    }


def _insert(session: Session, store: Store, rows: Sequence[dict[str, Any]]) -> None:
    agents, activities = [], []
    for row in rows:
        complete = row.pop("complete")
        where = {"store_id": store.id, "seq": row["seq"]}
        agents += [{**where, "key": key, "places": int(places)} for key, places in agents_of(complete).items()]
        activities += [{**where, "iri": iri, "places": int(places)} for iri, places in activities_of(complete).items()]
    session.execute(insert(_table(StoredStatement)), rows)
    session.execute(insert(_table(StatementAgent)), agents)
    if activities:
        session.execute(insert(_table(StatementActivity)), activities)
    _void(session, store, rows)
    session.flush()


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _void(session: Session, store: Store, rows: Sequence[Mapping[str, Any]]) -> None:
    """Hide what the new statements void, and those of the new that were voided before they came.

    A voiding statement is never voided itself.
    """
    came_first = select(StoredStatement.ref).where(
        StoredStatement.store_id == store.id,
        StoredStatement.verb == VOIDED,
        StoredStatement.ref.in_([row["statement_id"] for row in rows]),
    )
    targets = {row["ref"] for row in rows if row["verb"] == VOIDED} | set(session.scalars(came_first))
    if targets:
        session.execute(
            update(StoredStatement)
            .where(
                StoredStatement.store_id == store.id,
                StoredStatement.statement_id.in_(targets),
                StoredStatement.verb != VOIDED,
            )
            .values(voided=True)
            .execution_options(synchronize_session=False)
        )
