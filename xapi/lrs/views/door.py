"""What every resource has in common: who asks, in which version, and how errors are told."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime, timedelta
from typing import cast

from flask import Blueprint, Response, current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    RequestEntityTooLarge,
    ServiceUnavailable,
    Unauthorized,
)

from lti_tool import clock
from lti_tool.brief import asking
from lti_tool.db import db
from lti_tool.errors import log_unexpected
from xapi.lrs import credentials, limits
from xapi.lrs.asked import Asked, Version, asked
from xapi.lrs.visiting import Visitor

log = logging.getLogger(__name__)
bp = Blueprint("lrs", __name__, url_prefix="/lrs")

MOUNT = "/<any('1.0.3', '2.0.0'):version>"
EVERY_METHOD = ("GET", "POST", "PUT", "DELETE", "PATCH")
SETTLED = timedelta(seconds=1)
"""How long ago a statement must have been stored for us to say that nothing older can still turn up.

Who stores takes the time first and commits a little later; see `consistent_through`.
"""
_SPOKEN = {"1.0.3": re.compile(r"1\.0(?:\.[0-9]+)?"), "2.0.0": re.compile(r"2\.0(?:\.[0-9]+)?")}


def come_in(version: str, *methods: str) -> tuple[Asked, Visitor]:
    """What is asked and by whom, once both are known to be in order."""
    said = put(version, *methods)
    visitor = _signed_in(said)
    _right_version(said)
    return said, visitor


def put(version: str, *methods: str) -> Asked:
    """What is asked, by whomever."""
    request.max_content_length = limits.MOST_BYTES
    said = asked(request, cast(Version, version))
    if said.method not in (*methods, "OPTIONS"):
        raise MethodNotAllowed(list(methods), f"This resource takes {', '.join(methods)}.")
    return said


def _signed_in(said: Asked) -> Visitor:
    limits.let_try()
    try:
        who = said.signed_in_as
    except ValueError:
        who = None
    if who is None or who.type != "basic":
        raise _unauthorized("Sign in with Basic authentication: the key as user name, its secret as password.")
    found = credentials.admit(asking(), who.username or "", who.password or "")
    if found is None:
        limits.count_failure()
        raise _unauthorized("The key or its secret is wrong, or the key has been revoked.")
    limits.count_request(found.key)
    g.lrs_store = found.store
    return Visitor(found, current_app.config["IRI_BASE"])


def _unauthorized(why: str) -> Unauthorized:
    challenge = WWWAuthenticate("basic", {"realm": "Learning record store", "charset": "UTF-8"})
    return Unauthorized(why, www_authenticate=challenge)


def _right_version(said: Asked) -> None:
    spoken = said.headers.get("X-Experience-API-Version", "")
    if not spoken:
        raise BadRequest(f"Send the header X-Experience-API-Version: {said.version}.")
    if not _SPOKEN[said.version].fullmatch(spoken):
        short = said.version.rpartition(".")[0]
        raise BadRequest(f"Only xAPI {short}.x is spoken here: send X-Experience-API-Version: {said.version}.")


def consistent_through() -> datetime:
    """Up to when everything stored can be read.

    That is certain up to the newest statement we see, because they are committed in the order of `stored`, and
    safe to say of what was a moment ago.
    """
    settled = clock.now() - SETTLED
    store = g.get("lrs_store")
    return settled if store is None else max(settled, store.last_stored)


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def as_text(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def as_json(said: object, status: int = 200) -> Response:
    return Response(as_text(said), status=status, mimetype="application/json")


@bp.after_request
def say_version(response: Response) -> Response:
    response.headers["X-Experience-API-Version"] = (request.view_args or {}).get("version", "1.0.3")
    if request.endpoint == "lrs.statements":
        response.headers["X-Experience-API-Consistent-Through"] = written(consistent_through())
    return response


@bp.errorhandler(HTTPException)
def explain(error: HTTPException) -> Response:
    """The error in JSON, with the headers that belong to it."""
    answer = error.get_response(request.environ)
    told = as_json({"error": error.description}, error.code or 500)
    for name in ("WWW-Authenticate", "Allow", "Retry-After"):
        if name in answer.headers:
            told.headers[name] = answer.headers[name]
    return told


@bp.errorhandler(RequestEntityTooLarge)
def explain_size(error: RequestEntityTooLarge) -> Response:
    if error.description == RequestEntityTooLarge.description:
        error.description = f"A request may hold at most {limits.MOST_BYTES} bytes: send less at once."
    return explain(error)


@bp.errorhandler(TimeoutError)
def explain_busy(_error: TimeoutError) -> Response:
    return explain(ServiceUnavailable("Too many are writing at once. Try again in a few seconds."))


@bp.errorhandler(Exception)
def explain_unexpected(error: Exception) -> Response:
    log_unexpected(log, error)
    db.session.rollback()
    return explain(InternalServerError("Something broke on our side. Try again in a moment."))
