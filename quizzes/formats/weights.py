"""What single answers are worth, as files say it in percent, and as bodies keep it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from quizzes.kinds import Body, Kind
from quizzes.marking import FINEST, Key

_PERCENT = re.compile(r"\s*([-+]?)(\d{0,9})(?:[.,](\d{0,30}))?\s*")
ALL, NOTHING = Fraction(1), Fraction(0)
"""What most answers are worth: the same objects each time, which are compared at once."""
_NEAR = Fraction(1, 50)
"""How far several equal shares of a question that people round may be from all of it: three times 33 %."""


@lru_cache(maxsize=4096)
def share(percent: str) -> Fraction | None:
    """The share that so many percent mean; 33.333 is a third, for as many decimals as are written."""
    found = _PERCENT.fullmatch(percent)
    if found is None or not (found[2] or found[3]):
        return None
    decimals = found[3] or ""
    value = Fraction(int((found[2] or "0") + decimals), 100 * 10 ** len(decimals))
    if len(decimals) > 1:
        near = value.limit_denominator(FINEST)
        if abs(near - value) <= Fraction(1, 100 * 10 ** len(decimals)):
            value = near
    if value == 0:
        return NOTHING
    return -value if found[1] == "-" else ALL if value == 1 else value


def percent(weight: Fraction) -> str:
    """With five decimals at most, as Moodle writes them."""
    value = round(weight * 100, 5)
    whole = f"{float(value):.5f}".rstrip("0").rstrip(".")
    return whole or "0"


def weighed(kind: Kind, rows: Sequence[dict[str, Any]], weights: Sequence[Fraction]) -> dict[str, Any]:
    """Options with these weights, and which of them are right; weights that say what is usual are left out.

    Of one answer the best options are right, of several all that earn something. Equal shares that people rounded are
    straightened.
    """
    if kind is Kind.SINGLE and (found := _only_right(weights)) is not None:
        return {"options": list(rows), "right": [rows[found]["id"]]}
    said, is_right = _judged(kind, tuple(weights))
    chosen = [row["id"] for row, is_chosen in zip(rows, is_right, strict=True) if is_chosen]
    if said:
        return {"options": [{**row, "weight": weight} for row, weight in zip(rows, said, strict=True)], "right": chosen}
    return {"options": list(rows), "right": chosen}


def _only_right(weights: Sequence[Fraction]) -> int | None:
    """The place of the one that is worth all, where the others are worth nothing: what most questions are like."""
    found = None
    for place, weight in enumerate(weights):
        if weight is ALL and found is None:
            found = place
        elif weight is not NOTHING:
            return None
    return found


@lru_cache(maxsize=4096)
def _judged(kind: Kind, weights: tuple[Fraction, ...]) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """The weights that have to be said, none where they are usual, and which of the options are right.

    Files have few patterns and many questions.
    """
    settled = _straight(weights) if kind is Kind.MULTIPLE else list(weights)
    best = max(settled, default=Fraction(0))
    least = Fraction(0) if kind is Kind.MULTIPLE else best
    places = [str(place) for place in range(len(settled))]
    right = [weight > 0 and weight >= least for weight in settled]
    chosen = [place for place, is_right in zip(places, right, strict=True) if is_right]
    usual = list(Key.of(kind, places, chosen).weights.values()) if chosen else [Fraction(0)] * len(places)
    return (() if usual == settled else tuple(map(str, settled))), tuple(right)


def _straight(weights: Sequence[Fraction]) -> list[Fraction]:
    good = [each for each in weights if each > 0]
    if not good or len(set(good)) > 1 or abs(sum(good, Fraction(-1))) > _NEAR:
        return list(weights)
    equal = Fraction(1, len(good))
    return [equal if each > 0 else -equal if each == -good[0] else each for each in weights]


def key_of(kind: Kind, body: Body) -> dict[str, Fraction]:
    """What each option weighs, said or usual."""
    rows = body["options"]
    if any("weight" in row for row in rows):
        return {str(row["id"]): Fraction(row.get("weight") or 0) for row in rows}
    ids = [str(row["id"]) for row in rows]
    return dict(Key.of(kind, ids, body["right"]).weights) if body["right"] else dict.fromkeys(ids, Fraction(0))
