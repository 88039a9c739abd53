"""What one request comes to: the answer, the verdict on page and in the log, the rows it wrote, and who is named."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from flask import Flask
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool.db import Base, db

PERSONAL = ("Leo", "Fischer", "leo@campus.example")
"""How a plain launch names its person (see `launching.claims`)."""
SPENT = "INSERT spent_state"
NOTED = "INSERT deployment"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One judged launch, as a whole."""

    status: int
    verdicts: tuple[str, ...]
    """What the log says, one code for each line."""
    shown: str
    """The code on the page; empty for a redirect or a page without one."""
    wrote: frozenset[str] = frozenset()
    """What was committed: a verb and a table each."""
    has_session: bool = False
    named: tuple[str, ...] = ()
    """Personal data and tokens found on the page or in the log."""


def refused(code: str, status: int = 400, *, wrote: Iterable[str] = ()) -> Outcome:
    """Nobody let in, nothing written down, nobody named."""
    return Outcome(status=status, verdicts=(code,), shown=code, wrote=frozenset(wrote))


@dataclass
class Watch:
    """Sees what the application commits and logs while it is entered."""

    app: Flask
    wrote: set[str] = field(default_factory=set)
    transactions: list[frozenset[str]] = field(default_factory=list)
    """What each transaction that wrote anything wrote, in order."""
    records: list[logging.LogRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.app.app_context():
            self._engine: Any = db.engine
        self._handler = _Keeping(self.records)

    def __enter__(self) -> Watch:
        for name, hear in self._ears:
            event.listen(self._engine, name, hear)
        logging.getLogger().addHandler(self._handler)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _problem: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for name, hear in self._ears:
            event.remove(self._engine, name, hear)
        logging.getLogger().removeHandler(self._handler)

    @property
    def _ears(self) -> list[tuple[str, Callable[..., None]]]:
        return [
            ("before_cursor_execute", self._statement),
            ("commit", self._commit),
            ("rollback", self._rollback),
        ]

    def _statement(self, connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        found = re.match(r"\s*(INSERT|UPDATE|DELETE)\s+(?:INTO\s+|FROM\s+)?\"?(\w+)", statement, re.IGNORECASE)
        if found:
            connection.info.setdefault("written", set()).add(f"{found[1].upper()} {found[2]}")

    def _commit(self, connection: Connection) -> None:
        if written := connection.info.pop("written", set()):
            self.wrote |= written
            self.transactions.append(frozenset(written))

    def _rollback(self, connection: Connection) -> None:
        connection.info.pop("written", None)

    @property
    def lines(self) -> list[str]:
        return [record.getMessage() for record in self.records]

    def forget(self) -> None:
        self.wrote.clear()
        self.transactions.clear()
        self.records.clear()

    def outcome(self, answer: TestResponse, *, secret: Iterable[str] = PERSONAL) -> Outcome:
        """What this answer came to; `secret` is what neither page nor log may say."""
        told = "\n".join([answer.text, *self.lines])
        return Outcome(
            status=answer.status_code,
            verdicts=tuple(verdicts_in(self.lines)),
            shown=shown_on(answer),
            wrote=frozenset(self.wrote),
            has_session=any(line.startswith("mentoring=") for line in answer.headers.getlist("Set-Cookie")),
            named=tuple(each for each in secret if each in told),
        )


class _Keeping(logging.Handler):
    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.DEBUG)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)


def verdicts_in(lines: Iterable[str]) -> list[str]:
    """The codes of the launches that these log lines tell of."""
    return [found[1] for line in lines if (found := re.match(r"launch verdict=(\w+)", line))]


def shown_on(answer: TestResponse) -> str:
    """The reason code an error page carries."""
    return shown_in(answer.text)


def shown_in(page: str) -> str:
    found = re.search(r"name this code: (\w+)", page)
    return found[1] if found else ""


def row_counts(session: Session) -> Counter[str]:
    """How many rows every table has, by one question."""
    session.rollback()
    union = " UNION ALL ".join(
        f"SELECT '{name}' AS name, count(*) AS rows FROM \"{name}\"" for name in sorted(_tables())
    )
    return Counter({row.name: row.rows for row in session.execute(text(union))})


def _tables() -> list[str]:
    return list(Base.metadata.tables)
