"""A circle of peers, from its forming to its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lti_tool.events import (
    Who,
)
from mentoring.events import (
    CircleBegan,
    CircleCompleted,
    CircleEnded,
    CircleFormed,
    CircleJoined,
    CircleLeft,
    CirclePaused,
    CircleResumed,
    OfCircle,
)
from xapi import vocabulary as v
from xapi.translations.within import context_of, pairing
from xapi.translations.writing import (
    TICK,
    NotTold,
    Statement,
    Told,
    account,
    ourselves,
    statement,
)


def formed(event: CircleFormed, base: str) -> list[Statement]:
    """An instructor formed the circle, and each of its people was assigned to it."""
    first = event.at - len(event.people) * TICK
    return [
        _of_circle(event, "assigned", v.ASSIGNED, event.by, base, at=first),
        *_of_each(event, "was-assigned", v.WAS_ASSIGNED, event.people, base),
    ]


def joined(event: CircleJoined, base: str) -> list[Statement]:
    return [
        _of_circle(event, "assigned", v.ASSIGNED, event.by, base, at=event.at - TICK),
        _of_circle(event, "was-assigned", v.WAS_ASSIGNED, event.who, base),
    ]


def circle_completed(event: CircleCompleted, base: str) -> list[Statement]:
    """It is its people who completed it, whoever said so."""
    return _of_each(event, "completed", v.COMPLETED, event.people, base)


def circle_ended(event: CircleEnded, base: str) -> list[Statement]:
    name, verb = ("cancelled", v.CANCELLED) if event.outcome == "cancelled" else ("terminated", v.TERMINATED)
    return [_of_circle(event, name, verb, event.by, base)]


def circle_began(event: CircleBegan, base: str) -> list[Statement]:
    return _of_each(event, "started", v.STARTED, event.people, base)


def circle_paused(event: CirclePaused, base: str) -> list[Statement]:
    return _of_each(event, "suspended", v.SUSPENDED, event.people, base)


def circle_resumed(event: CircleResumed, base: str) -> list[Statement]:
    return _of_each(event, "resumed", v.RESUMED, event.people, base)


def _of_each(event: OfCircle, name: str, verb: v.Verb, people: Sequence[Who], base: str) -> list[Statement]:
    """The same of each of these, in order of time."""
    first = event.at - (len(people) - 1) * TICK
    return [
        _of_circle(event, f"{name}:{who.subject}", verb, who, base, at=first + number * TICK)
        for number, who in enumerate(people)
    ]


def _of_circle(
    event: OfCircle, name: str, verb: v.Verb, by: Who | None, base: str, *, at: datetime | None = None
) -> Statement:
    return statement(
        event,
        name,
        actor=account(by) if by else ourselves(base),
        verb=verb,
        thing=pairing(event, event.circle, base),
        context=context_of(event, event.circle, base),
        at=at,
    )


TOLD: Told = {
    CircleBegan: circle_began,
    CirclePaused: circle_paused,
    CircleResumed: circle_resumed,
    CircleCompleted: circle_completed,
    CircleEnded: circle_ended,
    CircleFormed: formed,
    CircleJoined: joined,
}
NOT_TOLD: NotTold = {
    CircleLeft: "A statement of its own would blame whoever left; if the circle does not go on, its end is told.",
}
