"""Answers are kept one by one as they come, each under a number that only grows.

An answer is taken if and only if it comes before the deadline and grace are over, its number is higher than that of the
one kept, and the question has not been checked: one statement asks and writes. So whatever is sent twice, late or in
the wrong order changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import Any

from sqlalchemy import BindParameter, bindparam, select, update

from lti_tool.db import Base, table
from lti_tool.prepared import Here, Prepared
from quizzes.attempts import log
from quizzes.attempts.batches import Entry
from quizzes.attempts.holding import Held
from quizzes.attempts.log import Kind
from quizzes.kinds import Kind as Sort
from quizzes.kinds import NotAnAnswer, QuestionKind, TooLong, kind_of
from quizzes.kinds.base import Body
from quizzes.models import Answer
from quizzes.questions import QuestionVersion


class Verdict(StrEnum):
    """What becomes of one answer that was sent."""

    KEPT = "kept"
    HAD = "had"
    """This very one was kept before."""
    OLDER = "older"
    """A newer one is kept."""
    CROSSED = "crossed"
    """Another one is kept under this number: another page has answered without knowing of this one."""
    NOT_ASKED = "not asked"
    """The attempt does not have that many questions."""
    NOT_AN_ANSWER = "not an answer"
    TOO_LONG = "too long"
    CHECKED = "checked"
    """It came too late: the question was checked, which fixed its answer."""
    PASSED = "passed"
    """The learner has gone on to a page from which there is no way back."""


@dataclass(frozen=True)
class Outcome:
    place: int
    verdict: Verdict
    seq: int
    """Of the answer kept now; 0 where there is none."""
    is_answered: bool = False
    """Whether what was kept now is an answer; otherwise the question is open again."""


def _put(model: type[Base], **values: str) -> dict[str, BindParameter[Any]]:
    columns = table(model).c
    return {name: bindparam(said, type_=columns[name].type) for name, said in values.items()}


_ANSWER, _VERSION = table(Answer).c, table(QuestionVersion).c
_ASKED = Prepared(
    select(_ANSWER.id, _ANSWER.seq, _ANSWER.checked, _VERSION.public_id)
    .join_from(table(Answer), table(QuestionVersion), _VERSION.id == _ANSWER.version_id)
    .where(
        _ANSWER.attempt_id == bindparam("attempt", type_=_ANSWER.attempt_id.type),
        _ANSWER.place == bindparam("place", type_=_ANSWER.place.type),
    )
)
_RESPONSE = Prepared(select(_ANSWER.response).where(_ANSWER.id == bindparam("row", type_=_ANSWER.id.type)))
_QUESTION = Prepared(
    select(_VERSION.kind, _VERSION.body).where(
        _VERSION.public_id == bindparam("version", type_=_VERSION.public_id.type)
    )
)
_IS_NEWER = update(table(Answer)).where(
    _ANSWER.id == bindparam("row", type_=_ANSWER.id.type),
    _ANSWER.seq < bindparam("number", type_=_ANSWER.seq.type),
    _ANSWER.checked.is_(None),
)
_NEW_VALUES = _put(Answer, response="said", saved="now", seq="number")
_KEEP = Prepared(_IS_NEWER.values(_NEW_VALUES))
_KEEP_FLAGGED = Prepared(_IS_NEWER.values({**_NEW_VALUES, **_put(Answer, is_flagged="flagged")}))
_FLAG = Prepared(_IS_NEWER.values(_put(Answer, seq="number", is_flagged="flagged")))
_SAID = Prepared(select(_ANSWER.response).where(_ANSWER.id == bindparam("row", type_=_ANSWER.id.type)))


def save(here: Here, held: Held, entries: Sequence[Entry], *, at: datetime) -> list[Outcome]:
    """Keep these answers in an attempt that is held and takes answers; the caller commits."""
    return [_save(here, held, entry, at) for entry in entries]


def _save(here: Here, held: Held, entry: Entry, at: datetime) -> Outcome:
    row = _ASKED.one(here, attempt=held.id, place=entry.place)
    if row is None:
        return Outcome(entry.place, Verdict.NOT_ASKED, 0)
    answer_id, seq, checked, version = row
    if entry.seq < seq:
        return Outcome(entry.place, Verdict.OLDER, seq)
    if entry.seq > seq and checked is not None:
        return Outcome(entry.place, Verdict.CHECKED, seq)
    if entry.seq > seq and not held.shows(entry.place):
        return Outcome(entry.place, Verdict.PASSED, seq)
    try:
        behavior, body = _questions.get(here, version)
        if behavior.kind is Sort.UPLOAD:
            return _flag(here, held, entry, answer_id, at)
        said = behavior.cleaned(body, entry.response)
    except NotAnAnswer as problem:
        is_long = isinstance(problem, TooLong)
        return Outcome(entry.place, Verdict.TOO_LONG if is_long else Verdict.NOT_AN_ANSWER, seq)
    if entry.seq == seq:
        is_this_one = _RESPONSE.one(here, row=answer_id) == (said,)
        return Outcome(entry.place, Verdict.HAD if is_this_one else Verdict.CROSSED, seq)
    new = {"row": answer_id, "number": entry.seq, "said": said, "now": at}
    if entry.is_flagged is None:
        _KEEP.run(here, **new)
    else:
        _KEEP_FLAGGED.run(here, **new, flagged=entry.is_flagged)
    log.note(here, held.id, Kind.SAVED, at=at, place=entry.place, seq=entry.seq)
    return Outcome(entry.place, Verdict.KEPT, entry.seq, behavior.is_answered(body, said))


def _flag(here: Here, held: Held, entry: Entry, answer_id: int, at: datetime) -> Outcome:
    """Files come by a form of their own; whether their learner wants to look at the question again, comes here.

    Raises NotAnAnswer.
    """
    if entry.response or entry.is_flagged is None:
        raise NotAnAnswer("Files come by a form of their own.")
    _FLAG.run(here, row=answer_id, number=entry.seq, flagged=entry.is_flagged)
    log.note(here, held.id, Kind.SAVED, at=at, place=entry.place, seq=entry.seq)
    row = _SAID.one(here, row=answer_id)
    return Outcome(entry.place, Verdict.KEPT, entry.seq, bool(row and row[0]))


class _Questions:
    """Versions never change, so each is read once; by public id, because row numbers are given out again."""

    MOST = 4096

    def __init__(self) -> None:
        self._found: dict[str, tuple[QuestionKind, Body]] = {}
        self._lock = Lock()

    def get(self, here: Here, version: str) -> tuple[QuestionKind, Body]:
        if (known := self._found.get(version)) is not None:
            return known
        row = _QUESTION.one(here, version=version)
        assert row is not None
        kind, body = row
        with self._lock:
            if len(self._found) >= self.MOST:
                self._found.clear()
            return self._found.setdefault(version, (kind_of(kind), body))


_questions = _Questions()
