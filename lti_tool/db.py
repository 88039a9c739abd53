"""The database: one session a request, constraint names, and how SQLite is spoken to."""

from __future__ import annotations

import base64
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from enum import Enum
from functools import cache
from inspect import iscoroutinefunction
from typing import Any, Protocol, TypeVar, cast

from flask import Flask, g
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import JSON, Connection, Dialect, Engine, Executable, MetaData, Select, Table, bindparam, event, select
from sqlalchemy import Enum as EnumType
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, make_transient_to_detached
from sqlalchemy.pool import PoolProxiedConnection

from lti_tool.clock import UTCDateTime

BUSY_TIMEOUT = 10
"""Seconds a writer waits for its turn on SQLite."""
CHECKPOINT = 32_000
"""Pages (of 4 KiB) in SQLite's log before they move to the file itself: what is written often moves but once. With four
times 8,000, moving costs a store of a million statements half as much for each; the log takes up to 128 MiB of disk."""


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: UTCDateTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        Enum: EnumType(
            Enum, native_enum=False, length=32, values_callable=lambda kind: [member.value for member in kind]
        ),
    }


Row = TypeVar("Row", bound=Base)


class Database(SQLAlchemy):
    def get_session(self, name: str = "default") -> Session:
        """The request's session; while a brief transaction is under way, it works in that one (see `brief`)."""
        session = super().get_session(name)
        if (brief := g.get("brief")) is not None:
            brief.join(session)
        elif (line := g.pop("line", None)) is not None:
            line.close()
        return session


db = Database(session_options={"expire_on_commit": False})


def new_public_id() -> str:
    """Eighty random bits in sixteen letters: what stands in addresses instead of row numbers."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def new_public_ids(number: int) -> list[str]:
    """As many, made at once: where rows come by the thousand."""
    letters = base64.b32encode(secrets.token_bytes(10 * number)).decode().lower()
    return [letters[at : at + 16] for at in range(0, len(letters), 16)]


def table(model: type[Base]) -> Table:
    """The model's table: statements on it spare the session's bookkeeping, where many visitors come at once."""
    return cast(Table, model.__table__)


def find_or_create(session: Session, model: type[Row], key: Mapping[str, object], **values: object) -> tuple[Row, bool]:
    """The row with this unique key, and whether it was made just now.

    Two visitors who arrive at once end up with the same row: the loser of the race reads the winner's.
    """
    if (row := session.scalar(_with_key(model, *_names(key)), dict(key))) is not None:
        return row, False
    return create_or_find(session, model, key, **values)


def create_or_find(session: Session, model: type[Row], key: Mapping[str, object], **values: object) -> tuple[Row, bool]:
    """As `find_or_create`, for a row that was just not there."""
    session.flush()
    made = session.execute(_unless_there(model, session.get_bind().dialect.name), {**key, **values}).one_or_none()
    if made is not None:
        return as_stored(session, model(**made._mapping)), True
    return session.scalars(_with_key(model, *_names(key)), dict(key)).one(), False


def _names(key: Mapping[str, object]) -> list[tuple[str, bool]]:
    """Each with whether there is a value: nothing equals NULL."""
    return [(name, value is not None) for name, value in key.items()]


@cache
def _with_key(model: type[Row], *names: tuple[str, bool]) -> Select[Row]:
    """Put together once for each key: building a statement takes longer than running it."""
    columns = [(getattr(model, name), name, has_value) for name, has_value in names]
    return select(model).where(
        *(column == bindparam(name) if has_value else column.is_(None) for column, name, has_value in columns)
    )


@cache
def _unless_there(model: type[Base], dialect: str) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table(model)).on_conflict_do_nothing().returning(*table(model).c)


def as_stored(session: Session, row: Row) -> Row:
    """This new object, filled with what the database has just given back, as the session would have loaded it."""
    make_transient_to_detached(row)
    session.add(row)
    return row


_writes: ContextVar[bool] = ContextVar("writes", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun in here take SQLite's write lock at once.

    A transaction that begins by reading and writes later fails on SQLite as soon as somebody else wrote
    in between; one that is going to write says so first. PostgreSQL needs no such word.
    """
    token = _writes.set(True)
    try:
        yield
    finally:
        _writes.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """No transaction is held and none begun in here takes the write lock: for calls that leave the building."""
    db.session.commit()
    token = _writes.set(False)
    try:
        yield
    finally:
        _writes.reset(token)


