"""A learner starts an attempt: who may, and which questions they get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, contains_eager

from lti_tool import outbox
from lti_tool.models import Enrolment
from quizzes.accommodations import standing
from quizzes.attempts import log
from quizzes.attempts.log import Kind
from quizzes.closing import arrange_closing, close_if_over
from quizzes.drawing import Candidate, Drawn, draw
from quizzes.events import QuizStarted
from quizzes.kinds import Places
from quizzes.models import Answer, Attempt, Quiz
from quizzes.queries import attempt_to_change
from quizzes.questions import QuestionVersion
from quizzes.stocking import newest_versions


class NoAttemptLeft(Exception):
    """The learner has used all attempts the quiz allows."""


def start(session: Session, quiz: Quiz, me: Enrolment, *, seed: bytes, at: datetime) -> Attempt:
    """My open attempt, or a new one drawn from this seed, announced; the caller commits.

    Whoever starts twice at once, in two tabs, gets the same attempt twice. Raises NoAttemptLeft.
    """
    # Starts of one learner follow one another, so that the second sees what the first has made.
    session.execute(select(Enrolment.id).where(Enrolment.id == me.id).with_for_update(of=Enrolment))
    mine = (Attempt.quiz_id == quiz.id) & (Attempt.enrolment_id == me.id)
    running = attempt_to_change(session, mine & Attempt.submitted.is_(None))
    if running is not None and not close_if_over(session, running, at=at):
        return running
    used = session.scalar(select(func.count()).select_from(Attempt).where(mine)) or 0
    granted = standing.of(session, quiz, me, at=at)
    if used >= quiz.max_attempts + granted.attempts:
        raise NoAttemptLeft
    attempt = _new(session, quiz, me, seed, n=used + 1, deadline=quiz.timetable.deadline(at, granted), at=at)
    log.note(session, attempt.id, Kind.STARTED, at=at)
    arrange_closing(session, attempt)
    if not me.is_test:
        outbox.announce(session, _told(attempt, at))
    return attempt


def _new(
    session: Session, quiz: Quiz, me: Enrolment, seed: bytes, *, n: int, deadline: datetime | None, at: datetime
) -> Attempt:
    versions = [each for each in newest_versions(session, quiz.bank) if each.question.is_drawn]
    drawn = _draw(versions, quiz.draw_count, seed, _seen(session, quiz, me))
    attempt = Attempt(
        quiz=quiz,
        enrolment=me,
        n=n,
        seed=seed,
        pool=[version.id for version in versions],
        started=at,
        deadline=deadline,
        maximum=float(len(drawn)),
    )
    session.add(attempt)
    session.flush()
    # All in one statement: a whole class starts at the same moment.
    session.execute(insert(Answer), [_row(attempt, place, each) for place, each in enumerate(drawn, start=1)])
    return attempt


def _row(attempt: Attempt, place: int, drawn: Drawn) -> dict[str, object]:
    return {
        "attempt_id": attempt.id,
        "place": place,
        "version_id": drawn.version,
        "option_order": list(drawn.option_order),
        "maximum": 1.0,
        "response": {},
    }


def derive(session: Session, attempt: Attempt) -> list[Drawn]:
    """The attempt's draw once more, from its seed and pool and what its learner had seen before."""
    by_id = {
        version.id: version
        for version in session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(attempt.pool)))
    }
    seen = _seen(session, attempt.quiz, attempt.enrolment, before=attempt)
    return _draw([by_id[version] for version in attempt.pool], len(attempt.answers), attempt.seed, seen)


@dataclass(frozen=True)
class _Seen:
    """What a learner has met before in the course."""

    answers: Mapping[int, Sequence[Answer]]
    """By question, the newest last."""
    previous: Sequence[int]
    """The questions of the previous attempt at the same quiz, as shown."""


def _seen(session: Session, quiz: Quiz, me: Enrolment, *, before: Attempt | None = None) -> _Seen:
    wanted = select(Answer).join(Answer.attempt).where(Attempt.enrolment_id == me.id)
    if before is not None:
        wanted = wanted.where(Attempt.id < before.id)
    wanted = wanted.options(contains_eager(Answer.attempt)).order_by(Attempt.id, Answer.place)
    by_question: dict[int, list[Answer]] = {}
    previous: list[Answer] = []
    for answer in session.scalars(wanted):
        by_question.setdefault(answer.version.question_id, []).append(answer)
        if answer.attempt.quiz_id == quiz.id:
            is_same = bool(previous) and previous[-1].attempt_id == answer.attempt_id
            previous = [*previous, answer] if is_same else [answer]
    return _Seen(by_question, [answer.version.question_id for answer in previous])


def _draw(versions: Sequence[QuestionVersion], count: int, seed: bytes, seen: _Seen) -> list[Drawn]:
    pool = [_candidate(version, seen) for version in versions]
    return draw(pool, count, seed, previous=seen.previous)


def _candidate(version: QuestionVersion, seen: _Seen) -> Candidate:
    met = seen.answers.get(version.question_id, ())
    if not met:
        return unseen(version)
    return replace(unseen(version), met=len(met), last_order=_last_order(version, met[-1]))


def unseen(version: QuestionVersion) -> Candidate:
    """The question for somebody who has never met it."""
    places = version.places
    return Candidate(question=version.question_id, version=version.id, options=places.size, fixed=_fixed(places))


def _fixed(places: Places) -> frozenset[int]:
    """Where there are several things to shuffle, each by itself, this algorithm leaves all of them as they are."""
    if len(places.groups) > 1:
        return frozenset(range(places.size))
    return frozenset(range(places.size)) - {place for group in places.groups for place in group}


def _last_order(version: QuestionVersion, last: Answer) -> tuple[int, ...]:
    """How the question stood on the page last time, in the option places of this version."""
    places = {option.id: place for place, option in enumerate(version.behavior.options(version.body))}
    shown = [option.id for option in last.options]
    return tuple(places[option] for option in shown) if set(shown) == set(places) else ()


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
