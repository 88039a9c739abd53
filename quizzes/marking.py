"""What answers earn: exact fractions in, exact marks out.

A question's fraction is the sum of the weights of the options chosen, held between 0 and 1:

- single answer: the right option weighs 1, the others 0;
- multiple answer: the R right options weigh 1/R each, and every wrong one costs as much as a right one earns,
  -1/R. That is Moodle's min(max(0, sum), 1) with weights that give Canvas's (right - wrong) / R, at least 0.

Nothing chosen earns 0. A mark is the fraction times the question's maximum. All of it is computed in exact
fractions; `rounded` is the one place where a mark becomes a float, so a third three times over makes 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

PLACES = 5
"""Decimals kept of a mark that is stored or sent."""
FINEST = 300
"""Fractions with denominators up to this are told apart by so many decimals."""


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    MATCHING = "matching"
    ORDERING = "ordering"
    NUMERIC = "numeric"
    SHORT_TEXT = "short_text"
    CLOZE = "cloze"
    DROP_DOWN = "drop_down"
    CATEGORIZE = "categorize"
    HOTSPOT = "hotspot"
    ESSAY = "essay"
    UPLOAD = "upload"
    DESCRIPTION = "description"


@dataclass(frozen=True)
class Key:
    """What each option of one question weighs, by option id, and what the question is worth."""

    kind: Kind
    weights: Mapping[str, Fraction]
    maximum: Fraction = Fraction(1)

    @classmethod
    def of(cls, kind: Kind, options: Sequence[str], right: Collection[str], maximum: Fraction = Fraction(1)) -> Key:
        """The default weights for these options and right answers."""
        if not right or not set(right) <= set(options):
            raise ValueError("A key needs at least one right answer, and each must be one of the options.")
        share = Fraction(1, len(right))
        cost = share if kind is Kind.MULTIPLE else Fraction(0)
        return cls(kind, {option: share if option in right else -cost for option in options}, maximum)

    @property
    def right(self) -> list[str]:
        return [option for option, weight in self.weights.items() if weight > 0]


@dataclass(frozen=True)
class QuestionMark:
    """What one answer earned, and where it went wrong."""

    fraction: Fraction
    mark: Fraction
    missed: tuple[str, ...]
    """Right options that were not chosen, in the order of the key."""
    mistaken: tuple[str, ...]
    """Wrong options that were chosen."""

    @property
    def is_right(self) -> bool:
        return self.fraction == 1


def mark_question(chosen: Collection[str], key: Key) -> QuestionMark:
    """Raises ValueError if an answer is not one that the question allows: markers never guess."""
    ticked = set(chosen)
    if not ticked <= key.weights.keys():
        raise ValueError("The answer holds an option that the question does not have.")
    if key.kind is Kind.SINGLE and len(ticked) > 1:
        raise ValueError("A single-answer question takes one option.")
    earned = sum((key.weights[option] for option in ticked), Fraction(0))
    fraction = min(max(earned, Fraction(0)), Fraction(1))
    right = key.right
    return QuestionMark(
        fraction=fraction,
        mark=fraction * key.maximum,
        missed=tuple(option for option in right if option not in ticked),
        mistaken=tuple(option for option in key.weights if option in ticked and option not in right),
    )


def rounded(value: Fraction) -> float:
    """The value to five decimals, halves to the even digit; rounded once, after all adding is done."""
    return float(round(value, PLACES))


@lru_cache(maxsize=4096)
def exact(kept: float) -> Fraction:
    """The fraction that was kept with five decimals: 0.33333 was a third."""
    near = Fraction(kept).limit_denominator(FINEST)
    return near if rounded(near) == kept else Fraction(str(kept))


def mark_of(fraction: float | None, maximum: float) -> float | None:
    """What an answer earns of its maximum; None while it waits for people's marks."""
    return None if fraction is None else rounded(exact(fraction) * Fraction(maximum))


def raw_of(earned: Iterable[tuple[float | None, float]]) -> float:
    """What fractions of their maxima add up to: exactly, then rounded; what waits for marks counts nothing."""
    counted = Counter(earned)
    marks = (times * exact(kept) * Fraction(worth) for (kept, worth), times in counted.items() if kept is not None)
    return rounded(sum(marks, Fraction(0)))
