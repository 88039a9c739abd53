"""The embedded LRS for those who read it: statements and about, for xAPI 1.0.3.

Readers are programs, so every answer is JSON and errors are told in English. There is no session and no cookie:
a request carries its credential, and the credential says which store, and which course of it, may be seen.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    ServiceUnavailable,
    Unauthorized,
)

from lti_tool import clock
from lti_tool.db import db
from lti_tool.errors import log_unexpected
from xapi.lrs import credentials, formats, reading
from xapi.lrs.asking import BadQuery, Query, ask
from xapi.lrs.models import Credential, Store

log = logging.getLogger(__name__)
bp = Blueprint("lrs", __name__, url_prefix="/lrs")

VERSION = "1.0.3"
SETTLED = timedelta(seconds=1)
"""How long ago a statement must have been stored for us to say that nothing older can still turn up.

Who stores takes the time first and commits a little later; see `_consistent_through`.
"""
EVERY_METHOD = ("GET", "POST", "PUT", "DELETE", "PATCH")

_VERSION_ASKED = re.compile(r"1\.0(?:\.[0-9]+)?")


@bp.route("/1.0.3/statements", methods=EVERY_METHOD)
def statements() -> Response:
    """The statements that the credential may see and the parameters ask for."""
    _only_reading()
    credential, store = _signed_in()
    _right_version()
    g.consistent_through = _consistent_through(store)
    if credentials.LETS_READ.isdisjoint(credential.scopes):
        raise Forbidden("This credential lacks the scope statements/read. Ask for one that has it.")
    query = _query()
    page = reading.find(db.session, store, query, course=credential.course)
    if query.wants_one:
        if not page.bodies:
            raise NotFound("There is no such statement.")
        return _answer(_formatted(page.bodies[0], query), query)
    bodies = ",".join(_formatted(body, query) for body in page.bodies)
    return _answer(f'{{"statements":[{bodies}],"more":{json.dumps(_more(page.cursor))}}}', query)


@bp.route("/1.0.3/about", methods=EVERY_METHOD)
def about() -> Response:
    """Which version of xAPI stands here; open to everybody, as the specification wants."""
    _only_reading()
    for name in request.args:
        raise BadRequest(f"There is no parameter {name[:60]}.")
    return Response(json.dumps({"version": [VERSION]}), mimetype="application/json")


@bp.route("/", defaults={"rest": ""}, methods=EVERY_METHOD)
@bp.route("/<path:rest>", methods=EVERY_METHOD)
def elsewhere(rest: str) -> Response:
    raise NotFound("This learning record store offers /lrs/1.0.3/statements and /lrs/1.0.3/about, for reading.")


def _only_reading() -> None:
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        raise MethodNotAllowed(
            ["GET", "HEAD"], "This learning record store can be read from outside and not yet written to."
        )


def _signed_in() -> tuple[Credential, Store]:
    try:
        said = request.authorization
    except ValueError:
        said = None
    if said is None or said.type != "basic":
        raise _unauthorized("Sign in with Basic authentication: the key as user name, its secret as password.")
    found = credentials.admit(db.session, said.username or "", said.password or "")
    if found is None:
        raise _unauthorized("The key or its secret is wrong, or the key has been revoked.")
    return found


def _unauthorized(why: str) -> Unauthorized:
    challenge = WWWAuthenticate("basic", {"realm": "Learning record store", "charset": "UTF-8"})
    return Unauthorized(why, www_authenticate=challenge)


def _right_version() -> None:
    asked = request.headers.get("X-Experience-API-Version", "")
    if not asked:
        raise BadRequest(f"Send the header X-Experience-API-Version: {VERSION}.")
    if not _VERSION_ASKED.fullmatch(asked):
        raise BadRequest(f"Only xAPI 1.0.x is spoken here: send X-Experience-API-Version: {VERSION}.")


def _query() -> Query:
    try:
        return ask(request.args.to_dict(flat=False))
    except BadQuery as bad:
        raise BadRequest(str(bad)) from None


def _formatted(body: str, query: Query) -> str:
    if query.format == "exact":
        return body
    statement = json.loads(body)
    if query.format == "ids":
        return _as_text(formats.ids(statement))
    return _as_text(formats.canonical(statement, request.accept_languages.best_match))


def _as_text(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _more(cursor: int | None) -> str:
    """The address of the next page: the same question, going on behind the last statement of this one."""
    if cursor is None:
        return ""
    asked = {**request.args.to_dict(), "cursor": str(cursor)}
    return f"{request.script_root}{request.path}?{urlencode(asked)}"


def _answer(body: str, query: Query) -> Response:
    """With attachments asked for, an answer has parts even if the statements are the only one.

    We hold no attachments: those that a statement names lie at its `fileUrl`.
    """
    if not query.attachments:
        return Response(body, mimetype="application/json")
    boundary = secrets.token_hex(16)
    parts = f"--{boundary}\r\nContent-Type: application/json\r\n\r\n{body}\r\n--{boundary}--\r\n"
    return Response(parts, content_type=f"multipart/mixed; boundary={boundary}")


def _consistent_through(store: Store | None) -> datetime:
    """Up to when everything stored can be read.

    That is certain up to the newest statement we see, because they are committed in the order of `stored`, and
    safe to say of what was a moment ago.
    """
    settled = clock.now() - SETTLED
    return settled if store is None else max(settled, store.last_stored)


@bp.after_request
def say_version(response: Response) -> Response:
    response.headers["X-Experience-API-Version"] = VERSION
    if request.endpoint == "lrs.statements":
        through: datetime = g.get("consistent_through") or _consistent_through(None)
        response.headers["X-Experience-API-Consistent-Through"] = through.isoformat(timespec="microseconds").replace(
            "+00:00", "Z"
        )
    return response


@bp.errorhandler(HTTPException)
def explain(error: HTTPException) -> Response:
    """The error in JSON, with the headers that belong to it."""
    answer = error.get_response(request.environ)
    told = Response(_as_text({"error": error.description}), status=error.code, mimetype="application/json")
    for name in ("WWW-Authenticate", "Allow"):
        if name in answer.headers:
            told.headers[name] = answer.headers[name]
    return told


@bp.errorhandler(TimeoutError)
def explain_busy(_error: TimeoutError) -> Response:
    return explain(ServiceUnavailable("Too many are writing at once. Try again in a few seconds."))


@bp.errorhandler(Exception)
def explain_unexpected(error: Exception) -> Response:
    log_unexpected(log, error)
    db.session.rollback()
    return explain(InternalServerError("Something broke on our side. Try again in a moment."))
