"""An attempt is drawn, and drawn once more for ever: from its seed and from what was kept of the day it began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from lti_tool.prepared import Here
from quizzes import seeing
from quizzes.designing import freezing
from quizzes.designing.freezing import Frozen
from quizzes.drawing import by_outline, from_pool
from quizzes.drawing.by_outline import Asked
from quizzes.drawing.from_pool import Drawn
from quizzes.kinds import Places
from quizzes.models import Answer, Attempt
from quizzes.questions import QuestionVersion


def draw(here: Here, frozen: Frozen, quiz: int, me: int, seed: bytes, *, before: Attempt | None = None) -> list[Asked]:
    """What I am asked, having seen what I have seen until now, or before that attempt."""
    seen = seeing.seen(here, quiz, me, frozen.versions, before=before)
    return by_outline.draw(frozen.seen_by(seen.of) if seen.met else frozen.outline, seed, previous=seen.previous)


def derive(session: Session, attempt: Attempt) -> list[Drawn]:
    """The attempt's draw once more, by the algorithm that it was drawn by."""
    if attempt.algorithm == from_pool.ALGORITHM:
        return _derive_from_pool(session, attempt)
    assert attempt.outline is not None
    frozen = freezing.read(attempt.outline.body)
    asked = draw(session, frozen, attempt.quiz_id, attempt.enrolment_id, attempt.seed, before=attempt)
    return [Drawn(each.question, each.version, each.option_order) for each in asked]


# What follows derives attempts of the first algorithm. None is drawn by it any more, and nothing of it may change.


def _derive_from_pool(session: Session, attempt: Attempt) -> list[Drawn]:
    by_id = {
        version.id: version
        for version in session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(attempt.pool)))
    }
    seen = _seen(session, attempt)
    pool = [_candidate(by_id[version], seen) for version in attempt.pool]
    return from_pool.draw(pool, len(attempt.answers), attempt.seed, previous=seen.previous)


@dataclass(frozen=True)
class _Seen:
    answers: Mapping[int, Sequence[Answer]]
    """By question, the newest last."""
    previous: Sequence[int]


def _seen(session: Session, attempt: Attempt) -> _Seen:
    wanted = (
        select(Answer)
        .join(Answer.attempt)
        .where(Attempt.enrolment_id == attempt.enrolment_id, Attempt.id < attempt.id)
        .options(contains_eager(Answer.attempt))
        .order_by(Attempt.id, Answer.place)
    )
    by_question: dict[int, list[Answer]] = {}
    previous: list[Answer] = []
    for answer in session.scalars(wanted):
        by_question.setdefault(answer.version.question_id, []).append(answer)
        if answer.attempt.quiz_id == attempt.quiz_id:
            is_same = bool(previous) and previous[-1].attempt_id == answer.attempt_id
            previous = [*previous, answer] if is_same else [answer]
    return _Seen(by_question, [answer.version.question_id for answer in previous])


def _candidate(version: QuestionVersion, seen: _Seen) -> from_pool.Candidate:
    places = version.places
    candidate = from_pool.Candidate(
        question=version.question_id, version=version.id, options=places.size, fixed=_fixed(places)
    )
    met = seen.answers.get(version.question_id, ())
    return replace(candidate, met=len(met), last_order=_last_order(version, met[-1])) if met else candidate


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
