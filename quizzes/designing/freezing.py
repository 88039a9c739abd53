"""A plan and what fits it become an outline that is kept: whatever happens to the questions later, it says the same.

The body is a `quizzes.drawing` outline in JSON, without anything of a learner: sections with slots, each slot with its
`mark` and either its one candidate or its rule with a pool; candidates as `[question, version, difficulty, options,
groups, hides order]`. What is only read is worth nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, cast, select
from sqlalchemy.orm import Session

from lti_tool.db import create_or_find, table
from lti_tool.prepared import Here, Prepared
from quizzes.designing.models import FrozenOutline
from quizzes.designing.plan import DIFFICULTIES, Plan, RulePlan
from quizzes.designing.pooling import Known, Pooled, pooled
from quizzes.drawing.outline import Band, Candidate, Fixed, Outline, Part, Rule, Section, Seen
from quizzes.drawing.shortages import shortages
from quizzes.drawing.strata import strata
from quizzes.kinds import Places
from quizzes.questions import QuestionVersion

Met = Callable[[Candidate], Candidate]
"""Adds to a candidate what one learner has seen of it."""


@dataclass(frozen=True)
class Frozen:
    """A frozen outline, read."""

    outline: Outline
    marks: Sequence[float]
    """What a question of each slot is worth, by the slot's number from 0."""
    unmarked: frozenset[int]
    """Versions that are only read."""

    def worth(self, slot: int, version: int) -> float:
        """What a question is worth that was drawn for this slot, counted from 1."""
        return 0.0 if version in self.unmarked else self.marks[slot - 1]

    @cached_property
    def versions(self) -> Mapping[int, int]:
        """In which version each question would be asked."""
        return {
            candidate.question: candidate.version
            for section in self.outline.sections
            for slot in section.slots
            for candidate in ([slot.candidate] if isinstance(slot, Fixed) else slot.pool)
        }

    def seen_by(self, met: Met) -> Outline:
        """The outline for one learner."""
        return replace(self.outline, sections=[_seen_section(each, met) for each in self.outline.sections])


def _seen_section(section: Section, met: Met) -> Section:
    return replace(section, slots=[_seen_slot(slot, met) for slot in section.slots])


def _seen_slot(slot: Fixed | Rule, met: Met) -> Fixed | Rule:
    if isinstance(slot, Fixed):
        return Fixed(met(slot.candidate))
    return replace(slot, pool=[met(each) for each in slot.pool])


class Kept(NamedTuple):
    """An outline that is kept."""

    id: int
    frozen: Frozen


_OUTLINE = table(FrozenOutline).c
_KEPT = Prepared(select(_OUTLINE.id, cast(_OUTLINE.body, Text)).where(_OUTLINE.key == bindparam("key")))


def frozen(session: Session, plan: Plan, platform: int) -> Kept:
    """What attempts that begin now are drawn from: found, or made by the first of them.

    Questions that are gone since the quiz was published are made do without: a rule asks as many as there are, and a
    fixed question that is ready no longer is left out.
    """
    found = pooled(session, plan, platform)
    known = _kept(session, found)
    if known is not None:
        return known
    body = _written(possible(laid_out(session, plan, found)))
    row, _is_new = create_or_find(session, FrozenOutline, {"key": found.key}, body=body)
    return Kept(row.id, read(row.body))


def kept(here: Here, plan: Plan, platform: int) -> Kept | None:
    """The same, if somebody has begun from it before."""
    return _kept(here, pooled(here, plan, platform))


def _kept(here: Here, found: Pooled) -> Kept | None:
    known = _KEPT.one(here, key=found.key)
    return Kept(known[0], _read_once(known[1])) if known is not None else None


@dataclass(frozen=True)
class Slotted:
    """A slot as it is drawn."""

    number: int
    """Of the slot in the plan, from 1."""
    slot: Fixed | Rule
    mark: float


