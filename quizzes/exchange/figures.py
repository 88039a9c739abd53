"""How the questions of a bank did in the quizzes of a course, for packages with them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course
from quizzes import queries
from quizzes.bank.queries import with_newest
from quizzes.formats.usage import Statistic
from quizzes.questions import Bank, Question, QuestionVersion
from quizzes.reports.columns import Which
from quizzes.reports.models import AttemptFacts
from quizzes.reports.usage import statistics_of


def of_bank(session: Session, course: Course, bank: Bank, *, at: date) -> list[Statistic]:
    """Of first attempts, quiz by quiz; of each question as it stands now, for that is what goes along."""
    now = set(session.scalars(with_newest().where(Question.bank_id == bank.id).with_only_columns(QuestionVersion.id)))
    taken = select(AttemptFacts.quiz_id).distinct()
    quizzes = {each.id: each for each in queries.all_quizzes_of(session, course)}
    found: list[Statistic] = []
    for number in session.scalars(taken.where(AttemptFacts.quiz_id.in_(quizzes)).order_by(AttemptFacts.quiz_id)):
        found += statistics_of(
            session,
            quizzes[number],
            Which.FIRST,
            at=at,
            called=lambda asked: {each.id: each.name for each in asked},
            versions=now,
        )
    return found
