"""Keys for those who read: made for one store, perhaps one course of it, and revocable."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool.prepared import Here, Prepared
from xapi.lrs.models import Credential, Store

READ = "statements/read"
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


@dataclass(frozen=True)
class Admitted:
    """A credential in force, and the store that it opens."""

    key: str
    course: str | None
    scopes: Sequence[str]
    store: Opening


@dataclass(frozen=True)
class Opening:
    """A store, and when its newest statement was stored."""

    id: int
    last_stored: datetime


_in_force = Prepared(
    select(Credential.secret_hash, Credential.course, Credential.scopes, Store.id, Store.last_stored)
    .join(Store, Store.id == Credential.store_id)
    .where(Credential.key == bindparam("key"), Credential.revoked_at.is_(None))
)


def admit(here: Here, key: str, secret: str) -> Admitted | None:
    """What this key and secret let in, if they are in force."""
    row = _in_force.one(here, key=key) if _KEY.fullmatch(key) else None
    if row is None:
        return None
    secret_hash, course, scopes, store, last_stored = row
    if not hmac.compare_digest(secret_hash, _hashed(secret)):
        return None
    return Admitted(key, course, scopes, Opening(store, last_stored))


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
