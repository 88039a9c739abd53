"""The sums that one attempt adds to those that are kept. No database, no web."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from operator import add

import numpy as np

from quizzes.reports.columns import Columns, Which
from quizzes.reports.packing import PackedAttempt
from quizzes.statistics.answers import Ints
from quizzes.statistics.live import Sums

TOTAL = "total"
Kept = dict[str, list[int]]
"""As JSON has them."""


def sums_of(attempt: PackedAttempt) -> dict[str, Sums]:
    """Of a first attempt in which nothing waits for people's marks; of any other, none."""
    counted = [answer for answer in attempt.answers if answer.maximum > 0]
    if attempt.n != 1 or not all(answer.is_marked for answer in attempt.answers):
        return {}
    total = sum(answer.mark for answer in counted)
    slots: dict[int, int] = defaultdict(int)
    for answer in counted:
        slots[answer.slot] += answer.mark
    return {
        TOTAL: Sums.of(total, total),
        **{f"v{answer.version}": Sums.of(answer.mark, total) for answer in counted},
        **{f"s{slot}": Sums.of(mark, total) for slot, mark in slots.items()},
    }


def sums_of_all(columns: Columns) -> dict[str, Sums]:
    """The same of many attempts together."""
    first = columns.of_which(Which.FIRST).marked
    if not first.attempts:
        return {}
    totals = np.zeros(first.attempts, dtype=np.int64)
    np.add.at(totals, first.attempt, first.mark)
    cells, cell = np.unique(np.stack([first.attempt, first.slot]), axis=1, return_inverse=True)
    slots = np.zeros(cells.shape[1], dtype=np.int64)
    np.add.at(slots, cell.ravel(), first.mark)
    return {
        TOTAL: _together(totals, totals),
        **_by("v", first.version, first.mark, totals[first.attempt]),
        **_by("s", cells[1], slots, totals[cells[0]]),
    }


def _by(letter: str, number: Ints, mark: Ints, total: Ints) -> dict[str, Sums]:
    order = np.argsort(number, kind="stable")
    numbers, begins = np.unique(number[order], return_index=True)
    parts = zip(np.split(mark[order], begins[1:]), np.split(total[order], begins[1:]), strict=True)
    return {
        f"{letter}{each}": _together(marks, totals)
        for each, (marks, totals) in zip(numbers.tolist(), parts, strict=True)
    }


def _together(mark: Ints, total: Ints) -> Sums:
    """Squares are summed as Python's own numbers: of large ones 64 bits hold few."""
    x, y = mark.astype(object), (total - mark).astype(object)
    return Sums(len(mark), int(x.sum()), int((x * x).sum()), int(y.sum()), int((y * y).sum()), int((x * y).sum()))


def added(kept: Mapping[str, Sequence[int]], more: Mapping[str, Sums], less: Mapping[str, Sums]) -> Kept:
    """The kept sums with these and without those; what has come to nothing is left out."""
    found = {key: list(each) for key, each in kept.items()}
    for key in {**more, **less}:
        sums = Sums(*found.get(key, ())) + more.get(key, Sums()) - less.get(key, Sums())
        found[key] = list(astuple(sums))
    return {key: each for key, each in found.items() if each[0]}


def together(parts: Iterable[Mapping[str, Sequence[int]]], letters: str = "tvs") -> dict[str, Sums]:
    """All parts in one; of `letters`, those whose sums are wanted: the total, versions, places in the quiz."""
    found: dict[str, Sequence[int]] = {}
    for part in parts:
        for key, each in part.items():
            if key[0] in letters:
                found[key] = [*map(add, found[key], each)] if key in found else each
    return {key: Sums(*each) for key, each in found.items()}
