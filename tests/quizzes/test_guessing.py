"""Chances of guessers against published ones, and against trying everything out."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest

from quizzes.guessing import (
    NOTHING,
    TRUE_FALSE,
    Distribution,
    all_or_nothing,
    any_of,
    evenly,
    in_attempts,
    matched,
    mean,
    one_of,
    ordered,
    passing,
    scaled,
    some_of,
    total,
    weighted,
)
from quizzes.marking import Key, Kind, mark_question

ORACLE = Path(__file__).parent / "oracles" / "guess-probability.csv"
CASES = list(csv.DictReader(ORACLE.read_text("utf-8").splitlines()))
SLOTS = {"true/false": TRUE_FALSE, "single choice of 4": one_of(4)}


def slots_of(words: str) -> list[Distribution]:
    """`10 true/false + 10 single choice of 4`, as slots."""
    parts = [part.split(" ", 1) for part in words.split(" + ")]
    return [SLOTS[kind] for number, kind in parts for _ in range(int(number))]


def tried(fractions: Iterable[Fraction]) -> Distribution:
    counts = Counter(fractions)
    return {value: Fraction(number, counts.total()) for value, number in sorted(counts.items())}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['slots_equal_weight']}, {case['pass_percent']} %")
def test_chances_to_pass_are_the_published_ones(case):
    slots = slots_of(case["slots_equal_weight"])

    chance = passing(total(slots), Fraction(len(slots) * int(case["pass_percent"]), 100))

    assert chance == Fraction(case["exact_fraction"])
    for attempts in (1, 2, 3):
        percent = case[f"percent_{attempts}_attempt{'s' * (attempts > 1)}"]
        assert f"{float(100 * in_attempts(chance, attempts)):.8f}" == percent


@pytest.mark.parametrize(("options", "right"), [(2, 1), (4, 1), (4, 2), (4, 4), (5, 3), (6, 2)])
def test_several_answers_are_guessed_as_they_are_marked(options, right):
    ids = [str(n) for n in range(options)]
    key = Key.of(Kind.MULTIPLE, ids, ids[:right])
    choices = [each for n in range(1, options + 1) for each in itertools.combinations(ids, n)]

    every = tried(mark_question(chosen, key).fraction for chosen in choices)

    assert some_of(list(key.weights.values())) == every


def test_one_answer_is_guessed_as_it_is_marked():
    key = Key.of(Kind.SINGLE, ["a", "b", "c"], ["b"])

    assert evenly(key.weights.values()) == one_of(3) == tried(mark_question([each], key).fraction for each in "abc")


def test_all_or_nothing_is_right_once():
    weights = [Fraction(1, 2), Fraction(1, 2), Fraction(-1, 2)]

    assert some_of(weights, all_or_nothing) == {Fraction(0): Fraction(6, 7), Fraction(1): Fraction(1, 7)}


@pytest.mark.parametrize(("pairs", "choices"), [(1, 2), (3, 3), (3, 5), (4, 2)])
def test_matching_is_guessed_row_by_row(pairs, choices):
    answers = itertools.product(range(choices), repeat=pairs)

    every = tried(Fraction(sum(answer == 0 for answer in each), pairs) for each in answers)

    assert matched(pairs, choices) == every


@pytest.mark.parametrize("items", range(1, 8))
def test_ordering_is_guessed_by_any_order(items):
    pairs = list(itertools.combinations(range(items), 2))
    orders = itertools.permutations(range(items))

    every = tried(
        Fraction(sum(order[a] < order[b] for a, b in pairs), len(pairs)) if pairs else Fraction(1) for order in orders
    )

    assert ordered(items) == every


def test_long_orders_are_counted_exactly():
    twelve = ordered(12)

    assert sum(twelve.values()) == 1
    assert mean(twelve) == Fraction(1, 2)
    assert twelve[Fraction(1)] == Fraction(1, 479001600)


def test_a_question_from_a_mixed_pool_is_a_mixture():
    assert any_of([TRUE_FALSE, one_of(4)]) == {Fraction(0): Fraction(5, 8), Fraction(1): Fraction(3, 8)}
    assert any_of([one_of(4)] * 7) == one_of(4)


def test_draws_from_a_mixed_pool_keep_the_mean_of_all_draws():
    pool = [TRUE_FALSE, TRUE_FALSE, one_of(4), NOTHING, matched(2, 3)]
    every = [mean(total(each)) for each in itertools.combinations(pool, 3)]

    assert mean(total([any_of(pool)] * 3)) == sum(every) / len(every)


def test_thirty_questions_of_mixed_kinds_are_added_exactly():
    several = some_of([Fraction(1, 2), Fraction(1, 2), Fraction(-1, 2), Fraction(-1, 2)])
    pool = [one_of(4)] * 120 + [several] * 60 + [ordered(4)] * 20

    score = total([any_of(pool)] * 30)

    assert sum(score.values()) == 1
    assert mean(score) == 30 * (120 * mean(one_of(4)) + 60 * mean(several) + 20 * mean(ordered(4))) / 200


def test_parts_of_a_question_count_by_their_weight():
    cloze = weighted([(Fraction(3), TRUE_FALSE), (Fraction(1), NOTHING)])

    assert cloze == {Fraction(0): Fraction(1, 2), Fraction(3, 4): Fraction(1, 2)}


def test_marks_are_fractions_of_the_maximum():
    assert passing(total([scaled(TRUE_FALSE, Fraction(3)), one_of(4)]), Fraction(3)) == Fraction(1, 2)
