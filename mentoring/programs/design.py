"""A program's design as plain values: templates offer it, forms change it, versions keep it; no database, no web."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from mentoring.programs.choices import (
    CHECKLIST,
    Channel,
    EvaluationPoint,
    ForWhom,
    GoalType,
    Manner,
    MentoringType,
    MustAgree,
    StepManner,
)


@dataclass(frozen=True, kw_only=True)
class KindPlan:
    """A need every mentee of the program has."""

    label: str
    key: str = ""
    """Empty for one that is new."""
    needed: int = 1
    is_required: bool = True


@dataclass(frozen=True, kw_only=True)
class TaskPlan:
    """Something a mentor does, by so many days after the beginning."""

    title: str
    days: int
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class TrainingPlan:
    """Something to have done before being matched."""

    title: str
    manner: Manner
    is_for_mentors: bool = True
    key: str = ""
    """Empty for one that is new."""
    address: str = ""
    valid_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class StepPlan:
    """Something on every timeline besides the six events, due by so many days or by a share of the length."""

    title: str
    manner: StepManner
    whom: ForWhom = ForWhom.BOTH
    address: str = ""
    """Where the material is; of an activity, which one; of a task, its title."""
    days: int | None = None
    share: int | None = None
    """In percent; either this or days."""


@dataclass(frozen=True, kw_only=True)
class QuestionPlan:
    """A closed question about values or ways of working."""

    text: str
    answers: tuple[str, ...]
    key: str = ""
    """Empty for one that is new."""


@dataclass(frozen=True, kw_only=True)
class ProgramDesign:
    """Everything that is decided about a program; what each word means stands with `ProgramVersion`."""

    title: str
    goal: str = ""
    goal_types: tuple[GoalType, ...] = ()
    tasks: tuple[TaskPlan, ...] = ()
    mentoring_type: MentoringType = MentoringType.ONE_ON_ONE
    kinds: tuple[KindPlan, ...] = ()
    smallest_group: int = 1
    largest_group: int = 1
    length_days: int = 90
    meeting_days: int = 14
    channel: Channel = Channel.ANY
    reply_days: int = 3
    default_capacity: int = 3
    must_agree: MustAgree = MustAgree.NOBODY
    takes_requests: bool = False
    needs_consent: bool = False
    checklist: tuple[str, ...] = CHECKLIST
    training: tuple[TrainingPlan, ...] = ()
    steps: tuple[StepPlan, ...] = ()
    skills: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    questions: tuple[QuestionPlan, ...] = ()
    least_minutes: int = 0
    most_hours_apart: int | None = None
    least_experience: int = 0
    level_rule: str = "any"
    bars_same_manager: bool = False
    weights: Mapping[str, int] = field(default_factory=dict)
    kpis: tuple[str, ...] = ()
    evaluations: tuple[EvaluationPoint, ...] = ()
    evaluation_days: int = 30

    @property
    def has_groups(self) -> bool:
        """Whether people come together in groups or circles, so that sizes mean something."""
        return self.mentoring_type in (MentoringType.GROUP, MentoringType.PEER)

    @property
    def is_of_peers(self) -> bool:
        """Whether nobody is a mentor, and people help one another in circles."""
        return self.mentoring_type == MentoringType.PEER

    @property
    def digest(self) -> str:
        """Tells this design from every other one."""
        said = json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def without(self, point: EvaluationPoint) -> ProgramDesign:
        return replace(self, evaluations=tuple(each for each in self.evaluations if each != point))
