"""An attempt ends: handed in by its learner or run out of time; marked, told and graded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.db import transaction
from lti_tool.events import ActivityCompleted, Event, GradeChanged
from lti_tool.models import Enrolment
from lti_tool.outbox import Done, Errand, Later, Outcome
from lti_tool.prepared import Here
from quizzes.attempts import log
from quizzes.attempts.log import Kind
from quizzes.events import QuizSubmitted
from quizzes.grading import Grade, Taken, grade_of
from quizzes.models import Answers, Attempt, Quiz
from quizzes.queries import attempt_to_change, attempts_of
from quizzes.reports import keeping
from quizzes.timing import Window

LANE = "quiz-closing"


def hand_in(session: Session, attempt: Attempt, answers: Answers, *, at: datetime) -> None:
    """Submit the attempt with these last answers and tell everybody concerned; the caller commits.

    Load the attempt by `queries.attempt_to_change`, so that nobody else hands it in meanwhile.
    Raises AttemptClosed if it takes no answers any more.
    """
    keep(session, attempt, answers, at=at)
    _tell(session, attempt, attempt.submit({}, at=at))
    log.note(session, attempt.id, Kind.HANDED_IN, at=at)


def keep(session: Session, attempt: Attempt, answers: Answers, *, at: datetime) -> None:
    """Keep the answers of a form; the caller commits. Raises AttemptClosed if it takes none any more."""
    changed = attempt.save(answers, at)
    session.flush()
    for answer in changed:
        log.note(session, attempt.id, Kind.SAVED, at=at, place=answer.place, seq=answer.seq)


def close_if_over(session: Session, attempt: Attempt, *, at: datetime) -> bool:
    """Mark what was saved if the time is over and nobody handed it in; whether the attempt is closed now."""
    if attempt.is_open and not attempt.is_taking(at):
        _tell(session, attempt, attempt.run_out(at))
        log.note(session, attempt.id, Kind.CLOSED, at=at)
    return not attempt.is_open


def end_untold(session: Session, attempt: Attempt, *, at: datetime) -> None:
    """Mark what was saved of somebody who is being erased: it counts for the class, and nobody hears of it any more.

    The caller commits.
    """
    held = attempt_to_change(session, Attempt.id == attempt.id)
    if held is not None and held.is_open:
        held.run_out(at)
        keeping.keep(session, held)


def arrange_closing(here: Here, attempt: int, window: Window | None) -> None:
    """Have the attempt closed once its time and the grace are over."""
    if window is not None:
        outbox.post(here, LANE, {"attempt": attempt}, due=window.closes)


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
    others = [each for each in attempts_of(session, attempt.quiz, attempt.enrolment) if each.id != attempt.id]
    before = grade_in(attempt.quiz, others)
    announce_grade(session, attempt, before=before, is_complete=attempt.is_marked, at=event.at)


def grade_in(quiz: Quiz, attempts: Iterable[Taken]) -> Grade | None:
    """What these attempts of one learner make together, by the quiz's rule."""
    return grade_of(quiz.settings.grading, attempts)


def announce_grade(
    session: Session, attempt: Attempt, *, before: Grade | None, is_complete: bool, at: datetime
) -> None:
    """Tell what the learner's grade is now, after this attempt was closed or marked; the caller commits."""
    session.flush()
    after = grade_in(attempt.quiz, attempts_of(session, attempt.quiz, attempt.enrolment))
    for event in news_of(attempt.quiz, attempt.enrolment, before, after, is_complete=is_complete, at=at):
        outbox.announce(session, event)
    keeping.keep(session, attempt)


def news_of(
    quiz: Quiz, learner: Enrolment, before: Grade | None, after: Grade | None, *, is_complete: bool, at: datetime
) -> list[Event]:
    """What there is to announce of a learner's grade: nothing as long as it waits for marks, or stays what it was, and
    nothing of practice.

    `is_complete` says that an attempt has just got its last mark.
    """
    if after is None or quiz.settings.is_practice:
        return []
    news: list[Event] = []
    if before is None or (before.raw, before.maximum) != (after.raw, after.maximum):
        news.append(_grade(quiz, learner, after, at))
    has_passed = quiz.is_passed_with(after.share)
    if is_complete or (before is not None and quiz.is_passed_with(before.share) != has_passed):
        news.append(_completion(quiz, learner, has_passed=has_passed, at=at))
    return news


def _grade(quiz: Quiz, learner: Enrolment, grade: Grade, at: datetime) -> GradeChanged:
    return GradeChanged(
        at=at,
        who=learner.who,
        where=quiz.course.where,
        activity=quiz.reference,
        title=quiz.title,
        score=grade.raw,
        maximum=grade.maximum,
        attempt=grade.attempt,
    )


def _completion(quiz: Quiz, learner: Enrolment, *, has_passed: bool, at: datetime) -> ActivityCompleted:
    return ActivityCompleted(
        at=at,
        who=learner.who,
        where=quiz.course.where,
        activity=quiz.reference,
        has_passed=has_passed,
    )
