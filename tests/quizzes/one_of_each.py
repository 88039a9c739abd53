"""A bank with one question of each kind, and a quiz that asks them all."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course
from quizzes.designing.plan import FixedPlan, Plan, SectionPlan
from quizzes.marking import Kind
from quizzes.models import Quiz
from quizzes.questions import Bank, Category, Question, QuestionVersion
from quizzes.rich import TextFormat
from tests.cast import THEN
from tests.quizzes.making import a_quiz

TWO = [{"id": "a", "text": "Red"}, {"id": "b", "text": "Blue"}]
BODIES: dict[Kind, dict[str, Any]] = {
    Kind.SINGLE: {"options": TWO, "right": ["a"]},
    Kind.MULTIPLE: {"options": [*TWO, {"id": "c", "text": "Green"}], "right": ["a", "b"]},
    Kind.TRUE_FALSE: {"right": ["true"]},
    Kind.MATCHING: {
        "rows": [{"id": "fr", "text": "France"}, {"id": "it", "text": "Italy"}],
        "choices": [{"id": "paris", "text": "Paris"}, {"id": "rome", "text": "Rome"}],
        "right": {"fr": "paris", "it": "rome"},
    },
    Kind.ORDERING: {"items": [{"id": "one", "text": "Wake"}, {"id": "two", "text": "Rise"}]},
    Kind.NUMERIC: {
        "answers": [{"value": "1500", "tolerance": "10"}],
        "units": [{"unit": "m", "factor": "1"}],
        "unit": "required",
    },
    Kind.SHORT_TEXT: {"answers": [{"text": "fire alarm"}]},
    Kind.CLOZE: {
        "text": "The alarm is **[[color]]**; leave within [[minutes]] minutes.",
        "gaps": [
            {"id": "color", "kind": "single", "options": TWO, "right": ["a"]},
            {"id": "minutes", "kind": "numeric", "answers": [{"value": "3", "tolerance": "1"}]},
        ],
    },
    Kind.DROP_DOWN: {
        "text": "Take the [[way]].",
        "gaps": [{"id": "way", "kind": "single", "options": TWO, "right": ["b"]}],
    },
    Kind.CATEGORIZE: {
        "rows": [{"id": "cat", "text": "Cat"}, {"id": "oak", "text": "Oak"}],
        "choices": [{"id": "animal", "text": "Animal"}, {"id": "plant", "text": "Plant"}],
        "right": {"cat": "animal", "oak": "plant"},
    },
    Kind.HOTSPOT: {
        "areas": [{"id": "door", "label": "The door"}, {"id": "alarm", "label": "The alarm"}],
        "right": ["alarm"],
    },
    Kind.ESSAY: {"lines": 5},
    Kind.DESCRIPTION: {},
}
RIGHT: dict[Kind, dict[str, Any]] = {
    Kind.SINGLE: {"": "a"},
    Kind.MULTIPLE: {"": ["a", "b"]},
    Kind.TRUE_FALSE: {"": "true"},
    Kind.MATCHING: {"fr": "paris", "it": "rome"},
    Kind.ORDERING: {"one": "1", "two": "2"},
    Kind.NUMERIC: {"number": "1 495,0", "unit": "m"},
    Kind.SHORT_TEXT: {"text": " Fire  ALARM"},
    Kind.CLOZE: {"color": "a", "minutes": "2.5"},
    Kind.DROP_DOWN: {"way": "b"},
    Kind.CATEGORIZE: {"cat": "animal", "oak": "plant"},
    Kind.HOTSPOT: {"": "alarm"},
    Kind.ESSAY: {"text": "Once upon a time"},
    Kind.DESCRIPTION: {},
}
"""What people enter for all of it, by the part of each answer."""


def a_quiz_of_all_kinds(session: Session, course: Course, *kinds: Kind) -> Quiz:
    wanted = kinds or tuple(BODIES)
    bank = Bank(course_id=course.id, name="all", title="All kinds", language="en", license="MIT")
    bank.categories.append(Category(name="topic", title="A topic"))
    session.add(bank)
    for kind in wanted:
        body = {"text": f"This is *{kind}*?", "why": "<script>alert(1)</script>So it is.", **BODIES[kind]}
        question = Question(bank=bank, name=kind.value, category=bank.categories[0])
        session.add(
            QuestionVersion(
                question=question,
                n=1,
                difficulty=1,
                kind=kind,
                text_format=TextFormat.MARKDOWN,
                body=body,
                sha256="",
                created=THEN,
            )
        )
        session.flush()
    slots = tuple(FixedPlan(question=each.id) for each in session.scalars(select(Question).order_by(Question.id)))
    plan = Plan(sections=(SectionPlan(slots=slots),))
    return a_quiz(session, course, bank, "all", "All kinds", plan=plan)


def as_entered(kind: Kind, place: int) -> dict[str, Any]:
    """The form fields of a right answer to the question at this place."""
    return {f"q{place}-{part}" if part else f"q{place}": value for part, value in RIGHT[kind].items()}
