"""What operators see of this installation: facts in words, for the page `/lti/check` and for the terminal.

Nothing here is about a person, and nothing is secret. Features add sections of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, current_app

from lti_tool.terminal import printable

Words = str | datetime | None


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One thing that is known, with a tone as the macro `state` takes it: plain, done, waiting or wrong."""

    value: Words
    tone: str = ""
    is_code: bool = False
    """Something to be compared or copied letter by letter."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    label: str
    cell: Cell
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    """The first cell of a row names it."""
    empty: str
    """What will stand there, and what makes it happen."""
    more: int = 0
    """How many rows there are beyond these."""


@dataclass(frozen=True, kw_only=True)
class Advice:
    """Something that wants doing, and what to type."""

    sentence: str
    command: str = ""
    lane: str = ""
    """The lane of the outbox that its button tries again; empty where there is no button."""


@dataclass(frozen=True, kw_only=True)
class Section:
    key: str
    title: str
    facts: Sequence[Fact] = ()
    tables: Sequence[Table] = ()
    advice: Sequence[Advice] = ()
    platform: str = ""
    """The public id of the platform it is about, which can then be tried out."""


@dataclass(frozen=True, kw_only=True)
class Report:
    at: datetime
    sections: Sequence[Section] = field(default_factory=list)

    @property
    def advice(self) -> list[Advice]:
        return [each for section in self.sections for each in section.advice]


Contribution = Callable[[], Sequence[Section]]


def init_app(app: Flask) -> None:
    from lti_tool.operating import (
        checking_here,
        checking_pages,
        checking_platforms,
        checking_verdicts,
        metrics,  # noqa: F401
    )

    app.extensions["checking"] = []
    register(app, checking_here.sections, order=10)
    register(app, checking_platforms.sections, order=20)
    register(app, checking_verdicts.sections, order=30)
    checking_pages.init_app(app)


def register(app: Flask, contribution: Contribution, *, order: int) -> None:
    """Let a feature tell operators something as well."""
    app.extensions["checking"].append((order, contribution))


def report(at: datetime) -> Report:
    """Everything there is to tell at this moment."""
    contributions = sorted(current_app.extensions["checking"], key=lambda each: each[0])
    return Report(at=at, sections=[section for _order, tell in contributions for section in tell()])


def words(text: object, tone: str = "") -> Cell:
    return Cell(value=str(text), tone=tone)


def code(text: str) -> Cell:
    return Cell(value=text, is_code=True)


def moment(at: datetime | None, otherwise: str = "") -> Cell:
    """A moment, or what to say where there was none."""
    return Cell(value=at if at is not None else otherwise)


def as_text(found: Report) -> str:
    """The report for a terminal."""
    lines: list[str] = []
    for section in found.sections:
        lines += ["", section.title, "=" * len(section.title)]
        for fact in section.facts:
            note = f"  ({fact.note})" if fact.note else ""
            lines.append(f"{fact.label}: {_plain(fact.cell)}{note}")
        for table in section.tables:
            lines += ["", table.title, "-" * len(table.title), *_rows(table)]
        for advice in section.advice:
            lines += ["", f"! {advice.sentence}", *([f"  {advice.command}"] if advice.command else [])]
    return "\n".join(map(printable, lines)).strip() + "\n"


def _rows(table: Table) -> list[str]:
    if not table.rows:
        return [table.empty]
    lines = [
        "  ".join(f"{column}: {_plain(cell)}" for column, cell in zip(table.columns, row, strict=True) if cell.value)
        for row in table.rows
    ]
    return [*lines, f"... {table.more}"] if table.more else lines


def _plain(cell: Cell) -> str:
    if isinstance(cell.value, datetime):
        return f"{cell.value:%Y-%m-%d %H:%M:%S}Z"
    return cell.value or "-"
