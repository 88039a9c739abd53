"""The numbers that follow from a seed: every draw of every algorithm is made of them.

Block c of a stream is HMAC-SHA256(seed, label as UTF-8 followed by c as 8 bytes big endian), c from 0; its numbers
have 32 bits each, big endian, eight to a block. `below` rejects numbers that would favor some answers; shuffling is
Fisher-Yates from the last place down.
"""

from __future__ import annotations

import hmac
import itertools
from collections.abc import Iterator, Sequence
from typing import TypeVar

SEED_BYTES = 16

Item = TypeVar("Item")


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


def tries() -> Iterator[str]:
    """What a label ends in: nothing at the first try, then `#2`, `#3` and so on."""
    yield ""
    for number in itertools.count(2):
        yield f"#{number}"


def _u32(seed: bytes, label: str) -> Iterator[int]:
    for counter in itertools.count():
        block = hmac.digest(seed, label.encode() + counter.to_bytes(8, "big"), "sha256")
        for start in range(0, len(block), 4):
            yield int.from_bytes(block[start : start + 4], "big")
