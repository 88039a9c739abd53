"""A login under way, sealed into the state that travels with the browser: nothing is stored before it is spent.

So logins that nobody finishes cost the database nothing, however many there are, and a launch is one transaction: the
spent state with its nonce, and everybody's rows. A state is good once: spending it is a row that can be written once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from flask import current_app
from sqlalchemy import Connection, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lti_tool import clock
from lti_tool.db import Base, table
from lti_tool.prepared import Here, Prepared, insert_into

PREFIX = "state-"
"""What PyLTI1p3 puts in front of every state."""
LONGEST = 1024
LIFE = timedelta(minutes=10)
DIGEST_BYTES, SEAL_BYTES = 16, 20


class SpentState(Base):
    """A state whose launch came, well or badly; kept until it could not be used any more anyway."""

    __tablename__ = "spent_state"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Its seal: nobody can make the state again out of it."""
    expires: Mapped[datetime]


class Login(NamedTuple):
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
    ends: int
    """Seconds since 1970."""

    @property
    def expires(self) -> datetime:
        return datetime.fromtimestamp(self.ends, UTC)

    @property
    def key(self) -> str:
        return seal_of(self.state)

    @property
    def nonce(self) -> str:
        return nonce_of(self.state)

    def is_for_target(self, target: str) -> bool:
        return hmac.compare_digest(self.target, _digest(target))

    def allows_deployment(self, deployment: str) -> bool:
        return self.deployment in ("", _digest(deployment))


_SPEND = insert_into(SpentState, "key", "expires", unless_there=True)
_SPENT = Prepared(select(table(SpentState).c.key).where(table(SpentState).c.key == bindparam("key")))


def seal(platform: str, *, target: str, deployment: str, storage_target: str = "") -> str:
    """The state of a login that begins now."""
    ends = int((clock.now() + LIFE).timestamp())
    chance = secrets.token_hex(DIGEST_BYTES)
    said = [platform, str(ends), chance, _digest(target), _digest(deployment) if deployment else "", storage_target]
    packed = PREFIX + ".".join(said)
    return f"{packed}.{_seal(packed, current_app.config['SECRET_KEY'])}"


def unseal(state: str) -> Login | None:
    """The login this state was made for; None for one that we never made, or whose time is over."""
    if len(state) > LONGEST or not state.isascii():
        return None
    packed, _, said_seal = state.rpartition(".")
    config = current_app.config
    if not any(
        hmac.compare_digest(_seal(packed, secret), said_seal)
        for secret in (config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"])
    ):
        return None
    platform, ends, _chance, target, deployment, storage_target = packed.split(".", 5)
    if int(ends) <= clock.now().timestamp():
        return None
    return Login(state, platform.removeprefix(PREFIX), target, deployment, storage_target, int(ends))


def nonce_of(state: str) -> str:
    """The nonce that belongs to a state: as hard to guess as the state, and to be kept nowhere."""
    return hashlib.blake2b(state.encode(), digest_size=DIGEST_BYTES, person=b"nonce").hexdigest()


def seal_of(state: str) -> str:
    """What tells this state from every other, in a few letters."""
    return state.rpartition(".")[2]


def spend(here: Here, login: Login) -> bool:
    """Take it, once, in the caller's write transaction: False if it was taken before."""
    return _SPEND.run(here, key=login.key, expires=login.expires) == 1


def is_spent(connection: Connection, login: Login) -> bool:
    return _SPENT.one(connection, key=login.key) is not None


def forget_expired(session: Session, *, at: datetime) -> None:
    """Remove what no launch can bring any more; the caller commits."""
    session.execute(delete(SpentState).where(SpentState.expires < at))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=DIGEST_BYTES).hexdigest()


def _seal(packed: str, secret: str) -> str:
    """BLAKE2b with a key (RFC 7693, section 2.9): checked twice in a launch, where HMAC takes four times as long."""
    return hashlib.blake2b(packed.encode(), digest_size=SEAL_BYTES, key=_key(secret)).hexdigest()


@lru_cache(maxsize=16)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"login state", "sha256")
