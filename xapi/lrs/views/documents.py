"""The three resources of documents: states, and the profiles of agents and of activities."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Response
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.http import http_date

from lti_tool import clock
from lti_tool.db import db, transaction
from xapi.lrs import preconditions, storing
from xapi.lrs.asked import Asked
from xapi.lrs.asking import agent_named
from xapi.lrs.documents import CannotMerge, Kind, NoJson, Shelf
from xapi.lrs.models import Document
from xapi.lrs.views.door import EVERY_METHOD, MOUNT, as_json, bp, come_in
from xapi.lrs.visiting import KEEPS_PROFILES, KEEPS_STATES, Visitor
from xapi.validation.times import moment
from xapi.validation.values import is_iri, is_uuid

LONGEST_NAME = 2000
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")
_OCTETS = "application/octet-stream"


@bp.route(f"{MOUNT}/activities/state", methods=EVERY_METHOD)
def state(version: str) -> Response:
    said, visitor = come_in(version, *METHODS)
    visitor.must_reach_documents(KEEPS_STATES, to_read=_only_reads(said))
    names = ("activityId", "agent", "registration", "stateId", *_since(said, "stateId"))
    return _answer(said, "stateId", names, lambda: _states(said, visitor))


@bp.route(f"{MOUNT}/agents/profile", methods=EVERY_METHOD)
def agent_profile(version: str) -> Response:
    said, visitor = come_in(version, *METHODS)
    visitor.must_reach_documents(KEEPS_PROFILES, to_read=_only_reads(said))
    names = ("agent", "profileId", *_since(said, "profileId"))
    return _answer(said, "profileId", names, lambda: Shelf(store=visitor.store, kind=Kind.AGENT, agent=_agent(said)))


@bp.route(f"{MOUNT}/activities/profile", methods=EVERY_METHOD)
def activity_profile(version: str) -> Response:
    said, visitor = come_in(version, *METHODS)
    visitor.must_reach_documents(KEEPS_PROFILES, to_read=_only_reads(said))
    names = ("activityId", "profileId", *_since(said, "profileId"))
    return _answer(
        said, "profileId", names, lambda: Shelf(store=visitor.store, kind=Kind.ACTIVITY, activity=_activity(said))
    )


def _only_reads(said: Asked) -> bool:
    return said.method in ("GET", "HEAD", "OPTIONS")


def _since(said: Asked, name: str) -> tuple[str, ...]:
    """Only a list can be cut by time."""
    return ("since",) if _only_reads(said) and name not in said.arguments else ()


def _answer(said: Asked, name: str, names: tuple[str, ...], shelf_of: Callable[[], Shelf]) -> Response:
    said.only(*names)
    shelf = shelf_of()
    document = _named(said, name)
    if _only_reads(said):
        return _list(said, shelf) if document is None else _give(shelf, document)
    if document is None and not (said.method == "DELETE" and shelf.kind is Kind.STATE):
        raise BadRequest(f"The parameter {name} must be given.")
    return _change(said, shelf, document)


def _change(said: Asked, shelf: Shelf, name: str | None) -> Response:
    with transaction() as session:
        storing.hold(session, shelf.store)
        if name is None:
            shelf.clear(session)
            return Response(status=204)
        before = shelf.find(session, name)
        etag = before.etag if before is not None else None
        preconditions.hold(said.headers, etag)
        if said.method == "DELETE":
            if before is not None:
                session.delete(before)
            return Response(status=204)
        _write(said, shelf, name, etag)
    return Response(status=204)


def _write(said: Asked, shelf: Shelf, name: str, etag: str | None) -> None:
    kind = said.headers.get("Content-Type") or _OCTETS
    must_ask = said.version == "2.0.0" or shelf.kind is not Kind.STATE
    if said.method == "PUT" and must_ask:
        preconditions.must_say_what_was_seen(said.headers, etag, of_new_ones_too=shelf.kind is not Kind.STATE)
    write = shelf.merge if said.method == "POST" else shelf.put
    try:
        write(db.session, name, kind, said.body, clock.now())
    except (CannotMerge, NoJson) as why:
        raise BadRequest(str(why)) from None


def _give(shelf: Shelf, name: str) -> Response:
    document = shelf.find(db.session, name)
    if document is None:
        raise NotFound("There is no such document.")
    return _with_marks(Response(document.content, content_type=document.content_type), document)


def _with_marks(answer: Response, document: Document) -> Response:
    answer.headers["ETag"] = f'"{document.etag}"'
    answer.headers["Last-Modified"] = http_date(document.updated)
    # What a consumer keeps here is none of our pages: no browser may ever take it for one.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _list(said: Asked, shelf: Shelf) -> Response:
    return as_json(list(shelf.names(db.session, _moment(said))))


# What the parameters say.


def _states(said: Asked, visitor: Visitor) -> Shelf:
    registration = said.one("registration")
    if registration is not None and not is_uuid(registration):
        raise BadRequest("The parameter registration must be a UUID.")
    return Shelf(
        store=visitor.store,
        kind=Kind.STATE,
        activity=_activity(said),
        agent=_agent(said),
        registration=registration.lower() if registration else None,
    )


def _activity(said: Asked) -> str:
    iri = said.one("activityId")
    if iri is None or not is_iri(iri):
        raise BadRequest("The parameter activityId must be given, and be an IRI.")
    return iri


def _agent(said: Asked) -> str:
    key = agent_named(said.one("agent") or "")
    if key is None:
        raise BadRequest("The parameter agent must be given: a JSON object of an agent or an identified group.")
    return key.hex()


def _named(said: Asked, name: str) -> str | None:
    value = said.one(name)
    if value is not None and not 0 < len(value) <= LONGEST_NAME:
        raise BadRequest(f"The parameter {name} must have between 1 and {LONGEST_NAME} characters.")
    return value


def _moment(said: Asked) -> datetime | None:
    value = said.one("since")
    if value is None:
        return None
    at = moment(value)
    if at is None:
        raise BadRequest("The parameter since must be an ISO 8601 date and time (write + as %2B).")
    return at
