"""A login under way, sealed into the state that travels with the browser: nothing is stored before it is spent.

So logins that nobody finishes cost the database nothing, however many there are, and a launch is one transaction: the
spent state with its nonce, and everybody's rows. A state is good once: spending it is a row that can be written once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Connection, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lti_tool import clock
from lti_tool.arrivals.sessions import hashed
from lti_tool.db import Base, table
from lti_tool.prepared import Here, Prepared, insert_into

PREFIX = "state-"
"""What PyLTI1p3 puts in front of every state."""
LONGEST = 1024
LIFE = timedelta(minutes=10)
DIGEST_BYTES = 16


class SpentState(Base):
    """A state whose launch came, well or badly; kept until it could not be used any more anyway."""

    __tablename__ = "spent_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the state."""
    expires: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Login:
    """A login as its launch finds it."""

    state: str
    platform: str
    """The public id of the platform that knocked."""
    target: str
    """A digest: the launch has to name the same target."""
    deployment: str
    """A digest as well; empty if the login named no deployment."""
    storage_target: str
    """The LMS's frame that was asked to keep the state, because this browser keeps no cookie; else empty."""
    expires: datetime

    @property
    def key(self) -> str:
        return hashed(self.state)

    @property
    def nonce(self) -> str:
        return nonce_of(self.state)

    def is_for_target(self, target: str) -> bool:
        return hmac.compare_digest(self.target, _digest(target))

    def allows_deployment(self, deployment: str) -> bool:
        return self.deployment in ("", _digest(deployment))


_SPEND = insert_into(SpentState, "key", "expires", unless_there=True)
_SPENT = Prepared(select(table(SpentState).c.id).where(table(SpentState).c.key == bindparam("key")))


def seal(platform: str, *, target: str, deployment: str, storage_target: str = "") -> str:
    """The state of a login that begins now."""
    said = [
        platform,
        int((clock.now() + LIFE).timestamp()),
        secrets.token_urlsafe(24),
        _digest(target),
        _digest(deployment) if deployment else "",
        storage_target,
    ]
    packed = _letters(json.dumps(said, separators=(",", ":")).encode())
    return f"{PREFIX}{packed}.{_seal(packed, current_app.config['SECRET_KEY'])}"


def unseal(state: str) -> Login | None:
    """The login this state was made for; None for one that we never made, or whose time is over."""
    if not state.startswith(PREFIX) or len(state) > LONGEST or not state.isascii():
        return None
    packed, _, said_seal = state.removeprefix(PREFIX).rpartition(".")
    in_force = [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]
    # Compared as texts, so that there is one way to write a state and no more.
    if not any(hmac.compare_digest(_seal(packed, secret), said_seal) for secret in in_force):
        return None
    said: list[Any] = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    platform, ends, _chance, target, deployment, storage_target = said
    expires = datetime.fromtimestamp(ends, UTC)
    if expires <= clock.now():
        return None
    return Login(state, platform, target, deployment, storage_target, expires)


def nonce_of(state: str) -> str:
    """The nonce that belongs to a state: as hard to guess as the state, and to be kept nowhere."""
    return hashed(f"nonce {state}")


def spend(here: Here, login: Login) -> bool:
    """Take it, once, in the caller's write transaction: False if it was taken before."""
    return _SPEND.run(here, key=login.key, expires=login.expires) == 1


def is_spent(connection: Connection, login: Login) -> bool:
    return _SPENT.one(connection, key=login.key) is not None


def forget_expired(session: Session, *, at: datetime) -> None:
    """Remove what no launch can bring any more; the caller commits."""
    session.execute(delete(SpentState).where(SpentState.expires < at))


def _digest(text: str) -> str:
    return _letters(hashlib.sha256(text.encode()).digest()[:DIGEST_BYTES])


def _seal(packed: str, secret: str) -> str:
    return _letters(hmac.digest(secret.encode(), f"login state {packed}".encode(), "sha256"))


def _letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
