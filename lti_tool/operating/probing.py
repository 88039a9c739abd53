"""Trying out, while an operator waits, whether a platform can be reached: its keys, and a token for its services."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool import clock, platform_keys
from lti_tool.claims import LINE_ITEM_SCOPE, ROSTER_SCOPE
from lti_tool.db import Base, db, find_or_create, transaction
from lti_tool.models import Deployment, Platform, Standing
from lti_tool.outgoing.http import CallFailed, http
from lti_tool.outgoing.services import Service, ServiceFailed

PATIENCE = 8.0
"""Seconds after which nothing further is asked."""
SCOPES = (ROSTER_SCOPE, LINE_ITEM_SCOPE)
"""Asked for one after the other, until the platform grants one."""


class PlatformProbe(Base):
    """How the newest trial of a platform went."""

    __tablename__ = "platform_probe"

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey(Platform.id), unique=True)
    at: Mapped[datetime]
    keys_problem: Mapped[str] = mapped_column(Text)
    """Empty if the key set came and holds a usable key."""
    key_count: Mapped[int]
    token_problem: Mapped[str] = mapped_column(Text)
    """Empty if a token was given."""


@dataclass(frozen=True)
class _Found:
    keys_problem: str
    key_count: int
    token_problem: str


def probe(platform: Platform) -> PlatformProbe:
    """Ask the platform for its keys and for a token, now, whatever is kept; commits what came of it."""
    last = time.monotonic() + PATIENCE
    problem, count = _try_keys(platform)
    found = _Found(problem, count, _try_token(platform, last))
    with transaction() as session:
        row, _ = find_or_create(
            session,
            PlatformProbe,
            {"platform_id": platform.id},
            at=clock.now(),
            keys_problem="",
            key_count=0,
            token_problem="",
        )
        row.at, row.keys_problem, row.key_count = clock.now(), found.keys_problem, found.key_count
        row.token_problem = found.token_problem
    return row


def _try_keys(platform: Platform) -> tuple[str, int]:
    db.session.commit()
    try:
        answer = http().get(platform.jwks_url, most_bytes=platform_keys.MOST_BYTES)
        if not answer.is_ok:
            return f"it answered HTTP {answer.status}", 0
        count = len(platform_keys.usable_keys(answer.json()))
    except CallFailed as problem:
        return str(problem), 0
    return ("" if count else "the answer holds no RSA key that could sign launches"), count


def _try_token(platform: Platform, last: float) -> str:
    deployment = db.session.scalar(
        select(Deployment)
        .where(Deployment.platform_id == platform.id, Deployment.standing == Standing.ACTIVE)
        .order_by(Deployment.id)
        .limit(1)
    )
    if deployment is None:
        return "no deployment is active, so there is nothing to ask a token for"
    problem = ""
    for scope in SCOPES:
        if time.monotonic() > last:
            return problem or "the keys took so long that no token was asked for"
        try:
            Service(deployment, [scope]).renew_token()
        except ServiceFailed as refused:
            problem = str(refused)
            if refused.status is None:
                break  # It does not answer at all, and would not for the next scope.
        else:
            return ""
    return problem
