"""What may be shown, and for all else the reason why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from reviews.disclosure.ledger import Ledger


class Reason(StrEnum):
    """Why something is not shown."""

    NOBODY_ANSWERED = "nobody answered"
    NOBODY_OBSERVED = "nobody observed"
    """They answered, and each of them had not observed it."""
    TOO_FEW = "too few"
    """Fewer than the policy says, and no group to be merged with."""
    MERGED = "merged"
    """Counted with another group, under the groups' names together."""
    WAITING = "waiting"
    """More have answered since the last report, but too few to add: what is shown is as it was."""


@dataclass(frozen=True)
class Cell:
    """The mean of one statement or competency in one column."""

    what: str
    groups: tuple[str, ...]
    """One, or those that were merged; in the mean of all others, all that are in it."""
    n: int
    """How many raters; of several statements, the fewest."""
    mean: float
    is_about: bool = False
    """Nearly all of few chose the same end of the scale, and the exact mean would say what each of them chose. So it is
    the middle between that of all at the end, and of all but one."""
    statements: tuple[str, ...] = ()
    """Of a competency, those that are in it: the visible ones."""


@dataclass(frozen=True)
class Spread:
    """How many chose each level of the scale, upwards; a reversed statement's turned round."""

    statement: str
    groups: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def n(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Words:
    """One comment."""

    question: str
    text: str
    group: str | None
    """Whose; None in the pool."""


@dataclass(frozen=True)
class Withheld:
    what: str
    """A statement, competency or question."""
    groups: tuple[str, ...]
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Published:
    """One subject's report as far as anybody may see it. All of it is made of what `ledger` holds, and is frozen.

    Means of statements and competencies are of one column each; those of `others` weigh all visible columns but self.
    Statements and competencies are told apart by where they stand, not by their keys.
    """

    statements: tuple[Cell, ...] = ()
    competencies: tuple[Cell, ...] = ()
    others_of_statements: tuple[Cell, ...] = ()
    others: tuple[Cell, ...] = ()
    """Of competencies."""
    spreads: tuple[Spread, ...] = ()
    words: tuple[Words, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    """Of statements and groups, then of competencies and groups, then of questions."""
    ledger: Ledger = field(default_factory=Ledger)
    """To be kept, and handed in when there is another report of the same answers. It is for nobody's eyes."""

    @cached_property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        """Everything that has a mean somewhere, in order of appearance."""
        return tuple(dict.fromkeys(cell.groups for cell in self.statements))

    def statement(self, key: str, groups: Iterable[str]) -> Cell | None:
        return self._statements.get((key, tuple(groups)))

    def competency(self, key: str, groups: Iterable[str]) -> Cell | None:
        return self._competencies.get((key, tuple(groups)))

    def others_of(self, competency: str) -> Cell | None:
        return next((cell for cell in self.others if cell.what == competency), None)

    @cached_property
    def _statements(self) -> dict[tuple[str, tuple[str, ...]], Cell]:
        return {(cell.what, cell.groups): cell for cell in self.statements}

    @cached_property
    def _competencies(self) -> dict[tuple[str, tuple[str, ...]], Cell]:
        return {(cell.what, cell.groups): cell for cell in self.competencies}
