"""Dynamic registration, as the campus takes it: it describes itself, judges what a tool sends, and keeps it pending.

Moodle's manner was recorded from 4.5.6, Canvas's is read in its documentation; `strict` checks all that can be checked.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, request

from campus.platform import Campus, campus
from campus.services import SCOPES, answer, hash_token
from campus.tools import EVERY_CLAIM, TOOL_CONFIGURATION, Tool, canvas_client_id

bp = Blueprint("registration", __name__)

PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
CANVAS = "https://canvas.instructure.com/lti/"
TOKEN_LIVES = timedelta(hours=1)
LAUNCH, DEEP_LINK = "LtiResourceLinkRequest", "LtiDeepLinkingRequest"
MESSAGES: Mapping[str, list[dict[str, Any]]] = {
    "strict": [
        {"type": LAUNCH},
        {"type": DEEP_LINK, "placements": ["ContentArea"]},
        {"type": "LtiSubmissionReviewRequest"},
    ],
    "moodle": [{"type": LAUNCH}, {"type": DEEP_LINK, "placements": ["ContentArea"]}],
    "canvas": [
        {"type": LAUNCH, "placements": ["account_navigation", "course_navigation", "link_selection"]},
        {"type": DEEP_LINK, "placements": ["assignment_selection", "editor_button", "link_selection"]},
    ],
}
OFFERED = {
    "strict": ("",),
    "moodle": ("/lti-ags/", "/lti-nrps/"),
    "canvas": ("/lti-ags/", "/lti-nrps/", "/noticehandlers"),
}
"""Of the campus's scopes, those that each LMS has in life."""
FURTHER_SCOPES: Mapping[str, list[str]] = {
    "strict": [],
    "moodle": ["https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting", "openid"],
    "canvas": ["https://canvas.instructure.com/lti/public_jwk/scope/update"],
}
VARIABLES = ["Context.id", "Context.id.history", "Person.address.timezone", "ResourceLink.id", "User.id"]


