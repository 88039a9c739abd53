"""Where a quiz and an attempt are seen."""

from __future__ import annotations

from flask import url_for

from lti_tool.models import Enrolment
from quizzes.blueprint import STAFF
from quizzes.models import Attempt, Quiz


def address_of(quiz: Quiz, me: Enrolment) -> str:
    """Where this visitor sees the quiz: a learner to take it, staff how the class did."""
    endpoint = "quizzes.results" if me.role in STAFF else "quizzes.quiz"
    return url_for(endpoint, course=me.course.public_id, quiz_id=quiz.public_id)


def attempt_address(me: Enrolment, mine: Attempt, page: int = 1, *, question: str = "") -> str:
    more = page if page > 1 else None
    there = f"question-{number(question)}" if question else None
    return url_for("quizzes.attempt", course=me.course.public_id, attempt_id=mine.public_id, page=more, _anchor=there)


def number(said: str) -> int:
    """Of a page or question, as somebody sends it; 1 where it is none."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else 1
