"""What the engine was told and what it answered, as plain JSON: kept with a run, so that it can be done again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, TypeVar

from mentoring.pairing.matching.people import Design, Kind, LevelRule, Mentee, Mentor, Question, Someone
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.problem import Levels
from mentoring.pairing.matching.proposing import Lock

Plain = dict[str, Any]
Kept = TypeVar("Kept", bound=Someone)


@dataclass(frozen=True)
class Asked:
    """What a run is to be told."""

    inputs: Plain
    weights: Mapping[Question, int]
    is_small: bool
    """Whether the answer comes while the page is waited for."""


def plain(pool: Pool, locks: Sequence[Lock]) -> Plain:
    """Everything the engine is told; the order of rows does not matter, so people stand by their keys."""
    return {
        "design": plain_design(pool.design),
        "mentees": [plain_person(each) for each in sorted(pool.mentees, key=lambda each: each.key)],
        "mentors": [plain_person(each) for each in sorted(pool.mentors, key=lambda each: each.key)],
        "locks": sorted([lock.mentee, lock.mentor, lock.kind] for lock in locks),
    }


def restored(kept: Mapping[str, Any]) -> tuple[Pool, tuple[Lock, ...]]:
    """The pool and the locks that `plain` was made of."""
    pool = Pool(
        design_from(kept["design"]),
        [person_from(Mentee, each) for each in kept["mentees"]],
        [person_from(Mentor, each) for each in kept["mentors"]],
    )
    return pool, tuple(Lock(*lock) for lock in kept["locks"])


def fingerprint(kept: Mapping[str, Any]) -> str:
    """SHA-256 of what was kept: two runs with the same one were told the same."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def plain_levels(levels: Levels) -> Plain:
    return {
        "filled": levels.filled,
        "complete": levels.complete,
        "lowest": [levels.lowest.numerator, levels.lowest.denominator],
        "total": levels.total,
        "evenness": [levels.evenness.numerator, levels.evenness.denominator],
    }


def levels(kept: Mapping[str, Any]) -> Levels:
    return Levels(
        filled=kept["filled"],
        complete=kept["complete"],
        lowest=Fraction(*kept["lowest"]),
        total=kept["total"],
        evenness=Fraction(*kept["evenness"]),
    )


def plain_design(design: Design) -> Plain:
    return {
        "kinds": [[kind.key, kind.is_required] for kind in design.kinds],
        "weights": {question.value: weight for question, weight in design.weights.items()},
        "least_minutes": design.least_minutes,
        "most_hours_apart": design.most_hours_apart,
        "least_experience": design.least_experience,
        "level": design.level.value,
    }


def design_from(kept: Mapping[str, Any]) -> Design:
    return Design(
        kinds=tuple(Kind(key=key, is_required=is_required) for key, is_required in kept["kinds"]),
        weights={Question(key): weight for key, weight in kept["weights"].items()},
        least_minutes=kept["least_minutes"],
        most_hours_apart=kept["most_hours_apart"],
        least_experience=kept["least_experience"],
        level=LevelRule(kept["level"]),
    )


def plain_person(person: Someone) -> Plain:
    return {each.name: _plain_value(getattr(person, each.name)) for each in fields(person)}


def _plain_value(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain_value(each) for each in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value


def person_from(kind: type[Kept], kept: Mapping[str, Any]) -> Kept:
    return kind(**{each.name: _value(each.type, kept[each.name]) for each in fields(kind)})


def _value(said: Any, value: Any) -> Any:
    """The value in the type the field is annotated with; annotations are words here."""
    if said == "frozenset[str]":
        return frozenset(value)
    if said == "tuple[frozenset[int], ...]":
        return tuple(frozenset(week) for week in value)
    if said == "tuple[str, ...]":
        return tuple(value)
    return value