class RegistrationRefused(Exception):
    """A registration that is not taken: by which status, and everything that is wrong with it."""

    def __init__(self, status: int, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.status = status
        self.problems = problems


def begin(here: Campus, link: str, *, withheld: str = "") -> str:
    """Where the browser goes with a tool's registration link: the address of the configuration and a token added."""
    client_id = secrets.token_urlsafe(11)
    now = here.settings.now()
    claims: dict[str, Any] = {"sub": client_id, "scope": "reg"}
    if here.flavor.name == "canvas":
        client_id = canvas_client_id()
        claims = {"uuid": secrets.token_hex(16), "initiated_at": now.isoformat(), "user_id": 1}
    expires = now + TOKEN_LIVES
    token = here.keys.sign({**claims, "iat": int(now.timestamp()), "exp": int(expires.timestamp())})
    with here.store.writing() as db:
        db.execute(
            "INSERT INTO registration_tokens VALUES (?, ?, ?, ?, NULL)",
            (hash_token(token), client_id, withheld, expires.isoformat()),
        )
    said = {"openid_configuration": f"{here.settings.url}/openid-configuration", "registration_token": token}
    return f"{link}{'&' if urlsplit(link).query else '?'}{urlencode(said)}"


@bp.get("/openid-configuration")
def configuration() -> Response:
    here = campus()
    if here.flavor.name == "canvas":
        try:
            _token(here)
        except RegistrationRefused as problem:
            return _refuse(here, problem)
    return answer(_described(here), "application/json")


def _described(here: Campus) -> dict[str, Any]:
    settings, flavor = here.settings, here.flavor
    platform: dict[str, Any] = {
        "product_family_code": flavor.product_code,
        "version": "campus",
        "messages_supported": MESSAGES[flavor.name],
        "variables": VARIABLES,
    }
    if flavor.name == "canvas":
        platform[CANVAS + "account_name"] = "Campus <b>of</b> pretence"
    return {
        "issuer": settings.url,
        "authorization_endpoint": settings.auth_url,
        "token_endpoint": settings.token_url,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": settings.jwks_url,
        "registration_endpoint": f"{settings.url}/registrations",
        "scopes_supported": [*_own_scopes(here), *FURTHER_SCOPES[flavor.name]],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": list(EVERY_CLAIM),
        PLATFORM_CONFIGURATION: platform,
    }


def _own_scopes(here: Campus) -> list[str]:
    return [scope for scope in SCOPES if any(part in scope for part in OFFERED[here.flavor.name])]


@bp.post("/registrations")
def register() -> Response:
    here = campus()
    try:
        row = _token(here)
        body = _sent()
        problems = [*_problems(body), *problems_of_flavor(here, body)]
        if problems:
            raise RegistrationRefused(422 if here.flavor.name == "canvas" else 400, *problems)
        _spend(here, row)
    except RegistrationRefused as problem:
        return _refuse(here, problem)
    return answer(_taken(here, row, body), "application/json; charset=utf-8", 200)


def _token(here: Campus) -> sqlite3.Row:
    """The row of the token that was sent, still good."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    row = here.store.first("SELECT * FROM registration_tokens WHERE hash = ?", hash_token(token)) if token else None
    if kind != "Bearer" or row is None:
        raise RegistrationRefused(401, "missing_or_unknown_registration_token")
    if row["expires"] <= here.settings.now().isoformat():
        raise RegistrationRefused(401, "registration_token_expired")
    if row["used"] is not None:
        raise RegistrationRefused(401, "token_already_used")
    return row


def _spend(here: Campus, row: sqlite3.Row) -> None:
    with here.store.writing() as db:
        spent = db.execute(
            "UPDATE registration_tokens SET used = ? WHERE hash = ? AND used IS NULL",
            (here.settings.now().isoformat(), row["hash"]),
        )
    if spent.rowcount != 1:
        raise RegistrationRefused(401, "token_already_used")


def _sent() -> dict[str, Any]:
    try:
        body = json.loads(request.get_data())
    except ValueError:
        body = None
    if request.mimetype != "application/json" or not isinstance(body, dict):
        raise RegistrationRefused(400, "the body is not a JSON object")
    return body


def _problems(body: Mapping[str, Any]) -> list[str]:
    """What every platform minds."""
    wanted = {
        "application_type": "web",
        "token_endpoint_auth_method": "private_key_jwt",
    }
    found = [f"{name} is not {value}" for name, value in wanted.items() if body.get(name) != value]
    for name, value in (
        ("response_types", "id_token"),
        ("grant_types", "client_credentials"),
        ("grant_types", "implicit"),
    ):
        if value not in _list(body.get(name)):
            found.append(f"{name} lacks {value}")
    for name in ("client_name", "initiate_login_uri", "jwks_uri"):
        if not isinstance(body.get(name), str) or not body[name]:
            found.append(f"{name} is missing")
    if not _list(body.get("redirect_uris")):
        found.append("redirect_uris is missing")
    return [*found, *_problems_of_tool(body.get(TOOL_CONFIGURATION))]


def _problems_of_tool(about: Any) -> list[str]:
    if not isinstance(about, dict):
        return [f"{TOOL_CONFIGURATION} is missing"]
    found = [f"{name} is not a list" for name in ("claims", "messages") if not isinstance(about.get(name), list)]
    domain = about.get("domain")
    target = about.get("target_link_uri")
    if not isinstance(domain, str) or not isinstance(target, str) or urlsplit(target).netloc != domain:
        found.append("domain is not host and port of target_link_uri")
    custom = about.get("custom_parameters", {})
    if not isinstance(custom, dict) or not all(isinstance(value, str) for value in custom.values()):
        found.append("custom_parameters are not texts")
    return found


def problems_of_flavor(here: Campus, body: Mapping[str, Any]) -> list[str]:
    """What is asked for and not offered: Moodle drops it, the others mind it."""
    about = body.get(TOOL_CONFIGURATION)
    if here.flavor.name == "moodle" or not isinstance(about, dict):
        return []
    offered = _described(here)
    found = [f"scope {scope} is not offered" for scope in _scopes(body) if scope not in offered["scopes_supported"]]
    kinds = {each["type"]: each.get("placements", []) for each in MESSAGES[here.flavor.name]}
    for message in _list(about.get("messages")):
        kind = message.get("type") if isinstance(message, dict) else None
        if kind not in kinds:
            found.append(f"a message of type {kind} is not offered")
            continue
        found += [
            f"placement {place} is not offered for {kind}"
            for place in _list(message.get("placements"))
            if place not in kinds[kind]
        ]
    level = about.get(CANVAS + "privacy_level", "anonymous")
    if here.flavor.name == "canvas" and level not in ("public", "name_only", "email_only", "anonymous"):
        found.append(f"privacy_level is {level}")
    return found


def _scopes(body: Mapping[str, Any]) -> list[str]:
    said = body.get("scope")
    return said.split() if isinstance(said, str) else []


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _taken(here: Campus, row: sqlite3.Row, body: dict[str, Any]) -> dict[str, Any]:
    """The answer: what was written down, and under which client."""
    tool = keep(here, row["client_id"], body, withheld=row["withheld"])
    said = {**body, "client_id": tool.client_id, "scope": " ".join(tool.scopes or ())}
    if here.flavor.name == "canvas":
        return said
    about = body[TOOL_CONFIGURATION]
    written = {**about, "version": "1.3.0", "deployment_id": tool.deployment_id}
    if here.flavor.name == "moodle":
        written["messages"] = [each for each in about["messages"] if each.get("type") == DEEP_LINK]
        # Moodle 4.5 assigns where it means to compare: whatever is shared, the answer lists everything.
        written["claims"] = list(EVERY_CLAIM)
    return said | {TOOL_CONFIGURATION: written}


def keep(here: Campus, client_id: str, body: Mapping[str, Any], *, withheld: str = "") -> Tool:
    """Write down what was found good, pending: what the tool may do, and what it is told about people."""
    granted = [
        scope for scope in _own_scopes(here) if scope in _scopes(body) and not (withheld and f"/{withheld}/" in scope)
    ]
    about = body[TOOL_CONFIGURATION]
    claims = [claim for claim in EVERY_CLAIM if claim in about["claims"] or here.flavor.name == "strict"]
    if here.flavor.name == "canvas":
        is_public = about.get(CANVAS + "privacy_level") == "public"
        claims = list(EVERY_CLAIM) if is_public else ["iss", "sub"]
    return here.tools.add(client_id, body, granted, claims)


def _refuse(here: Campus, problem: RegistrationRefused) -> Response:
    here.traffic.refuse(problem.status, str(problem))
    if here.flavor.name == "canvas":
        errors = [{"field": each.split()[0], "message": each} for each in problem.problems]
        return answer({"errors": errors}, "application/json", problem.status)
    if here.flavor.name == "moodle":
        return Response(str(problem), problem.status, content_type="text/html; charset=utf-8")
    said = {"error": "invalid_client_metadata", "error_description": str(problem)}
    return answer(said, "application/json", problem.status)
