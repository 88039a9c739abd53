"""Notices a platform sends by itself (platform notification service 1.0): signed, and each done once.

A body is judged as a whole before anything is done: one notice that is not what it says it is, and all of them
are refused.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lti_tool import clock, outbox, platform_keys, platforms
from lti_tool.arrivals import shapes, signatures, tally, verdicts
from lti_tool.arrivals.sessions import hashed
from lti_tool.arrivals.verdicts import Refused
from lti_tool.arrivals.verifying import LEEWAY, LONGEST_LIFE, MOST_TOKEN_BYTES
from lti_tool.arrivals.views import bp
from lti_tool.claims import CONTEXT, DEPLOYMENT_ID, LTI, VERSION, CourseClaim, clean_text
from lti_tool.db import Base, db, find_or_create, transaction
from lti_tool.models import Deployment, Platform, Standing
from lti_tool.notice_handlers import CONTEXT_COPY, HELLO_WORLD, NoticeCarrier
from lti_tool.placing import copies

MOST_NOTICES = 100
REQUIRED_TEXTS = {"iss": 512, "nonce": 255, DEPLOYMENT_ID: 255, VERSION: 16}


class Notice(Base):
    """A notice that arrived, kept so that it is done once."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("platform_id", "notice_id"), UniqueConstraint("platform_id", "nonce"))

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey(Platform.id))
    notice_id: Mapped[str] = mapped_column(String(255))
    nonce: Mapped[str] = mapped_column(String(64))
    """SHA-256 of it."""
    notice_type: Mapped[str] = mapped_column(String(64))
    arrived: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Judged:
    """A notice that is what it says it is."""

    deployment: Deployment
    notice_id: str
    notice_type: str
    nonce: str
    claims: Mapping[str, Any]


Act = Callable[[Session, Judged, datetime], None]


def init_app(app: Flask) -> None:
    outbox.register_carrier(app, "notices", NoticeCarrier())


@bp.post("/lti/notices")
def notices() -> ResponseReturnValue:
    """Take in a body of notices. The platform proves itself with each notice's signature."""
    started = time.perf_counter()
    tokens = _tokens()
    try:
        judged = [judge(token) for token in tokens]
        with transaction() as session:
            done = [(each, _do(session, each, clock.now())) for each in judged]
    except Refused as refused:
        db.session.rollback()
        tally.tell(
            "notice",
            refused.reason.code,
            platform=refused.platform,
            deployment=refused.deployment,
            started=started,
            detail=refused.detail,
        )
        status = 503 if refused.reason is verdicts.KEYS_UNAVAILABLE else 401
        return {"error": refused.reason.code, "error_description": str(refused.reason.cause)}, status
    for notice, verdict in done:
        tally.tell(
            "notice",
            verdict,
            platform=notice.deployment.platform.public_id,
            deployment=notice.deployment.deployment_id,
            started=started,
            detail=notice.notice_type,
        )
    return {"notices": len(done)}


def _tokens() -> list[str]:
    """The notices of the body; 400 if it is no body of notices, 413 if there are too many."""
    try:
        body = json.loads(request.get_data().decode("utf-8"))
    except (ValueError, RecursionError):
        abort(400)
    notices = body.get("notices") if isinstance(body, dict) else None
    if not isinstance(notices, list):
        abort(400)
    if len(notices) > MOST_NOTICES:
        abort(413)
    tokens = [each.get("jwt") if isinstance(each, dict) else None for each in notices]
    if not all(isinstance(token, str) for token in tokens):
        abort(400)
    return [str(token) for token in tokens]


def judge(token: str) -> Judged:
    """The notice in this token. Raises Refused unless the platform signed it for us, just now, for a known place."""
    if len(token) > MOST_TOKEN_BYTES:
        raise Refused(verdicts.TOO_LARGE)
    header, claims = shapes.parse(token)
    _check_shape(header, claims)
    platform = _signer(token, header["kid"], _registrations(claims))
    try:
        _check_times(claims)
        deployment = _deployment(platform, claims[DEPLOYMENT_ID])
    except Refused as refused:
        refused.platform = platform.public_id
        raise
    notice = claims[LTI + "notice"]
    return Judged(deployment, notice["id"], notice["type"], claims["nonce"], claims)


