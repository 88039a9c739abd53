"""The page of an attempt is opened: here, again, or on another device. The page opened last is the one that answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, select, update

from lti_tool.db import table
from lti_tool.prepared import Here, Prepared
from quizzes.attempts import log
from quizzes.attempts.holding import Held
from quizzes.attempts.log import Kind
from quizzes.models import Answer, Attempt

_ATTEMPT, _ANSWER = table(Attempt).c, table(Answer).c
_OPENED = Prepared(
    update(table(Attempt))
    .where(_ATTEMPT.id == bindparam("row", type_=_ATTEMPT.id.type))
    .values(
        epoch=bindparam("number", type_=_ATTEMPT.epoch.type), opened_by=bindparam("who", type_=_ATTEMPT.opened_by.type)
    )
)
_NUMBERS = Prepared(
    select(_ANSWER.place, _ANSWER.seq)
    .where(_ANSWER.attempt_id == bindparam("attempt", type_=_ANSWER.attempt_id.type))
    .order_by(_ANSWER.place)
)


def open_page(here: Here, held: Held, page: str, *, at: datetime) -> int:
    """Make this the page that answers, and say which opening of the attempt it is; the caller commits.

    `page` is a random word that the tab keeps for as long as it lives, so that a reload is told from another device.
    """
    epoch = held.epoch + 1
    _OPENED.run(here, row=held.id, number=epoch, who=page)
    if held.epoch:
        log.note(here, held.id, Kind.RESUMED if page == held.opened_by else Kind.TAKEN_OVER, at=at)
    return epoch


def numbers(here: Here, held: Held) -> dict[int, int]:
    """The number of the answer kept to each question, by its place."""
    rows: Iterable[tuple[int, int]] = _NUMBERS.rows(here, attempt=held.id)
    return dict(rows)
