"""Ready-made designs are complete and sound; what cannot stand together is told with its cure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from mentoring.programs import words
from mentoring.programs.choices import CHECKLIST, EvaluationPoint, Manner, MentoringType, MustAgree
from mentoring.programs.contradictions import against_the_run, contradictions
from mentoring.programs.design import KindPlan, ProgramDesign, QuestionPlan, TaskPlan, TrainingPlan
from mentoring.programs.ready_made import KEYS, READY_MADE, simple
from mentoring.programs.telling import differences, facts, in_a_sentence
from mentoring.training.guides import GUIDES


@pytest.fixture(autouse=True)
def asked(app: Flask) -> Iterator[None]:
    """Sentences are in the language of whoever asks."""
    with app.test_request_context():
        yield


def design(**said: Any) -> ProgramDesign:
    return replace(simple(), **said)


@pytest.mark.parametrize("key", READY_MADE)
def test_a_ready_made_program_is_complete_and_contradicts_itself_nowhere(key: str):
    made = READY_MADE[key].design()

    assert contradictions(made) == []
    assert all((made.title, made.goal, made.goal_types, made.tasks, made.kinds, made.kpis, made.evaluations))
    assert all((made.skills, made.topics, made.interests))
    assert made.checklist == CHECKLIST
    assert made.weights.keys() <= words.WEIGHTS.keys()
    assert {kind.key for kind in made.kinds} | {item.key for item in made.training} <= KEYS
    assert {question.key for question in made.questions} <= KEYS


def test_employees_have_two_kinds_of_mentor_for_ninety_days_and_mentors_a_training_of_five_topics_and_challenges():
    made = READY_MADE["employees"].design()

    assert [(kind.key, kind.needed, kind.is_required) for kind in made.kinds] == [
        ("team", 1, True),
        ("technical", 1, True),
    ]
    assert (made.length_days, made.reply_days) == (90, 3)
    assert [item.key for item in made.training if item.is_for_mentors] == [
        *("introduction", "mentors-role", "adult-learning", "goal-setting", "communication", "challenges"),
    ]
    assert [item.key for item in made.training if not item.is_for_mentors] == ["mentees-part"]
    assert {item.key for item in made.training} == GUIDES.keys()


@pytest.mark.parametrize("key", READY_MADE)
def test_everything_that_is_decided_is_said(key: str):
    told = facts(READY_MADE[key].design())

    assert list(told) == ["goal", "form", "people", "steps", "answers", "matching", "evaluation"]
    assert [fact.label for listed in told.values() for fact in listed if fact.label == ""] == []


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("students", "Each mentee has one Mentor for 90 days."),
        ("employees", "Each mentee has one Team mentor and one Technical mentor for 90 days."),
        ("peers", "People at the same stage help one another for 90 days, 3 to 4 together."),
        ("flash", "One short meeting within 21 days: each mentee has one Expert."),
    ],
)
def test_a_program_is_said_in_a_sentence(key: str, sentence: str):
    assert in_a_sentence(READY_MADE[key].design()) == sentence


MENTOR, COACH = KindPlan(label="Mentor", key="mentor"), KindPlan(label="Coach", key="coach")
CONTRADICTIONS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "no kind": ({"kinds": ()}, [("kinds", "Name at least one kind of mentor, such as Mentor.")]),
    "two of one name": (
        {"kinds": (MENTOR, KindPlan(label="MENTOR "))},
        [("kinds", "Two kinds of mentor are called Mentor. Give one of them another name.")],
    ),
    "peers with two kinds": (
        {"mentoring_type": MentoringType.PEER, "kinds": (MENTOR, COACH), "smallest_group": 3, "largest_group": 4},
        [
            (
                "kinds",
                "Peers have no kinds of mentor: leave one, needed once, or choose another type."
                " How many come together is said by the group size.",
            )
        ],
    ),
    "peers of other levels": (
        {"mentoring_type": MentoringType.PEER, "level_rule": "senior", "smallest_group": 2, "largest_group": 2},
        [("level_rule", "Peers are at the same level. Choose that, or that it does not matter.")],
    ),
    "peers in a crowd": (
        {"mentoring_type": MentoringType.PEER, "smallest_group": 3, "largest_group": 13},
        [("largest_group", "More than 12 people are no circle. Make the largest group 12 or less.")],
    ),
    "peers who have to agree": (
        {"mentoring_type": MentoringType.PEER, "must_agree": MustAgree.BOTH, "smallest_group": 2, "largest_group": 2},
        [("must_agree", "Among peers nobody takes on more than the others, so nobody has to agree. Choose nobody.")],
    ),
    "peers who ask a mentor": (
        {"mentoring_type": MentoringType.PEER, "takes_requests": True, "smallest_group": 2, "largest_group": 2},
        [("takes_requests", "Among peers nobody is a mentor who could be asked. Take the requests away.")],
    ),
    "reverse with a senior mentor": (
        {"mentoring_type": MentoringType.REVERSE, "level_rule": "senior"},
        [
            (
                "level_rule",
                "In reverse mentoring the mentor is the junior. Choose a level below the mentee, or another type.",
            )
        ],
    ),
    "largest below smallest": (
        {"mentoring_type": MentoringType.GROUP, "smallest_group": 3, "largest_group": 2},
        [("largest_group", "The largest group, 2, is smaller than the smallest, 3. Make the largest 3 or more.")],
    ),
    "a group of one": (
        {"mentoring_type": MentoringType.GROUP, "smallest_group": 1, "largest_group": 3},
        [("smallest_group", "Fewer than two people are no group. Make the smallest group 2 or more.")],
    ),
    "no mentor holds a group": (
        {"mentoring_type": MentoringType.GROUP, "smallest_group": 4, "largest_group": 6},
        [("default_capacity", "A mentor with 3 places cannot hold a group of 4. Give 4 places or more.")],
    ),
    "a task after the end": (
        {"tasks": (TaskPlan(title="Look back", days=120),)},
        [
            (
                "tasks",
                "Look back is due on day 120, and a mentorship lasts 90 days. Name an earlier day, or make it longer.",
            )
        ],
    ),
    "no meeting before the end": (
        {"length_days": 10},
        [("meeting_days", "With a meeting every 14 days there is none within 10 days. Let them meet more often.")],
    ),
    "longer to answer than to mentor": (
        {"length_days": 2, "meeting_days": 1},
        [("reply_days", "The time to answer is longer than a mentorship lasts. Give fewer days to answer.")],
    ),
    "a quiz that is not named": (
        {"training": (TrainingPlan(title="Basics", manner=Manner.QUIZ),)},
        [("training", "Choose which quiz is to be passed for Basics.")],
    ),
    "an address that is none": (
        {"training": (TrainingPlan(title="Basics", manner=Manner.LINK, address="javascript:alert(1)"),)},
        [("training", "The address of Basics has to begin with https://. Copy it from the browser.")],
    ),
    "a training twice": (
        {"training": (TrainingPlan(title="Basics", manner=Manner.LINK),) * 2},
        [("training", "Basics stands in the training twice. Take one away.")],
    ),
    "a question with one answer": (
        {"questions": (QuestionPlan(text="Early or late?", answers=("Early",)),)},
        [("questions", "Give at least two answers to choose from to: Early or late?")],
    ),
    "nothing counts": (
        {"weights": {"skills": 0}},
        [("weights", "Nothing counts, so every pair would be as good as any other. Give something a weight above 0.")],
    ),
    "intervals without days": (
        {"evaluations": (EvaluationPoint.INTERVAL,), "evaluation_days": 0},
        [
            (
                "evaluation_days",
                "Evaluations at intervals need a number of days between them, fewer than the 90 a mentorship lasts.",
            )
        ],
    ),
    "the middle of a moment": (
        {"mentoring_type": MentoringType.FLASH, "evaluations": (EvaluationPoint.MID,)},
        [("evaluations", "One short meeting has no middle. Evaluate before and at the end only.")],
    ),
}


@pytest.mark.parametrize(("said", "told"), CONTRADICTIONS.values(), ids=list(CONTRADICTIONS))
def test_what_cannot_stand_together_is_told_with_its_cure(said: dict[str, Any], told: list[tuple[str, str]]):
    assert [(each.field, each.sentence) for each in contradictions(design(**said))] == told


def test_what_a_run_is_measured_by_is_fixed_while_it_is_open():
    before = design(kpis=("Fewer leave",), evaluations=(EvaluationPoint.END,))

    other_measures = against_the_run(before, replace(before, kpis=("More stay",)))
    other_plan = against_the_run(before, replace(before, evaluations=(EvaluationPoint.MID,)))
    baseline = against_the_run(design(), design(evaluations=(EvaluationPoint.BASELINE,)))

    assert [each.field for each in (*other_measures, *other_plan, *baseline)] == ["kpis", "evaluations", "evaluations"]
    assert "Leave it as it was: Fewer leave." in other_measures[0].sentence
    assert "nothing can be measured before it begins" in baseline[0].sentence


def test_what_was_left_empty_can_still_be_set_while_a_run_is_open():
    wanted = design(kpis=("Fewer leave",), evaluations=(EvaluationPoint.END,), length_days=60)

    assert against_the_run(design(), wanted) == []


def test_what_tells_two_designs_apart_is_said_and_nothing_else():
    before = design(skills=("Writing", "Reading"), kpis=("A", "B"))
    after = replace(before, length_days=120, skills=("Writing", "Counting"), kpis=("B", "A"))

    assert differences(before, before) == []
    assert differences(before, after) == [
        "Length: 120 days (before: 90 days)",
        "Skills, new: Counting · taken away: Reading",
        "What success is measured by: another order",
    ]


def test_designs_are_told_apart_by_their_digest_alone():
    assert design().digest == design().digest
    assert design().digest != design(title="Another").digest
