"""What is said of a quiz's rules, against every way there is to meet them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence

import pytest

from quizzes.drawing.outline import Band, Candidate, Fixed, Outline, Part, Rule, Section
from quizzes.drawing.shortages import Shortage
from quizzes.feasibility import Feasibility, examine


def pool(*questions: int, **more) -> list[Candidate]:
    return [Candidate(question=question, version=question, **more) for question in questions]


def rule(name: str, count: int, *questions: int) -> Rule:
    return Rule(name=name, count=count, pool=pool(*questions))


def outline(*slots: Fixed | Rule, enemies: Sequence[set[int]] = ()) -> Outline:
    return Outline([Section(slots)], [frozenset(each) for each in enemies])


def lacking(found: Sequence[Shortage]) -> list[tuple[str, int, int, int]]:
    return [(each.rule, each.available, each.wanted, each.missing) for each in found]


def test_rules_that_can_be_met_are_met():
    both = outline(rule("wide", 2, 1, 2, 3), rule("narrow", 1, 1))

    assert examine(both) == Feasibility((), ())


def test_rules_that_want_the_same_questions_fall_short_by_what_is_missing():
    found = examine(outline(rule("one", 2, 1, 2, 3), rule("two", 3, 1, 2, 3), rule("three", 1, 4)), attempts=3)

    assert lacking(found.short) == [("two", 3, 3, 2)]
    assert not found.is_met


def test_what_is_missing_is_told_by_band():
    bands = [Band(lowest=1, highest=1), Band(lowest=2, highest=2)]
    slot = Rule(name="safety", count=4, pool=pool(1, 2, 3, difficulty=1) + pool(4, difficulty=2), bands=bands)

    assert [(each.band, each.missing) for each in examine(outline(slot)).short] == [(bands[1], 1)]


def test_enemies_make_a_large_pool_small():
    found = examine(outline(rule("any", 3, 1, 2, 3, 4), enemies=[{1, 2, 3}]))

    assert lacking(found.short) == [("any", 4, 3, 1)]


def test_more_attempts_than_there_are_questions_for_repeat_some():
    found = examine(outline(rule("one", 20, *range(50)), rule("two", 5, *range(50, 65))), attempts=3)

    assert found.is_met
    assert lacking(found.repeating) == [("one", 50, 60, 10)]


def test_enemies_stand_in_one_attempt_each():
    two_of_four = outline(rule("any", 2, 1, 2, 3, 4), enemies=[{1, 2}])
    apart = outline(rule("any", 2, 1, 2, 3, 4), enemies=[{1, 2, 3}])

    assert examine(two_of_four, attempts=2).repeating == ()
    assert lacking(examine(apart, attempts=2).repeating) == [("any", 4, 4, 1)]


def test_fixed_questions_come_again_and_keep_their_enemies_out():
    found = examine(outline(Fixed(pool(1)[0]), rule("any", 1, 1, 2, 3), enemies=[{1, 2}]), attempts=2)

    assert found.is_met
    assert lacking(found.repeating) == [("any", 1, 2, 1)]


def test_an_outline_without_anything_is_met():
    assert examine(Outline([]), attempts=3) == Feasibility((), ())


# Against every way there is


def some(chance: random.Random, enemies: int) -> Outline:
    questions = range(1, chance.randint(4, 8))
    slots: list[Fixed | Rule] = [
        rule(f"rule {n}", chance.randint(0, 2), *chance.sample(questions, chance.randint(1, len(questions))))
        for n in range(chance.randint(1, 3))
    ]
    if chance.random() < 0.3:
        slots.append(Fixed(pool(chance.choice(questions))[0]))
    return outline(*slots, enemies=[set(chance.sample(questions, chance.randint(2, 3))) for _ in range(enemies)])


def ways(parts: Sequence[Part], enemies: Sequence[frozenset[int]]) -> Iterator[set[int]]:
    """The questions of every attempt there is, rules only, for these counts."""
    choices = (itertools.combinations([each.question for each in part.candidates], part.count) for part in parts)
    for way in itertools.product(*choices):
        asked = [question for chosen in way for question in chosen]
        if len(set(asked)) == len(asked) and all(len(each.intersection(asked)) < 2 for each in enemies):
            yield {
                question for part, chosen in zip(parts, way, strict=True) for question in chosen if not part.is_fixed
            }


def can_go_on(every: Sequence[set[int]], attempts: int, met: frozenset[int] = frozenset()) -> bool:
    return attempts == 0 or any(not way & met and can_go_on(every, attempts - 1, met | way) for way in every)


@pytest.mark.parametrize("number", range(120))
def test_every_way_there_is_says_the_same_of_one_attempt(number):
    quiz = some(random.Random(number), enemies=number % 4)

    assert examine(quiz).is_met == any(True for _ in ways(list(quiz.parts()), quiz.enemies))


@pytest.mark.parametrize("number", range(150))
def test_every_way_there_is_says_the_same_of_several_attempts(number):
    quiz, attempts = some(random.Random(1000 + number), enemies=number % 2), 2 + number % 2
    every = list(ways(list(quiz.parts()), quiz.enemies))

    found = examine(quiz, attempts)

    if found.is_met:
        assert (not found.repeating) == can_go_on(every, attempts)


@pytest.mark.parametrize("number", range(60))
def test_where_enemies_overlap_what_is_said_not_to_repeat_does_not(number):
    quiz = some(random.Random(2000 + number), enemies=3)
    every = list(ways(list(quiz.parts()), quiz.enemies))

    found = examine(quiz, 2)

    assert not found.is_met or found.repeating or can_go_on(every, 2)
