"""Statements for the busiest moments: compiled once, then handed to the database driver without anything in between.

A class that opens its course page together means hundreds of launches within seconds, a dozen statements each. Putting
one together and running it through the session takes SQLAlchemy ten times as long as it takes the database; figures in
docs/decisions/0011-launch-path.md. Everything else goes the usual way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Dialect,
    Executable,
    Float,
    Integer,
    bindparam,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from lti_tool.brief import Brief
from lti_tool.clock import UTCDateTime
from lti_tool.db import Base, connection_of, table, told

Row = tuple[Any, ...]
Converter = Callable[[Any], Any]
Here = Connection | Brief | Session
"""Where a statement can run."""


@dataclass(frozen=True)
class _Ready:
    """A statement in one database's words."""

    sql: str
    binders: Sequence[tuple[str, Converter | None]]
    """The values it wants, in order, each with what the database needs done to it."""
    is_numbered: bool
    """Whether the driver wants values in order instead of by name."""
    constants: Mapping[str, object]
    """Values that stand in the statement itself, such as a limit."""
    converted: Sequence[tuple[int, Converter]]
    """Columns of a row that are not what they should be as the driver hands them over."""

    def bound(self, values: Mapping[str, object]) -> Sequence[object] | Mapping[str, object]:
        """As the driver wants them. Raises KeyError for one that is missing."""
        said = {**self.constants, **values} if self.constants else values
        if self.is_numbered:
            return [said[name] if convert is None else convert(said[name]) for name, convert in self.binders]
        return {name: said[name] if convert is None else convert(said[name]) for name, convert in self.binders}

    def read(self, row: Row) -> Row:
        values = list(row)
        for place, convert in self.converted:
            values[place] = convert(values[place])
        return tuple(values)


class Prepared:
    """One statement with named values. What it gives back are plain tuples, in the order of its columns.

    Defaults of columns are not filled in: an insert names every column that has one.
    """

    def __init__(self, statement: Executable | Callable[[str], Executable], *, is_planned_anew: bool = False) -> None:
        """`statement` may depend on the name of the database's dialect.

        One that `is_planned_anew` is planned by PostgreSQL for the values that come with it each time, where a plan
        for any values would be far off: it costs a few tenths of a millisecond.
        """
        self._statement = statement
        self._is_planned_anew = is_planned_anew
        self._ready: dict[str, _Ready] = {}

    def rows(self, here: Here, **values: object) -> list[Row]:
        cursor, ready = self._run(here, values)
        found: list[Row] = cursor.fetchall()  # type: ignore[assignment]
        cursor.close()
        return [ready.read(row) for row in found] if ready.converted else found

    def one(self, here: Here, **values: object) -> Row | None:
        """The row, or None if there is none. Raises ValueError if there are several."""
        found = self.rows(here, **values)
        if len(found) > 1:
            raise ValueError(f"{len(found)} rows where one was wanted")
        return found[0] if found else None

    def run(self, here: Here, **values: object) -> int:
        """How many rows it changed."""
        cursor, _ready = self._run(here, values)
        changed = cursor.rowcount
        cursor.close()
        return changed

    def _run(self, here: Here, values: Mapping[str, object]) -> tuple[DBAPICursor, _Ready]:
        connection = connection_of(here) if isinstance(here, Session) else here
        dialect = connection.dialect
        ready = self._ready.get(dialect.name) or self._get_ready(dialect)
        wanted: Any = ready.bound(values)
        driver: Any = connection.connection.dbapi_connection
        cursor = driver.cursor()
        if connection.dispatch.before_cursor_execute:
            # Whoever listens to what is asked of the database (tests do, people looking for slow pages too) hears this.
            connection.dispatch.before_cursor_execute(connection, cursor, ready.sql, wanted, None, False)
        try:
            if self._is_planned_anew and dialect.name == "postgresql":
                cursor.execute(ready.sql, wanted, prepare=False)
            else:
                cursor.execute(ready.sql, wanted)
        except dialect.loaded_dbapi.Error as problem:
            raise told(problem, ready.sql, connection) from problem
        return cursor, ready

    def _get_ready(self, dialect: Dialect) -> _Ready:
        statement = self._statement(dialect.name) if callable(self._statement) else self._statement
        ready = self._ready[dialect.name] = _compiled(statement, dialect)
        return ready


def insert_into(model: type[Base], *names: str, gives: str = "", unless_there: bool = False) -> Prepared:
    """Put one row with these columns into the model's table; `gives` names a column to hand back.

    With `unless_there`, a row that stands in the way by a unique key stays as it is, and nothing is given back.
    """

    def of(dialect: str) -> Executable:
        if unless_there:
            here = postgresql.insert if dialect == "postgresql" else sqlite.insert
            wanted: Any = here(table(model)).on_conflict_do_nothing()
        else:
            wanted = insert(table(model))
        statement = wanted.values({name: bindparam(name, type_=table(model).c[name].type) for name in names})
        return cast(Executable, statement.returning(table(model).c[gives]) if gives else statement.inline())

    return Prepared(of)


def among(
    column: ColumnElement[Any] | InstrumentedAttribute[Any], name: str, kind: TypeEngine[Any] | None = None
) -> Callable[[str], ColumnElement[bool]]:
    """Whether the column is among values of this type (numbers, unless told) that come as one, a list of any length."""

    def of(dialect: str) -> ColumnElement[bool]:
        if dialect == "postgresql":
            return column == func.any(bindparam(name, type_=postgresql.ARRAY(kind or Integer())))
        return column.in_(select(func.json_each(bindparam(name, type_=JSON)).table_valued("value").c.value))

    return of


def _compiled(statement: Executable, dialect: Dialect) -> _Ready:
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    forgotten = [column.name for column in (compiled.insert_prefetch or compiled.update_prefetch or ())]
    assert not forgotten, f"Columns with defaults that are not named: {', '.join(forgotten)}"
    binders = {name: _binder(bound.type, dialect) for name, bound in compiled.binds.items()}
    to_database = {name: convert for name, convert in binders.items() if convert is not None}
    names = list(compiled.positiontup or compiled.binds)
    constants = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
    readers = [_reader(column.type, dialect) for column in getattr(statement, "exported_columns", ())]
    return _Ready(
        sql=str(compiled),
        binders=[(name, None if name in constants else to_database.get(name)) for name in names],
        is_numbered=bool(compiled.positional),
        constants={name: to_database.get(name, _as_it_is)(value) for name, value in constants.items()},
        converted=[(place, convert) for place, convert in enumerate(readers) if convert is not None],
    )


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> Converter | None:
    """What a value of this type becomes for the database."""
    if isinstance(kind, UTCDateTime):
        return _moments(dialect)
    return kind.dialect_impl(dialect).bind_processor(dialect)


@lru_cache(maxsize=16)
def _moments(dialect: Dialect) -> Converter:
    """For all statements alike: the same few moments are written over and over within a launch."""
    convert = UTCDateTime().dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(maxsize=64)(convert or _as_it_is)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Converter | None:
    """What a value of this type was before. Everybody who comes to a course reads its moments again."""
    if isinstance(kind, Float):
        # Both drivers give floats as they are; PostgreSQL's dialect would have to be told by its number of the type.
        return None
    convert = kind.dialect_impl(dialect).result_processor(dialect, None)
    return lru_cache(maxsize=64)(convert) if convert is not None and isinstance(kind, UTCDateTime) else convert


def _as_it_is(value: Any) -> Any:
    return value
