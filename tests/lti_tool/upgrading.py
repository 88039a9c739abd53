"""Databases from before a migration, and rows in them as they were then."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url

from lti_tool.db import QueuedConnection, prepare


@contextmanager
def empty_database(folder: Path) -> Iterator[Engine]:
    """One of the kind that this round of tests uses, without a table."""
    if server := os.environ.get("TEST_DATABASE_URL", ""):
        with _postgres(server) as engine:
            yield engine
        return
    engine = create_engine(f"sqlite:///{folder / 'old.sqlite'}", connect_args={"factory": QueuedConnection})
    prepare(engine)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _postgres(server: str) -> Iterator[Engine]:
    address = make_url(server).set(drivername="postgresql+psycopg")
    name = f"mentoring_old_{os.getpid()}"
    keeper = create_engine(address, isolation_level="AUTOCOMMIT")
    with keeper.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = create_engine(address.set(database=name))
    try:
        yield engine
    finally:
        engine.dispose()
        with keeper.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        keeper.dispose()


def insert(connection: Connection, table: str, **values: Any) -> None:
    names = ", ".join(values)
    slots = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({slots})"), values)
