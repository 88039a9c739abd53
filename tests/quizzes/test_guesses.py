"""What guessing earns at questions of each kind, against marking every answer that a guesser can give."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import pytest

from quizzes.guesses import guess_at
from quizzes.guessing import NOTHING, Distribution
from quizzes.kinds import CHOSEN, ORDER, Kind, Response, kind_of
from quizzes.kinds.ordering import Scoring
from tests.quizzes.one_of_each import BODIES

FOUR = [{"id": each, "text": each} for each in "abcd"]


def marked(kind: Kind, body: dict[str, Any], responses: Iterable[Response]) -> Distribution:
    counts = Counter(kind_of(kind).fraction(body, response) or Fraction(0) for response in responses)
    return {value: Fraction(number, counts.total()) for value, number in sorted(counts.items())}


def subsets(ids: Sequence[str]) -> list[Response]:
    return [{CHOSEN: list(each)} for n in range(1, len(ids) + 1) for each in itertools.combinations(ids, n)]


@pytest.mark.parametrize("kind", [Kind.SINGLE, Kind.TRUE_FALSE, Kind.HOTSPOT])
def test_one_option_is_guessed_as_it_is_marked(kind):
    ids = [option.id for option in kind_of(kind).options(BODIES[kind])] or ["true", "false"]

    assert guess_at(kind, BODIES[kind]) == marked(kind, BODIES[kind], [{CHOSEN: [each]} for each in ids])


def test_an_option_that_is_right_in_part_and_one_that_costs_are_guessed_as_they_are_marked():
    weights = ["1", "1/2", "-1/4", "0"]
    options = [{**option, "weight": weight} for option, weight in zip(FOUR, weights, strict=True)]
    body = {"options": options, "right": ["a"]}

    assert guess_at(Kind.SINGLE, body) == marked(Kind.SINGLE, body, [{CHOSEN: [each]} for each in "abcd"])
    assert guess_at(Kind.MULTIPLE, body) == marked(Kind.MULTIPLE, body, subsets("abcd"))


@pytest.mark.parametrize("more", [{}, {"scoring": "all_or_nothing"}])
@pytest.mark.parametrize("right", ["a", "ab", "abc", "abcd"])
def test_several_options_are_guessed_as_they_are_marked(right, more):
    body = {"options": FOUR, "right": list(right), **more}

    assert guess_at(Kind.MULTIPLE, body) == marked(Kind.MULTIPLE, body, subsets("abcd"))


@pytest.mark.parametrize("more", [{}, {"scoring": "all_or_nothing"}])
@pytest.mark.parametrize("right", [{"a": "x", "b": "y", "c": "x"}, {"a": "x"}])
def test_rows_are_guessed_as_they_are_marked(right, more):
    body = {"rows": FOUR[:3], "choices": [{"id": each, "text": each} for each in "xy"], "right": right, **more}
    offered: list[list[str]] = [["x"], ["y"]] if len(right) == 3 else [["x"], ["y"], []]
    answers = [
        {row: put for row, put in zip("abc", puts, strict=True) if put} for puts in itertools.product(offered, repeat=3)
    ]

    assert guess_at(Kind.CATEGORIZE, body) == marked(Kind.CATEGORIZE, body, answers)


@pytest.mark.parametrize("scoring", list(Scoring))
def test_orders_are_guessed_as_they_are_marked(scoring):
    body = {"items": FOUR, "scoring": scoring.value}

    assert guess_at(Kind.ORDERING, body) == marked(
        Kind.ORDERING, body, [{ORDER: list(order)} for order in itertools.permutations("abcd")]
    )


def test_gaps_that_are_chosen_are_guessed_and_those_that_are_typed_are_not():
    assert guess_at(Kind.CLOZE, BODIES[Kind.CLOZE]) == {Fraction(0): Fraction(1, 2), Fraction(1, 2): Fraction(1, 2)}
    assert guess_at(Kind.DROP_DOWN, BODIES[Kind.DROP_DOWN]) == {
        Fraction(0): Fraction(1, 2),
        Fraction(1): Fraction(1, 2),
    }


@pytest.mark.parametrize("kind", [Kind.NUMERIC, Kind.SHORT_TEXT, Kind.ESSAY, Kind.UPLOAD, Kind.DESCRIPTION])
def test_what_is_typed_or_handed_in_is_not_guessed(kind):
    assert guess_at(kind, BODIES.get(kind, {})) == NOTHING
