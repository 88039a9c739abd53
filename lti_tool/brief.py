"""A write transaction without SQLAlchemy's bookkeeping, for launches, starts and answers: they come by the hundred.

Prepared statements run on it directly. Whoever needs the session all the same uses `db.session` as ever: it joins the
transaction that is under way, and both are committed together or not at all. Figures in
docs/decisions/0011-launch-path.md.

What a request that changes something has to know first it asks on the same connection, each question by itself; so it
takes one from the pool, not three.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import g, request
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import PoolProxiedConnection

from lti_tool.db import begin_writing, db, let_go, told

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Brief:
    """What stands in for a connection of SQLAlchemy's where a prepared statement runs.

    Until it begins, each statement stands alone: there is no transaction that somebody could wait for.
    """

    def __init__(self, engine: Engine, connection: PoolProxiedConnection) -> None:
        self.engine, self.dialect, self.dispatch = engine, engine.dialect, engine.dispatch
        self.connection = connection
        self._joined: Session | None = None
        self._stand_alone(True)

    @classmethod
    def open(cls) -> Brief:
        engine = db.engine
        return cls(engine, engine.raw_connection())

    @property
    def info(self) -> dict[Any, Any]:
        return self.connection.info

    def invalidate(self, problem: BaseException | None = None) -> None:
        self.connection.invalidate(problem)

    def begin(self) -> None:
        if self.dialect.name == "sqlite":
            begin_writing(self)
        self._stand_alone(False)

    def join(self, session: Session) -> None:
        """Have the session work in this transaction from here on."""
        if self._joined is None:
            self._joined = session
            session.bind = Connection(self.engine, connection=self.connection)

    def commit(self) -> None:
        if self._joined is not None and (self._joined.in_transaction() or self._joined.new):
            self._joined.commit()
            return
        driver: Any = self.connection.dbapi_connection
        try:
            driver.commit()
        except self.dialect.loaded_dbapi.Error as problem:
            raise told(problem, "COMMIT", self) from problem
        if self.dispatch.commit:
            self.dispatch.commit(self)

    def rollback(self) -> None:
        if self._joined is not None:
            self._joined.rollback()
        driver: Any = self.connection.dbapi_connection
        if driver is not None:
            driver.rollback()
        if self.dispatch.rollback:
            self.dispatch.rollback(self)

    def close(self) -> None:
        if self._joined is not None:
            self._joined.bind = self.engine
        self._stand_alone(False)
        self.connection.close()

    def _stand_alone(self, alone: bool) -> None:
        """SQLite's connections do, unless told to begin."""
        driver: Any = self.connection.dbapi_connection
        if self.dialect.name == "postgresql" and driver is not None and not driver.closed:
            driver.autocommit = alone


def asking() -> Brief | Session:
    """Where a request asks the little that it has to know first.

    One that shows a page asks the session, which the page goes on with. One that changes something asks the connection
    that its brief transaction takes over; should it use the session instead, that one is given back.
    """
    if request.method in SAFE_METHODS:
        return db.session
    line: Brief | None = g.get("line")
    if line is None:
        line = g.line = Brief.open()
    return line


def hang_up(_error: BaseException | None = None) -> None:
    """Give back what was only asked on."""
    if (line := g.pop("line", None)) is not None:
        line.close()


@contextmanager
def brief_transaction() -> Iterator[Brief]:
    """Everything written in here is committed together, or not at all; reading before it is let go of."""
    let_go()
    brief: Brief = g.pop("line", None) or Brief.open()
    try:
        brief.begin()
        g.brief = brief
        yield brief
        brief.commit()
    except BaseException:
        brief.rollback()
        raise
    finally:
        g.pop("brief", None)
        brief.close()
