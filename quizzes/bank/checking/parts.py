"""What several kinds of questions are held against: rows with ids, words and weights, and which of them are right."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction

from quizzes.bank.checking.problem import Place, Problem, Wrong
from quizzes.bank.numbers import kept_number
from quizzes.kinds import Body

LONGEST_ID = 32
_ID = re.compile(rf"\w{{1,{LONGEST_ID}}}")


def ids(rows: Sequence[Body], place: Place) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, row in enumerate(rows):
        name = str(row.get("id", ""))
        if not (len(name) <= LONGEST_ID and name.isalnum()) and _ID.fullmatch(name) is None:
            yield Problem((*place, number, "id"), Wrong.BAD_ID)
        elif name in seen:
            yield Problem((*place, number, "id"), Wrong.SAME_ID, {"id": name})
        seen.add(name)


def words(rows: Sequence[Body], place: Place, word: str = "text") -> Iterator[Problem]:
    """Each row says something, and no two the same."""
    seen: set[str] = set()
    for number, row in enumerate(rows):
        said = " ".join(str(row.get(word, "")).split()).casefold()
        if not said:
            yield Problem((*place, number, word), Wrong.BLANK)
        elif said in seen:
            yield Problem((*place, number, word), Wrong.SAME_TEXT)
        seen.add(said)


def few(rows: Sequence[Body], place: Place, least: int, wrong: Wrong) -> Iterator[Problem]:
    if len(rows) < least:
        yield Problem(place, wrong)


def right(body: Body, rows: Sequence[Body], place: Place, *, one: bool) -> Iterator[Problem]:
    named, there = list(body.get("right", ())), {str(row.get("id", "")) for row in rows}
    if not set(named) <= there:
        yield Problem((*place, "right"), Wrong.NOT_THERE)
    elif not named:
        yield Problem((*place, "right"), Wrong.NOTHING_RIGHT)
    elif one and len(named) > 1:
        yield Problem((*place, "right"), Wrong.ONE_RIGHT)


def scoring(body: Body, place: Place, allowed: Collection[str]) -> Iterator[Problem]:
    if body.get("scoring", "") not in ("", *allowed):
        yield Problem((*place, "scoring"), Wrong.UNKNOWN)


def weights(rows: Sequence[Body], place: Place, *, least: int, missing: int, is_sum: bool) -> Iterator[Problem]:
    """Weights can be read, and what is right is worth all: one of them, or the sum of those above zero."""
    found = []
    for number, row in enumerate(rows):
        weight = kept_number(row.get("weight", missing))
        if weight is None or not least <= weight <= 1:
            yield Problem((*place, number, "weight"), Wrong.BAD_WEIGHT)
            return
        found.append(weight)
    whole = sum((each for each in found if each > 0), Fraction(0)) if is_sum else max(found, default=Fraction(1))
    # People write thirds with five decimals.
    if found and abs(whole - 1) > Fraction(1, 1000):
        yield Problem(place, Wrong.NOT_ALL)
