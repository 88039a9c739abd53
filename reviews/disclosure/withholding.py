"""What is not shown of statements and competencies, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reviews.disclosure.asked import Asked, Group, Response
from reviews.disclosure.ledger import Ledger
from reviews.disclosure.policy import Policy
from reviews.disclosure.published import Cell, Reason, Withheld


def withheld(
    asked: Asked,
    responses: Sequence[Response],
    policy: Policy,
    ledger: Ledger,
    statements: Sequence[Cell],
    competencies: Sequence[Cell],
) -> Iterator[Withheld]:
    """Of every statement and group, then of every competency and group, that has no mean of its own for all."""
    of_group: dict[str, list[Response]] = {group.key: [] for group in asked.groups}
    for response in responses:
        of_group[response.group].append(response)
    columns = {(cell.what, key): cell.groups for cell in statements for key in cell.groups}
    reasons: dict[tuple[str, str], Reason] = {}
    for statement in asked.statements:
        taken = ledger.taken(statement.key)
        for group in asked.groups:
            column = columns.get((statement.key, group.key), ())
            reason = _reason(group, statement.key, of_group[group.key], column, taken, policy)
            if reason is not None:
                reasons[statement.key, group.key] = reason
                yield Withheld(statement.key, (group.key,), reason)
    there = {(cell.what, *cell.groups) for cell in competencies}
    for competency in asked.competencies:
        for group in asked.groups:
            if competency.statements and (competency.key, group.key) not in there:
                found = [reasons.get((each.key, group.key)) for each in competency.statements]
                yield Withheld(competency.key, (group.key,), next(filter(None, found), Reason.MERGED))


def _reason(
    group: Group, statement: str, mine: Sequence[Response], column: tuple[str, ...], taken: set[str], policy: Policy
) -> Reason | None:
    """Why the group's answers are not shown, not all of them, or not alone; `taken` are those in a block.

    Of too few anonymous raters it is not said that none has observed it: that would be what each of them answered.
    """
    if not group.is_anonymous and column:
        return None
    observed = [each.key for each in mine if each.ratings.get(statement) is not None]
    if column:
        return Reason.WAITING if not taken.issuperset(observed) else Reason.MERGED if len(column) > 1 else None
    if observed or (group.is_anonymous and 0 < len(mine) < policy.means):
        return Reason.TOO_FEW
    return Reason.NOBODY_OBSERVED if mine else Reason.NOBODY_ANSWERED
