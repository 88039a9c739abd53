"""An attempt ends: handed in by its learner or run out of time; marked, told, and the best one graded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.db import transaction
from lti_tool.events import ActivityCompleted, GradeChanged
from lti_tool.outbox import Done, Errand, Later, Outcome
from quizzes.attempts import log
from quizzes.attempts.log import Kind
from quizzes.events import QuizSubmitted
from quizzes.models import Answers, Attempt
from quizzes.queries import attempt_to_change
from quizzes.reports import keeping

LANE = "quiz-closing"


def hand_in(session: Session, attempt: Attempt, answers: Answers, *, at: datetime) -> None:
    """Submit the attempt with these last answers and tell everybody concerned; the caller commits.

    Load the attempt by `queries.attempt_to_change`, so that nobody else hands it in meanwhile.
    Raises AttemptClosed if it takes no answers any more.
    """
    _tell(session, attempt, attempt.submit(answers, at=at))
    log.note(session, attempt.id, Kind.HANDED_IN, at=at)


def close_if_over(session: Session, attempt: Attempt, *, at: datetime) -> bool:
    """Mark what was saved if the time is over and nobody handed it in; whether the attempt is closed now."""
    if attempt.is_open and not attempt.is_taking(at):
        _tell(session, attempt, attempt.run_out(at))
        log.note(session, attempt.id, Kind.CLOSED, at=at)
    return not attempt.is_open


def arrange_closing(session: Session, attempt: Attempt) -> None:
    """Have the attempt closed once its time and the grace are over."""
    if attempt.window is not None:
        outbox.post(session, LANE, {"attempt": attempt.id}, due=attempt.window.closes)


class ClosingCarrier:
    """Closes attempts whose learners did not hand them in."""

    batch = 50

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        outcomes = [_close(errand) for errand in errands]
        with transaction() as session:
            log.forget(session, clock.now())
        return outcomes


def _close(errand: Errand) -> Outcome:
    at = clock.now()
    with transaction() as session:
        attempt = attempt_to_change(session, Attempt.id == errand.body["attempt"])
        if attempt is None or close_if_over(session, attempt, at=at) or attempt.window is None:
            return Done()
        # Its deadline moved after the letter was posted, or this is the very last moment of the grace.
        return Later("the attempt still runs", (attempt.window.closes - at).total_seconds() + 0.001)


def _tell(session: Session, attempt: Attempt, event: QuizSubmitted) -> None:
    session.flush()
    if attempt.enrolment.is_test:
        return
    outbox.announce(session, event)
    best = _best_of_others(session, attempt)
    share = event.raw / event.maximum
    if best is None or share > best:
        outbox.announce(session, _grade(attempt, event))
    has_passed = attempt.quiz.is_passed_with(max(share, best or 0.0))
    outbox.announce(session, _completion(attempt, event, has_passed=has_passed))
    keeping.keep(session, attempt)


def _best_of_others(session: Session, attempt: Attempt) -> float | None:
    """The largest share that the learner's other attempts at the same quiz earned."""
    return session.scalar(
        select(func.max(Attempt.raw / Attempt.maximum)).where(
            Attempt.quiz_id == attempt.quiz_id,
            Attempt.enrolment_id == attempt.enrolment_id,
            Attempt.id != attempt.id,
        )
    )


def _grade(attempt: Attempt, event: QuizSubmitted) -> GradeChanged:
    return GradeChanged(
        at=event.at,
        who=event.who,
        where=event.where,
        activity=attempt.quiz.reference,
        title=event.title,
        score=event.raw,
        maximum=event.maximum,
        attempt=attempt.public_id,
    )


def _completion(attempt: Attempt, event: QuizSubmitted, *, has_passed: bool) -> ActivityCompleted:
    return ActivityCompleted(
        at=event.at,
        who=event.who,
        where=event.where,
        activity=attempt.quiz.reference,
        has_passed=has_passed,
    )
