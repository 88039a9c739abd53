"""A store with a million statements: some are stored as always, and then the store is doubled until it is full."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import text, update

from lti_tool.db import db, transaction
from xapi.lrs import storing
from xapi.lrs.models import Store

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
"""When the first statements count as stored; each doubling lies as many days later as there are already."""
REALLY_STORED = 20_000
AT_ONCE = 500
AUTHORITY = {"objectType": "Agent", "account": {"homePage": "https://tool.example", "name": "bench"}}


def fill(platform: str, wanted: int, make: Callable[[Random], dict[str, Any]]) -> None:
    random = Random(5)
    really = min(wanted, REALLY_STORED)
    for place in range(0, really, AT_ONCE):
        with transaction() as session:
            store = storing.store_of(session, platform, BEGIN)
            told = [make(random) for _ in range(min(AT_ONCE, really - place))]
            storing.store(session, store, told, AUTHORITY, BEGIN + timedelta(seconds=place))
    there, days = really, 1
    while there < wanted:
        more = min(there, wanted - there)
        _double(there, more, days)
        there, days = there + more, days * 2
    with transaction() as session:
        store = storing.store_of(session, platform, BEGIN)
        session.execute(update(Store).values(last_seq=there, last_stored=BEGIN + timedelta(days=days)))
    db.session.close()
    if db.engine.dialect.name == "postgresql":
        # Which autovacuum does by itself as a store grows.
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in ("lrs_statement", "lrs_mention"):
                connection.execute(text(f"VACUUM (ANALYZE) {name}"))


def _double(there: int, more: int, days: int) -> None:
    """The first of them once more, with numbers, ids and days of their own."""
    if db.engine.dialect.name == "postgresql":
        stored, new_id = (
            f"stored + interval '{days} days'",
            f"left(statement_id, 24) || lpad(to_hex(seq + {there}), 12, '0')",
        )
    else:
        stored = f"date(substr(stored, 1, 10), '+{days} days') || substr(stored, 11)"
        new_id = f"substr(statement_id, 1, 24) || printf('%012x', seq + {there})"
    with transaction() as session:
        session.execute(
            text(
                "INSERT INTO lrs_statement"
                " (store_id, seq, statement_id, stored, timestamp, verb, registration, ref, voided, body)"
                f" SELECT store_id, seq + {there}, {new_id}, {stored}, timestamp, verb, registration, ref, voided, body"
                f" FROM lrs_statement WHERE seq <= {more} ORDER BY seq"
            )
        )
        session.execute(
            text(
                "INSERT INTO lrs_mention (store_id, key, seq, via, places, verb, signs)"
                f" SELECT store_id, key, seq + {there}, via + {there}, places, verb, signs"
                f" FROM lrs_mention WHERE seq <= {more} ORDER BY store_id, key, seq"
            )
        )
