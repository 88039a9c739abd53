from __future__ import annotations

import json

import pytest

from reviews.instruments.checking import faults
from reviews.instruments.content import Content, InstrumentKind
from reviews.instruments.ready_made import ready_made


def test_those_that_come_with_the_tool_are_sound(app):
    with app.test_request_context():
        found = {key: [fault.sentence for fault in faults(each.content)] for key, each in ready_made().items()}

    assert found
    assert found == {key: [] for key in found}


def test_what_a_database_keeps_reads_the_same():
    for each in ready_made().values():
        assert Content.of(json.loads(json.dumps(each.content.as_json()))) == each.content


WANTED = {
    "mentoring_competencies": (InstrumentKind.REVIEW, 5, ["listening", "goals", "feedback", "trust", "doors"]),
    "newcomer_onboarding": (InstrumentKind.REVIEW, 5, ["work", "people", "learning", "rules"]),
    "mentor_evaluation": (InstrumentKind.PAIR, 5, ["being_there", "helping", "getting_on"]),
    "mentee_evaluation": (InstrumentKind.PAIR, 5, ["taking_part", "progress", "getting_on"]),
    "program_evaluation": (InstrumentKind.PROGRAM, 5, ["satisfaction", "match", "support", "outcome"]),
    "readiness_survey": (InstrumentKind.SURVEY, 5, ["knowing", "wanting", "able"]),
    "mentee_satisfaction": (InstrumentKind.SURVEY, 5, ["satisfaction", "belonging", "trust"]),
    "observation_checklist": (InstrumentKind.CHECKLIST, 2, ["arriving", "working"]),
}
"""What each is for, how many levels its scale has, and its competencies."""


def test_there_is_one_for_each_occasion():
    assert {
        key: (each.kind, len(each.content.scale.levels), [one.key for one in each.content.competencies])
        for key, each in ready_made().items()
    } == WANTED


@pytest.mark.parametrize("key", WANTED)
def test_each_can_be_used_as_it_is(key: str):
    """Several statements for each competency, every level named, something to write, and in a review no statement that
    only fits whoever is reviewed."""
    found = ready_made()[key]
    content = found.content

    assert found.name
    assert found.about
    assert content.introduction
    assert all(level.label for level in content.scale.levels)
    assert min(len(each.statements) for each in content.competencies) >= 2
    assert content.scale.allows_not_observed == (found.kind is not InstrumentKind.CHECKLIST)
    assert bool(content.questions) == (found.kind is not InstrumentKind.CHECKLIST)
    is_review = found.kind is InstrumentKind.REVIEW
    assert all(bool(each.text_self) == is_review for each in content.statements.values())
    assert bool(content.profiles) == is_review


def test_reviews_come_with_what_a_position_asks_for_of_every_competency():
    for key, position in (("mentoring_competencies", "Mentor"), ("newcomer_onboarding", "After three months")):
        content = ready_made()[key].content
        [profile] = content.profiles
        assert profile.position == position
        assert list(profile.levels) == [each.key for each in content.competencies]
        assert all(2 <= each.level <= 5 and each.importance >= 1 for each in profile.levels.values())


def test_anchors_say_what_is_done_at_a_level():
    anchored = ready_made()["mentoring_competencies"].content.statements["feedback.specific"]

    assert list(anchored.anchors) == [1, 3, 5]


def test_mentees_are_asked_whether_they_belong_and_whom_they_trust():
    content = ready_made()["mentee_satisfaction"].content

    said = {key: [each.text for each in content.competency(key).statements] for key in ("belonging", "trust")}
    assert said == {
        "belonging": [
            "I feel that I belong here.",
            "I can be myself here.",
            "What I say counts.",
            "I often feel left out.",
        ],
        "trust": [
            "I can tell my mentor what I would not tell everybody.",
            "What I say in confidence is kept.",
            "If something went wrong, somebody here would help me.",
        ],
    }
    assert [key for key, each in content.statements.items() if each.is_reversed] == ["belonging.outside"]


def test_what_helped_and_what_did_not_may_be_quoted_with_consent():
    questions = ready_made()["program_evaluation"].content.questions

    assert [(each.text, each.may_be_quoted) for each in questions] == [
        ("What helped?", True),
        ("What did not help, or was in the way?", True),
    ]
