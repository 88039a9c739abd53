"""The numbers that follow from a seed: every draw of every algorithm is made of them.

Block c of a stream is HMAC-SHA256(seed, label as UTF-8 followed by c as 8 bytes big endian), c from 0; its numbers
have 32 bits each, big endian, eight to a block. `below` rejects numbers that would favor some answers; shuffling is
Fisher-Yates from the last place down.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from struct import Struct
from typing import TypeVar

SEED_BYTES = 16
_EIGHT = Struct(">8I")

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
        limit = _limit(n)
        return next(number for number in self._numbers if number < limit) % n

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        shuffled, numbers = list(items), self._numbers
        for i, n, limit in _steps(len(shuffled)):
            number = next(numbers)
            while number >= limit:
                number = next(numbers)
            j = number % n
            shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
        return shuffled


def _limit(n: int) -> int:
    """Numbers from here on would favor some of n answers."""
    return 2**32 - 2**32 % n


@lru_cache(maxsize=256)
def _steps(size: int) -> Sequence[tuple[int, int, int]]:
    """Each place that is filled, from the last down, with how many it is filled from and their limit."""
    return [(i, i + 1, _limit(i + 1)) for i in range(size - 1, 0, -1)]


def tries() -> Iterator[str]:
    """What a label ends in: nothing at the first try, then `#2`, `#3` and so on."""
    yield ""
    for number in itertools.count(2):
        yield f"#{number}"


def _u32(seed: bytes, label: str) -> Iterator[int]:
    inner, outer = _keyed(seed)
    for counter in itertools.count():
        inside = sha256(inner + label.encode() + counter.to_bytes(8, "big")).digest()
        yield from _EIGHT.unpack(sha256(outer + inside).digest())


@lru_cache(maxsize=64)
def _keyed(seed: bytes) -> tuple[bytes, bytes]:
    """What both hashes of an HMAC begin with (RFC 2104), once for all streams of a seed."""
    block = seed.ljust(64, b"\0")
    return bytes(each ^ 0x36 for each in block), bytes(each ^ 0x5C for each in block)
