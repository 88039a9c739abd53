"""Layers of a pool: equally hard forms, and nothing lost by them."""

from __future__ import annotations

import random
from collections import Counter
from statistics import pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.drawing.by_outline import draw
from quizzes.drawing.outline import Band, Candidate, Outline, Rule, Section
from quizzes.drawing.strata import strata


def layers(hard: list[float], count: int) -> list[tuple[int, list[int]]]:
    found = strata(range(len(hard)), count, lambda each: (hard[each], each))
    return [(given, list(layer)) for given, layer in found]


def drawn(hard: list[float], count: int, *, forms: int) -> list[list[int]]:
    bands: list[Band] = []
    pool: list[int] = []
    for share, layer in layers(hard, count):
        bands.append(Band(lowest=len(pool), highest=len(pool) + len(layer) - 1, share=share))
        pool += layer
    candidates = [Candidate(question=each, version=each, difficulty=place) for place, each in enumerate(pool)]
    outline = Outline([Section([Rule(name="1", count=count, pool=candidates, bands=bands)])])
    return [[each.question for each in draw(outline, number.to_bytes(16))] for number in range(forms)]


def test_twenty_of_sixty_come_two_each_from_ten_layers():
    hard = [each / 60 for each in range(60)]

    found = layers(hard, 20)

    assert found == [(2, list(range(first, first + 6))) for first in range(0, 60, 6)]


def test_where_some_are_equally_hard_they_are_cut_between_them():
    hard = [[0.15, 0.3, 0.45][each % 3] for each in range(60)]

    found = layers(hard, 15)

    assert sum(given for given, _layer in found) == 15
    assert [len({hard[each] for each in layer}) for _given, layer in found] == [1] * len(found)


def test_a_pool_that_is_too_small_is_one_layer():
    assert layers([0.5, 0.1, 0.3], 2) == [(2, [1, 2, 0])]
    assert layers([0.5, 0.1, 0.3], 3) == [(3, [1, 2, 0])]
    assert layers([0.5], 2) == [(2, [0])]
    assert layers([], 1) == [(1, [])]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=150), st.data())
def test_layers_hold_each_question_once_and_lose_no_attempt_without_repeats(hard, data):
    count = data.draw(st.integers(1, len(hard)))

    found = layers(hard, count)

    assert sorted(each for _given, layer in found for each in layer) == list(range(len(hard)))
    assert sum(given for given, _layer in found) == count
    attempts = len(hard) // count
    assert all(given * attempts <= len(layer) for given, layer in found)
    hardest = [max(hard[each] for each in layer) for _given, layer in found]
    easiest = [min(hard[each] for each in layer) for _given, layer in found]
    assert all(before <= after for before, after in zip(hardest, easiest[1:], strict=False))


@pytest.mark.parametrize("number", range(3))
def test_forms_are_equally_hard_where_a_hundred_have_answered_each_question(number):
    """Questions as different as they are in practice, of which the shares of a hundred learners are known."""
    chance = random.Random(number)
    true = [min(0.99, max(0.01, chance.gauss(0.7, 0.15))) for _each in range(60)]
    measured = [chance.gauss(each, (each * (1 - each) / 100) ** 0.5) for each in true]

    def spread(hard: list[float]) -> float:
        forms = drawn(hard, 20, forms=200)
        return pstdev(5 * sum(true[each] for each in form) for form in forms)

    assert spread([1 - each for each in measured]) < 1.1
    assert spread([0.5] * 60) > 2


def test_every_question_is_asked_equally_often_where_the_numbers_allow():
    forms = drawn([each / 60 for each in range(60)], 20, forms=1500)

    counts = Counter(each for form in forms for each in form)

    assert len(counts) == 60
    assert max(abs(each - 500) for each in counts.values()) < 5 * (1500 * 2 / 9) ** 0.5
