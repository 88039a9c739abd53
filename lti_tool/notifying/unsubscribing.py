"""Secret addresses that stop mail: each mail carries one of its own, and only their hashes are kept."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.arrivals.sessions import hashed
from lti_tool.models import Person
from lti_tool.notifying.models import UnsubscribeAddress


def make(session: Session, person: Person, kind: str, *, at: datetime) -> str:
    """A new address for one mail of this kind, which is written nowhere else; the caller commits.

    A mail that has to be sent again gets another one, and both work: the first try may have arrived.
    """
    secret = secrets.token_urlsafe(24)
    session.add(UnsubscribeAddress(secret=hashed(secret), person_id=person.id, kind=kind, created=at))
    return f"{current_app.config['PUBLIC_URL']}/unsubscribe/{secret}"


def find(session: Session, secret: str) -> UnsubscribeAddress | None:
    """The address with this secret, if there is one that was not revoked."""
    return session.scalar(
        select(UnsubscribeAddress).where(
            UnsubscribeAddress.secret == hashed(secret), UnsubscribeAddress.revoked.is_(None)
        )
    )


def revoke_all(session: Session, person: Person, *, at: datetime) -> None:
    """The addresses in all mails they ever got stop nothing any more; the caller commits."""
    session.execute(
        update(UnsubscribeAddress)
        .where(UnsubscribeAddress.person_id == person.id, UnsubscribeAddress.revoked.is_(None))
        .values(revoked=at)
    )
