"""What guessing earns at a question, by what its version says.

A guesser answers everything with what is offered: one of the options, any options but none at all, a choice for each
row, any order. What is typed, written or handed in is not guessed.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import permutations

from quizzes.guessing import (
    NOTHING,
    Distribution,
    all_or_nothing,
    clamped,
    evenly,
    graded,
    ordered,
    some_of,
    total,
    weighted,
)
from quizzes.kinds import CHOSEN, Body, Kind
from quizzes.kinds.choices import ALL_OR_NOTHING, HOTSPOT, MULTIPLE, SINGLE, TRUE_FALSE, Choices
from quizzes.kinds.ordering import SCORES, Scoring

CHOICES = {Kind.SINGLE: SINGLE, Kind.MULTIPLE: MULTIPLE, Kind.TRUE_FALSE: TRUE_FALSE, Kind.HOTSPOT: HOTSPOT}
MOST_TRIED = 8
"""Items of which every order is tried."""


def guess_at(kind: Kind, body: Body) -> Distribution:
    """How likely a guesser earns which share of the question's mark."""
    if kind in CHOICES:
        return _chosen(CHOICES[kind], body)
    if kind in (Kind.MATCHING, Kind.CATEGORIZE):
        return _sorted(body)
    if kind is Kind.ORDERING:
        return _put_in_order(Scoring(body.get("scoring", Scoring.PAIRS)), len(body["items"]))
    if kind in (Kind.CLOZE, Kind.DROP_DOWN):
        mean = weighted([(Fraction(gap.get("weight", 1)), guess_at(Kind(gap["kind"]), gap)) for gap in body["gaps"]])
        return graded(mean, all_or_nothing) if body.get("scoring") == ALL_OR_NOTHING else mean
    return NOTHING


def _chosen(kind: Choices, body: Body) -> Distribution:
    if not kind.takes_several(body):
        return evenly(kind.fraction(body, {CHOSEN: [option]}) for option in kind.ids(body))
    if body.get("scoring") == ALL_OR_NOTHING:
        hit = Fraction(1, 2 ** len(kind.ids(body)) - 1)
        return {Fraction(0): 1 - hit, Fraction(1): hit} if hit < 1 else {Fraction(1): hit}
    return some_of(list(kind.key(body).weights.values()))


def _sorted(body: Body) -> Distribution:
    """Where some rows belong nowhere, a guesser may put each row nowhere, too."""
    right, rows, choices = len(body["right"]), len(body["rows"]), len(body["choices"])
    share, ways = Fraction(1, right), choices + (rows > right)
    row = evenly([share] + [Fraction(0)] * (ways - 1))
    stray = evenly([Fraction(0)] + [-share] * choices)
    earns = all_or_nothing if body.get("scoring") == ALL_OR_NOTHING else clamped
    return graded(total([row] * right + [stray] * (rows - right)), earns)


@cache
def _put_in_order(scoring: Scoring, items: int) -> Distribution:
    """Exact by inversions or by trying; of more than eight items by another scoring, what eight would earn."""
    if SCORES[scoring] is SCORES[Scoring.PAIRS]:
        return ordered(items)
    return evenly(SCORES[scoring](order) for order in permutations(range(min(items, MOST_TRIED))))
