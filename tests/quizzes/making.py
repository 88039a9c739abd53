"""Quizzes made without the pages for it: published at once, with whatever is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.models import Course
from quizzes.designing import revising
from quizzes.designing.models import QuizRevision
from quizzes.designing.plan import Plan
from quizzes.designing.settings import Settings
from quizzes.models import Quiz
from quizzes.questions import Bank
from tests.cast import THEN


def a_quiz(
    session: Session,
    course: Course,
    bank: Bank,
    name: str = "later",
    title: str = "Later",
    *,
    plan: Plan | None = None,
    asks: int = 20,
    **settings: Any,
) -> Quiz:
    """A published quiz of one rule, or of this plan."""
    quiz = revising.make(
        session,
        course,
        bank,
        title,
        plan or Plan.of_one_rule(bank.id, asks),
        Settings(**settings),
        name=name,
        at=THEN,
    )
    revising.publish(session, quiz, at=THEN)
    session.commit()
    return quiz


def changed(session: Session, quiz: Quiz, *, plan: Plan | None = None, title: str = "", **settings: Any) -> Quiz:
    """The quiz after its next revision was published, with these things otherwise."""
    last = revising.newest(session, quiz)
    revision = QuizRevision(
        quiz=quiz,
        n=last.n + 1,
        title=title or last.title,
        bank=last.bank,
        plan=(plan or last.outlined).as_json(),
        settings=replace(last.rules, **settings).as_json(),
        created=THEN,
    )
    session.add(revision)
    session.flush()
    revising.publish(session, quiz, at=THEN)
    session.commit()
    return quiz
