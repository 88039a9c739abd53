"""Whether two statements under one id say the same, so that telling twice tells once.

What a store may add or change counts for nothing (xAPI 1.0.3, part 2, section 2.2 and part 3, section 2.1.1):
`id`, `stored`, `timestamp`, `authority`, `version`, attachments, labels of verbs, definitions of activities.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_CHANGEABLE = frozenset({"id", "stored", "timestamp", "authority", "version", "attachments"})
_SECONDS = re.compile(r"([0-9]+)[.,]([0-9]+)S")


def say_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return _alike(_essence(one), _essence(other))


def _alike(one: Any, other: Any) -> bool:
    """Equal as JSON: 1 is 1.0, but true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(part, other[key]) for key, part in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)


def _essence(statement: Mapping[str, Any]) -> dict[str, Any]:
    said = {key: value for key, value in statement.items() if key not in _CHANGEABLE}
    said["actor"] = _agent(said["actor"])
    said["verb"] = said["verb"]["id"]
    said["object"] = _thing(said["object"])
    if "duration" in said.get("result", {}):
        said["result"] = {**said["result"], "duration": _cut(said["result"]["duration"])}
    if "context" in said:
        said["context"] = _context(said["context"])
    return said


def _thing(thing: Mapping[str, Any]) -> dict[str, Any]:
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        return {"objectType": kind, "id": thing["id"]}
    if kind == "SubStatement":
        return _essence(thing)
    if kind == "StatementRef":
        return {"objectType": kind, "id": thing["id"].lower()}
    return _agent(thing)


def _agent(agent: Mapping[str, Any]) -> dict[str, Any]:
    said = {"objectType": "Agent", **agent}
    if "mbox_sha1sum" in said:
        said["mbox_sha1sum"] = said["mbox_sha1sum"].lower()
    if "member" in said:
        said["member"] = sorted((_agent(member) for member in said["member"]), key=repr)
    return said


def _cut(duration: str) -> str:
    """Seconds are compared to a hundredth, cut and not rounded."""
    return _SECONDS.sub(lambda found: f"{found[1]}.{found[2][:2].ljust(2, '0')}S", duration)


def _ids(activities: Any) -> list[str]:
    several = activities if isinstance(activities, list) else [activities]
    return sorted({activity["id"] for activity in several})


_PARTS: dict[str, Callable[[Any], Any]] = {
    "registration": str.lower,
    "instructor": _agent,
    "team": _agent,
    "statement": _thing,
    "contextActivities": lambda places: {name: _ids(found) for name, found in places.items() if found},
    "contextAgents": lambda all_: [{**one, "agent": _agent(one["agent"])} for one in all_],
    "contextGroups": lambda all_: [{**one, "group": _agent(one["group"])} for one in all_],
}


def _context(context: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _PARTS[key](value) if key in _PARTS else value for key, value in context.items()}
