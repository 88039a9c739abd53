"""The first algorithm, `hmac-sha256-fy/1`: so many questions from one pool.

Attempts drawn by it are derived by it for ever, so nothing in here may change. The numbers are those of a `Stream`:

- the pool is shuffled under the label `draw`; questions met least often come first, and the first `count`
  are kept;
- they are shuffled under `order`, and the options of version v under `opt:v`;
- what looks as it did last time is shuffled again, from its unshuffled state, under the same label followed
  by `#2`, then `#3`, and so on, until it differs. A learner's first attempt never needs that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quizzes.drawing.stream import Stream, tries

ALGORITHM = "hmac-sha256-fy/1"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A question that may be drawn, and what this learner has seen of it."""

    question: int
    version: int
    options: int
    """How many options it has."""
    fixed: frozenset[int] = frozenset()
    """The options, by their place from 0, that keep their place: *none of these* stays last."""
    met: int = 0
    """In how many earlier attempts this learner met the question."""
    last_order: tuple[int, ...] = ()
    """The option order it was last shown in; empty if it never was."""

    @property
    def movable(self) -> list[int]:
        return [place for place in range(self.options) if place not in self.fixed]


@dataclass(frozen=True)
class Drawn:
    """A question as it is asked: which version, and its options in the order they are shown."""

    question: int
    version: int
    option_order: tuple[int, ...]


def draw(pool: Sequence[Candidate], count: int, seed: bytes, *, previous: Sequence[int] = ()) -> list[Drawn]:
    """Draw `count` questions, those met least often first; a smaller pool is asked whole.

    `previous` are the questions of the learner's previous attempt, as shown. The order of questions differs
    from it, and a question met before shows its options in another order than last time, unless there is
    no other order: a single question, or fewer than two options that may move.
    The pool's own order counts, so hand it in by question id.
    """
    met_least = sorted(Stream(seed, "draw").shuffled(pool), key=lambda candidate: candidate.met)
    kept = met_least[:count]
    return [
        Drawn(candidate.question, candidate.version, _option_order(candidate, seed))
        for candidate in _question_order(kept, seed, list(previous))
    ]


def _question_order(kept: list[Candidate], seed: bytes, previous: list[int]) -> list[Candidate]:
    orders = (Stream(seed, f"order{ending}").shuffled(kept) for ending in tries())
    if len(kept) < 2:
        return next(orders)
    return next(order for order in orders if [candidate.question for candidate in order] != previous)


def _option_order(candidate: Candidate, seed: bytes) -> tuple[int, ...]:
    movable = candidate.movable
    orders = (
        _between_fixed(candidate, Stream(seed, f"opt:{candidate.version}{ending}").shuffled(movable))
        for ending in tries()
    )
    if len(movable) < 2:
        return next(orders)
    return next(order for order in orders if order != candidate.last_order)


def _between_fixed(candidate: Candidate, shuffled: list[int]) -> tuple[int, ...]:
    moved = iter(shuffled)
    return tuple(place if place in candidate.fixed else next(moved) for place in range(candidate.options))
