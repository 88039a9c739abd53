"""Each hard rule, for pairs of Leo and Maya and whoever else is needed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mentoring.pairing.matching.barring import Bars
from mentoring.pairing.matching.people import Design, Kind, LevelRule, Mentee, Mentor
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.proposing import problem_of
from mentoring.pairing.rules import Rule

DESIGN = Design(kinds=(Kind(key="team"),))
LEO = Mentee(key="leo", needs={"team": 1})
MAYA = Mentor(key="maya", kinds=frozenset({"team"}), capacity=2)


def week(*half_hours: int) -> tuple[frozenset[int], ...]:
    return (frozenset(half_hours),)


def barred(mentee: dict[str, Any], mentor: dict[str, Any], design: dict[str, Any]) -> set[Rule]:
    pool = Pool(replace(DESIGN, **design), [replace(LEO, **mentee)], [replace(MAYA, **mentor)])
    return {rule for rule, forbids in Bars(pool).of(slice(None)).items() if forbids[0, 0]}


ENGLISH, FRENCH = frozenset({"en"}), frozenset({"fr"})
LEVELS = {"level": LevelRule.SENIOR}


@pytest.mark.parametrize(
    ("rule", "mentee", "mentor", "design"),
    [
        (Rule.ONESELF, {"person": "one"}, {"person": "one"}, {}),
        (Rule.SAME_PAIR, {"has": frozenset({"maya"})}, {}, {}),
        (Rule.EXCLUDED, {"refuses": frozenset({"maya"})}, {}, {}),
        (Rule.EXCLUDED, {}, {"refuses": frozenset({"leo"})}, {}),
        (Rule.CONFLICT, {"conflicts": frozenset({"maya"})}, {}, {}),
        (Rule.MENTEE_GONE, {"is_ready": False}, {}, {}),
        (Rule.MENTOR_GONE, {}, {"is_ready": False}, {}),
        (Rule.LANGUAGE, {"languages": ENGLISH}, {"languages": FRENCH}, {}),
        (Rule.HOURS, {"hours": week(1, 2)}, {"hours": week(2, 3)}, {"least_minutes": 60}),
        (Rule.HOURS, {"clock": 0}, {"clock": 8 * 60}, {"most_hours_apart": 7}),
        (Rule.LEVEL, {"level": 3}, {"level": 3}, {"level": LevelRule.SENIOR}),
        (Rule.LEVEL, {"level": 3}, {"level": 3}, {"level": LevelRule.JUNIOR}),
        (Rule.LEVEL, {"level": 3}, {"level": 4}, {"level": LevelRule.SAME}),
        (Rule.EXPERIENCE, {}, {"experience": 14}, {"least_experience": 15}),
        (Rule.EXPERIENCE, {}, {"experience": None}, {"least_experience": 1}),
    ],
)
def test_each_rule_forbids(rule: Rule, mentee: dict[str, Any], mentor: dict[str, Any], design: dict[str, Any]):
    assert barred(mentee, mentor, design) == {rule}


@pytest.mark.parametrize(
    ("mentee", "mentor", "design"),
    [
        ({}, {}, {}),
        ({"languages": ENGLISH}, {"languages": ENGLISH | FRENCH}, {}),
        ({"languages": ENGLISH}, {}, {}),
        ({}, {"languages": FRENCH}, {}),
        ({"hours": week(1, 2)}, {"hours": week(1, 2, 3)}, {"least_minutes": 60}),
        ({"hours": week(1, 2)}, {}, {"least_minutes": 60}),
        ({"clock": -11 * 60}, {"clock": 12 * 60}, {"most_hours_apart": 1}),
        ({"hours": week(1, 2), "clock": 0}, {"hours": week(1, 2), "clock": 720}, {"most_hours_apart": 1}),
        ({"level": 3}, {"level": 4}, {"level": LevelRule.SENIOR}),
        ({"level": 3}, {}, {"level": LevelRule.SENIOR}),
        ({}, {"experience": 15}, {"least_experience": 15}),
    ],
)
def test_nothing_forbids(mentee: dict[str, Any], mentor: dict[str, Any], design: dict[str, Any]):
    """What was not said keeps nobody apart; and clocks count only where hours are not known."""
    assert barred(mentee, mentor, design) == set()


def test_common_hours_are_those_of_the_week_with_the_fewest():
    """R8: when summer time begins for one of them, their hours shift against the other's."""
    mine = (frozenset({18, 19}), frozenset({18, 19}))
    theirs = (frozenset({18, 19}), frozenset({20, 21}))

    assert barred({"hours": mine}, {"hours": theirs}, {"least_minutes": 30}) == {Rule.HOURS}
    assert barred({"hours": mine}, {"hours": theirs[:1]}, {"least_minutes": 60}) == set()


def test_a_kind_that_is_not_offered_has_no_pairs():
    """R9"""
    design = Design(kinds=(Kind(key="team"), Kind(key="technical")))
    pool = Pool(design, [replace(LEO, needs={"team": 1, "technical": 1})], [MAYA])

    problem = problem_of(pool)

    assert [scores.tolist() for scores in problem.scores] == [[[500]], [[-1]]]
    assert problem.needs.tolist() == [[1, 1]]


def test_rules_are_told_apart_in_a_class():
    people = [replace(LEO, key=key, refuses=frozenset({"tariq"} if key == "zoe" else ())) for key in ("leo", "zoe")]
    mentors = [MAYA, replace(MAYA, key="tariq", refuses=frozenset({"leo"}))]

    forbids = Bars(Pool(DESIGN, people, mentors)).of(slice(1, 2))

    assert forbids[Rule.EXCLUDED].tolist() == [[False, True]]
