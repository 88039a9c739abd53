"""What a learner has met before in the course: how often, and how it stood on the page last time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from lti_tool.outbox import session_of
from lti_tool.prepared import Here, Prepared
from quizzes.drawing.outline import Candidate
from quizzes.models import Answer, Attempt
from quizzes.questions import QuestionVersion


@dataclass(frozen=True)
class Met:
    times: int
    version: int
    """In which version it was asked last."""
    order: tuple[int, ...]
    """How its options stood then, in the places of that version."""


@dataclass(frozen=True)
class Seen:
    met: Mapping[int, Met] = field(default_factory=dict)
    """By question."""
    previous: Sequence[int] = ()
    """The questions of the previous attempt at the same quiz, as shown."""
    places: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    """For questions asked last in another version than now: where each option stands, by version."""

    def of(self, candidate: Candidate) -> Candidate:
        """The candidate with what this learner has seen of it."""
        met = self.met.get(candidate.question)
        if met is None:
            return candidate
        return replace(candidate, met=met.times, last_order=self._order(met, candidate))

    def _order(self, met: Met, candidate: Candidate) -> tuple[int, ...]:
        """As it stood last time, in the option places of the version that is asked now."""
        if met.version == candidate.version:
            return met.order
        then, now = self.places.get(met.version, {}), self.places.get(candidate.version, {})
        if not then or set(then) != set(now) or len(then) != len(met.order):
            return ()
        names = {place: name for name, place in then.items()}
        return tuple(now[names[place]] for place in met.order)


def seen(here: Here, quiz: int, me: int, versions: Mapping[int, int], *, before: Attempt | None = None) -> Seen:
    """What I have met before that attempt, or until now; `versions` says in which each question would be asked."""
    met = _met(here, me, before)
    if not met:
        return Seen()
    changed = {
        version
        for question, each in met.items()
        if question in versions and versions[question] != each.version
        for version in (each.version, versions[question])
    }
    previous = _previous(here, quiz, me, before)
    return Seen(met, previous, _places(here, changed) if changed else {})


def _last_met(*earlier: ColumnElement[bool]) -> Select[Any]:
    """Counted by the database. Answers of one learner get their rows in the order of time."""
    last = (
        select(QuestionVersion.question_id, func.count().label("times"), func.max(Answer.id).label("answer"))
        .select_from(Attempt)
        .join(Answer, Answer.attempt_id == Attempt.id)
        .join(QuestionVersion, QuestionVersion.id == Answer.version_id)
        .where(*earlier)
        .group_by(QuestionVersion.question_id)
        .subquery()
    )
    columns = last.c.question_id, last.c.times, Answer.version_id, Answer.option_order
    return select(*columns).join(last, last.c.answer == Answer.id)


def _last_asked(*earlier: ColumnElement[bool]) -> Select[Any]:
    last = select(func.max(Attempt.id)).where(Attempt.quiz_id == bindparam("quiz"), *earlier).scalar_subquery()
    return (
        select(QuestionVersion.question_id)
        .join(Answer, Answer.version_id == QuestionVersion.id)
        .where(Answer.attempt_id == last)
        .order_by(Answer.place)
    )


_MINE = Attempt.enrolment_id == bindparam("me")
_BEFORE = Attempt.id < bindparam("before")
# Put together once: a whole class starts at the same moment.
_MET, _MET_BEFORE = Prepared(_last_met(_MINE)), Prepared(_last_met(_MINE, _BEFORE))
_ASKED, _ASKED_BEFORE = Prepared(_last_asked(_MINE)), Prepared(_last_asked(_MINE, _BEFORE))


def _met(here: Here, me: int, before: Attempt | None) -> dict[int, Met]:
    rows = _MET.rows(here, me=me) if before is None else _MET_BEFORE.rows(here, me=me, before=before.id)
    return {question: Met(times, version, tuple(order)) for question, times, version, order in rows}


def _previous(here: Here, quiz: int, me: int, before: Attempt | None) -> list[int]:
    told = {"quiz": quiz, "me": me}
    rows = _ASKED.rows(here, **told) if before is None else _ASKED_BEFORE.rows(here, **told, before=before.id)
    return [question for (question,) in rows]


def _places(here: Here, versions: set[int]) -> dict[int, dict[str, int]]:
    """Where each option of these versions stands; nothing for versions two of whose options share a name."""
    found = {}
    for version in session_of(here).scalars(select(QuestionVersion).where(QuestionVersion.id.in_(versions))):
        names = [option.id for option in version.behavior.options(version.body)]
        found[version.id] = {name: place for place, name in enumerate(names)} if len(set(names)) == len(names) else {}
    return found
