"""What the platform's services share: who may call, in which media type, and how a refusal looks."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, request

from campus.platform import campus

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM = AGS + "lineitem"
LINE_ITEM_READ = AGS + "lineitem.readonly"
RESULT_READ = AGS + "result.readonly"
SCORE = AGS + "score"
NOTICES = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
GROUPS = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
AGS_SCOPES = (LINE_ITEM, LINE_ITEM_READ, RESULT_READ, SCORE)
SCOPES = (*AGS_SCOPES, ROSTER, GROUPS, NOTICES)


class ServiceRefused(Exception):
    """A service call that gets a 4xx; `is_bare` where Moodle gives an empty list for a reason."""

    def __init__(self, status: int, reason: str, *, media_type: str = "application/json", is_bare: bool = False):
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.media_type = media_type
        self.is_bare = is_bare


def init_app(app: Flask) -> None:
    app.register_error_handler(ServiceRefused, _refuse)


def _refuse(problem: ServiceRefused) -> Response:
    here = campus()
    here.traffic.refuse(problem.status, problem.reason)
    if here.flavor.name == "moodle":
        body: Any = [] if problem.is_bare else _like_moodle(problem)
        response = answer(body, problem.media_type, problem.status)
    elif here.flavor.name == "canvas":
        response = answer({"errors": {"message": problem.reason}}, "application/json", problem.status)
    else:
        response = answer({"error": problem.reason}, "application/json", problem.status)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _like_moodle(problem: ServiceRefused) -> dict[str, Any]:
    asked = {
        "method": request.method,
        "url": request.full_path.rstrip("?"),
        "accept": request.headers.get("Accept", "*/*"),
        "contentType": request.headers.get("Content-Type", ""),
    }
    return {"status": problem.status, "reason": problem.reason, "request": asked}


def answer(body: Any, media_type: str, status: int = 200) -> Response:
    return current_app.response_class(json.dumps(body, ensure_ascii=False), status, content_type=media_type)


def require_scope(*enough: str) -> None:
    """Let the call through if its token is good and holds any of these scopes."""
    here = campus()
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    row = here.store.first("SELECT * FROM tokens WHERE hash = ?", hash_token(token)) if token else None
    if kind.lower() != "bearer" or row is None:
        raise ServiceRefused(401, "there is no access token, or not one of ours")
    if row["expires"] <= here.settings.now().isoformat():
        raise ServiceRefused(401, "the access token has expired")
    if not set(row["scopes"].split()) & set(enough):
        raise ServiceRefused(here.flavor.wrong_scope_status, f"the access token lacks the scope {enough[0]}")


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def require_accept(media_type: str) -> None:
    """Refuse a GET that does not name this media type, where the flavor minds."""
    status = campus().flavor.wrong_accept_status
    if status is not None and media_type not in [kind for kind, _ in request.accept_mimetypes]:
        raise ServiceRefused(status, f"Accept does not name {media_type}")


def sent_json(media_type: str) -> dict[str, Any]:
    """The object that was sent, in exactly this media type."""
    if request.mimetype != media_type:
        status = campus().flavor.wrong_media_status
        raise ServiceRefused(status, f"Content-Type is {request.mimetype or 'missing'} instead of {media_type}")
    try:
        body = json.loads(request.get_data(), parse_constant=_no_constant)
    except ValueError:
        raise ServiceRefused(400, "the body is not JSON") from None
    if not isinstance(body, dict):
        raise ServiceRefused(400, "the body is not a JSON object")
    return body


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def page_address(parameter: str, value: str) -> str:
    """This request's own address with one parameter set, to be named in a Link header."""
    values = [(name, each) for name, each in request.args.items(multi=True) if name != parameter]
    return f"{campus().settings.url}{request.path}?{urlencode([*values, (parameter, value)])}"


def page_size() -> int | None:
    """How many a page of any list holds; None for all at once. A limit is a hint that never makes pages larger."""
    here, asked = campus(), asked_limit()
    own = here.settings.page_size if here.flavor.name == "strict" else here.flavor.largest_page
    if own is None:
        return asked
    return min(own, asked) if asked else own


def asked_limit() -> int | None:
    text = request.args.get("limit", "")
    return int(text) if text.isdecimal() and int(text) > 0 else None
