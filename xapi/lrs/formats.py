"""The forms a statement is given out in, besides the exact one.

Source: xAPI 1.0.3, part 3, section 2.1.3. `canonical` gives each verb and definition as its own statement
tells it, in one language; what other statements say of the same activity is not merged in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Part = dict[str, Any]
Pick = Callable[[Sequence[str]], str | None]
"""Chooses one of these language tags, or none if no one asked for any of them."""

_IDENTIFIERS = ("objectType", "mbox", "mbox_sha1sum", "openid", "account")
_COMPONENTS = ("choices", "scale", "source", "target", "steps")


def ids(statement: Part) -> Part:
    """Agents, groups, verbs and activities reduced to what identifies them."""
    return _rewritten(statement, agent=_bare_agent, verb=_bare, activity=_bare)


def canonical(statement: Part, pick: Pick) -> Part:
    """Every label and definition in one language."""

    def verb(said: Part) -> Part:
        return _in_one_language(said, ("display",), pick)

    def activity(said: Part) -> Part:
        if "definition" not in said:
            return said
        definition = _in_one_language(said["definition"], ("name", "description"), pick)
        for name in _COMPONENTS:
            if name in definition:
                definition[name] = [_in_one_language(one, ("description",), pick) for one in definition[name]]
        return {**said, "definition": definition}

    return _rewritten(statement, agent=lambda said: said, verb=verb, activity=activity)


def _rewritten(
    statement: Part,
    *,
    agent: Callable[[Part], Part],
    verb: Callable[[Part], Part],
    activity: Callable[[Part], Part],
) -> Part:
    """A copy with every agent, verb and activity put through these."""
    said = {**statement, "actor": agent(statement["actor"]), "verb": verb(statement["verb"])}
    thing = said["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        said["object"] = activity(thing)
    elif kind == "SubStatement":
        said["object"] = _rewritten(thing, agent=agent, verb=verb, activity=activity)
    elif kind in ("Agent", "Group"):
        said["object"] = agent(thing)
    if "authority" in said:
        said["authority"] = agent(said["authority"])
    if "context" in said:
        said["context"] = _context(said["context"], agent, activity)
    return said


def _context(context: Part, agent: Callable[[Part], Part], activity: Callable[[Part], Part]) -> Part:
    said = dict(context)
    for name in ("instructor", "team"):
        if name in said:
            said[name] = agent(said[name])
    for name, one in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in said:
            said[name] = [{**companion, one: agent(companion[one])} for companion in said[name]]
    if "contextActivities" in said:
        said["contextActivities"] = {
            place: [activity(one) for one in found] for place, found in said["contextActivities"].items()
        }
    return said


def _bare(said: Part) -> Part:
    return {"id": said["id"]}


def _bare_agent(said: Part) -> Part:
    """A nameless group is known by its members only, so it keeps them."""
    bare = {name: said[name] for name in _IDENTIFIERS if name in said}
    if not bare.keys() - {"objectType"}:
        bare["member"] = [_bare_agent(member) for member in said.get("member", ())]
    return bare


def _in_one_language(said: Part, names: Sequence[str], pick: Pick) -> Part:
    chosen = dict(said)
    for name in names:
        if said.get(name):
            chosen[name] = _one_of(said[name], pick)
    return chosen


def _one_of(texts: Mapping[str, str], pick: Pick) -> dict[str, str]:
    """What the reader understands best, else English, else what comes first."""
    tags = list(texts)
    english = next((tag for tag in tags if tag.lower().partition("-")[0] == "en"), tags[0])
    tag = pick(tags) or english
    return {tag: texts[tag]}
