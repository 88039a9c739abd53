"""Who is to be matched and by which design, in plain values: what the engine is told of a cohort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any


class Question(StrEnum):
    """What a pair is scored by; each gives 0 to 1000 points, weighed by the design."""

    SKILLS = "skills"
    GOALS = "goals"
    INTERESTS = "interests"
    VALUES = "values"
    WISH_OF_MENTEE = "wish_of_mentee"
    WISH_OF_MENTOR = "wish_of_mentor"
    HOURS = "hours"
    LEVEL = "level"
    SECTION = "section"
    BEFORE = "before"
    """They were a good pair before."""
    WAITED = "waited"
    """The mentee was left over last time."""
    OTHER_TEAM = "other_team"


class LevelRule(StrEnum):
    """R10: how the mentor's level has to stand to the mentee's."""

    ANY = "any"
    SAME = "same"
    JUNIOR = "junior"
    """The mentor is the junior, as in reverse mentoring."""
    SENIOR = "senior"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A need that mentees have."""

    key: str
    is_required: bool = True


@dataclass(frozen=True, kw_only=True)
class Design:
    """What a version of a program says about matching."""

    kinds: tuple[Kind, ...]
    weights: Mapping[Question, int] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    """0 leaves a question out. They are weighed against each other, so their sum does not matter."""
    least_minutes: int = 0
    """R8: common free time a week; 0 asks for none."""
    most_hours_apart: int | None = None
    """R8, where somebody has given no hours: by how much their clocks may differ."""
    least_experience: int = 0
    """R11: years a mentor has to have."""
    level: LevelRule = LevelRule.ANY


DEFAULT_WEIGHTS: Mapping[Question, int] = {
    Question.SKILLS: 30,
    Question.GOALS: 20,
    Question.INTERESTS: 10,
    Question.VALUES: 15,
    Question.WISH_OF_MENTEE: 15,
    Question.WISH_OF_MENTOR: 5,
    Question.HOURS: 5,
}
"""Deep similarity (goals, interests, values) before what is on the surface: Eby and others, 2013, 173 samples."""


@dataclass(frozen=True, kw_only=True)
class Someone:
    """What both sides may have said. Nothing of it is asked twice, and nothing has to be said."""

    key: str
    """Their participation's public id."""
    person: str = ""
    """Who they are, where somebody mentors and is mentored too; without it, the key."""
    is_ready: bool = True
    """R6: in the course, consenting and trained as the design asks."""
    languages: frozenset[str] = frozenset()
    hours: tuple[frozenset[int], ...] = ()
    """Free half hours of a week in UTC, 0 to 335 from Monday midnight, for each coming week that differs from others
    because of summer time. Empty where nothing was said."""
    clock: int = 0
    """Minutes their clock is ahead of UTC."""
    interests: frozenset[str] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)
    """Closed answers about values and ways of working, by question."""
    level: int | None = None
    """How senior, in whatever steps the course uses."""
    sections: frozenset[str] = frozenset()
    team: str = ""
    wishes: tuple[str, ...] = ()
    """People they would like, the dearest first."""
    refuses: frozenset[str] = frozenset()
    """R4: people they must never be matched with, whoever said so."""

    @property
    def who(self) -> str:
        return self.person or self.key


@dataclass(frozen=True, kw_only=True)
class Mentee(Someone):
    needs: Mapping[str, int]
    """How many mentors of each kind they still lack."""
    wanted: frozenset[str] = frozenset()
    """Skills to learn."""
    goals: frozenset[str] = frozenset()
    has: frozenset[str] = frozenset()
    """R2: people who mentor them now."""
    conflicts: frozenset[str] = frozenset()
    """R5: managers, graders, assessors, and who must not be matched with them again."""
    good_before: frozenset[str] = frozenset()
    """People with whom they have completed a mentorship and would again."""
    has_waited: bool = False


@dataclass(frozen=True, kw_only=True)
class Mentor(Someone):
    kinds: frozenset[str]
    """R9"""
    capacity: int
    load: int = 0
    skills: frozenset[str] = frozenset()
    goals: frozenset[str] = frozenset()
    """What they help with."""
    experience: int | None = None
    """Years in the field."""
    smallest_group: int = 0


@dataclass(frozen=True, kw_only=True)
class Peer(Someone):
    """Somebody of a pool without mentors: everybody learns from everybody in their circle."""

    wanted: frozenset[str] = frozenset()
    """Skills to learn."""
    skills: frozenset[str] = frozenset()
    """Skills to share."""
    goals: frozenset[str] = frozenset()
    has: frozenset[str] = frozenset()
    """R2: people with whom they are in a circle now."""
    conflicts: frozenset[str] = frozenset()
    """R5, as for mentees."""
    good_before: frozenset[str] = frozenset()
    """People with whom they have been in a circle and would again."""
    has_waited: bool = False

    @property
    def learning(self) -> Mentee:
        """What they want of another."""
        return Mentee(
            **self._said,
            needs={},
            wanted=self.wanted,
            goals=self.goals,
            has=self.has,
            conflicts=self.conflicts,
            good_before=self.good_before,
            has_waited=self.has_waited,
        )

    @property
    def sharing(self) -> Mentor:
        """What another finds in them."""
        return Mentor(**self._said, kinds=frozenset(), capacity=1, skills=self.skills, goals=self.goals)

    @property
    def _said(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(Someone)}
