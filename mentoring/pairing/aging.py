"""What has changed in a cohort since the engine was told of it; no database, no web."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from itertools import islice
from typing import Any

from mentoring.pairing.matching.people import Someone

Kept = Mapping[str, Any]
"""Somebody as a run keeps them (`runs.keeping.plain_person`)."""


class Change(StrEnum):
    """What became of somebody."""

    COME = "come"
    GONE = "gone"
    READY = "ready"
    UNREADY = "unready"
    PLACES = "places"
    SAID = "said"
    BARRED = "barred"
    """Whom they may be matched with is another question now."""


NOBODY_SAID_SO = {"key", "person", "clock", "has_waited", "good_before"}
"""What other runs, other people and the seasons change."""
OF_PLACES = {"capacity", "load", "smallest_group"}
OF_BARS = {"has", "conflicts", "refuses"}


def changes(before: Sequence[Kept], now: Iterable[Someone]) -> dict[str, Change]:
    """By key, everybody who is not as they were; of several changes to one person the first of `Change` counts."""
    was, are = {each["key"]: each for each in before}, {each.key: each for each in now}
    found = dict.fromkeys(are.keys() - was.keys(), Change.COME) | dict.fromkeys(was.keys() - are.keys(), Change.GONE)
    told = _told(are.values())
    for key in are.keys() & was.keys():
        change = _change(was[key], are[key], told)
        if change is not None:
            found[key] = change
    return found


def _told(people: Iterable[Someone]) -> list[str]:
    """What is compared of each: they are of one side, and have the same to say."""
    return [each.name for person in islice(people, 1) for each in fields(person) if each.name not in NOBODY_SAID_SO]


def _change(was: Kept, now: Someone, told: Sequence[str]) -> Change | None:
    if was["is_ready"] != now.is_ready:
        return Change.READY if now.is_ready else Change.UNREADY
    changed = {name for name in told if name in was and _differs(name, was[name], getattr(now, name))}
    if changed & OF_PLACES:
        return Change.PLACES
    if changed - OF_BARS:
        return Change.SAID
    return Change.BARRED if changed else None


def _differs(name: str, was: Any, now: Any) -> bool:
    if name == "hours":
        return _has_other_hours(was, now)
    if isinstance(now, frozenset):
        return set(was) != now
    if isinstance(now, tuple):
        return tuple(was) != now
    return bool(was != now)


def _has_other_hours(was: Sequence[Sequence[int]], now: Sequence[frozenset[int]]) -> bool:
    """Weeks come and go with summer time; who still has one of those from before has said nothing new."""
    weeks = [set(week) for week in was]
    return bool(weeks) != bool(now) or (bool(now) and not any(week in weeks for week in now))
