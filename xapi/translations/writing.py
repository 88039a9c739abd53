"""What every statement is made of."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from lti_tool.events import (
    Event,
    Where,
    Who,
)
from xapi import vocabulary as v

Statement = dict[str, Any]
Told = dict[type[Event], Callable[[Any, str], list[Statement]]]
"""By kind of event what retells it."""
NotTold = dict[type[Event], str]
"""By kind of event why nothing does."""

TICK = timedelta(milliseconds=1)


REGISTRATIONS = uuid.uuid5(uuid.NAMESPACE_URL, f"{v.PROFILE}/registrations")
"""The namespace registrations are made in."""


_CLAIM: Statement = {
    "objectType": "Activity",
    "id": v.PROFILE_VERSION,
    "definition": {"type": v.PROFILE_TYPE.iri},
}
"""Every statement says which version of our profile it follows."""


def registration(kind: str, public_id: str) -> str:
    """The registration of one run, the same every time it is asked for."""
    return str(uuid.uuid5(REGISTRATIONS, f"{kind}:{public_id}"))


def course_iri(base: str, course: str) -> str:
    """The activity id of the course with this public id; statements name it in their grouping."""
    return f"{base}/xapi/activities/course/{course}"


def statement(
    event: Event,
    name: str,
    *,
    actor: Statement,
    verb: v.Verb,
    thing: Statement,
    context: Mapping[str, Any],
    result: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Statement:
    told: Statement = {
        "id": str(uuid.uuid5(uuid.UUID(event.event_id), name)),
        "actor": actor,
        "verb": verb.as_json(),
        "object": thing,
    }
    if result:
        told["result"] = dict(result)
    told["context"] = {**context, "contextActivities": {**context.get("contextActivities", {}), "category": [_CLAIM]}}
    told["timestamp"] = when(at or event.at)
    return told


def account(who: Who) -> Statement:
    return {"objectType": "Agent", "account": {"homePage": who.issuer, "name": who.subject}}


def ourselves(base: str) -> Statement:
    """This installation, as which it also vouches for statements: what the clock did, nobody did."""
    return {"objectType": "Agent", "account": {"homePage": base, "name": "mentoring"}}


def activity(iri: str, kind: v.ActivityType, name: str, language: str) -> Statement:
    definition: Statement = {"type": kind.iri}
    if name:
        definition["name"] = {language: name}
    return {"objectType": "Activity", "id": iri, "definition": definition}


def course(where: Where, base: str) -> Statement:
    return activity(course_iri(base, where.course), v.COURSE, where.title, "und")


def score(raw: float, maximum: float) -> Statement:
    return {"scaled": round(raw / maximum, 5) if maximum else 0, "raw": raw, "min": 0, "max": maximum}


def score_between(raw: float, lowest: float, highest: float) -> Statement:
    return {"scaled": round((raw - lowest) / (highest - lowest), 5), "raw": raw, "min": lowest, "max": highest}


def duration(length: timedelta) -> str:
    """ISO 8601, to a hundredth of a second, which is as far as an LRS compares."""
    return f"PT{max(length.total_seconds(), 0):.2f}S"


def when(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
