"""What a mentor reads of their mentee's quizzes before they meet: topics, and never a question, an answer or a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.panels import BriefPanel, Card
from quizzes import queries
from quizzes.models import Attempt, Quiz
from quizzes.reports import reading
from quizzes.reports.packing import unpack
from quizzes.reports.topics import Standing, asked_in, results_of, standing_after, topics_of


@dataclass(frozen=True)
class Seen:
    """The newest attempt at a quiz that the mentee has handed in."""

    attempt: Attempt
    standing: Standing


def card(mentor: Enrolment, mentee: Enrolment) -> Card | None:
    """What the mentee missed in each quiz; None as long as they have handed in nothing."""
    seen = newest(db.session, mentee)
    if not seen:
        return None
    return Card(title=_("What the quiz showed"), template="quiz_reports/_brief.html", context={"seen": seen})


def newest(session: Session, mentee: Enrolment) -> Sequence[Seen]:
    """Quiz by quiz; in as many statements however many there are."""
    quizzes = {quiz.id: quiz for quiz in queries.quizzes_of(session, mentee.course)}
    attempts = _newest(session, mentee, quizzes)
    packed = {
        attempt: unpack(each) for attempt, each in reading.packed_of(session, [each.id for each in attempts]).items()
    }
    topics = topics_of(session, asked_in(packed.values()))
    return [
        Seen(attempt, standing_after(attempt, results_of(packed[attempt.id], topics)))
        for attempt in attempts
        if attempt.id in packed
    ]


def _newest(session: Session, mentee: Enrolment, quizzes: dict[int, Quiz]) -> Sequence[Attempt]:
    found = session.scalars(
        select(Attempt)
        .where(
            Attempt.enrolment_id == mentee.id,
            Attempt.submitted.is_not(None),
            Attempt.quiz_id.in_(quizzes),
        )
        .order_by(Attempt.quiz_id, Attempt.n)
    )
    return list({attempt.quiz_id: attempt for attempt in found}.values())


PANEL = BriefPanel(key="quiz", order=40, fill=card, is_on_page=True)
