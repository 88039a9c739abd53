"""Means of statements, competencies and all others, made of whole blocks and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reviews.disclosure.asked import Asked, Response
from reviews.disclosure.ledger import Block, Ledger
from reviews.disclosure.policy import Policy
from reviews.disclosure.published import Cell


def of_blocks(asked: Asked, policy: Policy, ledger: Ledger) -> Iterator[Cell]:
    """Of each statement in each column of anonymous groups."""
    for statement in asked.statements:
        for groups, blocks in joined(asked, ledger.by_statement.get(statement.key, [])):
            if (cell := mean_of(statement.key, groups, blocks, policy)) is not None:
                yield cell


def joined(asked: Asked, blocks: Sequence[Block]) -> list[tuple[tuple[str, ...], list[Block]]]:
    """The blocks by column: those that share a group stand in one, so that nobody is in two columns."""
    if len({key for block in blocks for key in block.groups}) == sum(len(block.groups) for block in blocks):
        return [(block.groups, [block]) for block in blocks]
    columns: list[tuple[frozenset[str], list[Block]]] = []
    for block in blocks:
        mine = frozenset(block.groups)
        met = [column for column in columns if not column[0].isdisjoint(mine)]
        columns = [column for column in columns if column[0].isdisjoint(mine)]
        columns.append((mine.union(*(groups for groups, _ in met)), [*(b for _, found in met for b in found), block]))
    return [(asked.in_order(groups), found) for groups, found in columns]


def mean_of(what: str, groups: tuple[str, ...], blocks: Sequence[Block], policy: Policy) -> Cell | None:
    """None where there are fewer raters than the policy says: it may have become stricter."""
    n, total, is_about = 0, 0.0, False
    for block in blocks:
        n, total, is_about = n + block.n, total + block.total, is_about or block.is_about
    return Cell(what, groups, n, total / n, is_about) if n >= policy.means else None


def of_known(asked: Asked, responses: Sequence[Response]) -> Iterator[Cell]:
    """Of groups whose raters everybody knows, whatever their number."""
    for group in asked.groups:
        if group.is_anonymous:
            continue
        mine = [response for response in responses if response.group == group.key]
        for statement in asked.statements:
            scores = [score for each in mine if (score := each.ratings.get(statement.key)) is not None]
            if scores:
                mean = asked.scale.counted(statement, sum(scores) / len(scores))
                yield Cell(statement.key, (group.key,), len(scores), mean)


def of_competencies(asked: Asked, statements: Sequence[Cell]) -> Iterator[Cell]:
    """In each column, of visible statements only: the mean of all, less what is visible, would be what is not."""
    columns: dict[tuple[str, ...], dict[str, Cell]] = {}
    for cell in statements:
        columns.setdefault(cell.groups, {})[cell.what] = cell
    for groups, cells in columns.items():
        yield from _of_column(asked, cells, groups)


def of_others_by_competency(asked: Asked, others: Sequence[Cell]) -> Iterator[Cell]:
    """`others` are means of statements; the groups of a competency are all that are in one of its statements."""
    yield from _of_column(asked, {cell.what: cell for cell in others})


def _of_column(asked: Asked, cells: Mapping[str, Cell], groups: tuple[str, ...] = ()) -> Iterator[Cell]:
    for competency in asked.competencies:
        visible = [(each.weight, cells[each.key]) for each in competency.statements if each.key in cells]
        weight = sum(each for each, _ in visible)
        if weight > 0:
            yield Cell(
                competency.key,
                groups or asked.in_order(frozenset(key for _, cell in visible for key in cell.groups)),
                min(cell.n for _, cell in visible),
                sum(each * cell.mean for each, cell in visible) / weight,
                any(cell.is_about for _, cell in visible),
                tuple(cell.what for _, cell in visible),
            )


def of_others(asked: Asked, statements: Sequence[Cell]) -> Iterator[Cell]:
    """Of each statement, over all columns but self; a merged column speaks with the weight of all its groups."""
    mine = {group.key for group in asked.groups if group.is_self}
    weighing = {group.key: group.weight for group in asked.groups}
    by_statement: dict[str, list[Cell]] = {}
    for cell in statements:
        if mine.isdisjoint(cell.groups):
            by_statement.setdefault(cell.what, []).append(cell)
    for what, cells in by_statement.items():
        n, total, weights, is_about, groups = 0, 0.0, 0.0, False, list[str]()
        for cell in cells:
            weight = sum([weighing[key] for key in cell.groups])
            n, total, weights = n + cell.n, total + weight * cell.mean, weights + weight
            is_about = is_about or cell.is_about
            groups += cell.groups
        if weights > 0:
            yield Cell(what, asked.in_order(frozenset(groups)), n, total / weights, is_about)
