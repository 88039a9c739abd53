"""A write transaction without SQLAlchemy's bookkeeping, for launches: hundreds come at once when a lesson begins.

Prepared statements run on it directly. Whoever needs the session all the same uses `db.session` as ever: it joins the
transaction that is under way, and both are committed together or not at all. Figures in
docs/decisions/0011-launch-path.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import g
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import PoolProxiedConnection

from lti_tool.db import begin_writing, db, let_go, told


class Brief:
    """What stands in for a connection of SQLAlchemy's where a prepared statement runs."""

    def __init__(self, engine: Engine, connection: PoolProxiedConnection) -> None:
        self.engine, self.dialect, self.dispatch = engine, engine.dialect, engine.dispatch
        self.connection = connection
        self._joined: Session | None = None

    @property
    def info(self) -> dict[Any, Any]:
        return self.connection.info

    def invalidate(self, problem: BaseException | None = None) -> None:
        self.connection.invalidate(problem)

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
        self.connection.close()


@contextmanager
def brief_transaction() -> Iterator[Brief]:
    """Everything written in here is committed together, or not at all; reading before it is let go of."""
    let_go()
    engine = db.engine
    brief = Brief(engine, engine.raw_connection())
    try:
        if engine.dialect.name == "sqlite":
            begin_writing(brief)
        g.brief = brief
        yield brief
        brief.commit()
    except BaseException:
        brief.rollback()
        raise
    finally:
        g.pop("brief", None)
        brief.close()
