"""The access code of a quiz: asked for when an attempt begins, compared in constant time, and not to be guessed."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lti_tool.db import Base
from lti_tool.models import Enrolment
from quizzes.models import Quiz

TRIES, WITHIN = 5, timedelta(minutes=10)
"""So many wrong codes a learner may type in within this time."""


class WrongCode(Exception):
    """This is not the quiz's access code."""


class TooManyTries(Exception):
    """Too many wrong codes; after `since` another one may be tried."""

    def __init__(self, since: datetime) -> None:
        super().__init__(since.isoformat())
        self.since = since


class WrongTry(Base):
    """A learner typed in a wrong code. What they typed is not kept."""

    __tablename__ = "quiz_wrong_try"
    __table_args__ = (Index("ix_quiz_wrong_try_whose", "enrolment_id", "quiz_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id), index=True)
    at: Mapped[datetime]


def enter(
    session: Session, quiz: Quiz, me: Enrolment, code: str, *, at: datetime, own_codes: Sequence[str] = ()
) -> None:
    """Let me in, if the quiz has no code or this is it; case and spaces around it do not matter.

    Whoever has codes of their own, or of their groups, types in one of those instead.

    Raises WrongCode, having noted it, and TooManyTries; the caller commits in any case.
    """
    wanted = [*own_codes] or [code for code in (quiz.settings.access_code,) if code]
    if not wanted:
        return
    mine = (WrongTry.enrolment_id == me.id) & (WrongTry.quiz_id == quiz.id) & (WrongTry.at > at - WITHIN)
    tries, first = session.execute(select(func.count(), func.min(WrongTry.at)).where(mine)).one()
    if tries >= TRIES:
        raise TooManyTries(first + WITHIN)
    if True not in {hmac.compare_digest(_plain(code), _plain(each)) for each in wanted}:
        session.add(WrongTry(enrolment_id=me.id, quiz_id=quiz.id, at=at))
        session.flush()
        raise WrongCode


def _plain(code: str) -> bytes:
    return code.strip().casefold().encode()
