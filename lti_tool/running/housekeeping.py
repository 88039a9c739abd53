"""What has served its time is cleared away: spent states, sessions, tokens, letters that were delivered, lost files."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from lti_tool import clock, uploads
from lti_tool.arrivals import handing_over, sessions, states
from lti_tool.db import transaction
from lti_tool.jobs import UNFINISHED, Job
from lti_tool.notices import Notice
from lti_tool.operating.operators import OperatorCode, OperatorSession
from lti_tool.outbox import Letter, LetterState
from lti_tool.outgoing.services import AccessToken
from lti_tool.placing import deep_linking
from lti_tool.roster.readings import RosterReading

EVERY = timedelta(minutes=10)
JOBS_KEPT = timedelta(days=30)
READINGS_KEPT = timedelta(days=180)
"""What each reading of a roster changed is kept for half a year; enrolments themselves stay."""
NOTICES_KEPT = timedelta(days=30)
"""A notice can be sent again for a day at most; after that its own end keeps it out."""
LETTERS_KEPT = timedelta(days=30)
"""Delivered letters are kept a month, for operators who look back."""


def tidy() -> None:
    """Delete what nobody can use any more; commits. Run side by side it does no harm."""
    at = clock.now()
    with transaction() as session:
        states.forget_expired(session, at=at)
        handing_over.forget_expired()
        session.execute(delete(AccessToken).where(AccessToken.expires < at))
        session.execute(
            delete(Letter).where(Letter.state == LetterState.DELIVERED, Letter.delivered < at - LETTERS_KEPT)
        )
        deep_linking.forget_expired(at=at)
        for kept in (OperatorCode, OperatorSession):
            session.execute(delete(kept).where(kept.expires < at))
        session.execute(delete(Notice).where(Notice.arrived < at - NOTICES_KEPT))
        session.execute(delete(Job).where(Job.state.not_in(UNFINISHED), Job.ended < at - JOBS_KEPT))
        # Their changes go with them, by the database.
        session.execute(delete(RosterReading).where(RosterReading.at < at - READINGS_KEPT))
        sessions.forget_expired()
    uploads.clear_away(at)
