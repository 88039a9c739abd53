"""Registered LMSs, in the form PyLTI1p3 asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Protocol, TypeVar

from flask_babel import lazy_gettext as _l
from pylti1p3.registration import Registration
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, keys
from lti_tool.claims import LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, RESULT_SCOPE, ROSTER_SCOPE, SCORE_SCOPE
from lti_tool.db import find_or_create, table
from lti_tool.models import Deployment, Platform, Standing


@dataclass(frozen=True)
class Registered:
    """A platform as a launch finds it: what is registered of it, without a row that could be changed."""

    id: int
    public_id: str
    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    token_audience: str | None
    jwks_url: str
    family: str
    framed_from: Sequence[str]
    standing: Standing

    @classmethod
    def of(cls, platform: Platform) -> Registered:
        return cls(*(getattr(platform, each.name) for each in fields(cls)))


REGISTERED = [table(Platform).c[each.name] for each in fields(Registered)]
"""Columns to make a `Registered` of."""


class HasStanding(Protocol):
    @property
    def standing(self) -> Standing: ...


Knocking = TypeVar("Knocking", bound=HasStanding)
"""A platform, or the little of it that a login needs."""


def find(session: Session, issuer: str, client_id: str = "") -> Platform | None:
    """The platform of this issuer and client; without a client only if the issuer has exactly one."""
    wanted = select(Platform).where(Platform.issuer == issuer)
    if client_id:
        wanted = wanted.where(Platform.client_id == client_id)
    found = session.scalars(wanted.order_by(Platform.id).limit(100)).all()
    return fitting(found, is_of_client=bool(client_id))


def fitting(found: Sequence[Knocking], *, is_of_client: bool) -> Knocking | None:
    """Which of these, oldest first, is meant by a login that names issuer and perhaps client.

    Those that are let in come first, so that one which merely waits disturbs nobody. Where two with the same issuer and
    client are let in (a Canvas of one's own beside the hosted one), the common login address is the older one's; the
    younger is started at an address of its own.
    """
    let_in = [each for each in found if each.standing == Standing.ACTIVE] or found
    return let_in[0] if len(let_in) == 1 or (is_of_client and let_in) else None


def is_known(session: Session, issuer: str) -> bool:
    return session.scalar(select(Platform.id).where(Platform.issuer == issuer).limit(1)) is not None


def by_public_id(session: Session, public_id: str) -> Platform | None:
    return session.scalar(select(Platform).where(Platform.public_id == public_id))


def deployment_of(session: Session, platform: Platform, deployment_id: str) -> Deployment | None:
    return session.scalar(
        select(Deployment).where(Deployment.platform_id == platform.id, Deployment.deployment_id == deployment_id)
    )


def add(
    session: Session,
    *,
    name: str,
    issuer: str,
    client_id: str,
    auth_url: str,
    token_url: str,
    jwks_url: str,
    deployment_id: str,
    token_audience: str | None = None,
    beside: bool = False,
) -> Platform:
    """Register a platform with one approved deployment, or bring a registered one up to date; the caller commits.

    With `beside`, other keys under a known issuer and client make a registration of their own. Raises LookupError
    where several are registered and none has these keys, so that it cannot be told which is meant.
    """
    platform = _registered(session, issuer, client_id, jwks_url, beside=beside)
    if platform is None:
        platform, _ = find_or_create(
            session,
            Platform,
            {"issuer": issuer, "client_id": client_id, "jwks_url": jwks_url},
            name=name,
            auth_url=auth_url,
            token_url=token_url,
            created=clock.now(),
        )
    platform.name, platform.auth_url, platform.token_url = name, auth_url, token_url
    platform.jwks_url, platform.token_audience = jwks_url, token_audience
    platform.standing = Standing.ACTIVE
    approve_deployment(session, platform, deployment_id)
    return platform


def _registered(session: Session, issuer: str, client_id: str, jwks_url: str, *, beside: bool) -> Platform | None:
    same = session.scalars(select(Platform).where(Platform.issuer == issuer, Platform.client_id == client_id)).all()
    exact = next((each for each in same if each.jwks_url == jwks_url), None)
    if exact is not None or beside or not same:
        return exact
    if len(same) > 1:
        raise LookupError("Several platforms have this issuer and client id, and none of them this key set.")
    return same[0]


def approve_deployment(session: Session, platform: Platform, deployment_id: str) -> Deployment:
    """Let an installation in, whether it was seen before or not; the caller commits."""
    deployment, _ = find_or_create(
        session, Deployment, {"platform_id": platform.id, "deployment_id": deployment_id}, created=clock.now()
    )
    deployment.standing = Standing.ACTIVE
    return deployment


def approve(session: Session, platform: Platform) -> list[Deployment]:
    """Let a platform in; the caller commits. The deployments that came with its registration are let in with it."""
    came_along = []
    if platform.standing == Standing.WAITING:
        came_along = [each for each in platform.deployments if each.standing == Standing.WAITING]
        for each in came_along:
            each.standing = Standing.ACTIVE
    platform.standing = Standing.ACTIVE
    return came_along


def allows(platform: Platform, scope: str) -> bool:
    """Whether the registration granted this; where nobody said what it grants, the LMS itself decides each time."""
    granted = platform.granted_scopes
    return not granted or scope in granted or (scope == LINE_ITEM_READ_SCOPE and LINE_ITEM_SCOPE in granted)


WITHOUT = {
    ROSTER_SCOPE: _l("The class list cannot be read: people are known here from their first visit on."),
    SCORE_SCOPE: _l("No scores reach the gradebook."),
    LINE_ITEM_SCOPE: _l("No gradebook columns are made: only activities that the LMS gave a column are graded."),
    RESULT_SCOPE: _l("Grades cannot be read back and compared."),
}
"""What a platform that does not grant a scope does without."""


def switched_off(platform: Platform) -> list[str]:
    """What this platform's registration did not grant, in sentences."""
    return [str(sentence) for scope, sentence in WITHOUT.items() if not allows(platform, scope)]


def registration_for(platform: Platform | Registered) -> Registration:
    """A fresh library registration; never shared, because the library keeps what it fetches on it."""
    registration = Registration()
    registration.set_issuer(platform.issuer)
    registration.set_client_id(platform.client_id)
    registration.set_auth_login_url(platform.auth_url)
    registration.set_auth_token_url(platform.token_url)
    registration.set_auth_audience(platform.token_audience or platform.token_url)
    registration.set_key_set_url(platform.jwks_url)
    return registration


def hand_key_to(registration: Registration, signing: keys.SigningKey) -> None:
    """Let this registration sign with the tool's key."""
    registration.set_tool_private_key(keys.unseal(signing.sealed_pem))
    registration.set_tool_public_key(keys.public_pem(signing))
