"""What an answer earns when it is marked anew."""

from __future__ import annotations

import json

import pytest

from quizzes.kinds import CHOSEN, Kind
from quizzes.marking import exact, raw_of, rounded
from quizzes.marks.judging import Change, Judge, Policy, Stays, Target, Was

OPTIONS = [{"id": "a", "text": "Red"}, {"id": "b", "text": "Blue"}]
NOW_B = Target(Kind.SINGLE, {"options": OPTIONS, "right": ["b"]}, Kind.SINGLE, 1.0, 1.0)


def said(option: str = "b", fraction: float | None = 0.0, maximum: float = 1.0) -> Was:
    return Was(1, 2, 3, json.dumps({CHOSEN: [option]}), fraction, maximum)


def outcome(was: Was, policy=Policy.NEW_VERSION, target=NOW_B, worth=None, is_by_hand=False):
    found = Judge(policy, {3: target}, worth).change(was, is_by_hand=is_by_hand)
    return (found.fraction, found.maximum) if isinstance(found, Change) else found


@pytest.mark.parametrize(
    ("was", "policy", "found"),
    [
        (said("b", 0.0), Policy.NEW_VERSION, (1.0, 1.0)),
        (said("a", 1.0), Policy.NEW_VERSION, (0.0, 1.0)),
        (said("b", 1.0), Policy.NEW_VERSION, None),
        (said("a", 1.0), Policy.NEVER_LOWER, None),
        (said("b", 0.0), Policy.NEVER_LOWER, (1.0, 1.0)),
        (said("a", 0.0), Policy.FULL, (1.0, 1.0)),
        (said("a", None), Policy.FULL, (1.0, 1.0)),
        (said("a", 1.0), Policy.OUT, (1.0, 0.0)),
        (said("a", None), Policy.OUT, (0.0, 0.0)),
    ],
)
def test_policies(was, policy, found):
    assert outcome(was, policy) == found


def test_another_worth_changes_what_every_answer_counts():
    assert outcome(said("b", 1.0), worth=3.0) == (1.0, 3.0)
    assert outcome(said("b", 1.0), Policy.NEVER_LOWER, worth=0.5) is None


def test_a_new_default_worth_holds_where_the_quiz_said_nothing_else():
    worth_two = Target(Kind.SINGLE, NOW_B.body, Kind.SINGLE, 1.0, 2.0)

    assert outcome(said("b", 1.0), target=worth_two) == (1.0, 2.0)
    assert outcome(said("b", 1.0, maximum=5.0), target=worth_two) is None


def test_what_people_marked_stays():
    assert outcome(said("b", 0.5), is_by_hand=True) is Stays.MARKED_BY_PEOPLE
    assert outcome(said("b", 0.5), Policy.FULL, is_by_hand=True) == (1.0, 1.0)
    essay = Target(Kind.ESSAY, {}, Kind.ESSAY, 1.0, 1.0)
    assert outcome(said("b", None), target=essay) is Stays.MARKED_BY_PEOPLE


def test_an_answer_that_the_newest_version_does_not_have_stays():
    assert outcome(said("z", 1.0)) is Stays.UNFIT
    assert outcome(said("b", 1.0), target=Target(Kind.SINGLE, NOW_B.body, Kind.MULTIPLE, 1.0, 1.0)) is Stays.UNFIT


def test_what_is_only_read_never_changes():
    assert outcome(said("b"), Policy.FULL, Target(Kind.DESCRIPTION, {}, Kind.DESCRIPTION, 1.0, 1.0)) is None


def test_kept_fractions_are_exact_again():
    for denominator in range(1, 301):
        for numerator in range(0, denominator + 1, 7):
            third = exact(1 / 3)
            fraction = type(third)(numerator, denominator)
            assert exact(rounded(fraction)) == fraction


def test_sums_of_kept_fractions_are_rounded_once():
    assert raw_of([(0.33333, 1.0)] * 3) == 1.0
    assert raw_of([(0.16667, 2.0), (0.66667, 1.0), (None, 1.0)]) == 1.0
    assert raw_of([(0.12345, 1.0)]) == 0.12345
