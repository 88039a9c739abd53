"""A message is written, and perhaps taken back. Each act is handed a mentorship that is held; the caller commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import new_public_id
from mentoring.events import MessageWritten
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.postcards import within
from mentoring.participants.models import Participant
from mentoring.together.conversation import telling
from mentoring.together.conversation.models import Message

TOGETHER = timedelta(minutes=15)
"""What one person writes within so long is told of in one notice."""


def write(
    session: Session, mentorship: Mentorship, words: str, *, token: str, by: Participant, at: datetime
) -> Message:
    """For the others to read; sent twice by the same form, it is written once."""
    before = session.scalar(select(Message).where(Message.by_id == by.id, Message.token == token))
    if before is not None and (before.words, before.mentorship_id) == (words, mentorship.id):
        return before
    message = Message(
        mentorship_id=mentorship.id,
        by_id=by.id,
        # Somebody went back to the form and wrote something else in it.
        token=token if before is None else new_public_id(),
        words=words,
        written=at,
        told=_told(session, mentorship, by, at),
    )
    session.add(message)
    session.flush()
    outbox.announce(session, MessageWritten(**within(mentorship, by, at), message=message.public_id))
    telling.written(session, mentorship, message, by=by, at=at)
    return message


def take_back(session: Session, message: Message, *, at: datetime) -> None:
    """The words go for good, and that there were some stays: whoever read them need not doubt it."""
    if message.taken_back is None:
        message.words, message.taken_back = "", at
        session.flush()


def _told(session: Session, mentorship: Mentorship, by: Participant, at: datetime) -> datetime:
    last = session.scalar(
        select(Message.told)
        .where(Message.mentorship_id == mentorship.id, Message.by_id == by.id)
        .order_by(Message.id.desc())
        .limit(1)
    )
    return last if last is not None and last <= at < last + TOGETHER else at
