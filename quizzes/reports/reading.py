"""The facts of a quiz and its kept sums, each read by one statement."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.db import connection_of
from quizzes.models import Quiz
from quizzes.reports.columns import Columns
from quizzes.reports.models import AttemptFacts, LiveSums
from quizzes.reports.sums import together
from quizzes.statistics.live import Sums


def columns_of(session: Session, quiz: Quiz) -> Columns:
    """Every closed attempt of it."""
    return Columns.of(_packed(session, quiz))


def _packed(session: Session, quiz: Quiz) -> Collection[bytes]:
    if session.get_bind().dialect.name == "postgresql":
        # In one piece: a row of its own for each attempt takes five times as long on the way here.
        whole = select(func.string_agg(AttemptFacts.packed, b"")).where(AttemptFacts.quiz_id == quiz.id)
        return [session.scalar(whole) or b""]
    found = connection_of(session).execute(select(AttemptFacts.packed).where(AttemptFacts.quiz_id == quiz.id))
    return found.scalars().all()


def packed_of(session: Session, attempts: Collection[int]) -> dict[int, bytes]:
    """The facts of the attempts with these rows."""
    wanted = select(AttemptFacts.attempt_id, AttemptFacts.packed).where(AttemptFacts.attempt_id.in_(attempts))
    return dict(session.execute(wanted).all())


def sums_of(session: Session, quiz: Quiz, letters: str = "tvs") -> dict[str, Sums]:
    """The kept sums of first attempts: of the total, of each version and of each place in the quiz."""
    return together(session.scalars(select(LiveSums.sums).where(LiveSums.quiz_id == quiz.id)), letters)
