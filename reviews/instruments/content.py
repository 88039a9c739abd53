"""What an instrument asks, as plain values: a scale, competencies with statements, open questions, target profiles.

They are kept as JSON with each version. Keys are permanent: answers, reports and trends refer to them. No database, no
web.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

SELF = "self"
"""The rater group in which a person answers about themselves, and reads statements in the first person."""
WHOLE = "whole"
"""The one statement of a competency that is judged as a whole."""


class Comments(StrEnum):
    """Whether raters may say something in words about a competency."""

    DISABLED = "disabled"
    OPTIONAL = "optional"
    REQUIRED = "required"


class InstrumentKind(StrEnum):
    """What it is made for: campaigns of that kind offer it first."""

    REVIEW = "review"
    PAIR = "pair"
    PROGRAM = "program"
    SURVEY = "survey"
    CHECKLIST = "checklist"
    """What a mentor or manager ticks as seen done."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """One step of a scale."""

    score: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Scale:
    """From the lowest to the highest level."""

    levels: tuple[Level, ...]
    allows_not_observed: bool = True
    """Whether *not observed* may be answered; it counts nowhere."""

    @property
    def lowest(self) -> int:
        return self.levels[0].score

    @property
    def highest(self) -> int:
        return self.levels[-1].score

    @property
    def scores(self) -> tuple[int, ...]:
        return tuple(level.score for level in self.levels)

    def label(self, score: int) -> str:
        return next(level.label for level in self.levels if level.score == score)

    def turned(self, score: float) -> float:
        """What a score on a reverse-keyed statement counts as."""
        return self.lowest + self.highest - score


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A sentence about a competency, which raters agree with by a level of the scale."""

    key: str
    text: str
    """As it is said of somebody else."""
    text_self: str = ""
    """As somebody says it of themselves; empty where both read the same."""
    is_reversed: bool = False
    """Whether agreeing says that the competency is low."""
    weight: float = 1.0
    groups: tuple[str, ...] = ()
    """Keys of the rater groups that are asked; none named is all of them."""
    anchors: Mapping[int, str] = field(default_factory=dict)
    """What somebody does at a level, by its score; some levels may have none."""

    def is_asked(self, group: str) -> bool:
        return not self.groups or group in self.groups

    def said_by(self, group: str) -> str:
        return self.text_self if group == SELF and self.text_self else self.text


@dataclass(frozen=True, kw_only=True)
class Competency:
    """What is judged, by statements or as a whole."""

    key: str
    name: str
    definition: str = ""
    weight: float = 1.0
    comments: Comments = Comments.OPTIONAL
    statements: tuple[Statement, ...] = ()
    """None where it is judged as a whole."""
    anchors: Mapping[int, str] = field(default_factory=dict)
    """Of one that is judged as a whole."""

    @property
    def is_whole(self) -> bool:
        return not self.statements

    @property
    def asked(self) -> tuple[Statement, ...]:
        """What is rated of it: its statements, or the competency itself as the only one."""
        if self.statements:
            return self.statements
        return (Statement(key=f"{self.key}.{WHOLE}", text=self.definition or self.name, anchors=self.anchors),)


@dataclass(frozen=True, kw_only=True)
class OpenQuestion:
    """A question that is answered in words."""

    key: str
    text: str
    groups: tuple[str, ...] = ()
    """Keys of the rater groups that are asked; none named is all of them."""
    is_required: bool = False
    may_be_quoted: bool = False
    """Whether whoever answers is asked if reports may quote their words."""

    def is_asked(self, group: str) -> bool:
        return not self.groups or group in self.groups


@dataclass(frozen=True, kw_only=True)
class Required:
    """What a position asks of one competency."""

    level: float
    importance: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a position asks: the target that results are held against."""

    key: str
    position: str
    levels: Mapping[str, Required]
    """By the key of a competency; some may have none."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that one version of an instrument asks."""

    introduction: str = ""
    """What raters read first."""
    scale: Scale
    competencies: tuple[Competency, ...]
    questions: tuple[OpenQuestion, ...] = ()
    profiles: tuple[Profile, ...] = ()
    asks_importance: bool = False
    """Whether raters say how much each competency matters for the work, on the same scale."""
    language: str = "en"

    @cached_property
    def statements(self) -> Mapping[str, Statement]:
        """All of them, by key, in their order."""
        return {each.key: each for competency in self.competencies for each in competency.asked}

    def competency(self, key: str) -> Competency:
        return next(each for each in self.competencies if each.key == key)

    def profile(self, key: str) -> Profile | None:
        return next((each for each in self.profiles if each.key == key), None)

    def for_group(self, group: str) -> list[tuple[Competency, list[Statement]]]:
        """The competencies that a rater group is asked about, each with its statements."""
        found = [(each, [one for one in each.asked if one.is_asked(group)]) for each in self.competencies]
        return [(competency, statements) for competency, statements in found if statements]

    def questions_for(self, group: str) -> list[OpenQuestion]:
        return [each for each in self.questions if each.is_asked(group)]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Content:
        """What `as_json` has made, also after a database has kept it. Raises KeyError, TypeError or ValueError."""
        values = dict(said)
        scale = dict(values["scale"])
        scale["levels"] = tuple(Level(**each) for each in scale["levels"])
        values["scale"] = Scale(**scale)
        values["competencies"] = tuple(_competency(each) for each in values["competencies"])
        values["questions"] = tuple(_question(each) for each in values.get("questions", ()))
        values["profiles"] = tuple(_profile(each) for each in values.get("profiles", ()))
        return cls(**values)


def _competency(said: Mapping[str, Any]) -> Competency:
    values = dict(said)
    values["comments"] = Comments(values.get("comments", Comments.OPTIONAL))
    values["statements"] = tuple(_statement(each) for each in values.get("statements", ()))
    values["anchors"] = _anchors(values.get("anchors", {}))
    return Competency(**values)


def _statement(said: Mapping[str, Any]) -> Statement:
    values = dict(said)
    values["groups"] = tuple(values.get("groups", ()))
    values["anchors"] = _anchors(values.get("anchors", {}))
    return Statement(**values)


def _anchors(said: Mapping[Any, str]) -> dict[int, str]:
    """JSON knows no numbers as keys."""
    return {int(score): text for score, text in said.items()}


def _question(said: Mapping[str, Any]) -> OpenQuestion:
    return OpenQuestion(**{**said, "groups": tuple(said.get("groups", ()))})


def _profile(said: Mapping[str, Any]) -> Profile:
    levels = {key: Required(**each) for key, each in said["levels"].items()}
    return Profile(key=said["key"], position=said["position"], levels=levels)
