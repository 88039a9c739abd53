"""A learner starts an attempt: who may, and which questions they get."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import as_stored, new_public_id, table
from lti_tool.models import Enrolment
from lti_tool.prepared import insert_into
from quizzes import deriving, entering
from quizzes.accommodations import standing
from quizzes.attempts import log
from quizzes.attempts.log import Kind
from quizzes.closing import arrange_closing, close_if_over
from quizzes.designing import freezing
from quizzes.drawing import by_outline
from quizzes.drawing.by_outline import Asked
from quizzes.events import QuizStarted
from quizzes.models import Answer, Attempt, Quiz
from quizzes.queries import attempt_to_change, attempts_of, hold_one, hold_published
from quizzes.reporting import Progress
from quizzes.timing import Turn


class NotYourTurn(Exception):
    """No further attempt can begin now; `turn` says why, and from when on one may."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(str(turn.why_not))
        self.turn = turn


class NotPublished(Exception):
    """The quiz was taken back or deleted meanwhile."""


class NothingToAsk(Exception):
    """No question of the quiz is there any more that would count."""


def start(session: Session, quiz: Quiz, me: Enrolment, *, seed: bytes, at: datetime, code: str = "") -> Attempt:
    """My open attempt, or a new one drawn from this seed, announced; the caller commits.

    Whoever starts twice at once, in two tabs, gets the same attempt twice. Raises NotPublished, NotYourTurn,
    NothingToAsk, and what `entering.enter` says of a wrong access code.
    """
    if not hold_published(session, quiz):
        raise NotPublished
    # Starts of one learner follow one another, so that the second sees what the first has made.
    hold_one(session, me)
    mine = (Attempt.quiz_id == quiz.id) & (Attempt.enrolment_id == me.id)
    attempts = attempts_of(session, quiz, me)
    if any(each.is_open for each in attempts):
        running = attempt_to_change(session, mine & Attempt.submitted.is_(None))
        if running is not None and not close_if_over(session, running, at=at):
            return running
        attempts = attempts_of(session, quiz, me)
    granted = standing.of(session, quiz, me, at=at)
    progress = Progress(quiz=quiz, learner=me, attempts=attempts, granted=granted)
    turn = progress.turn(at)
    if not turn.is_allowed:
        raise NotYourTurn(turn)
    entering.enter(session, quiz, me, code, at=at, own_codes=granted.instead.access_codes)
    deadline = progress.settings.timetable.deadline(at, granted)
    attempt = _new(session, quiz, me, seed, n=turn.n, deadline=deadline, at=at)
    log.note(session, attempt.id, Kind.STARTED, at=at)
    arrange_closing(session, attempt)
    if not me.is_test:
        outbox.announce(session, _told(attempt, at))
    return attempt


def _new(
    session: Session, quiz: Quiz, me: Enrolment, seed: bytes, *, n: int, deadline: datetime | None, at: datetime
) -> Attempt:
    revision = quiz.published
    outline, frozen = freezing.frozen(session, revision.outlined)
    asked = deriving.draw(session, frozen, quiz, me, seed)
    worth = [frozen.worth(each.slot, each.version) for each in asked]
    if not any(worth):
        raise NothingToAsk
    attempt = _written(
        session,
        public_id=new_public_id(),
        quiz_id=quiz.id,
        revision_id=revision.id,
        enrolment_id=me.id,
        n=n,
        seed=seed,
        algorithm=by_outline.ALGORITHM,
        outline_id=outline,
        started=at,
        deadline=deadline,
        maximum=sum(worth),
    )
    rows = [
        _row(attempt, place, each, mark) for place, (each, mark) in enumerate(zip(asked, worth, strict=True), start=1)
    ]
    session.execute(_ANSWERS, rows)
    return attempt


# A whole class starts at the same moment: what is written is put together once, and goes past the session.
_UNTOUCHED = {"pool": [], "epoch": 0, "opened_by": "", "network": "", "page": 1, "unmarked": 0}
_DRAWN = ("public_id", "quiz_id", "revision_id", "enrolment_id", "n", "seed", "algorithm", "outline_id")
_ATTEMPT = insert_into(Attempt, *_DRAWN, "started", "deadline", "maximum", *_UNTOUCHED, gives="id")
_ANSWERS = insert(table(Answer))


def _written(session: Session, **values: Any) -> Attempt:
    session.flush()
    row = _ATTEMPT.one(session, **_UNTOUCHED, **values)
    assert row is not None
    return as_stored(session, Attempt(id=row[0], **_UNTOUCHED, **values))


def _row(attempt: Attempt, place: int, asked: Asked, maximum: float) -> dict[str, object]:
    return {
        "attempt_id": attempt.id,
        "place": place,
        "section": asked.section,
        "version_id": asked.version,
        "option_order": list(asked.option_order),
        "maximum": maximum,
        "response": {},
    }


def _told(attempt: Attempt, at: datetime) -> QuizStarted:
    return QuizStarted(
        at=at,
        who=attempt.enrolment.who,
        where=attempt.quiz.course.where,
        quiz=attempt.quiz.public_id,
        title=attempt.quiz.title,
        attempt=attempt.public_id,
        n=attempt.n,
    )
