"""The tool's own keys: sealed at rest, rotated with an overlap; tokens never mixed between tenants."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, keys
from lti_tool.db import transaction
from lti_tool.keys import SigningKey
from lti_tool.models import Deployment
from lti_tool.outgoing.services import AccessToken, Connector
from tests.cast import Cast


def test_private_keys_and_secrets_are_sealed_at_rest(session: Session):
    row = session.scalars(select(SigningKey)).one()

    assert "PRIVATE" not in row.sealed_pem
    assert keys.unseal(row.sealed_pem).startswith("-----BEGIN PRIVATE KEY-----")


def test_what_an_older_secret_closed_opens_with_a_fallback(app: Flask, session: Session):
    sealed = keys.seal("token")
    app.config["SECRET_KEY_FALLBACKS"], app.config["SECRET_KEY"] = [app.config["SECRET_KEY"]], "y" * 40

    assert keys.unseal(sealed) == "token"
    app.config["SECRET_KEY_FALLBACKS"] = []
    with pytest.raises(keys.SecretsUnreadable, match="SECRET_KEY_FALLBACKS"):
        keys.unseal(sealed)


def test_a_new_key_is_published_a_day_before_it_signs_and_the_old_one_a_week_after(session: Session):
    old = keys.signing(session).kid
    with transaction():
        new = keys.rotate(session).kid

    def at(hours: float) -> tuple[str, list[str]]:
        with clock.moved_by(timedelta(hours=hours)):
            return keys.signing(session).kid, [jwk["kid"] for jwk in keys.published(session)]

    assert at(0) == (old, [old, new])
    assert at(25) == (new, [old, new])
    assert at(24 * 8 + 1) == (new, [new])


def test_a_key_is_named_by_its_thumbprint():
    example = {
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXj"
        "BZCiFV4n3"
        "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHz"
        "u6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8a"
        "wapJzKnqDKgw",
        "e": "AQAB",
    }

    assert keys.thumbprint(example) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "the example of RFC 7638, 3.1"


def test_two_schools_of_one_issuer_never_share_a_token(session: Session, cast: Cast):
    first, second = cast.platform("School A"), cast.platform("School B", client_id="b")
    connectors = [
        Connector(session.scalars(select(Deployment).where(Deployment.platform_id == platform.id)).one())
        for platform in (first, second)
    ]
    scopes = ["https://example.org/scope"]
    connectors[0]._cache_access_token(connectors[0]._scope_key(scopes), "token of A", 3600)

    found = [connector._get_cached_access_token(connector._scope_key(scopes)) for connector in connectors]

    assert found == ["token of A", None]
    assert "token of A" not in session.scalars(select(AccessToken.sealed)).one()


def test_a_token_is_renewed_a_minute_before_it_ends(session: Session, cast: Cast):
    platform = cast.platform()
    connector = Connector(session.scalars(select(Deployment).where(Deployment.platform_id == platform.id)).one())
    connector._cache_access_token("key", "token", 300)

    assert connector._get_cached_access_token("key") == "token"
    with clock.moved_by(timedelta(seconds=241)):
        assert connector._get_cached_access_token("key") is None
