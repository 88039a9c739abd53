"""Keys for those who read: made for one store, perhaps one course of it, and revocable."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from xapi.lrs.models import Credential, Store

READ = "statements/read"
LETS_READ = frozenset({READ, "all/read", "all"})
"""The scopes of xAPI 1.0.3 (part 3, section 4.2) under which any statement of the store may be read."""

_KEY = re.compile(r"[a-z2-7]{16}")


def issue(
    session: Session,
    store: Store,
    *,
    label: str,
    at: datetime,
    course: str | None = None,
    scopes: Sequence[str] = (READ,),
) -> tuple[str, str]:
    """A new key and its secret, which is kept nowhere else; the caller commits.

    `course` is the activity id of the only course whose statements it may read.
    """
    secret = secrets.token_urlsafe(32)
    credential = Credential(
        store_id=store.id,
        course=course,
        secret_hash=_hashed(secret),
        scopes=list(scopes),
        label=label,
        created=at,
    )
    session.add(credential)
    session.flush()
    return credential.key, secret


def revoke(session: Session, key: str, *, at: datetime) -> bool:
    """Let this key read nothing from now on; False if there is none in force."""
    credential = session.scalar(select(Credential).where(Credential.key == key, Credential.revoked_at.is_(None)))
    if credential is None:
        return False
    credential.revoked_at = at
    return True


def admit(session: Session, key: str, secret: str) -> tuple[Credential, Store] | None:
    """The credential in force that this key and secret belong to, and the store it opens."""
    if not _KEY.fullmatch(key):
        return None
    found = session.execute(
        select(Credential, Store)
        .join(Store, Store.id == Credential.store_id)
        .where(Credential.key == key, Credential.revoked_at.is_(None))
    ).one_or_none()
    if found is None or not hmac.compare_digest(found.Credential.secret_hash, _hashed(secret)):
        return None
    return found.Credential, found.Store


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
