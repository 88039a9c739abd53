"""The statement resource: told, read, voided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import BadRequest, Conflict, Forbidden, NotFound, RequestEntityTooLarge
from werkzeug.http import http_date, parse_accept_header

from lti_tool import clock
from lti_tool.brief import brief_transaction
from lti_tool.db import db
from xapi.lrs import attachments, formats, parts, reading, received, storing
from xapi.lrs.arriving import Arrived, BadStatements, TooMany, arrived
from xapi.lrs.asked import Asked
from xapi.lrs.asking import BadQuery, Query, ask
from xapi.lrs.parts import Part
from xapi.lrs.reading import Page, Sight
from xapi.lrs.received import Received
from xapi.lrs.views.door import EVERY_METHOD, MOUNT, as_json, as_text, bp, come_in
from xapi.lrs.visiting import Visitor
from xapi.validation.values import is_uuid


@bp.route(f"{MOUNT}/statements", methods=EVERY_METHOD)
def statements(version: str) -> Response:
    said, visitor = come_in(version, "GET", "HEAD", "POST", "PUT")
    if said.method == "POST":
        return _post(said, visitor)
    if said.method == "PUT":
        return _put(said, visitor)
    return _get(said, visitor)


# Told.


def _post(said: Asked, visitor: Visitor) -> Response:
    visitor.must_write()
    said.only()
    came = _arrived(said)
    if said.version == "2.0.0":
        _must_differ(came.statements)
    return as_json(_store(said, visitor, came, came.statements))


def _put(said: Asked, visitor: Visitor) -> Response:
    visitor.must_write()
    said.only("statementId")
    named = said.one("statementId")
    if named is None or not is_uuid(named):
        raise BadRequest("The parameter statementId must be given, and be a UUID.")
    came = _arrived(said)
    if came.is_batch:
        raise BadRequest("Send one statement, not an array of them, when you name its id.")
    [statement] = came.statements
    if statement.get("id", named).lower() != named.lower():
        raise BadRequest("The statement has another id than the parameter statementId says.")
    _store(said, visitor, came, [{**statement, "id": named}])
    return Response(status=204)


def _arrived(said: Asked) -> Arrived:
    try:
        return arrived(said)
    except TooMany as bad:
        raise RequestEntityTooLarge(str(bad)) from None
    except BadStatements as bad:
        raise BadRequest(str(bad)) from None


def _must_differ(told: Sequence[dict[str, Any]]) -> None:
    ids = [statement["id"].lower() for statement in told if "id" in statement]
    if len(set(ids)) < len(ids):
        raise BadRequest("Two statements of one request have the same id.")


def _store(said: Asked, visitor: Visitor, came: Arrived, told: Sequence[dict[str, Any]]) -> list[str]:
    """All of them or none."""
    try:
        with brief_transaction() as here:
            ids = storing.store(
                here,
                visitor.store,
                told,
                visitor.authority,
                clock.now(),
                version="1.0.0" if said.version == "1.0.3" else "2.0.0",
                course=visitor.course,
                defines=visitor.may_define,
                heard=lambda new: received.tell(here, Received(visitor.store.id, visitor.admitted.key, new)),
            )
            attachments.keep(here, visitor.store, came.attachments)
            return ids
    except storing.Conflict as conflict:
        raise Conflict(str(conflict)) from None
    except storing.OutsideCourse as outside:
        raise Forbidden(str(outside)) from None


# Read.


def _get(said: Asked, visitor: Visitor) -> Response:
    visitor.must_read()
    query = _query(said)
    page = reading.find(db.session, visitor.store, query, Sight(visitor.course, visitor.sees_only_by))
    if query.wants_one and not page.found:
        raise NotFound("There is no such statement.")
    held: list[Part] = []
    if query.attachments:
        page, held = attachments.of_page(db.session, visitor.store, page)
    answer = _answer(said, query, page, held)
    if query.wants_one:
        answer.headers["Last-Modified"] = http_date(page.found[0].stored)
    return answer


def _query(said: Asked) -> Query:
    try:
        return ask(said.arguments)
    except BadQuery as bad:
        raise BadRequest(str(bad)) from None


def _answer(said: Asked, query: Query, page: Page, held: Sequence[Part]) -> Response:
    """With attachments asked for, an answer has parts even if the statements are the only one."""
    bodies = [_formatted(said, found.body, query) for found in page.found]
    body = bodies[0] if query.wants_one else f'{{"statements":[{",".join(bodies)}],"more":{_more(said, page)}}}'
    if not query.attachments:
        return Response(body, mimetype="application/json")
    kind, content = parts.written([Part({"Content-Type": "application/json"}, body.encode()), *held])
    return Response(content, content_type=kind)


def _formatted(said: Asked, body: str, query: Query) -> str:
    if query.format == "exact":
        return body
    statement = json.loads(body)
    if query.format == "ids":
        return as_text(formats.ids(statement))
    spoken = parse_accept_header(said.headers.get("Accept-Language"), LanguageAccept)
    return as_text(formats.canonical(statement, spoken.best_match))


def _more(said: Asked, page: Page) -> str:
    """The address of the next page: the same question, going on behind the last statement of this one."""
    if page.cursor is None:
        return '""'
    question = {name: values[0] for name, values in said.arguments.items()}
    return json.dumps(f"{request.script_root}{request.path}?{urlencode({**question, 'cursor': str(page.cursor)})}")
