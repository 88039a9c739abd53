"""What PyLTI1p3 leaves open: replay, mix-up, ages, sizes, types. Every launch ends in one verdict.

The library checks signature, registration, deployment and message shape; the rules around it are ours. The
order is: size, parse, shape, state cookie and row, client, key, signature, times, nonce and row binding,
message, deployment. Nothing is written here, except that a failed try spends its state.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from flask import current_app
from pylti1p3.contrib.flask.message_launch import FlaskMessageLaunch
from pylti1p3.exception import LtiException
from sqlalchemy import Connection, ForeignKey, String, and_, bindparam, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool import clock, platform_keys, platforms
from lti_tool.arrivals import shapes, signatures, verdicts
from lti_tool.arrivals.sessions import hashed
from lti_tool.arrivals.verdicts import Refused
from lti_tool.claims import LTI, RESOURCE_LINK_REQUEST, Launch
from lti_tool.db import Base, connected, db, find_or_create, table, transaction
from lti_tool.models import Deployment, Platform, Standing
from lti_tool.platforms import Registered
from lti_tool.prepared import Prepared, insert_into

MOST_TOKEN_BYTES = 32 * 1024
MOST_STATE = 1024
LOGIN_LIFE = timedelta(minutes=10)
LEEWAY = timedelta(seconds=60)
OLDEST = timedelta(minutes=10)
LONGEST_LIFE = timedelta(hours=24)
STATE_PREFIX = "state-"
"""What PyLTI1p3 puts in front of every state."""


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
    storage_target: Mapped[str] = mapped_column(String(255), default="")
    """The LMS's frame that was asked to keep the state, because this browser keeps no cookie; else empty."""
    asker: Mapped[str] = mapped_column(String(32), default="", index=True)
    """A mark of the address that asked, for counting floods; no address can be read out of it."""
    expires: Mapped[datetime] = mapped_column(index=True)
    spent: Mapped[datetime | None]

    platform: Mapped[Platform] = relationship(lazy="joined", innerjoin=True)


@dataclass(frozen=True)
class Login:
    """A login as its launch finds it."""

    id: int
    nonce: str
    target: str
    deployment_hint: str
    storage_target: str
    expires: datetime
    spent: datetime | None


@dataclass(frozen=True)
class Installed:
    """A deployment as a launch finds it."""

    id: int
    deployment_id: str
    standing: Standing


_LOGIN, _PLATFORM, _DEPLOYMENT = table(LoginRow), table(Platform), table(Deployment)
_LOGIN_COLUMNS = [_LOGIN.c[each.name] for each in fields(Login)]
_DEPLOYMENT_COLUMNS = [_DEPLOYMENT.c[each.name] for each in fields(Installed)]
_START = insert_into(
    LoginRow,
    *("state", "nonce", "platform_id", "target", "deployment_hint", "storage_target", "asker", "expires"),
)
_BEGUN = Prepared(
    select(*_LOGIN_COLUMNS, *platforms.REGISTERED, *_DEPLOYMENT_COLUMNS)
    .join_from(_LOGIN, _PLATFORM, _PLATFORM.c.id == _LOGIN.c.platform_id)
    .outerjoin(
        _DEPLOYMENT,
        and_(_DEPLOYMENT.c.platform_id == _PLATFORM.c.id, _DEPLOYMENT.c.deployment_id == _LOGIN.c.deployment_hint),
    )
    .where(_LOGIN.c.state == bindparam("hashed"))
)
_INSTALLED = Prepared(
    select(*_DEPLOYMENT_COLUMNS).where(
        _DEPLOYMENT.c.platform_id == bindparam("platform"), _DEPLOYMENT.c.deployment_id == bindparam("deployment")
    )
)
_SPEND = Prepared(
    update(_LOGIN)
    .where(_LOGIN.c.id == bindparam("login"), _LOGIN.c.spent.is_(None))
    .values(spent=bindparam("at", type_=_LOGIN.c.spent.type))
)


