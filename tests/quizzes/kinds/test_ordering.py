from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest

from quizzes.kinds import ORDER, Kind, NotAnAnswer, kind_of
from quizzes.kinds.ordering import SCORES, Scoring

ORDERING = kind_of(Kind.ORDERING)
STEPS = {"items": [{"id": each, "text": each} for each in "abcd"]}


def earned(order: str, scoring: str = "pairs") -> Fraction:
    found = ORDERING.fraction({**STEPS, "scoring": scoring}, {ORDER: list(order)})
    assert found is not None
    return found


@pytest.mark.parametrize("scoring", list(Scoring))
def test_the_right_order_earns_all_by_every_rule_and_no_order_nothing(scoring):
    assert earned("abcd", scoring) == 1
    assert ORDERING.fraction({**STEPS, "scoring": scoring}, {}) == 0


@pytest.mark.parametrize(
    ("order", "scoring", "fraction"),
    [
        ("abdc", "pairs", Fraction(5, 6)),
        ("dcba", "pairs", 0),
        ("abdc", "all_or_nothing", 0),
        ("abdc", "absolute_position", Fraction(1, 2)),
        ("bcda", "next", Fraction(2, 3)),
        ("bcda", "next_and_last", Fraction(1, 2)),
        ("acbd", "next_and_last", Fraction(1, 4)),
        # a first and d last are right at their ends, c and d follow one another nowhere.
        ("acbd", "neighbors", Fraction(2, 8)),
        ("abdc", "neighbors", Fraction(3, 8)),
        ("bcda", "all_before_and_after", Fraction(1, 2)),
        ("bcda", "longest_ordered", Fraction(3, 4)),
        ("dcba", "longest_ordered", 0),
        ("acbd", "longest_ordered", Fraction(3, 4)),
        # b comes after a, c before both; d follows c, with others between.
        ("cabd", "longest_contiguous", Fraction(1, 2)),
        ("dcba", "longest_contiguous", 0),
        ("bcda", "distance", Fraction(6, 12)),
        ("dcba", "distance", Fraction(4, 12)),
    ],
)
def test_partly_right(order, scoring, fraction):
    assert earned(order, scoring) == fraction


@pytest.mark.parametrize("scoring", list(Scoring))
def test_only_the_right_order_earns_all(scoring):
    for put in permutations(range(5)):
        fraction = SCORES[scoring](put)
        assert 0 <= fraction <= 1
        assert (fraction == 1) == (put == (0, 1, 2, 3, 4))


@pytest.mark.parametrize("order", ["abc", "abcdd", "abce"])
def test_an_order_names_every_item_once(order):
    with pytest.raises(NotAnAnswer):
        ORDERING.cleaned(STEPS, {ORDER: list(order)})


def test_places_given_to_items_make_an_order_once_each_is_given_once():
    given = {"a": ["2"], "b": ["1"], "c": ["4"], "d": ["3"]}
    assert ORDERING.cleaned(STEPS, given) == {ORDER: list("badc")}

    unfinished = ORDERING.cleaned(STEPS, {**given, "d": ["4"], "b": [""]})
    assert unfinished == {"a": ["2"], "c": ["4"], "d": ["4"]}
    assert not ORDERING.is_answered(STEPS, unfinished)
    assert ORDERING.fraction(STEPS, unfinished) == 0


@pytest.mark.parametrize("given", [{"a": ["0"]}, {"a": ["5"]}, {"e": ["1"]}, {"a": ["first"]}])
def test_places_that_there_are_not_are_refused(given):
    with pytest.raises(NotAnAnswer):
        ORDERING.cleaned(STEPS, given)


def test_it_is_not_shown_in_its_right_order():
    assert ORDERING.places(STEPS).is_order
    assert ORDERING.interaction(STEPS, {ORDER: list("badc")}).response == "b[,]a[,]d[,]c"
