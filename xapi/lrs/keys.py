"""What statements are looked for by: exact, and all of one short length, whatever was sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from xapi.lrs.models import Place

LONGEST_IRI_KEY = 500
"""Characters of an IRI that stands in a column of its own; of a longer one stands its hash."""
LONGEST_REMEMBERED = 500
"""Characters of a name whose key is worth keeping at hand: the same few come again and again."""


def hashed(name: str) -> str:
    """What a name of any length is kept under."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def iri_key(iri: str) -> str:
    """The IRI itself, or its hash if it is very long."""
    return iri if len(iri) <= LONGEST_IRI_KEY else "sha256:" + hashed(iri)


def _key(*parts: str) -> bytes:
    if sum(map(len, parts)) > LONGEST_REMEMBERED:
        return _made(*parts)
    return _remembered(*parts)


def _made(*parts: str) -> bytes:
    """Half of a SHA-256: nobody finds two names with the same."""
    return hashlib.sha256(json.dumps(parts).encode()).digest()[:16]


_remembered = lru_cache(maxsize=16384)(_made)


def verb_key(iri: str) -> bytes:
    return _key("verb", iri)


def activity_key(iri: str) -> bytes:
    return _key("activity", iri)


def registration_key(registration: str) -> bytes:
    return _key("registration", registration.lower())


def agent_key(agent: Mapping[str, Any]) -> bytes | None:
    """By an agent's or group's identifier, which alone says who it is; None for a nameless group."""
    if "account" in agent:
        account = agent["account"]
        return _key("account", account["homePage"], account["name"])
    if "mbox" in agent:
        return _key("mbox", agent["mbox"])
    if "mbox_sha1sum" in agent:
        return _key("mbox_sha1sum", agent["mbox_sha1sum"].lower())
    return _key("openid", agent["openid"]) if "openid" in agent else None


def short(key: bytes) -> int:
    """As much of a key as fits into a whole number, to look through many rows by."""
    return int.from_bytes(key[:8], "big", signed=True)


def sign(key: bytes) -> int:
    """One bit out of 63 for a key: who has the key has its bit, and so has one in six that has not.

    This is a Bloom filter with a single hash function (Bloom 1970, Communications of the ACM 13:7), as a statement
    mentions some ten things.
    """
    return 1 << (int.from_bytes(key[8:12], "big") % 63)


def signs_of(keys: Iterable[bytes]) -> int:
    """The bits of all of them."""
    return reduce(or_, map(sign, keys), 0)


def mentions_of(statement: Mapping[str, Any]) -> dict[bytes, int]:
    """Everything that the statement may be looked for by, and in which places it stands (a sum of `Place`).

    Context activities are arrays here.
    """
    found = {verb_key(statement["verb"]["id"]): int(Place.VERB)}
    if (registration := statement.get("context", {}).get("registration")) is not None:
        found[registration_key(registration)] = int(Place.REGISTRATION)
    for place, agent in _agents(statement):
        for one in (agent, *agent.get("member", ())):
            if (key := agent_key(one)) is not None:
                found[key] = found.get(key, 0) | place
    for place, iri in _activities(statement):
        key = activity_key(iri)
        found[key] = found.get(key, 0) | place
    return found


def _agents(statement: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    yield _ACTOR, statement["actor"]
    thing = statement["object"]
    kind = thing.get("objectType")
    if kind in ("Agent", "Group"):
        yield _OBJECT, thing
    elif kind == "SubStatement":
        yield from ((_SUB_STATEMENT, agent) for _, agent in _agents(thing))
    if "authority" in statement:
        yield _AUTHORITY, statement["authority"]
    context = statement.get("context", {})
    if "instructor" in context:
        yield _INSTRUCTOR, context["instructor"]
    if "team" in context:
        yield _TEAM, context["team"]
    for companion in context.get("contextAgents", ()):
        yield _COMPANY, companion["agent"]
    for companion in context.get("contextGroups", ()):
        yield _COMPANY, companion["group"]


def _activities(statement: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    thing = statement["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        yield _OBJECT, thing["id"]
    elif kind == "SubStatement":
        yield from ((_SUB_STATEMENT, iri) for _, iri in _activities(thing))
    for name, activities in statement.get("context", {}).get("contextActivities", {}).items():
        place = _CONTEXT_PLACES[name]
        for activity in activities:
            yield place, activity["id"]


# Plain numbers: adding up flags of an IntFlag takes thirty times as long.
_ACTOR, _OBJECT, _AUTHORITY = int(Place.ACTOR), int(Place.OBJECT), int(Place.AUTHORITY)
_INSTRUCTOR, _TEAM, _COMPANY = int(Place.INSTRUCTOR), int(Place.TEAM), int(Place.COMPANY)
_SUB_STATEMENT = int(Place.SUB_STATEMENT)
_CONTEXT_PLACES = {
    "parent": int(Place.PARENT),
    "grouping": int(Place.GROUPING),
    "category": int(Place.CATEGORY),
    "other": int(Place.OTHER),
}
