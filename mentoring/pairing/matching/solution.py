"""What the engine answers, or why it cannot: known without the solvers, which take long to be read from the disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mentoring.pairing.matching.problem import Levels, Pair

if TYPE_CHECKING:
    from mentoring.pairing.matching.placing import Cover


class Contradictory(Exception):
    """What is locked cannot be kept together with everything else that is asked for."""


class Unanswered(Exception):
    """The solver gave up, in numerical trouble."""


@dataclass(frozen=True)
class Solution:
    """An arrangement, and how far from the best it may be."""

    pairs: tuple[Pair, ...]
    """In order of mentee and kind; locked ones included."""
    levels: Levels
    bounds: Levels
    """No arrangement that is as good on the levels before is better than this on any level."""
    cover: Cover | None = None
    """Of one kind: who is stuck, and whom they would need, where somebody who is allowed mentors is left over."""

    @property
    def is_best(self) -> bool:
        return self.levels == self.bounds