def _check_shape(header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    if header.get("alg") != "RS256":
        raise Refused(verdicts.BAD_SIGNATURE, "alg")
    if not isinstance(header.get("kid"), str) or not header["kid"] or "crit" in header:
        raise Refused(verdicts.BAD_TOKEN, "header")
    notice = claims.get(LTI + "notice")
    if not isinstance(notice, dict):
        raise Refused(verdicts.BAD_TOKEN, "notice")
    shapes.check_texts(claims, REQUIRED_TEXTS)
    shapes.check_texts(notice, {"id": 255, "type": 64})
    shapes.check_moments(claims)
    if claims[VERSION] != "1.3.0":
        raise Refused(verdicts.WRONG_VERSION)


def _registrations(claims: Mapping[str, Any]) -> Sequence[Platform]:
    """The registrations it may be addressed to: one of ours in `aud`, and `azp` where there is one or must be.

    Several where a Canvas of one's own calls itself like the hosted one; its keys then tell which.
    """
    said = claims.get("aud")
    audience = said if isinstance(said, list) else [said]
    if not audience or not all(isinstance(each, str) and each for each in audience):
        raise Refused(verdicts.WRONG_AUDIENCE, "aud")
    client = claims.get("azp", audience[0] if len(audience) == 1 else None)
    if client not in audience:
        raise Refused(verdicts.WRONG_AUDIENCE, "azp")
    same = select(Platform).where(Platform.issuer == claims["iss"], Platform.client_id == client)
    found = db.session.scalars(same.order_by(Platform.id).limit(20)).all()
    if not found:
        raise Refused(verdicts.WRONG_AUDIENCE, "no such registration")
    active = [platform for platform in found if platform.standing == Standing.ACTIVE]
    if not active:
        raise Refused(verdicts.PLATFORM_WAITING, platform=found[0].public_id)
    return active


def _signer(token: str, kid: str, registrations: Sequence[Platform]) -> Platform:
    """The first of these that has signed it. Raises Refused as the last of them would."""
    refused = Refused(verdicts.UNKNOWN_KEY)
    for platform in registrations:
        try:
            _check_signature(token, platform, kid)
        except Refused as problem:
            problem.platform = platform.public_id
            refused = problem
        else:
            return platform
    raise refused


def _check_signature(token: str, platform: Platform, kid: str) -> None:
    try:
        key = platform_keys.find(platform.jwks_url, kid)
    except platform_keys.KeysUnavailable as problem:
        raise Refused(verdicts.KEYS_UNAVAILABLE, str(problem)) from None
    if key is None:
        raise Refused(verdicts.UNKNOWN_KEY)
    if not signatures.holds(token, key):
        raise Refused(verdicts.BAD_SIGNATURE)


def _check_times(claims: Mapping[str, Any]) -> None:
    """A platform may deliver late, so the notice's own end counts, not its age."""
    at, issued, expires = clock.now().timestamp(), claims["iat"], claims["exp"]
    if not issued - LEEWAY <= at <= expires + LEEWAY or expires - issued > LONGEST_LIFE:
        raise Refused(verdicts.WRONG_TIME)


def _deployment(platform: Platform, deployment_id: str) -> Deployment:
    deployment = platforms.deployment_of(db.session, platform, deployment_id)
    if deployment is None or deployment.standing != Standing.ACTIVE:
        raise Refused(verdicts.UNKNOWN_DEPLOYMENT, deployment=deployment_id)
    return deployment


def _do(session: Session, notice: Judged, at: datetime) -> str:
    """What is to be done about it, once; the verdict for the log."""
    platform_id, nonce = notice.deployment.platform_id, hashed(notice.nonce)
    used_for = session.scalar(select(Notice.notice_id).where(Notice.platform_id == platform_id, Notice.nonce == nonce))
    if used_for not in (None, notice.notice_id):
        raise Refused(verdicts.WRONG_NONCE, platform=notice.deployment.platform.public_id)
    key = {"platform_id": platform_id, "notice_id": notice.notice_id}
    _row, is_new = find_or_create(session, Notice, key, nonce=nonce, notice_type=notice.notice_type, arrived=at)
    if not is_new:
        return "repeated"
    act = ACTS.get(notice.notice_type)
    if act is None:
        return "ignored"
    act(session, notice, at)
    return "ok"


def _greet(_session: Session, _notice: Judged, _at: datetime) -> None:
    """The platform only tries out whether we are there."""


def _recognize_copy(session: Session, notice: Judged, at: datetime) -> None:
    """A course was made from others: its settings may be offered to whoever teaches it."""
    context, origins = notice.claims.get(CONTEXT), notice.claims.get(LTI + "origin_contexts")
    if not isinstance(context, dict) or not isinstance(origins, list):
        return
    copied = clean_text(context.get("id"))[:255]
    label, title = clean_text(context.get("label")), clean_text(context.get("title"))
    ids = [clean_text(each)[:255] for each in origins[:50] if isinstance(each, str)]
    if copied and ids:
        claim = CourseClaim(id=copied, title=title or label, label=label)
        copies.recognize_unseen(session, notice.deployment, claim, ids, at)


ACTS: Mapping[str, Act] = {HELLO_WORLD: _greet, CONTEXT_COPY: _recognize_copy}
