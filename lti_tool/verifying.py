"""What PyLTI1p3 leaves open: replay, mix-up, ages, sizes, types. Every launch ends in one verdict.

The library checks signature, registration, deployment and message shape; the rules around it are ours. The
order is: size, parse, shape, state cookie and row, client, key, signature, times, nonce and row binding,
message, deployment. Nothing is written here, except that a failed try spends its state.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from flask import current_app
from pylti1p3.contrib.flask.message_launch import FlaskMessageLaunch
from pylti1p3.exception import LtiException
from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool import clock, platform_keys, platforms, verdicts
from lti_tool.claims import LTI, RESOURCE_LINK_REQUEST, Launch
from lti_tool.db import Base, db, find_or_create, transaction
from lti_tool.models import Deployment, Platform, Standing
from lti_tool.sessions import hashed
from lti_tool.verdicts import Refused

MOST_TOKEN_BYTES = 32 * 1024
MOST_STATE = 1024
LOGIN_LIFE = timedelta(minutes=10)
LEEWAY = timedelta(seconds=60)
OLDEST = timedelta(minutes=10)
LONGEST_LIFE = timedelta(hours=24)
STATE_PREFIX = "state-"
"""What PyLTI1p3 puts in front of every state."""
DEEPEST = 12
"""How deeply nested an honest message may be."""


class LoginRow(Base):
    """One login that was started here: its state may be spent once, and only for what it was started for."""

    __tablename__ = "login"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the state handed out."""
    nonce: Mapped[str] = mapped_column(String(64))
    platform_id: Mapped[int] = mapped_column(ForeignKey(Platform.id))
    target: Mapped[str]
    deployment_hint: Mapped[str] = mapped_column(default="")
    expires: Mapped[datetime] = mapped_column(index=True)
    spent: Mapped[datetime | None]

    platform: Mapped[Platform] = relationship(lazy="joined", innerjoin=True)


@dataclass(frozen=True)
class Verified:
    """A launch that passed, with the rows it is bound to."""

    launch: Launch
    login: LoginRow
    platform: Platform
    deployment: Deployment


def start_login(platform: Platform, *, target: str, deployment_hint: str) -> tuple[str, str]:
    """Remember a login in one row; its state and nonce. The caller commits."""
    state, nonce = STATE_PREFIX + secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    db.session.add(
        LoginRow(
            state=hashed(state),
            nonce=nonce,
            platform_id=platform.id,
            target=target,
            deployment_hint=deployment_hint,
            expires=clock.now() + LOGIN_LIFE,
        )
    )
    return state, nonce


def verify(form: Mapping[str, str], cookies: Mapping[str, str]) -> Verified:
    """Judge a launch. Raises Refused with the reason; a state that was tried and failed is spent."""
    state, token = form.get("state", ""), form.get("id_token", "")
    if not 1 <= len(state) <= MOST_STATE:
        raise Refused(verdicts.STATE_UNKNOWN, "no state")
    if len(token) > MOST_TOKEN_BYTES:
        raise Refused(verdicts.TOO_LARGE)
    login = _login(state, cookies)
    try:
        if "error" in form:
            raise Refused(verdicts.PLATFORM_ERROR, "oidc error")
        return _judge(token, login)
    except Exception:
        db.session.rollback()
        with transaction():
            spend(login)
        raise


def _login(state: str, cookies: Mapping[str, str]) -> LoginRow:
    login = db.session.scalar(select(LoginRow).where(LoginRow.state == hashed(state)))
    if login is None or login.expires <= clock.now():
        raise Refused(verdicts.STATE_UNKNOWN)
    if login.spent is not None:
        raise Refused(verdicts.STATE_SPENT)
    if not hmac.compare_digest(cookies.get(state_cookie(state), "").encode(), state.encode()):
        raise Refused(verdicts.STATE_COOKIE)
    return login


def state_cookie(state: str) -> str:
    """The cookie that ties a state to its browser: one per login, so that tabs do not disturb each other."""
    prefix = "__Host-" if current_app.config["IS_HTTPS"] else ""
    return f"{prefix}lti-state-{hashed(state)[:16]}"


