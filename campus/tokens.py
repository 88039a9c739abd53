"""The token endpoint: an access token for a client that proves itself with a signed assertion (RFC 7523)."""

from __future__ import annotations

import json
import secrets
import sqlite3
from datetime import timedelta
from typing import Any

import jwt
from flask import Blueprint, Response, request
from jwt import PyJWS

from campus.platform import Campus, campus
from campus.services import SCOPES, answer, hash_token
from campus.tool_keys import KeySetUnavailable
from campus.tools import Tool

bp = Blueprint("tokens", __name__)

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DEPLOYMENT = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
LEEWAY = 10
LONGEST_LIFE = {"strict": 300, "moodle": 3600, "canvas": 3600}


class TokenRefused(Exception):
    """An OAuth error code, and for whoever reads the campus's log the reason."""

    def __init__(self, error: str, reason: str) -> None:
        super().__init__(reason)
        self.error = error
        self.reason = reason


@bp.post("/oauth/token")
def token() -> Response:
    here = campus()
    try:
        _check_form()
        tool = _check_assertion(here, request.form["client_assertion"])
        scopes = _granted(here, tool, request.form.get("scope", ""))
    except TokenRefused as problem:
        return _refuse(here, problem)
    body = {
        "access_token": _issue(here, scopes),
        "token_type": "Bearer",
        "expires_in": here.token_life,
        "scope": " ".join(scopes),
    }
    return _no_store(answer(body, here.flavor.token_content_type))


def _refuse(here: Campus, problem: TokenRefused) -> Response:
    status = here.flavor.client_error_status if problem.error == "invalid_client" else 400
    here.traffic.refuse(status, problem.reason)
    body = {"error": problem.error}
    if here.flavor.tells_reasons:
        body["error_description"] = problem.reason
    return _no_store(answer(body, here.flavor.token_content_type, status))


def _no_store(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _check_form() -> None:
    if request.mimetype != "application/x-www-form-urlencoded":
        raise TokenRefused("invalid_request", "the body is not application/x-www-form-urlencoded")
    if request.args:
        raise TokenRefused("invalid_request", "parameters belong in the body, not in the address")
    for name in ("grant_type", "client_assertion_type", "client_assertion"):
        if len(request.form.getlist(name)) != 1:
            raise TokenRefused("invalid_request", f"{name} is missing or there more than once")
    if request.form["grant_type"] != "client_credentials":
        raise TokenRefused("unsupported_grant_type", "grant_type is not client_credentials")
    if request.form["client_assertion_type"] != ASSERTION_TYPE:
        raise TokenRefused("invalid_request", f"client_assertion_type is not {ASSERTION_TYPE}")


def _check_assertion(here: Campus, assertion: str) -> Tool:
    """The tool that proves itself. Raises TokenRefused."""
    tool = _claimed(here, assertion)
    claims = _verified(here, tool, assertion)
    for name in ("iss", "sub"):
        if claims.get(name) != tool.client_id:
            raise TokenRefused("invalid_client", f"{name} of the assertion is not the client_id")
    _check_audience(here, claims.get("aud"))
    _check_times(here, claims)
    if claims.get(DEPLOYMENT, tool.deployment_id) != tool.deployment_id:
        raise TokenRefused("invalid_client", "the assertion names a deployment we do not have")
    _spend_jti(here, claims)
    return tool


def _claimed(here: Campus, assertion: str) -> Tool:
    """Whose the assertion says it is, before anything is proved."""
    try:
        said = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError:
        return here.tool
    client_id = said.get("sub")
    found = here.tools.find(client_id) if isinstance(client_id, str) else None
    return found or here.tool


def _verified(here: Campus, tool: Tool, assertion: str) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(assertion)
    except jwt.PyJWTError:
        raise TokenRefused("invalid_client", "client_assertion is not a JWT") from None
    if header.get("alg") != "RS256":
        raise TokenRefused("invalid_client", "the assertion is not signed with RS256")
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise TokenRefused("invalid_client", "the assertion names no key (kid)")
    try:
        key = here.tools.keys_of(tool).find(kid)
    except KeySetUnavailable as problem:
        raise TokenRefused("invalid_client", str(problem)) from None
    if key is None:
        raise TokenRefused("invalid_client", "the assertion's key is not in the tool's key set")
    try:
        claims = json.loads(PyJWS().decode(assertion, key, algorithms=["RS256"]))
    except jwt.PyJWTError:
        raise TokenRefused("invalid_client", "the assertion's signature is wrong") from None
    except ValueError:
        claims = None
    if not isinstance(claims, dict):
        raise TokenRefused("invalid_client", "the assertion holds no claims")
    return claims


def _check_audience(here: Campus, audience: object) -> None:
    listed = audience if isinstance(audience, list) else [audience]
    good = {here.settings.token_url}
    if here.flavor.accepts_issuer_as_audience:
        good.add(here.settings.url)
    elif len(listed) != 1:
        raise TokenRefused("invalid_client", "aud of the assertion names several audiences")
    if not good & {each for each in listed if isinstance(each, str)}:
        raise TokenRefused("invalid_client", f"aud of the assertion is not {here.settings.token_url}")


def _check_times(here: Campus, claims: dict[str, Any]) -> None:
    issued, expires, now = _time(claims, "iat"), _time(claims, "exp"), here.settings.now().timestamp()
    if expires <= now - LEEWAY:
        raise TokenRefused("invalid_client", "the assertion has expired")
    if issued > now + LEEWAY:
        raise TokenRefused("invalid_client", "the assertion was issued in the future")
    if expires - issued > LONGEST_LIFE[here.flavor.name]:
        raise TokenRefused("invalid_client", "the assertion lives too long")


def _time(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused("invalid_client", f"{name} of the assertion is missing or no number")
    return float(value)


def _spend_jti(here: Campus, claims: dict[str, Any]) -> None:
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti:
        raise TokenRefused("invalid_client", "the assertion has no jti")
    try:
        with here.store.writing() as db:
            db.execute("INSERT INTO jtis VALUES (?, ?)", (jti, str(claims["exp"])))
    except sqlite3.IntegrityError:
        raise TokenRefused("invalid_client", "the assertion's jti has been used before") from None


def _granted(here: Campus, tool: Tool, asked: str) -> list[str]:
    wanted = asked.split()
    known = [scope for scope in wanted if scope in SCOPES and tool.may(scope)]
    if not known or (known != wanted and not here.flavor.grants_part_of_scopes):
        raise TokenRefused("invalid_scope", f"scope “{asked}” is not what this client may have")
    return known


def _issue(here: Campus, scopes: list[str]) -> str:
    """A new token; only its hash is kept."""
    made = secrets.token_urlsafe(32)
    expires = here.settings.now() + timedelta(seconds=here.token_life)
    with here.store.writing() as db:
        db.execute("INSERT INTO tokens VALUES (?, ?, ?)", (hash_token(made), " ".join(scopes), expires.isoformat()))
    return made
