"""Which rules fall short, where not all of them can be met."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from quizzes.drawing.filling import fill
from quizzes.drawing.outline import Band, Part


@dataclass(frozen=True, kw_only=True)
class Shortage:
    """A rule, or one band of it, that cannot be given all of its questions beside those before it."""

    slot: int
    rule: str
    """Its name; empty for a fixed question."""
    band: Band | None
    available: int
    """How many candidates it has; where these are enough, others need them, or enemies are among them."""
    wanted: int
    missing: int

    @classmethod
    def of(cls, part: Part, missing: int) -> Shortage:
        """What this part lacks."""
        return cls(
            slot=part.slot,
            rule=part.name,
            band=part.band,
            available=len(part.candidates),
            wanted=part.count,
            missing=missing,
        )


class FallsShort(Exception):
    """A draw that cannot be made: its rules ask for more questions than there are, or than may stand together."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        self.shortages = tuple(shortages)
        super().__init__(" ".join(f"Slot {each.slot} {each.rule!r} lacks {each.missing}." for each in shortages))


def shortages(parts: Sequence[Part], enemies: Sequence[Collection[int]] = ()) -> list[Shortage]:
    """Part after part, how many questions each lacks once those before it have had what they can get."""
    if fill(parts, enemies) is not None:
        return []
    given: list[Part] = []
    found = []
    for part in parts:
        most = _most(given, part, enemies)
        given.append(replace(part, count=most))
        if most < part.count:
            found.append(Shortage.of(part, part.count - most))
    return found


def _most(given: Sequence[Part], part: Part, enemies: Sequence[Collection[int]]) -> int:
    """How many questions this part can get beside those given."""
    counts = range(1, min(part.count, len(part.candidates)) + 1)
    return bisect_left(counts, True, key=lambda count: fill([*given, replace(part, count=count)], enemies) is None)
