"""Which questions an attempt asks, in which order, with their options in which order.

Everything follows from a seed of sixteen bytes by the generator `hmac-sha256-fy/1`, so an attempt can be
derived again from its seed, the algorithm's name and the pool it was drawn from, on any machine and in any
version of Python:

- block c of a stream is HMAC-SHA256(seed, label as UTF-8 followed by c as 8 bytes big endian); its numbers
  have 32 bits each, big endian; `below` rejects numbers that would favor some answers; shuffling is
  Fisher-Yates from the last place down;
- the pool is shuffled under the label `draw`; questions met least often come first, and the first `count`
  are kept;
- they are shuffled under `order`, and the options of version v under `opt:v`;
- what looks as it did last time is shuffled again, from its unshuffled state, under the same label followed
  by `#2`, then `#3`, and so on, until it differs. A learner's first attempt never needs that.
"""

from __future__ import annotations

import hmac
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

ALGORITHM = "hmac-sha256-fy/1"
SEED_BYTES = 16

Item = TypeVar("Item")


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


class Stream:
    """The numbers that follow from one seed and one label."""

    def __init__(self, seed: bytes, label: str) -> None:
        if len(seed) != SEED_BYTES:
            raise ValueError(f"A seed has {SEED_BYTES} bytes, not {len(seed)}.")
        self._numbers = _u32(seed, label)

    def u32(self) -> int:
        return next(self._numbers)

    def below(self, n: int) -> int:
        """A number from 0 to n - 1, each as likely as the others; n is at most 2**32."""
        limit = 2**32 - 2**32 % n
        return next(number for number in self._numbers if number < limit) % n

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        shuffled = list(items)
        for i in range(len(shuffled) - 1, 0, -1):
            j = self.below(i + 1)
            shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
        return shuffled


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
    orders = (Stream(seed, label).shuffled(kept) for label in _labels("order"))
    if len(kept) < 2:
        return next(orders)
    return next(order for order in orders if [candidate.question for candidate in order] != previous)


def _option_order(candidate: Candidate, seed: bytes) -> tuple[int, ...]:
    movable = candidate.movable
    orders = (
        _between_fixed(candidate, Stream(seed, label).shuffled(movable))
        for label in _labels(f"opt:{candidate.version}")
    )
    if len(movable) < 2:
        return next(orders)
    return next(order for order in orders if order != candidate.last_order)


def _between_fixed(candidate: Candidate, shuffled: list[int]) -> tuple[int, ...]:
    moved = iter(shuffled)
    return tuple(place if place in candidate.fixed else next(moved) for place in range(candidate.options))


def _labels(label: str) -> Iterator[str]:
    """The label of the first try, then those of the tries after it."""
    yield label
    for number in itertools.count(2):
        yield f"{label}#{number}"


def _u32(seed: bytes, label: str) -> Iterator[int]:
    for counter in itertools.count():
        block = hmac.digest(seed, label.encode() + counter.to_bytes(8, "big"), "sha256")
        for start in range(0, len(block), 4):
            yield int.from_bytes(block[start : start + 4], "big")