@contextmanager
def transaction() -> Iterator[Session]:
    """One write transaction of its own, committed at the end or not at all; reading before it is let go of."""
    let_go()
    session = db.session
    with writing():
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def connection_of(session: Session) -> Connection:
    """The connection of the session's transaction. Asking the session each time costs as much as a query."""
    under_way, connection = session.info.get("connection", (None, None))
    if under_way is None or under_way is not session.get_transaction():
        connection = session.connection()
        session.info["connection"] = (session.get_transaction(), connection)
    return cast(Connection, connection)


def let_go() -> None:
    """End the request's transaction, if there is one: what was only read is not needed any more."""
    opened: Mapping[str, Session] = g.get("_sqlalchemy_sessions", {})
    if (session := opened.get("default")) is not None and session.in_transaction():
        session.commit()


@contextmanager
def connected() -> Iterator[Connection]:
    """A connection with no session around it, for prepared statements. Writing begins with `begin` inside `writing`."""
    with db.engine.connect() as connection:
        yield connection


def init_app(app: Flask) -> None:
    """Open the database for this application."""
    db.init_app(app)
    # The extension would also close asynchronous sessions after each request, of which we open none: that starts a
    # thread with an event loop every time and costs more than a login.
    app.teardown_appcontext_funcs = [each for each in app.teardown_appcontext_funcs if not iscoroutinefunction(each)]
    with app.app_context():
        prepare(db.engine)


def prepare(engine: Engine) -> None:
    """Teach an SQLite engine foreign keys, WAL and one orderly queue of writers."""
    if engine.dialect.name != "sqlite":
        return
    queue = _Writers()

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.queue = queue
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT * 1000)}")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        if driver.in_transaction:
            return  # The session has joined a brief one.
        if _writes.get():
            begin_writing(connection)
        else:
            driver.execute("BEGIN")


class OnDriver(Protocol):
    """A connection of SQLAlchemy's, or what stands in for one."""

    @property
    def dialect(self) -> Dialect: ...
    @property
    def connection(self) -> PoolProxiedConnection: ...
    def invalidate(self, _problem: BaseException | None = None, /) -> None: ...


def begin_writing(connection: OnDriver) -> None:
    """Begin as a writer on SQLite, in this process's queue of writers."""
    driver: Any = connection.connection.dbapi_connection
    queue: _Writers = driver.queue
    queue.enter(driver)
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as problem:
        queue.leave(driver)
        raise told(problem, "BEGIN IMMEDIATE", connection) from problem
    except BaseException:
        queue.leave(driver)
        raise


def told(problem: Exception, sql: str, connection: OnDriver) -> BaseException:
    """The driver's complaint as SQLAlchemy would tell it, without the values: they may name people."""
    dialect = connection.dialect
    driver: Any = connection.connection.dbapi_connection
    if dialect.is_disconnect(problem, driver, None):  # type: ignore[arg-type]
        connection.invalidate(problem)
    return DBAPIError.instance(sql, {}, problem, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect)


class QueuedConnection(sqlite3.Connection):
    """An SQLite connection that gives its turn as writer to the next when its transaction is over."""

    queue: _Writers | None = None

    def commit(self) -> None:
        super().commit()
        self._leave()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._leave()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._leave()

    def _leave(self) -> None:
        if self.queue is not None:
            self.queue.leave(self)


class _Writers:
    """One writer at a time within this process: SQLite's own waiting sleeps and is unfair."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._inside: object = None

    def enter(self, connection: object) -> None:
        if not self._turn.acquire(timeout=BUSY_TIMEOUT):
            raise TimeoutError(f"Another writer has held the database for {BUSY_TIMEOUT} seconds.")
        self._inside = connection

    def leave(self, connection: object) -> None:
        if self._inside is connection:
            self._inside = None
            self._turn.release()
