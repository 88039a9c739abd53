"""What pairs get points for, question by question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mentoring.pairing.matching.people import DEFAULT_WEIGHTS, Design, Kind, Mentee, Mentor, Question
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.scoring import WISHES, Points, points_of

KINDS = (Kind(key="team"),)
LEO = Mentee(key="leo", needs={"team": 1})
MAYA = Mentor(key="maya", kinds=frozenset({"team"}), capacity=2)

SLOW_AND_SILENT = {"pace": "slow", "talk": "little"}


def some(words: str) -> frozenset[str]:
    return frozenset(words.split())


def points(question: Question, mentee: dict[str, Any], mentor: dict[str, Any]) -> int:
    pool = Pool(Design(kinds=KINDS, weights={question: 1}), [], [])
    return points_of(pool, replace(LEO, **mentee), replace(MAYA, **mentor))[question]


@pytest.mark.parametrize(
    ("question", "mentee", "mentor", "expected"),
    [
        (Question.SKILLS, {"wanted": some("sql excel")}, {"skills": some("sql word")}, 500),
        (Question.SKILLS, {"wanted": some("sql")}, {"skills": some("sql word excel")}, 1000),
        (Question.SKILLS, {"wanted": some("sql excel word")}, {"skills": some("latin")}, 0),
        (Question.SKILLS, {}, {"skills": some("sql")}, 500),
        (Question.SKILLS, {"wanted": some("sql")}, {}, 500),
        (Question.GOALS, {"goals": some("lead")}, {"goals": some("lead join")}, 1000),
        (Question.INTERESTS, {"interests": some("chess go")}, {"interests": some("chess tea rowing jazz")}, 333),
        (
            Question.VALUES,
            {"values": {"pace": "slow", "talk": "much"}},
            {"values": {"pace": "slow", "talk": "little"}},
            500,
        ),
        (Question.VALUES, {"values": {"pace": "slow"}}, {"values": SLOW_AND_SILENT}, 1000),
        (Question.VALUES, {"values": {"pace": "slow"}}, {"values": {"talk": "little"}}, 500),
        (Question.WISH_OF_MENTEE, {"wishes": ("zoe", "maya")}, {}, 800),
        (Question.WISH_OF_MENTEE, {"wishes": ("zoe", "tariq")}, {}, 600),
        (Question.WISH_OF_MENTEE, {}, {}, 500),
        (Question.WISH_OF_MENTOR, {}, {"wishes": ("leo",)}, 1000),
        (Question.HOURS, {"hours": (frozenset(range(4)),)}, {"hours": (frozenset(range(2, 90)),)}, 250),
        (Question.HOURS, {"hours": (frozenset(range(90)),)}, {"hours": (frozenset(range(90)),)}, 1000),
        (Question.HOURS, {}, {"hours": (frozenset(range(90)),)}, 500),
        (Question.LEVEL, {"level": 2}, {"level": 3}, 1000),
        (Question.LEVEL, {"level": 2}, {"level": 2}, 750),
        (Question.LEVEL, {"level": 2}, {"level": 9}, 0),
        (Question.LEVEL, {"level": 2}, {}, 500),
        (Question.SECTION, {"sections": some("a b")}, {"sections": some("b")}, 1000),
        (Question.SECTION, {"sections": some("a")}, {"sections": some("b")}, 0),
        (Question.BEFORE, {"good_before": some("maya")}, {}, 1000),
        (Question.BEFORE, {}, {}, 0),
        (Question.WAITED, {"has_waited": True}, {}, 1000),
        (Question.WAITED, {}, {}, 0),
        (Question.OTHER_TEAM, {"team": "red"}, {"team": "blue"}, 1000),
        (Question.OTHER_TEAM, {"team": "red"}, {"team": "red"}, 0),
        (Question.OTHER_TEAM, {}, {"team": "red"}, 500),
    ],
)
def test_points(question: Question, mentee: dict[str, Any], mentor: dict[str, Any], expected: int):
    assert points(question, mentee, mentor) == expected


def test_every_question_has_been_asked_above():
    (asked,) = [mark.args[1] for mark in test_points.pytestmark]

    assert {question for question, *_rest in asked} == set(Question)


def test_a_score_is_the_weighed_mean_of_its_questions():
    design = Design(kinds=KINDS, weights={Question.SKILLS: 3, Question.WAITED: 1, Question.GOALS: 0})
    leo = replace(LEO, wanted=some("sql excel"), has_waited=True)
    maya = replace(MAYA, skills=some("sql"))

    scores = Points(Pool(design, [leo], [maya])).scores(slice(None))

    assert scores.tolist() == [[(3 * 500 + 1000) // 4]]


def test_a_pair_is_explained_by_the_points_that_made_its_score():
    design = Design(kinds=KINDS)
    leo = replace(LEO, wanted=some("sql excel"), goals=some("lead"), wishes=("maya",))
    maya = replace(MAYA, skills=some("sql"), goals=some("lead"), hours=(frozenset({1}),))
    pool = Pool(design, [replace(LEO, key="zoe"), leo], [maya, replace(MAYA, key="tariq")])

    told = points_of(pool, leo, maya)

    mean = sum(DEFAULT_WEIGHTS[question] * each for question, each in told.items()) / sum(DEFAULT_WEIGHTS.values())
    assert set(told) == set(DEFAULT_WEIGHTS)
    assert Points(pool).scores(slice(1, 2))[0, 0] == round(mean)


def test_without_weights_all_pairs_are_alike():
    assert Points(Pool(Design(kinds=KINDS, weights={}), [LEO], [MAYA])).scores(slice(None)).tolist() == [[500]]


@pytest.mark.parametrize("length", range(1, 6))
def test_a_short_list_of_wishes_pulls_no_harder(length: int):
    """For every two mentors, the first wish is preferred by no more than with the whole list."""
    everybody = [replace(MAYA, key=str(number)) for number in range(8)]
    design = Design(kinds=KINDS, weights={Question.WISH_OF_MENTEE: 1})
    wishes = tuple(str(number) for number in range(5))

    whole, short = (
        Points(Pool(design, [replace(LEO, wishes=some)], everybody)).scores(slice(None))[0]
        for some in (wishes, wishes[:length])
    )

    assert (short[0] - short <= whole[0] - whole).all()
    assert whole[:5].tolist() == list(WISHES[:5])


def test_few_hours_are_worth_no_more_than_many():
    design = Design(kinds=KINDS, weights={Question.HOURS: 1})
    few = replace(LEO, hours=(frozenset({1, 2}),))
    many = replace(LEO, key="zoe", hours=(frozenset(range(12)),))
    maya = replace(MAYA, hours=(frozenset(range(6)),))

    scores = Points(Pool(design, [few, many], [maya])).scores(slice(None))

    assert scores[0, 0] < scores[1, 0]


def test_scores_do_not_depend_on_who_else_is_there():
    chance = np.random.default_rng(3)
    words = [f"w{number}" for number in range(12)]

    def drawn() -> frozenset[str]:
        return frozenset(str(each) for each in chance.choice(words, 4))

    mentees = [replace(LEO, key=f"e{n}", wanted=drawn(), goals=drawn(), interests=drawn()) for n in range(9)]
    mentors = [replace(MAYA, key=f"o{n}", skills=drawn(), goals=drawn(), interests=drawn()) for n in range(7)]
    design = Design(kinds=KINDS)

    together = Points(Pool(design, mentees, mentors)).scores(slice(None))
    alone = [[Points(Pool(design, [each], [one])).scores(slice(None))[0, 0] for one in mentors] for each in mentees]

    assert together.tolist() == alone
