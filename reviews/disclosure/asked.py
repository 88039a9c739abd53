"""What was asked of whom, and what they answered, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Anonymity(StrEnum):
    NAMED = "named"
    """Shown with the rater's name: the subject's own answers."""
    ATTRIBUTED = "attributed"
    """Shown as those of a few people whom everybody knows: the mentor's, the manager's. Never called anonymous."""
    ANONYMOUS = "anonymous"


class Comments(StrEnum):
    """How the subject sees the comments of a group."""

    VERBATIM = "verbatim"
    """As the group's own."""
    SHUFFLED = "shuffled"
    """In one pool with those of all other groups."""
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Group:
    """Raters who answer in the same part. Raises ValueError if comments of an anonymous group are not shuffled."""

    key: str
    anonymity: Anonymity
    weight: float = 1
    """What its mean weighs among those of the others."""
    comments: Comments = Comments.SHUFFLED
    is_self: bool = False
    """The subject's own answers, which do not count among the others'."""

    def __post_init__(self) -> None:
        if self.is_anonymous and self.comments is Comments.VERBATIM:
            raise ValueError("Comments of an anonymous group are shuffled, or nobody's to see.")

    @property
    def is_anonymous(self) -> bool:
        return self.anonymity is Anonymity.ANONYMOUS


@dataclass(frozen=True)
class Statement:
    key: str
    weight: float = 1
    is_reversed: bool = False
    """A high rating is a bad one."""


@dataclass(frozen=True)
class Competency:
    """One that is rated as a whole has one statement: itself."""

    key: str
    statements: tuple[Statement, ...]

    @classmethod
    def whole(cls, key: str) -> Competency:
        return cls(key, (Statement(key),))


@dataclass(frozen=True)
class Scale:
    """The scores of its levels, upwards. Raises ValueError if there are fewer than two, or they do not rise."""

    scores: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.scores) < 2 or any(low >= high for low, high in zip(self.scores, self.scores[1:], strict=False)):
            raise ValueError("A scale has two levels or more, and their scores rise.")

    @property
    def low(self) -> float:
        return self.scores[0]

    @property
    def high(self) -> float:
        return self.scores[-1]

    @cached_property
    def places(self) -> Mapping[float, int]:
        return {score: place for place, score in enumerate(self.scores)}

    def counted(self, statement: Statement, score: float) -> float:
        """What a rating of the statement counts: of a reversed one, what it would have been of the opposite."""
        return self.low + self.high - score if statement.is_reversed else score


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One instrument as it was put to the groups of raters. Raises ValueError if a key stands for two things."""

    groups: tuple[Group, ...]
    competencies: tuple[Competency, ...]
    scale: Scale
    questions: tuple[str, ...] = ()
    """Open ones."""

    def __post_init__(self) -> None:
        for keys in (
            [group.key for group in self.groups],
            [competency.key for competency in self.competencies],
            [statement.key for competency in self.competencies for statement in competency.statements],
            self.questions,
        ):
            if len(set(keys)) < len(keys):
                raise ValueError("Each group, competency, statement and question has a key of its own.")

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(statement for competency in self.competencies for statement in competency.statements)

    @cached_property
    def anonymous(self) -> tuple[str, ...]:
        return tuple(group.key for group in self.groups if group.is_anonymous)

    def group(self, key: str) -> Group:
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> Mapping[str, Group]:
        return {group.key: group for group in self.groups}

    def in_order(self, keys: frozenset[str]) -> tuple[str, ...]:
        """Asked for over and over with the same few sets."""
        if keys not in self._orders:
            self._orders[keys] = tuple(group.key for group in self.groups if group.key in keys)
        return self._orders[keys]

    @cached_property
    def _orders(self) -> dict[frozenset[str], tuple[str, ...]]:
        return {}


@dataclass(frozen=True)
class Response:
    """What one rater said. Only what is handed in counts: a draft is no response.

    Where comments are kept apart from ratings, each is a response of its own, without ratings.
    """

    key: str
    """Random; of an anonymous rater it says nothing about whom it belongs to."""
    group: str
    ratings: Mapping[str, float | None]
    """For each statement the score of the chosen level; None, or nothing, where it was not observed."""
    comments: Mapping[str, str] = field(default_factory=dict)
    """By question."""
