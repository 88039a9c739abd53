"""A question is checked while its attempt runs: its answer is marked at once, told, and stays from then on.

Like an answer it is taken or not by its number, in one statement: what is fixed is the very answer that its learner had
before them. So whatever comes late, or from another page, changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from lti_tool.db import table
from lti_tool.prepared import Prepared
from quizzes.attempts import log
from quizzes.attempts.log import Kind
from quizzes.marking import mark_of, rounded
from quizzes.models import Answer, Attempt


class No(StrEnum):
    """Why a question is not checked."""

    NOTHING_TO_CHECK = "nothing to check"
    """There is no such question, people mark it, or the quiz shows nothing while an attempt runs."""
    PASSED = "passed"
    """There is no way back to it."""
    OPEN = "open"
    """It is not answered yet."""
    CROSSED = "crossed"
    """Another answer is kept than the one its learner had before them."""
    CHECKED = "checked"
    """It was checked before, with another answer."""


_ANSWER = table(Answer).c
_CHECK = Prepared(
    update(table(Answer))
    .where(
        _ANSWER.id == bindparam("row", type_=_ANSWER.id.type),
        _ANSWER.seq == bindparam("number", type_=_ANSWER.seq.type),
        _ANSWER.checked.is_(None),
    )
    .values(
        checked=bindparam("now", type_=_ANSWER.checked.type),
        fraction=bindparam("earned", type_=_ANSWER.fraction.type),
        mark=bindparam("worth", type_=_ANSWER.mark.type),
        is_flagged=bindparam("flagged", type_=_ANSWER.is_flagged.type),
    )
)


def check(session: Session, attempt: Attempt, place: int, *, seq: int | None = None, at: datetime) -> No | None:
    """Mark what is kept for this question, and let it stay; why not, where that is refused. The caller commits.

    The attempt is held (`queries.attempt_to_change`) and takes answers. `seq` is the number of the answer that its
    learner had before them, None where it came along in the same transaction. Checked twice is checked once.
    """
    answer = next((each for each in attempt.answers if each.place == place), None)
    if answer is None or not answer.can_be_checked or not attempt.on_check:
        return No.NOTHING_TO_CHECK
    if not attempt.leads_to(place):
        return No.PASSED
    if answer.is_checked:
        return None if seq in (None, answer.seq) else No.CHECKED
    if seq not in (None, answer.seq):
        return No.CROSSED
    if answer.is_open:
        return No.OPEN
    return None if _fix(session, answer, at) else No.CROSSED


def _fix(session: Session, answer: Answer, at: datetime) -> bool:
    session.flush()
    earned = answer.version.behavior.fraction(answer.version.body, answer.response)
    fraction = None if earned is None else rounded(earned)
    worth = mark_of(fraction, answer.maximum)
    changed = _CHECK.run(session, row=answer.id, number=answer.seq, now=at, earned=fraction, worth=worth, flagged=False)
    session.refresh(answer, ["checked", "fraction", "mark", "is_flagged", "seq", "response"])
    if changed:
        log.note(session, answer.attempt_id, Kind.CHECKED, at=at, place=answer.place, seq=answer.seq)
    return bool(changed)
