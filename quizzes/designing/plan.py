"""What a quiz asks, as its author lays it down: sections with fixed questions and rules; no database, no web.

Questions, versions, categories and banks are named by their rows, tags by their words. A plan is kept as JSON, and
never changes once attempts have been drawn from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from quizzes.drawing.outline import Seen

DIFFICULTIES = (1, 2, 3)
"""Easy, medium, hard."""
MOST_SECTIONS, MOST_SLOTS = 20, 200


@dataclass(frozen=True, kw_only=True)
class FixedPlan:
    """A question that everybody is asked."""

    question: int
    version: int | None = None
    """The one to ask for ever; empty for the newest there is."""
    mark: float = 1.0
    """What it is worth; what is only read is worth nothing."""

    @property
    def asks(self) -> int:
        return 1


@dataclass(frozen=True, kw_only=True)
class RulePlan:
    """So many questions of a bank that fit."""

    bank: int
    count: int
    category: int | None = None
    with_inner: bool = True
    """Whether the categories inside that one belong to it."""
    tags_all: tuple[str, ...] = ()
    tags_any: tuple[str, ...] = ()
    tags_none: tuple[str, ...] = ()
    lowest: int = DIFFICULTIES[0]
    highest: int = DIFFICULTIES[-1]
    shares: tuple[int, ...] = ()
    """How many parts are easy, medium and hard; empty where nobody says."""
    is_equal: bool = False
    """Whether it draws so that it is equally hard for everybody; see `quizzes.drawing.strata`."""
    seen: Seen = Seen.FIRST
    mark: float = 1.0
    """What each of its questions is worth."""

    @property
    def asks(self) -> int:
        return self.count

    @property
    def has_tags(self) -> bool:
        return bool(self.tags_all or self.tags_any or self.tags_none)

    def takes(self, words: frozenset[str]) -> bool:
        """Whether a question with these tags fits."""
        return (
            words >= set(self.tags_all)
            and (not self.tags_any or not words.isdisjoint(self.tags_any))
            and words.isdisjoint(self.tags_none)
        )


SlotPlan = FixedPlan | RulePlan


@dataclass(frozen=True, kw_only=True)
class SectionPlan:
    slots: tuple[SlotPlan, ...] = ()
    title: str = ""
    """Stands above its questions; empty for a quiz of one piece."""
    instructions: str = ""
    """Read before its questions."""
    is_markdown: bool = False
    """Whether marks for bold, lists and links work in the instructions; those of older plans are plain."""
    is_shuffled: bool = True


@dataclass(frozen=True, kw_only=True)
class Plan:
    sections: tuple[SectionPlan, ...] = field(default=(SectionPlan(),))
    is_shuffled: bool = False
    """Whether the sections change places."""

    @property
    def slots(self) -> Iterator[SlotPlan]:
        """Counted from 1 through the whole plan, as shortages name them."""
        for section in self.sections:
            yield from section.slots

    @property
    def rules(self) -> list[RulePlan]:
        return [slot for slot in self.slots if isinstance(slot, RulePlan)]

    @property
    def fixed(self) -> list[FixedPlan]:
        return [slot for slot in self.slots if isinstance(slot, FixedPlan)]

    @property
    def asks(self) -> int:
        """How many questions it asks in all."""
        return sum(slot.asks for slot in self.slots)

    @property
    def worth(self) -> float:
        """What all of them are worth, if none is only read."""
        return sum(slot.asks * slot.mark for slot in self.slots)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Plan:
        return cls(
            sections=tuple(
                SectionPlan(
                    title=section["title"],
                    # Plans that are older say nothing of it.
                    instructions=section.get("instructions", ""),
                    is_markdown=section.get("is_markdown", False),
                    is_shuffled=section["is_shuffled"],
                    slots=tuple(_slot(slot) for slot in section["slots"]),
                )
                for section in said["sections"]
            ),
            is_shuffled=said["is_shuffled"],
        )

    @classmethod
    def of_one_rule(cls, bank: int, count: int) -> Plan:
        """So many questions of one bank, whatever they are, and equally hard for everybody."""
        return cls(sections=(SectionPlan(slots=(RulePlan(bank=bank, count=count, is_equal=True),)),))


def _slot(said: Mapping[str, Any]) -> SlotPlan:
    if "question" in said:
        return FixedPlan(**said)
    words = {name: tuple(said[name]) for name in ("tags_all", "tags_any", "tags_none", "shares")}
    return RulePlan(**{**said, **words, "seen": Seen(said["seen"])})