@dataclass(frozen=True)
class Begun:
    """A login with the platform it is bound to, and the deployment it was said to be for."""

    login: Login
    platform: Registered
    hinted: Installed | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> Begun:
        middle, end = len(_LOGIN_COLUMNS), len(_LOGIN_COLUMNS) + len(platforms.REGISTERED)
        hinted = Installed(*row[end:]) if row[end] is not None else None
        return cls(Login(*row[:middle]), Registered(*row[middle:end]), hinted)


@dataclass(frozen=True)
class Verified:
    """A launch that passed, and what it is bound to."""

    launch: Launch
    login: Login
    platform: Registered
    deployment: Installed


def start_login(
    connection: Connection,
    platform_id: int,
    *,
    target: str,
    deployment_hint: str,
    storage_target: str = "",
    asker: str = "",
) -> tuple[str, str]:
    """Remember a login in one row; its state and nonce. The caller commits."""
    state, nonce = STATE_PREFIX + secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    _START.run(
        connection,
        state=hashed(state),
        nonce=nonce,
        platform_id=platform_id,
        target=target,
        deployment_hint=deployment_hint,
        storage_target=storage_target,
        asker=asker,
        expires=clock.now() + LOGIN_LIFE,
    )
    return state, nonce


def verify(form: Mapping[str, str], cookies: Mapping[str, str], *, stored: str = "") -> Verified:
    """Judge a launch. Raises Refused with the reason; a state that was tried and failed is spent.

    `stored` is the state as our own page fetched it from the LMS's storage, where no cookie is kept.
    """
    state, token = form.get("state", ""), form.get("id_token", "")
    if not 1 <= len(state) <= MOST_STATE:
        raise Refused(verdicts.STATE_UNKNOWN, "no state")
    if len(token) > MOST_TOKEN_BYTES:
        raise Refused(verdicts.TOO_LARGE)
    begun = _begun(state)
    if not is_tied(state, cookies) and not (begun.login.storage_target and _is_same(stored, state)):
        reason = verdicts.of_platform(form["error"]) if "error" in form else verdicts.STATE_COOKIE
        raise Refused(reason, platform=begun.platform.public_id)
    try:
        if "error" in form:
            raise Refused(verdicts.of_platform(form["error"]), "oidc error")
        return _judge(token, begun)
    except Exception as problem:
        if isinstance(problem, Refused):
            problem.platform = begun.platform.public_id
        db.session.rollback()
        with transaction():
            spend(begun.login)
        raise


def _begun(state: str) -> Begun:
    with connected() as connection:
        row = _BEGUN.one(connection, hashed=hashed(state))
    begun = Begun.of(row) if row else None
    if begun is None or begun.login.expires <= clock.now():
        raise Refused(verdicts.STATE_UNKNOWN)
    if begun.login.spent is not None:
        raise Refused(verdicts.STATE_SPENT, platform=begun.platform.public_id)
    return begun


def is_tied(state: str, cookies: Mapping[str, str]) -> bool:
    """Whether the browser brought the cookie it was given with this state."""
    return _is_same(cookies.get(state_cookie(state), ""), state)


def _is_same(said: str, state: str) -> bool:
    return bool(said) and hmac.compare_digest(said.encode(), state.encode())


def state_cookie(state: str) -> str:
    """The cookie that ties a state to its browser: one per login, so that tabs do not disturb each other."""
    prefix = "__Host-" if current_app.config["IS_HTTPS"] else ""
    return f"{prefix}lti-state-{hashed(state)[:16]}"


def spend(login: Login) -> bool:
    """Take the row, once, in the caller's write transaction: False if it was taken before."""
    return _SPEND.run(db.session.connection(), login=login.id, at=clock.now()) == 1


