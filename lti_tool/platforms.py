"""Registered LMSs, in the form PyLTI1p3 asks for them."""

from __future__ import annotations

from typing import Any

from pylti1p3.registration import Registration
from pylti1p3.tool_config.abstract import ToolConfAbstract
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, keys
from lti_tool.db import find_or_create
from lti_tool.models import Deployment, Platform, Standing


def find(session: Session, issuer: str, client_id: str = "") -> Platform | None:
    """The platform of this issuer and client; without a client only if the issuer has exactly one."""
    wanted = select(Platform).where(Platform.issuer == issuer)
    if client_id:
        wanted = wanted.where(Platform.client_id == client_id)
    found = session.scalars(wanted.limit(2)).all()
    return found[0] if len(found) == 1 else None


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
) -> Platform:
    """Register a platform with one approved deployment, or bring a registered one up to date; the caller commits."""
    platform, _ = find_or_create(
        session,
        Platform,
        {"issuer": issuer, "client_id": client_id},
        name=name,
        auth_url=auth_url,
        token_url=token_url,
        jwks_url=jwks_url,
        created=clock.now(),
    )
    platform.name, platform.auth_url, platform.token_url = name, auth_url, token_url
    platform.jwks_url, platform.token_audience = jwks_url, token_audience
    platform.standing = Standing.ACTIVE
    deployment, _ = find_or_create(
        session, Deployment, {"platform_id": platform.id, "deployment_id": deployment_id}, created=clock.now()
    )
    deployment.standing = Standing.ACTIVE
    return platform


def registration_for(platform: Platform) -> Registration:
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


class OneRegistration(ToolConfAbstract[Any]):
    """The library's view of one launch: the registration its login row is bound to, and no other."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def check_iss_has_one_client(self, iss: str) -> bool:
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:
        return True

    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> Registration:
        raise NotImplementedError("An issuer may have several clients; look up by issuer and client.")

    def find_registration_by_params(self, iss: str, client_id: str, *args: Any, **kwargs: Any) -> Registration:
        if (iss, client_id) != (self._platform.issuer, self._platform.client_id):
            raise LookupError("The token is another registration's.")
        return registration_for(self._platform)

    def find_deployment(self, iss: str, deployment_id: str) -> None:
        raise NotImplementedError("Deployments are looked up by `verifying`, after the signature.")

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *args: Any, **kwargs: Any
    ) -> None:
        raise NotImplementedError("Deployments are looked up by `verifying`, after the signature.")
