"""What has been cut so far: kept beside each report, and handed in when the next one is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reviews.disclosure.policy import LEAST_MEANS


class NotSafe(ValueError):
    """These blocks, or what is made of them, could give somebody away."""


@dataclass(frozen=True)
class Block:
    """Anonymous raters of one statement who are only ever counted together."""

    statement: str
    groups: tuple[str, ...]
    """Whom it is shown as; more than one where small groups were merged."""
    responses: frozenset[str]
    total: float
    """Of their scores. Stays as it is when an answer is erased: taking it off again would tell what it was."""
    is_about: bool = False
    """Nearly all chose the same end of the scale: the total is that of all at the end, less half a level."""
    counts: tuple[int, ...] = ()
    """How many chose each level, of blocks that are large enough for it."""
    members: int = 1
    """Over how many subjects or rounds its raters are spread."""

    @property
    def n(self) -> int:
        return len(self.responses)


@dataclass(frozen=True)
class Ledger:
    """Raises NotSafe if blocks of a statement overlap, or have fewer raters than any policy lets through."""

    blocks: tuple[Block, ...] = ()
    pooled: tuple[Block, ...] = ()
    """Blocks with raters of several subjects or rounds, of which these answers are a part and so not free any more."""
    comments: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For each question, the responses whose comments have been shown in the pool."""

    _taken: Mapping[str, set[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        taken: dict[str, set[str]] = {}
        for block in (*self.blocks, *self.pooled):
            before = taken.setdefault(block.statement, set())
            if block.n < LEAST_MEANS or not before.isdisjoint(block.responses):
                raise NotSafe(f"Blocks of {block.statement} overlap, or one is too small.")
            before |= block.responses
        object.__setattr__(self, "_taken", taken)

    def taken(self, statement: str) -> set[str]:
        """The responses that stand in a block of the statement."""
        return self._taken.get(statement) or set()

    @cached_property
    def by_statement(self) -> Mapping[str, list[Block]]:
        """The subject's own blocks."""
        found: dict[str, list[Block]] = {}
        for block in self.blocks:
            found.setdefault(block.statement, []).append(block)
        return found

    def and_pooled(self, blocks: Iterable[Block]) -> Ledger:
        """The ledger of a subject some of whose answers went into these blocks of a cohort."""
        return Ledger(self.blocks, (*self.pooled, *blocks), self.comments)

    def as_json(self) -> dict[str, Any]:
        return {
            "blocks": [_as_json(block) for block in self.blocks],
            "pooled": [_as_json(block) for block in self.pooled],
            "comments": {question: sorted(keys) for question, keys in self.comments.items()},
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Ledger:
        return cls(
            tuple(_of_json(block) for block in kept["blocks"]),
            tuple(_of_json(block) for block in kept["pooled"]),
            {question: frozenset(keys) for question, keys in kept["comments"].items()},
        )


def _as_json(block: Block) -> list[Any]:
    responses, counts = sorted(block.responses), list(block.counts)
    return [block.statement, list(block.groups), responses, block.total, block.is_about, counts, block.members]


def _of_json(kept: list[Any]) -> Block:
    statement, groups, responses, total, is_about, counts, members = kept
    return Block(statement, tuple(groups), frozenset(responses), total, is_about, tuple(counts), members)