@dataclass(frozen=True)
class LaidOut:
    """A plan with what fits it, ready to be drawn or judged."""

    sections: Sequence[tuple[bool, Sequence[Slotted]]]
    """Each with whether it is shuffled. Fixed questions that are not ready are left out."""
    enemies: Sequence[tuple[int, ...]]
    is_shuffled: bool
    unmarked: frozenset[int]
    """Versions that are only read."""

    @property
    def slots(self) -> list[Slotted]:
        return [each for _is_shuffled, section in self.sections for each in section]

    @property
    def outline(self) -> Outline:
        sections = [Section([each.slot for each in slots], shuffled) for shuffled, slots in self.sections]
        return Outline(sections, [frozenset(each) for each in self.enemies], self.is_shuffled)


def laid_out(session: Session, plan: Plan, found: Pooled) -> LaidOut:
    """What is to be equally hard is so, unless enemies or other rules stand against it."""
    plain = _laid_out(session, plan, found)
    if not any(rule.is_equal for rule in plan.rules):
        return plain
    equal = _layered(plan, found, plain)
    return plain if shortages(list(equal.outline.parts()), equal.outline.enemies) else equal


def _laid_out(session: Session, plan: Plan, found: Pooled) -> LaidOut:
    candidates = _candidates(session, [each for slot in found.slots for each in slot])
    numbered = iter(enumerate(zip(plan.slots, found.slots, strict=True), start=1))
    sections = []
    for section in plan.sections:
        slots = []
        for _each in section.slots:
            number, (slot, known) = next(numbered)
            pool = [candidates[each.version] for each in known]
            if isinstance(slot, RulePlan):
                slots.append(Slotted(number, _rule(number, slot, pool), slot.mark))
            elif pool:
                slots.append(Slotted(number, Fixed(pool[0]), slot.mark))
        sections.append((section.is_shuffled, slots))
    unmarked = frozenset(each.version for slot in found.slots for each in slot if each.is_read_only)
    return LaidOut(sections, found.enemies, plan.is_shuffled, unmarked)


def _candidates(session: Session, known: Sequence[Known]) -> dict[int, Candidate]:
    """By version."""
    versions = session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_({each.version for each in known})))
    places = {version.id: version.places for version in versions}
    return {each.version: _candidate(each, places[each.version]) for each in known}


def _candidate(known: Known, places: Places) -> Candidate:
    return Candidate(
        question=known.question,
        version=known.version,
        options=places.size,
        groups=places.groups,
        hides_order=places.is_order,
        difficulty=known.difficulty,
    )


def _rule(number: int, plan: RulePlan, pool: Sequence[Candidate]) -> Rule:
    bands = [
        Band(lowest=difficulty, highest=difficulty, share=share)
        for difficulty, share in zip(DIFFICULTIES, plan.shares, strict=False)
        if share
    ]
    return Rule(name=str(number), count=plan.count, pool=pool, bands=bands, seen=plan.seen)


def _layered(plan: Plan, found: Pooled, plain: LaidOut) -> LaidOut:
    equal = {number for number, slot in enumerate(plan.slots, start=1) if isinstance(slot, RulePlan) and slot.is_equal}
    hardness = {each.question: each.hardness for slot in found.slots for each in slot}
    sections = [
        (shuffled, [_in_layers(each, hardness) if each.number in equal else each for each in slots])
        for shuffled, slots in plain.sections
    ]
    return replace(plain, sections=sections)


def _in_layers(each: Slotted, hardness: Mapping[int, tuple[float, int]]) -> Slotted:
    """Its rule with a band for each layer; how hard its questions are, beside one another, is a number from 0 on."""
    rule = each.slot
    assert isinstance(rule, Rule)
    bands: list[Band] = []
    ordered: list[Candidate] = []
    for _band, count, pool in rule.divided(rule.by_question):
        for share, layer in strata(pool, count, lambda candidate: hardness[candidate.question]):
            bands.append(Band(lowest=len(ordered), highest=len(ordered) + len(layer) - 1, share=share))
            ordered += layer
    pool = [replace(candidate, difficulty=place) for place, candidate in enumerate(ordered)]
    return replace(each, slot=replace(rule, pool=pool, bands=bands))


