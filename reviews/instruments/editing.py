"""An instrument's content changed piece by piece: each act gives another content back. No database, no web."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from reviews.instruments.content import Competency, Content, InstrumentKind, Level, Profile, Scale, Statement

Keyed = TypeVar("Keyed", Competency, Profile)

BLANK = Content(
    scale=Scale(
        levels=tuple(
            Level(score=score, label=label)
            for score, label in enumerate(("Hardly ever", "Seldom", "Sometimes", "Often", "Nearly always"), start=1)
        )
    ),
    competencies=(),
)
"""What an instrument of one's own begins with."""
SEEN = Scale(levels=(Level(score=0, label="Not yet"), Level(score=1, label="Seen done")), allows_not_observed=False)
"""What is ticked, or not."""


def blank(kind: InstrumentKind) -> Content:
    """What one of this kind begins with."""
    return replace(BLANK, scale=SEEN) if kind is InstrumentKind.CHECKLIST else BLANK


def stamp(content: Content) -> str:
    """Tells this content from any other, so that two who write at once do not write over each other."""
    return hashlib.sha256(json.dumps(content.as_json(), sort_keys=True).encode()).hexdigest()[:16]


def new_key(name: str, taken: Iterable[str]) -> str:
    """A key that says what it is of, and that nothing else has: `Building trust` is `building_trust`."""
    there = set(taken)
    stem = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40] or "part"
    n, key = 1, stem
    while key in there:
        n += 1
        key = f"{stem}_{n}"
    return key


def all_keys(content: Content) -> set[str]:
    """Those of everything that has one."""
    found = {each.key for each in content.competencies} | {each.key for each in content.questions}
    return found | {each.key for each in content.profiles} | set(content.statements)


def with_competency(content: Content, competency: Competency) -> Content:
    """In place of the one with its key, or as the last."""
    return replace(content, competencies=_put(content.competencies, competency))


def with_profile(content: Content, profile: Profile) -> Content:
    return replace(content, profiles=_put(content.profiles, profile))


def without(content: Content, key: str) -> Content:
    """Without this competency, question or profile; what profiles ask of a competency goes with it."""
    profiles = [
        replace(each, levels={name: required for name, required in each.levels.items() if name != key})
        for each in content.profiles
        if each.key != key
    ]
    return replace(
        content,
        competencies=tuple(each for each in content.competencies if each.key != key),
        questions=tuple(each for each in content.questions if each.key != key),
        profiles=tuple(profiles),
    )


def moved(content: Content, key: str, by: int) -> Content:
    """A competency earlier (-1) or later (1); at the end it stays."""
    there = list(content.competencies)
    place = next(n for n, each in enumerate(there) if each.key == key)
    to = max(0, min(len(there) - 1, place + by))
    there.insert(to, there.pop(place))
    return replace(content, competencies=tuple(there))


def with_scale(content: Content, scale: Scale) -> Content:
    """Another scale: what somebody does at a level that is gone goes with it."""
    scores = set(scale.scores)

    def kept(statement: Statement) -> Statement:
        return replace(statement, anchors={score: text for score, text in statement.anchors.items() if score in scores})

    competencies = tuple(
        replace(
            each,
            statements=tuple(kept(one) for one in each.statements),
            anchors={score: text for score, text in each.anchors.items() if score in scores},
        )
        for each in content.competencies
    )
    return replace(content, scale=scale, competencies=competencies)


def _put(there: tuple[Keyed, ...], one: Keyed) -> tuple[Keyed, ...]:
    if any(each.key == one.key for each in there):
        return tuple(one if each.key == one.key else each for each in there)
    return there + (one,)  # noqa: RUF005 -- so that its type is known


Change = Callable[[Content], Content]