def _judge(token: str, begun: Begun) -> Verified:
    header, claims = shapes.parse(token)
    shapes.check(header, claims)
    login, platform = begun.login, begun.platform
    _check_client(claims, platform)
    key = _key(platform, header["kid"])
    _check_with_library(token, header, claims, platform, key)
    _check_times(claims)
    _check_binding(claims, login)
    if platform.standing != Standing.ACTIVE:
        raise Refused(verdicts.PLATFORM_WAITING)
    deployment = begun.hinted or _installed(platform, claims[LTI + "deployment_id"])
    if deployment is None:
        _note_deployment(platform, claims[LTI + "deployment_id"])
    if deployment is None or deployment.standing != Standing.ACTIVE:
        raise Refused(verdicts.UNKNOWN_DEPLOYMENT, deployment=claims[LTI + "deployment_id"])
    return Verified(Launch.from_claims(claims), login, platform, deployment)


def _installed(platform: Registered, deployment_id: str) -> Installed | None:
    with connected() as connection:
        row = _INSTALLED.one(connection, platform=platform.id, deployment=deployment_id)
    return Installed(*row) if row else None


def _note_deployment(platform: Registered, deployment_id: str) -> None:
    """Keep a deployment seen for the first time, waiting: an operator approves it or does not."""
    with transaction() as session:
        key = {"platform_id": platform.id, "deployment_id": deployment_id}
        find_or_create(session, Deployment, key, standing=Standing.WAITING, created=clock.now())


def _check_client(claims: Mapping[str, Any], platform: Registered) -> None:
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


def _key(platform: Registered, kid: str) -> RSAPublicKey:
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
    if not is_in_time or not timedelta() <= expires - issued <= LONGEST_LIFE:
        raise Refused(verdicts.WRONG_TIME)
    not_before = claims.get("nbf")
    if isinstance(not_before, (int, float)) and not_before > (at + LEEWAY).timestamp():
        raise Refused(verdicts.WRONG_TIME, "nbf")


def _check_binding(claims: Mapping[str, Any], login: Login) -> None:
    if not hmac.compare_digest(claims["nonce"].encode(), login.nonce.encode()):
        raise Refused(verdicts.WRONG_NONCE)
    if claims[LTI + "target_link_uri"] != login.target:
        raise Refused(verdicts.WRONG_TARGET)
    if login.deployment_hint and claims[LTI + "deployment_id"] != login.deployment_hint:
        raise Refused(verdicts.UNKNOWN_DEPLOYMENT, "differs from login")


def _check_with_library(
    token: str, header: dict[str, Any], claims: dict[str, Any], platform: Registered, key: RSAPublicKey
) -> None:
    check = LaunchCheck(token, header, claims, platform, key)
    try:
        check.validate_registration()
        check.validate_jwt_signature()
        if claims[LTI + "message_type"] == RESOURCE_LINK_REQUEST:
            # The library's rules for the other messages refuse honest requests; `shapes` has checked those.
            check.validate_message()
    except LtiException as problem:
        raise Refused(verdicts.BAD_TOKEN, type(problem).__name__) from None


class LaunchCheck(FlaskMessageLaunch):
    """PyLTI1p3's launch with its open ends closed: our parsing, key and clock, nothing kept in cookies or sessions."""

    def __init__(
        self, token: str, header: dict[str, Any], claims: dict[str, Any], platform: Registered, key: RSAPublicKey
    ) -> None:
        nothing: Any = object()
        super().__init__(
            request=nothing,
            tool_config=platforms.OneRegistration(platform),
            session_service=nothing,
            cookie_service=nothing,
            requests_session=nothing,
        )
        self._token, self._client_id, self._key = token, platform.client_id, key
        parsed: Any = {"header": header, "body": claims}
        self.set_jwt(parsed)
        self.set_auto_validation(False)

    def get_client_id(self) -> str:
        # The library takes the first of several in the audience and would crash on a legal order; _check_client has
        # found ours among them.
        return self._client_id

    def validate_jwt_signature(self) -> LaunchCheck:
        # The library would have PyJWT read the token again, and by the clock of the machine; `_check_times` has leeway.
        if not signatures.holds(self._token, self._key):
            raise Refused(verdicts.BAD_SIGNATURE)
        return self
