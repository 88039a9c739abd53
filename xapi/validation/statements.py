"""The rules of a whole statement, put together once per version."""

from collections.abc import Mapping
from typing import Literal

from xapi.validation import agents
from xapi.validation.activities import activity, context_activities
from xapi.validation.faults import FINE, Check, Fault, Faults, refuse
from xapi.validation.shapes import array, extensions, language_map, shape
from xapi.validation.values import (
    boolean,
    duration,
    iri,
    is_number,
    language_tag,
    length,
    matching,
    media_type,
    number,
    one_of,
    scaled,
    sha2,
    text,
    timestamp,
    timestamp_with_offset,
    uuid,
)

Version = Literal["1.0.3", "2.0.0"]

_REQUIRED = ("actor", "verb", "object")

VOIDED = "http://adlnet.gov/expapi/verbs/voided"


def errors(statement: object, version: Version = "1.0.3") -> list[Fault]:
    """Every reason why a learning record store of this version should refuse the statement.

    Takes any value, however hostile, and raises nothing.
    """
    return list(_STATEMENT[version](statement))


def _bounds(value: Mapping[str, object]) -> Faults:
    low, raw, high = value.get("min"), value.get("raw"), value.get("max")
    if low is None and high is None:
        return FINE
    found = []
    if _exceeds(low, high) or (is_number(low) and low == high):
        found.append(Fault("", "min must be less than max"))
    if _exceeds(low, raw):
        found.append(Fault("raw", "must not be less than min"))
    if _exceeds(raw, high):
        found.append(Fault("raw", "must not be greater than max"))
    return found


def _exceeds(one: object, other: object) -> bool:
    return is_number(one) and is_number(other) and one > other


_NO_ACTIVITIES = ("Agent", "Group", "StatementRef", "SubStatement")


def _platform_needs_activity(value: Mapping[str, object]) -> Faults:
    context, thing = value.get("context"), value.get("object")
    kind = thing.get("objectType") if isinstance(thing, dict) else None
    if kind not in _NO_ACTIVITIES or not isinstance(context, dict):
        return FINE
    misplaced = [key for key in ("revision", "platform") if key in context]
    return [Fault(f"context.{key}", "only with an Activity as object") for key in misplaced]


def _voiding_needs_reference(value: Mapping[str, object]) -> Faults:
    verb, thing = value.get("verb"), value.get("object")
    if not isinstance(verb, dict) or verb.get("id") != VOIDED:
        return FINE
    refers = isinstance(thing, dict) and thing.get("objectType") == "StatementRef"
    return FINE if refers else refuse("must be a StatementRef to void", "object")


_score = shape({"scaled": scaled, "raw": number, "min": number, "max": number}, rules=(_bounds,))
_result = shape(
    {
        "score": _score,
        "success": boolean,
        "completion": boolean,
        "response": text,
        "duration": duration,
        "extensions": extensions,
    }
)
_verb = shape({"id": iri, "display": language_map}, required=("id",))
_reference = shape({"objectType": one_of("StatementRef"), "id": uuid}, required=("objectType", "id"))
_attachment = shape(
    {
        "usageType": iri,
        "display": language_map,
        "description": language_map,
        "contentType": media_type,
        "length": length,
        "sha2": sha2,
        "fileUrl": iri,
    },
    required=("usageType", "display", "contentType", "length", "sha2"),
)
_CONTEXT: dict[str, Check] = {
    "registration": uuid,
    "instructor": agents.agent_or_group,
    "team": agents.group,
    "contextActivities": context_activities,
    "revision": text,
    "platform": text,
    "language": language_tag,
    "statement": _reference,
    "extensions": extensions,
}
_CONTEXT_2: dict[str, Check] = {
    "contextAgents": array(agents.context_agent),
    "contextGroups": array(agents.context_group),
}
_THINGS: dict[str, Check] = {
    "Activity": activity,
    "Agent": agents.agent,
    "Group": agents.group,
    "StatementRef": _reference,
}


def _thing(kinds: Mapping[str, Check]) -> Check:
    """The object of a statement, checked as what its objectType says it is."""

    def check(value: object) -> Faults:
        if not isinstance(value, dict):
            return refuse("must be an object")
        kind = value.get("objectType", "Activity")
        if not isinstance(kind, str) or kind not in kinds:
            return refuse("must be " + " or ".join(kinds), "objectType")
        return kinds[kind](value)

    return check


def _statement(context: Mapping[str, Check], when: Check, version: Check) -> Check:
    rules = (_platform_needs_activity, _voiding_needs_reference)
    told: dict[str, Check] = {
        "actor": agents.agent_or_group,
        "verb": _verb,
        "result": _result,
        "context": shape(context),
        "timestamp": when,
        "attachments": array(_attachment),
    }
    kept: dict[str, Check] = {"id": uuid, "stored": when, "version": version, "authority": agents.authority}

    sub_kind = one_of("SubStatement")
    sub_statement = shape({**told, "objectType": sub_kind, "object": _thing(_THINGS)}, required=_REQUIRED, rules=rules)
    things = _thing({**_THINGS, "SubStatement": sub_statement})
    return shape({**told, **kept, "object": things}, required=_REQUIRED, rules=rules)


_STATEMENT: dict[Version, Check] = {
    "1.0.3": _statement(_CONTEXT, timestamp, matching(r"1\.0(?:\.[0-9]+)?", "must be 1.0 or 1.0.x")),
    "2.0.0": _statement(
        {**_CONTEXT, **_CONTEXT_2},
        timestamp_with_offset,
        matching(r"[12]\.0(?:\.[0-9]+)?", "must be 1.0, 1.0.x, 2.0 or 2.0.x"),
    ),
}
