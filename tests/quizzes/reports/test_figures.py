"""Figures from columns: those of the statistics, hidden where they would be noise, flagged where they speak."""

from __future__ import annotations

import pytest

from quizzes.reports.columns import Columns, Which
from quizzes.reports.figures import ENOUGH, WORN, Asked, Flag, figures_of
from quizzes.reports.packing import PackedAnswer, PackedAttempt, pack
from quizzes.statistics.items import items_of
from quizzes.statistics.whole import whole_of

MARK, MONTH = 100_000, 31 * 86_400
KEY = {version: Asked(guess=0.5, key=(True, False, False)) for version in (10, 11, 12)}


def attempt(who: int, *chosen: int, n: int = 1, submitted: int = 0) -> bytes:
    """Answers to versions 10, 11 and so on; the first option of each is right."""
    answers = [
        PackedAnswer(
            version=10 + place,
            slot=place + 1,
            mark=MARK * (option == 0),
            maximum=MARK,
            chosen=1 << option,
        )
        for place, option in enumerate(chosen)
    ]
    return pack(PackedAttempt(enrolment=who, n=n, submitted=submitted, seconds=60, answers=answers))


def figures(*packed: bytes, which: Which = Which.FIRST):
    return figures_of(Columns.of(packed), which, KEY)


def many(*patterns: tuple[int, ...], of_each: int = 10, submitted: int = 0) -> list[bytes]:
    begin = submitted
    everybody = [pattern for pattern in patterns for _ in range(of_each)]
    return [attempt(begin + who, *chosen, submitted=submitted) for who, chosen in enumerate(everybody, start=1)]


def test_they_are_those_of_the_statistics():
    packed = many((0, 0, 0), (0, 0, 1), (0, 1, 2), (2, 1, 1))

    found = figures(*packed)

    answers = Columns.of(packed).answers
    assert found.whole == whole_of(answers)
    assert [each.item for each in found.items] == items_of(answers, [0.5, 0.5, 0.5])
    assert (found.attempts, found.waiting, found.learners, found.maximum) == (40, 0, 40, 3.0)


@pytest.mark.parametrize(("answers", "is_enough"), [(ENOUGH - 1, False), (ENOUGH, True)])
def test_indices_want_thirty_answers(answers, is_enough):
    [item] = figures(*[attempt(who, who % 2) for who in range(answers)]).items

    assert item.is_enough is is_enough


def test_an_option_that_good_learners_take_for_right_misleads():
    # Who is right in the rest chooses the second option of the first question, who is wrong the first.
    found = figures(*many((1, 0, 0), (1, 0, 0), (0, 1, 1), (0, 2, 1))).items[0]

    assert [option.chosen for option in found.options] == [20, 20, 0]
    assert [option.misleads for option in found.options] == [False, True, False]
    assert found.flags == [Flag.MISLEADS, Flag.AGAINST, Flag.TOO_HARD, Flag.IDLE]


def test_what_everybody_knows_is_too_easy_and_what_nobody_knows_too_hard():
    easy, hard, _fair = figures(*many((0, 1, 0), (0, 2, 1), (0, 1, 2))).items

    assert Flag.TOO_EASY in easy.flags
    assert Flag.TOO_HARD in hard.flags


def test_nothing_is_said_of_few_answers():
    assert [item.flags for item in figures(attempt(1, 0, 1, 2)).items] == [[], [], []]


def test_a_question_that_became_easier_has_become_known():
    before = many((1, 0), (0, 1), (2, 0))
    after = many((0, 0), (0, 1), (0, 0), submitted=2 * MONTH)

    found = figures(*before, *after).items[0]

    assert [month.n for month in found.months] == [30, 30]
    assert found.rise == pytest.approx(2 / 3)
    assert Flag.KNOWN in found.flags


def test_whoever_meets_a_question_again_has_met_it_once():
    found = figures(attempt(1, 0, 0), attempt(1, 0, n=2), attempt(2, 1), which=Which.ALL)

    assert [(item.n, item.met, item.share_met) for item in found.items] == [(3, 2, 1.0), (1, 1, 0.5)]


def test_a_question_that_very_many_have_met_is_worn_out():
    found = figures(*[attempt(who, who % 2, 1) for who in range(WORN)])

    assert [item.version for item in found.worn] == [10, 11]


def test_a_version_nobody_knows_anything_of_has_figures_all_the_same():
    found = figures_of(Columns.of([attempt(1, 0)]), Which.FIRST, {})

    assert [(item.options, item.item.guess, item.n) for item in found.items] == [([], None, 1)]


def test_of_nothing_there_are_no_figures():
    found = figures()

    assert (found.attempts, found.items, found.fairness, found.maximum, found.worn) == (0, [], None, None, [])
