"""What quizzes hold about a person: attempts, which stay counted when their name is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import personal_data
from lti_tool.models import Enrolment, Person
from lti_tool.personal_data import Keeper, Plain
from quizzes.models import Attempt

ORDER = 20


def init_app(app: Flask) -> None:
    personal_data.register(app, Keeper(key="quizzes", order=ORDER, export=export, erase=erase))


def export(session: Session, person: Person) -> Plain:
    return {"attempts": [_attempt(each) for each in _attempts(session, person)]}


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "quiz": attempt.quiz.title,
        "number": attempt.n,
        "started": attempt.started.isoformat(),
        "submitted": attempt.submitted.isoformat() if attempt.submitted else None,
        "score": attempt.raw,
        "maximum": attempt.maximum,
        "answers": [
            {"question": each.version.public_id, "answer": each.response, "points": each.mark}
            for each in attempt.answers
        ],
    }


def erase(session: Session, person: Person, at: datetime) -> Sequence[str]:
    attempts = len(_attempts(session, person))
    return [f"Kept: {attempts} attempts at quizzes, counted for the class, under no name."]


def _attempts(session: Session, person: Person) -> Sequence[Attempt]:
    return session.scalars(
        select(Attempt).join(Attempt.enrolment).where(Enrolment.person_id == person.id).order_by(Attempt.id)
    ).all()
