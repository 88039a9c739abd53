"""The public keys of platforms: fetched once an hour, and once more when a launch names a key nobody knows."""

from __future__ import annotations

import json
import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from sqlalchemy import String, Text, select, update
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool import clock
from lti_tool.db import Base, db, find_or_create, transaction
from lti_tool.outgoing.http import CallFailed, host_of, http

FRESH = timedelta(hours=1)
FLOOR = timedelta(seconds=60)
"""Between two fetches of one key set at least this long, so that forged key ids cannot make us hammer an LMS."""
STALE = timedelta(hours=24)
"""How long kept keys serve while the LMS does not answer."""
PATIENCE = 3.0
"""Seconds to wait for what somebody else is asking the platform. An LMS that takes longer is not to hold every thread
of this process: those who clicked meanwhile are told to try again, and their launch is still good then."""
MOST_BYTES = 256 * 1024
PRIVATE_PARTS = frozenset({"d", "p", "q", "dp", "dq", "qi"})

log = logging.getLogger(__name__)


class KeysUnavailable(Exception):
    """The platform's key set cannot be had just now."""


class PlatformKeySet(Base):
    """The key set of one address as it was last fetched, shared by all processes."""

    __tablename__ = "platform_key_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(1024), unique=True)
    body: Mapped[str] = mapped_column(Text, default="")
    fetched: Mapped[datetime | None]
    tried: Mapped[datetime]
    failed: Mapped[datetime | None]
    """Which try came to nothing, by its `tried`: whoever waits for it need not wait any longer."""


@dataclass(frozen=True)
class _Kept:
    keys: dict[str, RSAPublicKey]
    fetched: datetime

    def answers(self, kid: str, at: datetime) -> bool:
        """Whether nobody need be asked for this key: it is there, and was lately."""
        return kid in self.keys and _is_within(FRESH, self.fetched, at)


_memory: dict[str, _Kept] = {}
_memory_guard = threading.Lock()


def find(url: str, kid: str) -> RSAPublicKey | None:
    """The platform's key with this id, or None if its newest key set has none.

    Raises KeysUnavailable if the key is not kept and the platform does not answer.
    """
    at = clock.now()
    kept = _memory.get(url)
    if kept is None or not kept.answers(kid, at):
        kept = _recall(url, kept)
    if kept is not None and kept.answers(kid, at):
        return kept.keys[kid]
    usable = kept.keys.get(kid) if kept is not None and _is_within(STALE, kept.fetched, at) else None
    try:
        newest = _try(url, at) if _may_try(url, at) else _fetched_by_others(url, at, wait=usable is None)
    except KeysUnavailable:
        if usable is not None:
            return usable
        raise
    return newest.keys.get(kid)


def _is_within(span: timedelta, then: datetime, at: datetime) -> bool:
    """Whether it was lately; what seems to lie further ahead was written by a clock that was wrong."""
    return abs(at - then) < span


def forget() -> None:
    """Empty this process's memory; the database keeps its copy."""
    with _memory_guard:
        _memory.clear()


def _recall(url: str, kept: _Kept | None) -> _Kept | None:
    """What another process, or this one before it was started again, has fetched instead of what is kept here."""
    wanted = select(PlatformKeySet.body, PlatformKeySet.fetched).where(PlatformKeySet.url == url)
    if kept is not None:
        wanted = wanted.where(PlatformKeySet.fetched != kept.fetched)
    found = db.session.execute(wanted).one_or_none()
    if found is None or found.fetched is None:
        return kept
    try:
        return _keep(url, found.body, found.fetched)
    except ValueError:
        return kept  # What cannot be read is fetched anew, instead of keeping everybody out for good.


def _keep(url: str, body: str, fetched: datetime) -> _Kept:
    kept = _Kept(usable_keys(json.loads(body)), fetched)
    with _memory_guard:
        if len(_memory) > 500:
            _memory.clear()
        _memory[url] = kept
    return kept


def _try(url: str, at: datetime) -> _Kept:
    try:
        return _fetch(url, at)
    except KeysUnavailable:
        with transaction() as session:
            session.execute(update(PlatformKeySet).where(PlatformKeySet.url == url).values(failed=at))
        raise


def _fetch(url: str, at: datetime) -> _Kept:
    try:
        answer = http().get(url, most_bytes=MOST_BYTES)
        document = answer.json()
    except CallFailed as problem:
        raise KeysUnavailable(str(problem)) from None
    if not answer.is_ok:
        raise KeysUnavailable(f"{host_of(url)} answered HTTP {answer.status}")
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise KeysUnavailable("the answer is not a key set")
    if any(isinstance(each, dict) and PRIVATE_PARTS & each.keys() for each in document["keys"]):
        log.warning("%s publishes private parts of its keys: everybody can sign as this LMS", host_of(url))
    body = _rewritten(document)
    with transaction() as session:
        row, _ = find_or_create(session, PlatformKeySet, {"url": url}, tried=at, body="")
        row.body, row.fetched = body, at
    return _keep(url, body, at)


def _rewritten(document: Any) -> str:
    """The same in plain ASCII: what came may be in another encoding, or begin with a byte order mark."""
    try:
        return json.dumps(document)
    except RecursionError:
        raise KeysUnavailable("the answer is not a key set") from None


def _fetched_by_others(url: str, at: datetime, *, wait: bool) -> _Kept:
    """What somebody else, who asked within the last minute, has found; `wait` for one who is asking just now."""
    last = time.monotonic() + PATIENCE
    while True:
        db.session.commit()
        row = db.session.scalars(
            select(PlatformKeySet).where(PlatformKeySet.url == url).execution_options(populate_existing=True)
        ).one()
        if row.fetched is not None and row.fetched >= row.tried:
            return _keep(url, row.body, row.fetched)
        is_over = row.failed == row.tried or at - row.tried > timedelta(seconds=PATIENCE)
        if not wait or is_over or time.monotonic() > last:
            raise KeysUnavailable("the platform was asked a moment ago and did not answer")
        time.sleep(0.02)


def _may_try(url: str, at: datetime) -> bool:
    """Whether nobody has asked within the last minute; then it is noted that we do."""
    tried = db.session.scalar(select(PlatformKeySet.tried).where(PlatformKeySet.url == url))
    if tried is not None and _is_within(FLOOR, tried, at):
        return False  # Anybody can name a key that nobody knows: that takes no writer's turn from anybody.
    with transaction() as session:
        row, is_new = find_or_create(session, PlatformKeySet, {"url": url}, tried=at, body="")
        session.refresh(row, with_for_update=True)
        may = is_new or not _is_within(FLOOR, row.tried, at)
        if may:
            row.tried = at
    return may


def usable_keys(document: Any) -> dict[str, RSAPublicKey]:
    """The RSA signature keys of a key set by id; a broken key does not spoil the others."""
    keys: dict[str, RSAPublicKey] = {}
    for each in document.get("keys", []) if isinstance(document, dict) else []:
        if not isinstance(each, dict) or not isinstance(each.get("kid"), str):
            continue
        if each.get("kty") != "RSA" or each.get("use", "sig") != "sig" or each.get("alg", "RS256") != "RS256":
            continue
        try:
            key = jwt.PyJWK({"kty": "RSA", "n": each["n"], "e": each["e"]}, algorithm="RS256").key
        except (jwt.PyJWTError, KeyError, ValueError, TypeError):
            continue
        if isinstance(key, RSAPublicKey) and key.key_size >= 2048:
            keys[each["kid"]] = key
    return keys
