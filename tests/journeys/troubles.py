"""What an LRS outside suffers from, by chance from a seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum


class Trouble(StrEnum):
    ERROR = "500"
    AWAY = "503"
    BUSY = "429"
    LATE = "408"
    CUT = "cut off before it has stored anything"
    LOST = "cut off after it has stored everything"
    SILENT = "says nothing after it has stored everything"

    @property
    def stores(self) -> bool:
        return self in (Trouble.LOST, Trouble.SILENT)


EVEN: Mapping[Trouble, float] = dict.fromkeys(Trouble, 1.0)


class Troubles:
    """One request in ten meets one of these, as often as they weigh, by a seed; all that were met are counted."""

    def __init__(self, seed: int, *, share: float = 0.1, weights: Mapping[Trouble, float] = EVEN) -> None:
        self.met: Counter[Trouble] = Counter()
        self._random, self._share, self._weights = random.Random(seed), share, weights

    def next(self) -> Trouble | None:
        if self._random.random() >= self._share:
            return None
        trouble = self._random.choices(list(self._weights), list(self._weights.values()))[0]
        self.met[trouble] += 1
        return trouble
