"""Which questions a plan can ask at this moment: for each slot the versions that fit, read in few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from lti_tool.db import table
from quizzes.designing.plan import FixedPlan, Plan, RulePlan
from quizzes.marking import Kind
from quizzes.questions import QUESTION_TAG, Category, Question, QuestionState, QuestionVersion, Tag


@dataclass(frozen=True)
class Known:
    """What deciding about a question takes, without its text."""

    question: int
    version: int
    difficulty: int
    kind: Kind
    bank: int
    category: int
    enemies: int | None
    """The set it belongs to."""
    state: QuestionState

    @property
    def is_ready(self) -> bool:
        return self.state is QuestionState.READY

    @property
    def is_read_only(self) -> bool:
        """Whether it is read and not answered."""
        return self.kind is Kind.DESCRIPTION


@dataclass(frozen=True)
class Pooled:
    """A plan's slots, each with what fits: the one question of a fixed slot, or none, and the pool of a rule."""

    slots: Sequence[Sequence[Known]]
    enemies: Sequence[tuple[int, ...]]
    """Sets of questions of which at most one is asked, as far as they fit anywhere."""


def pooled(session: Session, plan: Plan) -> Pooled:
    """For each slot of the plan, in its order, what fits now: in the newest version, or the one that is pinned."""
    library = _Library.of(session, plan)
    slots = [library.fitting(slot) for slot in plan.slots]
    return Pooled(slots, _enemies(each for slot in slots for each in slot))


def _enemies(known: Iterable[Known]) -> list[tuple[int, ...]]:
    sets: dict[int, set[int]] = {}
    for each in known:
        if each.enemies is not None:
            sets.setdefault(each.enemies, set()).add(each.question)
    return [tuple(sorted(questions)) for _set, questions in sorted(sets.items()) if len(questions) > 1]


@dataclass
class _Library:
    """The questions that a plan may mean, and what its rules ask about them."""

    drawn: Sequence[Known] = ()
    """The ready questions of the banks that are drawn from, by their rows."""
    fixed: Mapping[int, Known] = field(default_factory=dict)
    """By question, in its newest version."""
    pinned: Mapping[int, Known] = field(default_factory=dict)
    """By version."""
    inside: Mapping[int, set[int]] = field(default_factory=dict)
    """Each category with all that are inside it."""
    words: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, plan: Plan) -> _Library:
        rules, fixed = plan.rules, plan.fixed
        library = cls()
        if banks := {rule.bank for rule in rules}:
            library.drawn = _known(session, _READY_OF_BANKS, banks)
        if questions := {each.question for each in fixed if each.version is None}:
            library.fixed = {each.question: each for each in _known(session, _NEWEST, questions)}
        if versions := {each.version for each in fixed if each.version is not None}:
            library.pinned = {each.version: each for each in _known(session, _THESE, versions)}
        if any(rule.category is not None and rule.with_inner for rule in rules):
            library.inside = _inside(session, banks)
        if any(rule.has_tags for rule in rules):
            library.words = _words(session, banks)
        return library

    def fitting(self, slot: FixedPlan | RulePlan) -> list[Known]:
        if isinstance(slot, RulePlan):
            return [each for each in self.drawn if self._fits(slot, each)]
        found = self.fixed.get(slot.question) if slot.version is None else self.pinned.get(slot.version)
        return [found] if found is not None and found.is_ready else []

    def _fits(self, rule: RulePlan, each: Known) -> bool:
        if each.bank != rule.bank or each.is_read_only or not rule.lowest <= each.difficulty <= rule.highest:
            return False
        if rule.category is not None and each.category not in self._within(rule):
            return False
        return not rule.has_tags or rule.takes(self.words.get(each.question, frozenset()))

    def _within(self, rule: RulePlan) -> set[int]:
        assert rule.category is not None
        return {rule.category} | (self.inside.get(rule.category, set()) if rule.with_inner else set())


_QUESTION, _VERSION = table(Question), table(QuestionVersion)
_LATER = _VERSION.alias()
_NEWEST_N = select(func.max(_LATER.c.n)).where(_LATER.c.question_id == _QUESTION.c.id).scalar_subquery()
_THEIRS: BindParameter[Any] = bindparam("theirs", expanding=True)


def _of(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Put together once: a whole class starts at the same moment."""
    return (
        select(
            _QUESTION.c.id,
            _VERSION.c.id,
            _VERSION.c.difficulty,
            _VERSION.c.kind,
            _QUESTION.c.bank_id,
            _QUESTION.c.category_id,
            _QUESTION.c.enemy_set_id,
            _QUESTION.c.state,
        )
        .join_from(_QUESTION, _VERSION, _VERSION.c.question_id == _QUESTION.c.id)
        .where(*conditions)
        .order_by(_QUESTION.c.id)
    )


_IS_NEWEST = _VERSION.c.n == _NEWEST_N
_READY_OF_BANKS = _of(_QUESTION.c.bank_id.in_(_THEIRS), _QUESTION.c.state == QuestionState.READY, _IS_NEWEST)
_NEWEST = _of(_QUESTION.c.id.in_(_THEIRS), _IS_NEWEST)
_THESE = _of(_VERSION.c.id.in_(_THEIRS))


def _known(session: Session, wanted: Select[Any], theirs: Collection[int]) -> list[Known]:
    return [Known(*row) for row in session.execute(wanted, {"theirs": sorted(theirs)})]


def _inside(session: Session, banks: Collection[int]) -> dict[int, set[int]]:
    rows = session.execute(select(Category.id, Category.parent_id).where(Category.bank_id.in_(banks))).all()
    parents: dict[int, int | None] = {row.id: row.parent_id for row in rows}
    inside: dict[int, set[int]] = {}
    for category in parents:
        above, seen = parents[category], {category}
        while above is not None and above not in seen:
            inside.setdefault(above, set()).add(category)
            seen.add(above)
            above = parents.get(above)
    return inside


def _words(session: Session, banks: Collection[int]) -> dict[int, frozenset[str]]:
    rows = session.execute(
        select(QUESTION_TAG.c.question_id, Tag.word)
        .join(Tag, Tag.id == QUESTION_TAG.c.tag_id)
        .where(Tag.bank_id.in_(banks))
    )
    words: dict[int, set[str]] = {}
    for question, word in rows:
        words.setdefault(question, set()).add(word)
    return {question: frozenset(each) for question, each in words.items()}
