"""What people say of themselves, as plain values, and the lists they choose from; no database, no web."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Question:
    """A closed question of the program."""

    key: str
    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Lists:
    """What can be chosen in this program. Nothing else is accepted, because only what stands in a list is scored."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    """Labels by key."""
    skills: Sequence[str] = ()
    topics: Sequence[str] = ()
    interests: Sequence[str] = ()
    questions: Sequence[Question] = ()


@dataclass(frozen=True, kw_only=True)
class About:
    """What mentors and mentees say alike."""

    languages: Sequence[str] = ()
    timezone: str = ""
    hours: Sequence[int] = ()
    interests: Sequence[str] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    level: int | None = None
    team: str = ""


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What a mentor offers."""

    capacity: int
    kinds: Sequence[str] = ()
    skills: Sequence[str] = ()
    topics: Sequence[str] = ()
    types: Sequence[str] = ()
    experience: int | None = None
    words: str = ""
    shows: Sequence[str] | None = None
    """Nothing where it is not they themselves who say it."""


@dataclass(frozen=True, kw_only=True)
class Needed:
    """What a mentee seeks."""

    kinds: Sequence[str] = ()
    skills: Sequence[str] = ()
    topics: Sequence[str] = ()
    words: str = ""


def among(said: Sequence[str], allowed: Sequence[str] | Mapping[str, object]) -> list[str]:
    """What of this can still be chosen, in the order of the list."""
    return [each for each in allowed if each in set(said)]
