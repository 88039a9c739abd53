"""What PyLTI1p3 leaves open: replay, mix-up, ages, sizes, types. Every launch ends in one verdict.

Its rules for the message are the library's; those around it are ours, as it would read the token twice more and by its
own clock. The order is: size, state and its cookie, parse, shape, client, key, signature, message, times, binding to
the login, deployment. Nothing is written here, except that a new deployment is noted to wait for an operator.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from flask import current_app
from pylti1p3.exception import LtiException
from pylti1p3.message_validators.resource_message import ResourceMessageValidator
from sqlalchemy import and_, bindparam, func, select

from lti_tool import clock, platform_keys, platforms
from lti_tool.arrivals import kept, shapes, signatures, states, verdicts
from lti_tool.arrivals.states import Login
from lti_tool.arrivals.verdicts import Refused
from lti_tool.claims import DEPLOYMENT_ID, MESSAGE_TYPE, RESOURCE_LINK_REQUEST, TARGET_LINK_URI, Launch
from lti_tool.db import connected, find_or_create, table, transaction
from lti_tool.models import Deployment, Platform, Standing
from lti_tool.platforms import Registered
from lti_tool.prepared import Prepared

MOST_TOKEN_BYTES = 32 * 1024
LEEWAY, OLDEST, LONGEST_LIFE = 60, 10 * 60, 24 * 3600
"""Seconds: by which clocks may differ, that a token may be old, that it may live."""
MOST_WAITING = 100
"""Deployments of one platform that wait for an operator."""


@dataclass(frozen=True)
class Installed:
    """A deployment as a launch finds it."""

    id: int
    deployment_id: str
    standing: Standing


Bound = Callable[[Login, str], tuple[Registered, Installed | None]]
"""The platform of a login and its deployment with this id, if there is one."""

_RULES = ResourceMessageValidator()
_PLATFORM, _DEPLOYMENT = table(Platform), table(Deployment)
_DEPLOYMENT_COLUMNS = [_DEPLOYMENT.c[each.name] for each in fields(Installed)]
_BOUND = Prepared(
    select(*platforms.REGISTERED, *_DEPLOYMENT_COLUMNS)
    .select_from(_PLATFORM)
    .outerjoin(
        _DEPLOYMENT,
        and_(_DEPLOYMENT.c.platform_id == _PLATFORM.c.id, _DEPLOYMENT.c.deployment_id == bindparam("deployment")),
    )
    .where(_PLATFORM.c.public_id == bindparam("platform"))
)
_OF_PLATFORM = len(platforms.REGISTERED)


@dataclass(frozen=True)
class Verified:
    """A launch that passed, and what it is bound to."""

    claims: Mapping[str, Any]
    login: Login
    platform: Registered
    deployment: Installed

    @cached_property
    def launch(self) -> Launch:
        """In our own words."""
        return Launch.from_claims(self.claims)


def verify(form: Mapping[str, str], cookies: Mapping[str, str], *, stored: str = "") -> Verified:
    """Judge a launch. Raises Refused with the reason; a failed try leaves nothing behind, not even a spent state.

    `stored` is the state as our own page fetched it from the LMS's storage, where no cookie is kept.
    """
    state, token = form.get("state", ""), form.get("id_token", "")
    if len(token) > MOST_TOKEN_BYTES:
        raise Refused(verdicts.TOO_LARGE)
    login = states.unseal(state)
    if login is None:
        raise Refused(verdicts.STATE_UNKNOWN)
    try:
        if not is_tied(state, cookies) and not (login.storage_target and _is_same(stored, state)):
            raise _untied(login, form)
        if "error" in form:
            raise Refused(verdicts.of_platform(form["error"]), "oidc error")
        return judge(token, login)
    except Refused as refused:
        refused.platform = login.platform
        raise


def _untied(login: Login, form: Mapping[str, str]) -> Refused:
    """Why there is no cookie: it went when the state was spent, or this is another browser, or it keeps none."""
    if "error" in form:
        return Refused(verdicts.of_platform(form["error"]))
    with connected() as connection:
        is_spent = states.is_spent(connection, login)
    return Refused(verdicts.STATE_SPENT if is_spent else verdicts.STATE_COOKIE)


def is_tied(state: str, cookies: Mapping[str, str]) -> bool:
    """Whether the browser brought the cookie it was given with this state."""
    return _is_same(cookies.get(state_cookie(state), ""), state)


def _is_same(said: str, state: str) -> bool:
    return bool(said) and said.isascii() and state.isascii() and hmac.compare_digest(said, state)


def state_cookie(state: str) -> str:
    """The cookie that ties a state to its browser: one per login, so that tabs do not disturb each other."""
    prefix = "__Host-" if current_app.config["IS_HTTPS"] else ""
    return f"{prefix}lti-state-{states.seal_of(state)[:16]}"


def judge(token: str, login: Login, *, bound: Bound | None = None) -> Verified:
    """Everything a launch is held against, once it is tied to its login. Raises Refused.

    `bound` finds what the login is bound to; without one, the database is asked.
    """
    header, claims = shapes.parse(token)
    shapes.check(header, claims)
    platform, deployment = (bound or _bound)(login, claims[DEPLOYMENT_ID])
    _check_client(claims, platform)
    key = _key(platform, header["kid"])
    if not signatures.holds(token, key):
        raise Refused(verdicts.BAD_SIGNATURE)
    _check_message(claims)
    _check_times(claims)
    _check_binding(claims, login)
    if platform.standing != Standing.ACTIVE:
        raise Refused(verdicts.PLATFORM_WAITING)
    if deployment is None:
        _note_deployment(platform, claims[DEPLOYMENT_ID])
    if deployment is None or deployment.standing != Standing.ACTIVE:
        raise Refused(verdicts.UNKNOWN_DEPLOYMENT, deployment=claims[DEPLOYMENT_ID])
    return Verified(claims, login, platform, deployment)


def _bound(login: Login, deployment_id: str) -> tuple[Registered, Installed | None]:
    """The platform this login is bound to, and its deployment with the id the token claims, if there is one."""

    def find() -> tuple[tuple[Registered, Installed | None], bool]:
        with connected() as connection:
            row = _BOUND.one(connection, platform=login.platform, deployment=deployment_id)
        if row is None:
            raise Refused(verdicts.STATE_UNKNOWN, "its platform was removed")
        platform = Registered(*row[:_OF_PLATFORM])
        installed = Installed(*row[_OF_PLATFORM:]) if row[_OF_PLATFORM] is not None else None
        is_let_in = installed is not None and installed.standing == platform.standing == Standing.ACTIVE
        return (platform, installed), is_let_in

    return kept.found(("bound", login.platform, deployment_id), find)


def _note_deployment(platform: Registered, deployment_id: str) -> None:
    """Keep a deployment seen for the first time, waiting: an operator approves it or does not.

    A platform that makes up one after the other fills no table: once so many wait, further ones are only refused.
    """
    with transaction() as session:
        waiting = select(func.count(Deployment.id)).where(
            Deployment.platform_id == platform.id, Deployment.standing == Standing.WAITING
        )
        if (session.scalar(waiting) or 0) >= MOST_WAITING:
            return
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
    at, issued, expires = clock.now().timestamp(), claims["iat"], claims["exp"]
    is_in_time = issued - LEEWAY <= at <= expires + LEEWAY and at - issued <= OLDEST + LEEWAY
    if not is_in_time or not 0 <= expires - issued <= LONGEST_LIFE:
        raise Refused(verdicts.WRONG_TIME)
    not_before = claims.get("nbf")
    if isinstance(not_before, (int, float)) and not_before > at + LEEWAY:
        raise Refused(verdicts.WRONG_TIME, "nbf")


def _check_binding(claims: Mapping[str, Any], login: Login) -> None:
    if not (claims["nonce"].isascii() and hmac.compare_digest(claims["nonce"], login.nonce)):
        raise Refused(verdicts.WRONG_NONCE)
    if not login.is_for_target(claims[TARGET_LINK_URI]):
        raise Refused(verdicts.WRONG_TARGET)
    if not login.allows_deployment(claims[DEPLOYMENT_ID]):
        raise Refused(verdicts.UNKNOWN_DEPLOYMENT, "differs from login")


def _check_message(claims: dict[str, Any]) -> None:
    """The library's rules for launches. Those for other messages refuse honest requests; `shapes` has checked these."""
    if claims[MESSAGE_TYPE] != RESOURCE_LINK_REQUEST:
        return
    try:
        _RULES.validate(claims)
    except LtiException as problem:
        raise Refused(verdicts.BAD_TOKEN, type(problem).__name__) from None
