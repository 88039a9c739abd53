"""One table of everything measured: on the terminal, and in Markdown for docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from bench.figures import duration, number


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measured act. What was not measured stays None and shows as nothing."""

    what: str
    rate: float | None = None
    """How many a second."""
    p50: float | None = None
    p95: float | None = None
    """Seconds."""
    cpu_ms: float | None = None
    """Of the server that does it, for one."""
    work: float | None = None
    """CPU ms x speed index."""
    note: str = ""

    @property
    def cells(self) -> list[str]:
        return [
            self.what,
            number(self.rate),
            duration(self.p50),
            duration(self.p95),
            number(self.cpu_ms),
            number(self.work),
            self.note,
        ]


@dataclass(frozen=True, kw_only=True)
class Check:
    """Something that must hold for the figures to mean anything: the bench fails if it does not."""

    what: str
    has_passed: bool
    found: str = ""

    def __str__(self) -> str:
        return f"{'ok' if self.has_passed else 'FAILED'}: {self.what}{f' ({self.found})' if self.found else ''}"


HEADINGS = ["", "per second", "p50", "p95", "CPU ms", "work", ""]


def plain(title: str, rows: Sequence[Row]) -> str:
    """For the terminal: figures stand under one another, flush right."""
    lines = [[title, *HEADINGS[1:]], *(row.cells for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_aligned(line, widths) for line in lines)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, last = cells[0] + " " * (widths[0] - _width(cells[0])), cells[-1]
    between = [" " * (width - _width(cell)) + cell for cell, width in zip(cells[1:-1], widths[1:-1], strict=True)]
    return "  ".join([first, *between, last]).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def markdown(title: str, rows: Sequence[Row]) -> str:
    head = [title, *HEADINGS[1:]]
    rule = ["---", *["---:"] * (len(head) - 2), "---"]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *(row.cells for row in rows)))