def spend(login: LoginRow) -> bool:
    """Take the row, once, in the caller's write transaction: False if it was taken before."""
    taken = db.session.execute(
        update(LoginRow)
        .where(LoginRow.id == login.id, LoginRow.spent.is_(None))
        .values(spent=clock.now())
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def _judge(token: str, login: LoginRow) -> Verified:
    header, claims = _parse(token)
    _check_shape(header, claims)
    platform = login.platform
    _check_client(claims, platform)
    key = _key(platform, header["kid"])
    _check_with_library(token, platform, key)
    _check_times(claims)
    _check_binding(claims, login)
    if platform.standing != Standing.ACTIVE:
        raise Refused(verdicts.PLATFORM_WAITING)
    deployment = platforms.deployment_of(db.session, platform, claims[LTI + "deployment_id"])
    if deployment is None:
        _note_deployment(platform, claims[LTI + "deployment_id"])
    if deployment is None or deployment.standing != Standing.ACTIVE:
        raise Refused(verdicts.UNKNOWN_DEPLOYMENT)
    return Verified(Launch.from_claims(claims), login, platform, deployment)


def _note_deployment(platform: Platform, deployment_id: str) -> None:
    """Keep a deployment seen for the first time, waiting: an operator approves it or does not."""
    with transaction() as session:
        key = {"platform_id": platform.id, "deployment_id": deployment_id}
        find_or_create(session, Deployment, key, standing=Standing.WAITING, created=clock.now())


def _parse(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        raise Refused(verdicts.BAD_TOKEN, "not three parts")
    return _part(parts[0]), _part(parts[1])


def _part(text: str) -> dict[str, Any]:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_twins, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # Lone surrogates are no text anybody could store.
    except (ValueError, RecursionError):
        raise Refused(verdicts.BAD_TOKEN, "not base64 of JSON") from None
    if not isinstance(value, dict) or _depth(value) > DEEPEST:
        raise Refused(verdicts.BAD_TOKEN, "not an object of sensible depth")
    return value


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level and depth <= DEEPEST:
        depth += 1
        level = [
            child
            for each in level
            if isinstance(each, (dict, list))
            for child in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


REQUIRED_TEXTS = {
    "iss": 512,
    "sub": 255,
    "nonce": 255,
    LTI + "deployment_id": 255,
    LTI + "target_link_uri": 2048,
    LTI + "message_type": 255,
    LTI + "version": 16,
}


def _check_shape(header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    if header.get("alg") != "RS256":
        raise Refused(verdicts.BAD_SIGNATURE, "alg")
    if not isinstance(header.get("kid"), str) or not header["kid"] or "crit" in header:
        raise Refused(verdicts.BAD_TOKEN, "header")
    for name, longest in REQUIRED_TEXTS.items():
        value = claims.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > longest or "\x00" in value:
            raise Refused(verdicts.BAD_TOKEN, name.rpartition("/")[2])
    for name in ("exp", "iat"):
        value = claims.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e11:
            raise Refused(verdicts.WRONG_TIME, name)
    _check_lists(claims)
    if claims[LTI + "version"] != "1.3.0":
        raise Refused(verdicts.WRONG_VERSION)
    if claims[LTI + "message_type"] != RESOURCE_LINK_REQUEST:
        raise Refused(verdicts.WRONG_MESSAGE)


def _check_lists(claims: Mapping[str, Any]) -> None:
    audience = claims.get("aud")
    is_list = isinstance(audience, list) and audience and all(isinstance(each, str) for each in audience)
    if not is_list and not (isinstance(audience, str) and audience):
        raise Refused(verdicts.WRONG_AUDIENCE, "aud")
    roles = claims.get(LTI + "roles")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles) or len(roles) > 100:
        raise Refused(verdicts.BAD_TOKEN, "roles")
    link = claims.get(LTI + "resource_link")
    link_id = link.get("id") if isinstance(link, dict) else None
    if not isinstance(link_id, str) or not 1 <= len(link_id.strip()) <= 255:
        raise Refused(verdicts.BAD_TOKEN, "resource_link")
    context = claims.get(LTI + "context")
    if context is not None:
        context_id = context.get("id") if isinstance(context, dict) else None
        if not isinstance(context_id, str) or not 1 <= len(context_id.strip()) <= 255:
            raise Refused(verdicts.BAD_TOKEN, "context")


def _check_client(claims: Mapping[str, Any], platform: Platform) -> None:
    """Core security 5.1.3: our client among the audience, and the authorized party where there is one or must be."""
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if platform.client_id not in audience:
        raise Refused(verdicts.WRONG_AUDIENCE)
    if len(audience) > 1 and "azp" not in claims:
        raise Refused(verdicts.WRONG_AUDIENCE, "azp missing")
    if "azp" in claims and claims["azp"] != platform.client_id:
        raise Refused(verdicts.WRONG_AUDIENCE, "azp")
    if claims["iss"] != platform.issuer:
        raise Refused(verdicts.WRONG_ISSUER)


def _key(platform: Platform, kid: str) -> RSAPublicKey:
    try:
        key = platform_keys.find(platform.jwks_url, kid)
    except platform_keys.KeysUnavailable as problem:
        raise Refused(verdicts.KEYS_UNAVAILABLE, str(problem)) from None
    if key is None:
        raise Refused(verdicts.UNKNOWN_KEY)
    return key


def _check_times(claims: Mapping[str, Any]) -> None:
    at = clock.now()
    issued = datetime.fromtimestamp(claims["iat"], UTC)
    expires = datetime.fromtimestamp(claims["exp"], UTC)
    is_in_time = issued - LEEWAY <= at <= expires + LEEWAY and at - issued <= OLDEST + LEEWAY
    if not is_in_time or expires - issued > LONGEST_LIFE:
        raise Refused(verdicts.WRONG_TIME)
    not_before = claims.get("nbf")
    if isinstance(not_before, (int, float)) and not_before > (at + LEEWAY).timestamp():
        raise Refused(verdicts.WRONG_TIME, "nbf")


def _check_binding(claims: Mapping[str, Any], login: LoginRow) -> None:
    if not hmac.compare_digest(claims["nonce"].encode(), login.nonce.encode()):
        raise Refused(verdicts.WRONG_NONCE)
    if claims[LTI + "target_link_uri"] != login.target:
        raise Refused(verdicts.WRONG_TARGET)
    if login.deployment_hint and claims[LTI + "deployment_id"] != login.deployment_hint:
        raise Refused(verdicts.UNKNOWN_DEPLOYMENT, "differs from login")


def _check_with_library(token: str, platform: Platform, key: RSAPublicKey) -> None:
    check = LaunchCheck(token, platform, key)
    try:
        check.validate_registration()
        check.validate_jwt_signature()
        check.validate_message()
    except LtiException as problem:
        reason = verdicts.BAD_SIGNATURE if "decode" in str(problem) else verdicts.BAD_TOKEN
        raise Refused(reason, type(problem).__name__) from None


class LaunchCheck(FlaskMessageLaunch):
    """PyLTI1p3's launch with its open ends closed: our key, our clock, nothing kept in cookies or sessions."""

    def __init__(self, token: str, platform: Platform, key: RSAPublicKey) -> None:
        nothing: Any = object()
        super().__init__(
            request=_Form({"id_token": token}),
            tool_config=platforms.OneRegistration(platform),
            session_service=nothing,
            cookie_service=nothing,
            requests_session=nothing,
        )
        self._client_id = platform.client_id
        self._key = key
        # The library allows no leeway and reads its own clock; _check_times does both.
        self.set_jwt_verify_options(
            {"verify_aud": False, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
        )
        self.set_auto_validation(False)
        self.validate_jwt_format()

    def get_client_id(self) -> str:
        # The library takes the first of several in the audience and would crash on a legal order; _check_client has
        # found ours among them.
        return self._client_id

    def get_public_key(self) -> tuple[Any, str]:
        return self._key, "RS256"


class _Form:
    """The little of a request that the library reads."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def get_param(self, key: str) -> str | None:
        return self._values.get(key)
