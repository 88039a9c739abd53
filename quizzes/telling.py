"""What observers are told about a learner's quizzes: taken or not, passed or not; never a score or an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool import clock
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.observing import Line
from quizzes import queries
from quizzes.accommodations import standing
from quizzes.class_results import class_results
from quizzes.models import Attempt
from quizzes.progress import Progress


def lines(learners: Sequence[Enrolment]) -> Mapping[int, Sequence[Line]]:
    """A line a quiz of the course, for each of these learners."""
    told: dict[int, list[Line]] = {learner.id: [] for learner in learners}
    for quiz in queries.quizzes_of(db.session, learners[0].course):
        attempts = db.session.scalars(
            select(Attempt).where(Attempt.quiz_id == quiz.id, Attempt.enrolment_id.in_(list(told)))
        )
        granted = standing.of_all(db.session, quiz, at=clock.now())
        for progress in class_results(quiz, learners, attempts, granted).rows:
            told[progress.learner.id].append(_line(progress))
    return told


def _line(progress: Progress) -> Line:
    if progress.has_passed:
        value, tone = _("Passed"), "done"
    elif progress.running is not None:
        value, tone = _("Is taking it now"), "waiting"
    elif not progress.attempts:
        value, tone = _("Not taken yet"), "waiting"
    elif progress.waiting:
        value, tone = _("Taken; some answers wait for marking"), "waiting"
    elif progress.has_more:
        value, tone = _("Taken, not passed yet; may try again"), "waiting"
    else:
        value, tone = _("Taken, not passed"), "plain"
    return Line(label=progress.quiz.title, value=value, tone=tone)