def possible(whole: LaidOut) -> LaidOut:
    """The same with what cannot be had left out, as little as can be; itself where all of it can."""
    parts = list(whole.outline.parts())
    short = shortages(parts, whole.outline.enemies)
    if not short:
        return whole
    missing = {(each.slot, each.band): each.missing for each in short}
    by_slot: dict[int, list[Part]] = {}
    for part in parts:
        by_slot.setdefault(part.slot, []).append(part)
    numbers = iter(range(1, len(whole.slots) + 1))
    sections = [
        (shuffled, [less for each in slots for less in _less(each, by_slot[next(numbers)], missing)])
        for shuffled, slots in whole.sections
    ]
    return replace(whole, sections=sections)


def _less(each: Slotted, parts: Sequence[Part], missing: Mapping[tuple[int, Band | None], int]) -> Iterator[Slotted]:
    """The slot with fewer questions; of a rule with bands one rule for each."""
    for part in parts:
        count = part.count - missing.get((part.slot, part.band), 0)
        if isinstance(each.slot, Rule):
            rule = replace(each.slot, count=count, bands=(), pool=part.candidates)
            yield replace(each, slot=rule)
        elif count:
            yield each


def _written(whole: LaidOut) -> dict[str, Any]:
    return {
        "is_shuffled": whole.is_shuffled,
        "sections": [
            {"is_shuffled": shuffled, "slots": [_written_slot(each) for each in slots]}
            for shuffled, slots in whole.sections
        ],
        "enemies": [list(each) for each in whole.enemies],
        "unmarked": sorted(whole.unmarked),
    }


def _written_slot(each: Slotted) -> dict[str, Any]:
    if isinstance(each.slot, Fixed):
        return {"mark": each.mark, "fixed": _row(each.slot.candidate)}
    rule = each.slot
    return {
        "mark": each.mark,
        "name": rule.name,
        "count": rule.count,
        "bands": [[band.lowest, band.highest, band.share] for band in rule.bands],
        "seen": rule.seen.value,
        "pool": [_row(candidate) for candidate in rule.pool],
    }


def _row(each: Candidate) -> list[Any]:
    groups = [list(group) for group in each.groups]
    return [each.question, each.version, each.difficulty, each.options, groups, each.hides_order]


def read(body: Mapping[str, Any]) -> Frozen:
    """What was kept, as it is drawn from."""
    sections = [
        Section([_read_slot(slot) for slot in section["slots"]], section["is_shuffled"]) for section in body["sections"]
    ]
    return Frozen(
        Outline(sections, [frozenset(each) for each in body["enemies"]], body["is_shuffled"]),
        [slot["mark"] for section in body["sections"] for slot in section["slots"]],
        frozenset(body["unmarked"]),
    )


@lru_cache(maxsize=64)
def _read_once(body: str) -> Frozen:
    """By what was kept itself: a whole class starts from the same."""
    return read(json.loads(body))


def _read_slot(said: Mapping[str, Any]) -> Fixed | Rule:
    if "fixed" in said:
        return Fixed(_read_row(said["fixed"]))
    return Rule(
        name=said["name"],
        count=said["count"],
        pool=[_read_row(row) for row in said["pool"]],
        bands=[Band(lowest=lowest, highest=highest, share=share) for lowest, highest, share in said["bands"]],
        seen=Seen(said["seen"]),
    )


def _read_row(row: Sequence[Any]) -> Candidate:
    question, version, difficulty, options, groups, hides_order = row
    return Candidate(
        question=question,
        version=version,
        difficulty=difficulty,
        options=options,
        groups=tuple(map(tuple, groups)),
        hides_order=hides_order,
    )
