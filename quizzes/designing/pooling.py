"""Which questions a plan can ask at this moment: for each slot the versions that fit, read in few statements."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Executable, String, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session

from lti_tool.db import table
from lti_tool.prepared import Here, Prepared, Row, among
from quizzes.designing.plan import FixedPlan, Plan, RulePlan
from quizzes.difficulty.levels import ENOUGH, EXPECTED
from quizzes.difficulty.models import Measured
from quizzes.drawing.by_outline import ALGORITHM
from quizzes.marking import Kind
from quizzes.questions import QUESTION_TAG, Category, Question, QuestionState, QuestionVersion, Tag


class Known(NamedTuple):
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
    facility: float | None
    """The share of its marks that is earned, where it was measured; to a percent: little news changes no outline."""

    @property
    def hardness(self) -> tuple[float, int]:
        """The share of its marks that is not expected to be earned; among equals their order."""
        expected = EXPECTED[self.difficulty] if self.facility is None else self.facility
        return 1 - expected, self.question

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
    key: str
    """SHA-256 of all that an outline follows from."""


def pooled(here: Here, plan: Plan, platform: int) -> Pooled:
    """For each slot of the plan, in its order, what fits now: in the newest version, or the one that is pinned.

    `platform` is the row of the LMS at which it was measured how hard questions are.
    """
    if isinstance(here, Session):
        here.flush()
    return _fitting(plan, _shelf(here, plan, platform))


@lru_cache(maxsize=32)
def _fitting(plan: Plan, shelf: _Shelf) -> Pooled:
    """By all that was read: a whole class starts from the same."""
    library = _Library.of(shelf)
    slots = [library.fitting(slot) for slot in plan.slots]
    enemies = _enemies(each for slot in slots for each in slot)
    return Pooled(slots, enemies, _key(plan, slots, enemies))


def _key(plan: Plan, slots: Sequence[Sequence[Known]], enemies: Sequence[tuple[int, ...]]) -> str:
    whole = [ALGORITHM, plan.as_json(), [[each.version for each in slot] for slot in slots], [*map(list, enemies)]]
    if any(rule.is_equal for rule in plan.rules):
        whole.append([[each.facility for each in slot] for slot in slots])
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def _enemies(known: Iterable[Known]) -> list[tuple[int, ...]]:
    sets: dict[int, set[int]] = {}
    for each in known:
        if each.enemies is not None:
            sets.setdefault(each.enemies, set()).add(each.question)
    return [tuple(sorted(questions)) for _set, questions in sorted(sets.items()) if len(questions) > 1]


class _Shelf(NamedTuple):
    """What may be meant by a plan, as the database says it."""

    drawn: tuple[Row, ...] = ()
    """The ready questions of the banks that are drawn from, by their rows."""
    fixed: tuple[Row, ...] = ()
    """In their newest version."""
    pinned: tuple[Row, ...] = ()
    categories: tuple[Row, ...] = ()
    tags: tuple[Row, ...] = ()


@dataclass(frozen=True)
class _Library:
    """The questions that a plan may mean, and what its rules ask about them."""

    drawn: Sequence[Known]
    fixed: Mapping[int, Known]
    """By question."""
    pinned: Mapping[int, Known]
    """By version."""
    inside: Mapping[int, set[int]]
    """Each category with all that are inside it."""
    words: Mapping[int, frozenset[str]]

    @classmethod
    def of(cls, shelf: _Shelf) -> _Library:
        return cls(
            drawn=[_known(row) for row in shelf.drawn],
            fixed={each.question: each for each in map(_known, shelf.fixed)},
            pinned={each.version: each for each in map(_known, shelf.pinned)},
            inside=_inside(shelf.categories),
            words=_words(shelf.tags),
        )

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
_MEASURED = table(Measured)
_IS_MEASURED = (
    (_MEASURED.c.version_id == _VERSION.c.id)
    & (_MEASURED.c.platform_id == bindparam("platform", type_=_MEASURED.c.platform_id.type))
    & (_MEASURED.c.answers >= ENOUGH)
)
_NEWEST_N = select(func.max(_LATER.c.n)).where(_LATER.c.question_id == _QUESTION.c.id).scalar_subquery()


def _of(theirs: Callable[[str], ColumnElement[bool]], *conditions: ColumnElement[bool]) -> Prepared:
    """Put together once: a whole class starts at the same moment."""

    def of(dialect: str) -> Executable:
        return (
            select(
                _QUESTION.c.id,
                _VERSION.c.id,
                _VERSION.c.difficulty,
                type_coerce(_VERSION.c.kind, String),
                _QUESTION.c.bank_id,
                _QUESTION.c.category_id,
                _QUESTION.c.enemy_set_id,
                type_coerce(_QUESTION.c.state, String),
                _MEASURED.c.facility,
            )
            .join_from(_QUESTION, _VERSION, _VERSION.c.question_id == _QUESTION.c.id)
            .outerjoin(_MEASURED, _IS_MEASURED)
            .where(theirs(dialect), *conditions)
            .order_by(_QUESTION.c.id)
        )

    return Prepared(of)


_IS_NEWEST = _VERSION.c.n == _NEWEST_N
_IS_READY = _QUESTION.c.state == QuestionState.READY
_READY_OF_BANKS = _of(among(_QUESTION.c.bank_id, "theirs"), _IS_READY, _IS_NEWEST)
_NEWEST = _of(among(_QUESTION.c.id, "theirs"), _IS_NEWEST)
_THESE = _of(among(_VERSION.c.id, "theirs"))
_CATEGORY, _TAG = table(Category).c, table(Tag).c
_OF_BANKS = among(_CATEGORY.bank_id, "theirs")
_CATEGORIES = Prepared(
    lambda dialect: select(_CATEGORY.id, _CATEGORY.parent_id).where(_OF_BANKS(dialect)).order_by(_CATEGORY.id)
)
_TAGS_OF_BANKS = among(_TAG.bank_id, "theirs")
_TAGS = Prepared(
    lambda dialect: (
        select(QUESTION_TAG.c.question_id, _TAG.word)
        .join(table(Tag), _TAG.id == QUESTION_TAG.c.tag_id)
        .where(_TAGS_OF_BANKS(dialect))
        .order_by(QUESTION_TAG.c.question_id, _TAG.word)
    )
)


def _shelf(here: Here, plan: Plan, platform: int) -> _Shelf:
    rules, fixed = plan.rules, plan.fixed
    banks = {rule.bank for rule in rules}
    has_inner = any(rule.category is not None and rule.with_inner for rule in rules)
    return _Shelf(
        drawn=_rows(here, _READY_OF_BANKS, banks, platform=platform),
        fixed=_rows(here, _NEWEST, {each.question for each in fixed if each.version is None}, platform=platform),
        pinned=_rows(here, _THESE, {each.version for each in fixed if each.version is not None}, platform=platform),
        categories=_rows(here, _CATEGORIES, banks if has_inner else set()),
        tags=_rows(here, _TAGS, banks if any(rule.has_tags for rule in rules) else set()),
    )


def _rows(here: Here, wanted: Prepared, theirs: set[int], **more: int) -> tuple[Row, ...]:
    return tuple(wanted.rows(here, theirs=sorted(theirs), **more)) if theirs else ()


def _known(row: Row) -> Known:
    question, version, difficulty, kind, bank, category, enemies, state, facility = row
    measured = None if facility is None else round(facility, 2)
    return Known(question, version, difficulty, Kind(kind), bank, category, enemies, QuestionState(state), measured)


def _inside(rows: Iterable[Row]) -> dict[int, set[int]]:
    parents: dict[int, int | None] = dict(rows)
    inside: dict[int, set[int]] = {}
    for category in parents:
        above, seen = parents[category], {category}
        while above is not None and above not in seen:
            inside.setdefault(above, set()).add(category)
            seen.add(above)
            above = parents.get(above)
    return inside


def _words(rows: Iterable[Row]) -> dict[int, frozenset[str]]:
    words: dict[int, set[str]] = {}
    for question, word in rows:
        words.setdefault(question, set()).add(word)
    return {question: frozenset(each) for question, each in words.items()}
