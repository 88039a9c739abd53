"""About, activities, agents; and what is nothing."""

from __future__ import annotations

from typing import Any

from flask import Response
from werkzeug.exceptions import BadRequest, NotFound

from lti_tool.db import db
from xapi.lrs import definitions, reading
from xapi.lrs.asking import agent_said
from xapi.lrs.reading import Sight
from xapi.lrs.views.door import EVERY_METHOD, MOUNT, as_json, bp, come_in, put
from xapi.validation.values import is_iri


@bp.route(f"{MOUNT}/about", methods=EVERY_METHOD)
def about(version: str) -> Response:
    """Which version of xAPI stands here; open to everybody, as the specification wants."""
    put(version, "GET", "HEAD").only()
    return as_json({"version": [version]})


@bp.route(f"{MOUNT}/activities", methods=EVERY_METHOD)
def activities(version: str) -> Response:
    """What is known of an activity: all that statements said of it, put together."""
    said, visitor = come_in(version, "GET", "HEAD")
    visitor.must_know_activities()
    said.only("activityId")
    iri = said.one("activityId")
    if iri is None or not is_iri(iri):
        raise BadRequest("The parameter activityId must be given, and be an IRI.")
    found: dict[str, Any] = {"objectType": "Activity", "id": iri}
    sight = Sight(visitor.course, visitor.sees_only_by)
    if sight.is_whole or reading.mentions(db.session, visitor.store, iri, sight):
        definition = definitions.definition_of(db.session, visitor.store, iri)
        if definition is not None:
            found["definition"] = definition
    return as_json(found)


@bp.route(f"{MOUNT}/agents", methods=EVERY_METHOD)
def agents(version: str) -> Response:
    """The person behind an agent. Identifiers are never put together here, so it is known by the one asked for."""
    said, visitor = come_in(version, "GET", "HEAD")
    visitor.must_know_activities()
    said.only("agent")
    agent = agent_said(said.one("agent") or "")
    if agent is None:
        raise BadRequest("The parameter agent must be given: a JSON object of an agent or an identified group.")
    listed = {name: [value] for name, value in agent.items() if name not in ("objectType", "member")}
    return as_json({"objectType": "Person", **listed})


@bp.route("/", defaults={"rest": ""}, methods=EVERY_METHOD)
@bp.route("/<path:rest>", methods=EVERY_METHOD)
def elsewhere(rest: str) -> Response:
    raise NotFound(
        "There is nothing here. The learning record store offers /lrs/1.0.3/ and /lrs/2.0.0/, and below each:"
        " statements, activities, activities/state, activities/profile, agents, agents/profile, about."
    )
