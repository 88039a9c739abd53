"""What has served its time is cleared away: logins, sessions, tokens, letters that were delivered."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from lti_tool import clock, sessions
from lti_tool.db import transaction
from lti_tool.outbox import Letter, LetterState
from lti_tool.services import AccessToken
from lti_tool.verifying import LoginRow

EVERY = timedelta(minutes=10)
LOGINS_KEPT = timedelta(days=1)
LETTERS_KEPT = timedelta(days=30)
"""Delivered letters are kept a month, for operators who look back."""


def tidy() -> None:
    """Delete what nobody can use any more; commits. Run side by side it does no harm."""
    at = clock.now()
    with transaction() as session:
        session.execute(delete(LoginRow).where(LoginRow.expires < at - LOGINS_KEPT))
        session.execute(delete(AccessToken).where(AccessToken.expires < at))
        session.execute(
            delete(Letter).where(Letter.state == LetterState.DELIVERED, Letter.delivered < at - LETTERS_KEPT)
        )
        sessions.forget_expired()
