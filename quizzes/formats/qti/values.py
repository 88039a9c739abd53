"""Values of QTI (information model 2.2, section 2, *Runtime model*): single ones, and containers of them.

NULL is None, and so is an empty container. Numbers are exact fractions, pairs and points tuples, all else texts.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from quizzes.bank.numbers import kept_number

Pair = tuple[str, str]
Point = tuple[Fraction, Fraction]
Single = bool | Fraction | str | Pair | Point


@dataclass(frozen=True, slots=True)
class Several:
    """A container; never an empty one."""

    items: tuple[Single, ...]
    is_ordered: bool = False


Value = Single | Several | None
NUMBERS = ("integer", "float", "duration")
_MOST_BITS = 4_000
"""Of a number: files may multiply until nothing else is done."""
MOST_ITEMS = 2_000
"""Of a container."""
_NUMBER = re.compile(r"\s*([-+]?)(\d{0,40})(?:\.(\d{0,40}))?(?:[eE]([-+]?\d{1,3}))?\s*")


class CannotTell(Exception):
    """The rules use something that is not interpreted here; says what."""


def number_of(text: str) -> Fraction | None:
    found = _NUMBER.fullmatch(text)
    if found is None or not (found[2] or found[3]):
        return kept_number(text.strip())
    part = found[3] or ""
    value = Fraction(int((found[2] or "0") + part), 10 ** len(part)) * Fraction(10) ** int(found[4] or 0)
    return -value if found[1] == "-" else value


def whole(value: Fraction | None, most: int) -> int | None:
    """So many, from one to `most`; None for what is no number of things."""
    return None if value is None or value < 1 else int(min(value, Fraction(most)))


def single(base: str, text: str) -> Single | None:
    """A value of this base type as files write it; None for what is none."""
    text = text.strip() if base != "string" else text
    if base in NUMBERS:
        return number_of(text)
    if base == "boolean":
        return text in ("true", "1")
    if base in ("pair", "directedPair"):
        ends = text.split()
        if len(ends) != 2:
            return None
        first, second = sorted(ends) if base == "pair" else ends
        return first, second
    if base == "point":
        numbers = [number_of(each) for each in text.split()]
        if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
            return None
        return numbers[0], numbers[1]
    return text


def several(items: tuple[Single, ...] | list[Single], *, is_ordered: bool = False) -> Several | None:
    """Raises CannotTell for one that nobody needs."""
    if len(items) > MOST_ITEMS:
        raise CannotTell("a container without end")
    return Several(tuple(items), is_ordered) if items else None


def items_of(value: Value) -> tuple[Single, ...]:
    if value is None:
        return ()
    return value.items if isinstance(value, Several) else (value,)


def same(first: Value, second: Value) -> bool:
    """Whether both are the same value; what is no order is compared as a bag."""
    ordered = isinstance(first, Several) and isinstance(second, Several) and first.is_ordered and second.is_ordered
    one, other = items_of(first), items_of(second)
    if ordered or len(one) == len(other) == 1:
        return one == other
    return Counter(one) == Counter(other)


def held(value: Fraction) -> Fraction:
    """Raises CannotTell for numbers that nobody needs."""
    if value.numerator.bit_length() > _MOST_BITS or value.denominator.bit_length() > _MOST_BITS:
        raise CannotTell("a number without end")
    return value
