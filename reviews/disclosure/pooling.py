"""Figures of a cohort, and of several rounds of somebody whom too few rate at a time.

What is too little for a report of its own is pooled with the same groups of the other members, and cut into blocks like
everything else. So it does not matter whether the cohort's figures come before the reports, after, or in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reviews.disclosure import means
from reviews.disclosure.asked import Asked, Response, Statement
from reviews.disclosure.cutting import block_of, cut
from reviews.disclosure.ledger import Block, Ledger, NotSafe
from reviews.disclosure.policy import Policy
from reviews.disclosure.published import Cell, Published, Reason, Withheld


@dataclass(frozen=True)
class Member:
    """One subject of a cohort, or one round of a subject."""

    responses: Sequence[Response]
    ledger: Ledger
    raters: Mapping[str, frozenset[str]]
    """For each anonymous group, who has handed in a response, by any name that is the same in all members. Who has
    answered is known; which response is whose is not, and is not asked. Somebody whose name was erased is missing."""


def pool(asked: Asked, members: Sequence[Member], policy: Policy) -> list[Member]:
    """The members with what may be shown of them cut; their ledgers are to be kept, all of them.

    Raises NotSafe if a response stands in two members.
    """
    keys = [response.key for member in members for response in member.responses]
    if len(set(keys)) < len(keys):
        raise NotSafe("A response belongs to one subject and one round.")
    found = [replace(each, ledger=cut(asked, each.responses, policy, each.ledger)) for each in members]
    pooled: list[list[Block]] = [[] for _ in found]
    for statement in asked.statements:
        for number, block in _pooled(asked, statement, found, policy):
            pooled[number].append(block)
    return [replace(each, ledger=each.ledger.and_pooled(blocks)) for each, blocks in zip(found, pooled, strict=True)]


@dataclass(frozen=True)
class _Rest:
    """Of one member and one group, what stands in no block."""

    member: int
    group: str
    scores: Mapping[str, float]
    raters: frozenset[str]
    not_meant: int
    """How many of the group stand in a block, or have not observed it."""


def _pooled(
    asked: Asked, statement: Statement, members: Sequence[Member], policy: Policy
) -> Iterator[tuple[int, Block]]:
    """Each block once for every member that has a part in it: group by group, then what is left of all groups."""
    left: list[_Rest] = []
    for group in asked.anonymous:
        rests = [rest for n, each in enumerate(members) if (rest := _rest(statement.key, group, n, each)).scores]
        if fewest(rests) >= policy.means:
            yield from _shared(asked, statement, rests, policy)
        else:
            left += rests
    if fewest(left) >= policy.means:
        yield from _shared(asked, statement, left, policy)


def _rest(statement: str, group: str, number: int, member: Member) -> _Rest:
    taken, raters = member.ledger.taken(statement), member.raters.get(group, frozenset())
    mine = [response for response in member.responses if response.ratings and response.group == group]
    scores = {
        each.key: score for each in mine if (score := each.ratings.get(statement)) is not None and each.key not in taken
    }
    return _Rest(number, group, scores, raters, max(len(raters), len(mine)) - len(scores))


def fewest(rests: Sequence[_Rest]) -> int:
    """How many different people there are behind these responses at least.

    If a few of a member's raters are meant, and it is not known which, each of those who are not may be one who is
    nowhere else; and a member's responses come from as many people.
    """
    everybody = frozenset[str]().union(*(rest.raters for rest in rests))
    not_meant = sum(rest.not_meant for rest in rests)
    by_member: dict[int, int] = {}
    for rest in rests:
        by_member[rest.member] = by_member.get(rest.member, 0) + len(rest.scores)
    return max(len(everybody) - not_meant, *by_member.values(), 0)


def _shared(asked: Asked, statement: Statement, rests: Sequence[_Rest], policy: Policy) -> Iterator[tuple[int, Block]]:
    scores = {key: score for rest in rests for key, score in rest.scores.items()}
    numbers = {rest.member for rest in rests}
    block = block_of(asked, statement, (rest.group for rest in rests), scores, policy, len(numbers))
    yield from ((number, block) for number in numbers)


def figures(asked: Asked, members: Sequence[Member], policy: Policy) -> Published:
    """Means over the members, or over some of those that were pooled: a course, a manager, a year.

    Each rater counts alike. A group's mean holds what is shown as this group alone, that of all others everything that
    is shown; a pooled block stands in the figures only if all who have a part in it are among the members. Of known
    groups, and of anything but means, a cohort shows nothing.
    """
    statements, others = [], []
    for statement in asked.statements:
        blocks = list(_whole(statement.key, members))
        columns = [(key, [block for block in blocks if block.groups == (key,)]) for key in asked.anonymous]
        statements += [
            cell for key, alone in columns if (cell := means.mean_of(statement.key, (key,), alone, policy)) is not None
        ]
        groups = asked.in_order(frozenset(key for block in blocks for key in block.groups))
        if (cell := means.mean_of(statement.key, groups, blocks, policy)) is not None:
            others.append(cell)
    return Published(
        statements=tuple(statements),
        competencies=tuple(means.of_competencies(asked, statements)),
        others_of_statements=tuple(others),
        others=tuple(means.of_others_by_competency(asked, others)),
        withheld=tuple(_missing(asked, statements)),
    )


def _whole(statement: str, members: Sequence[Member]) -> Iterator[Block]:
    parts: dict[Block, int] = {}
    for member in members:
        yield from member.ledger.by_statement.get(statement, [])
        for block in member.ledger.pooled:
            if block.statement == statement:
                parts[block] = parts.get(block, 0) + 1
    yield from (block for block, number in parts.items() if number == block.members)


def _missing(asked: Asked, statements: Sequence[Cell]) -> Iterator[Withheld]:
    there = {(cell.what, *cell.groups) for cell in statements}
    for statement in asked.statements:
        for key in asked.anonymous:
            if (statement.key, key) not in there:
                yield Withheld(statement.key, (key,), Reason.TOO_FEW)
