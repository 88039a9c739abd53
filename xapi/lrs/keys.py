"""What agents and activities are looked for by: exact, and short enough for any index."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from xapi.lrs.models import Place

LONGEST_IRI_KEY = 500
"""PostgreSQL takes no more than 2704 bytes in an index entry, and one character may be four of them."""


def iri_key(iri: str) -> str:
    """The IRI itself, or its hash if it is very long."""
    return iri if len(iri) <= LONGEST_IRI_KEY else "sha256:" + hashlib.sha256(iri.encode()).hexdigest()


def agent_key(agent: Mapping[str, Any]) -> str | None:
    """The hash of an agent's or group's identifier, which alone says who it is; None for a nameless group."""
    if "account" in agent:
        account = agent["account"]
        identifier = ["account", account["homePage"], account["name"]]
    elif "mbox_sha1sum" in agent:
        identifier = ["mbox_sha1sum", agent["mbox_sha1sum"].lower()]
    else:
        name = next((name for name in ("mbox", "openid") if name in agent), None)
        if name is None:
            return None
        identifier = [name, agent[name]]
    return hashlib.sha256(json.dumps(identifier).encode()).hexdigest()


def agents_of(statement: Mapping[str, Any]) -> dict[str, Place]:
    """Everybody mentioned, members of groups among them, and the places they stand in."""
    found: dict[str, Place] = {}
    for place, agent in _agents(statement):
        if (key := agent_key(agent)) is not None:
            found[key] = found.get(key, Place(0)) | place
        for member in agent.get("member", ()):
            if (key := agent_key(member)) is not None:
                found[key] = found.get(key, Place(0)) | place
    return found


def _agents(statement: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    yield Place.ACTOR, statement["actor"]
    thing = statement["object"]
    kind = thing.get("objectType")
    if kind in ("Agent", "Group"):
        yield Place.OBJECT, thing
    elif kind == "SubStatement":
        yield from ((Place.SUB_STATEMENT, agent) for _, agent in _agents(thing))
    if "authority" in statement:
        yield Place.AUTHORITY, statement["authority"]
    context = statement.get("context", {})
    if "instructor" in context:
        yield Place.INSTRUCTOR, context["instructor"]
    if "team" in context:
        yield Place.TEAM, context["team"]
    for companion in context.get("contextAgents", ()):
        yield Place.COMPANY, companion["agent"]
    for companion in context.get("contextGroups", ()):
        yield Place.COMPANY, companion["group"]


_CONTEXT_PLACES = {
    "parent": Place.PARENT,
    "grouping": Place.GROUPING,
    "category": Place.CATEGORY,
    "other": Place.OTHER,
}


def activities_of(statement: Mapping[str, Any]) -> dict[str, Place]:
    """Every activity mentioned, and the places it stands in; context activities are arrays here."""
    found: dict[str, Place] = {}
    for place, iri in _activities(statement):
        found[iri_key(iri)] = found.get(iri_key(iri), Place(0)) | place
    return found


def _activities(statement: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    thing = statement["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        yield Place.OBJECT, thing["id"]
    elif kind == "SubStatement":
        yield from ((Place.SUB_STATEMENT, iri) for _, iri in _activities(thing))
    for name, activities in statement.get("context", {}).get("contextActivities", {}).items():
        for activity in activities:
            yield _CONTEXT_PLACES[name], activity["id"]
