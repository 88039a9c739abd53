"""Many rows at once, the quickest way each database knows: `executemany` on SQLite, COPY on PostgreSQL.

For rows that come by the thousand; they are written as they are, with neither defaults nor objects. Figures in
docs/decisions/0021-statements.md.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import JSON, Dialect, Enum, LargeBinary, Table
from sqlalchemy.orm import Session

from lti_tool.db import Base, connection_of, table, told
from lti_tool.prepared import Here

Converter = Callable[[Any], Any]
_AS_IT_IS = (LargeBinary, JSON, Enum)
"""What both databases take as it is: bytes, JSON that is written already, the value of a member."""


@contextmanager
def many_objects() -> Iterator[None]:
    """While thousands of objects come and go, the collector looks for cycles among the new ones only.

    Looking through all that a process holds takes a third of a second, and thousands of objects make it do so several
    times; what stood before holds no new cycles.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class Bulk:
    """Into these columns of the model's table, or of one between two models."""

    def __init__(self, model: type[Base] | Table, *names: str) -> None:
        into = model if isinstance(model, Table) else table(model)
        columns = into.c
        counted = into.autoincrement_column
        forgotten = {c.name for c in columns if not c.nullable and not c.server_default and c is not counted} - {*names}
        assert not forgotten, f"Columns that need a value and are not named: {', '.join(sorted(forgotten))}"
        self._types = [columns[name].type for name in names]
        where = f"{into.name} ({', '.join(names)})"
        self._copy = f"COPY {where} FROM STDIN"
        self._insert = f"INSERT INTO {where} VALUES ({', '.join('?' * len(names))})"
        self._converters: list[tuple[int, Converter]] | None = None

    def insert(self, here: Here, rows: Iterable[Sequence[object]]) -> None:
        """They may be put together as they go; nothing else may be asked of the database for that."""
        connection = connection_of(here) if isinstance(here, Session) else here
        is_postgres = connection.dialect.name == "postgresql"
        sql = self._copy if is_postgres else self._insert
        driver: Any = connection.connection.dbapi_connection
        cursor = driver.cursor()
        if connection.dispatch.before_cursor_execute:
            connection.dispatch.before_cursor_execute(connection, cursor, sql, (), None, True)
        try:
            if is_postgres:
                with cursor.copy(sql) as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                cursor.executemany(sql, self._converted(rows, connection.dialect))
        except connection.dialect.loaded_dbapi.Error as problem:
            raise told(problem, sql, connection) from problem
        finally:
            cursor.close()

    def _converted(self, rows: Iterable[Sequence[object]], dialect: Dialect) -> Iterable[Sequence[object]]:
        """As SQLite keeps them: it has no moments of its own."""
        if self._converters is None:
            binders = [
                None if isinstance(kind, _AS_IT_IS) else kind.dialect_impl(dialect).bind_processor(dialect)
                for kind in self._types
            ]
            self._converters = [(n, convert) for n, convert in enumerate(binders) if convert is not None]
        return map(self._one, rows) if self._converters else rows

    def _one(self, row: Sequence[object]) -> Sequence[object]:
        values = list(row)
        for place, convert in self._converters or ():
            values[place] = convert(values[place])
        return values
