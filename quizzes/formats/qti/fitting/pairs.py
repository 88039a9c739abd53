"""Rows that belong to choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, product
from typing import Any

from quizzes.formats.qti.fitting.base import MOST_ANSWERS, Body, Fitted, fit
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.processing import Responses
from quizzes.formats.qti.trying import Trial
from quizzes.formats.qti.values import Value, several
from quizzes.kinds import Kind, Response
from quizzes.kinds.choices import ALL_OR_NOTHING


def fit_pairs(
    item: Item,
    trial: Trial,
    rows: list[Body],
    choices: list[Body],
    pair: Callable[[str, str], Any],
    response: str,
    most: Mapping[str, int],
    declared: Mapping[str, str],
) -> Fitted:
    """`pair` is what the item holds when a row is given a choice; `most` says how often a choice may be used."""
    variable = item.variables.get(response)
    is_single = variable is not None and variable.cardinality == "single"

    def respond(answer: Response) -> Responses:
        pairs = [pair(row, put) for row, [put] in answer.items()]
        value: Value = pairs[0] if is_single and pairs else several(pairs)
        return {response: value} if value is not None else {}

    right = dict(declared)
    row_ids, choice_ids = [str(row["id"]) for row in rows], [str(row["id"]) for row in choices]
    if not right or (trial.is_ruled and trial.score(respond({row: [put] for row, put in right.items()})) <= 0):
        for row in row_ids:
            worths = {put: trial.score(respond({row: [put]})) for put in choice_ids}
            best = max(choice_ids, key=worths.__getitem__, default="")
            if best and worths[best] > 0:
                right[row] = best
    base = trial.score(respond({row: [put] for row, put in right.items()}))
    usual: Body = {"rows": rows, "choices": choices, "right": right}
    fitted = Fitted(kind=Kind.MATCHING, body=usual, maximum=base, respond=respond)
    fitted.answers = [each for each in _pairings(row_ids, choice_ids, right) if _is_allowed(each, most)]
    used = list(right.values())
    is_matching = len(right) == len(rows) and len(set(used)) == len(used)
    fitted.kind = Kind.MATCHING if is_matching else Kind.CATEGORIZE
    return fit(trial, [usual, {**usual, "scoring": ALL_OR_NOTHING}][: 1 + trial.is_ruled], fitted)


def _is_allowed(answer: Response, most: Mapping[str, int]) -> bool:
    used = [put for [put] in answer.values()]
    return all(not most.get(put) or used.count(put) <= most[put] for put in set(used))


def _pairings(rows: Sequence[str], choices: Sequence[str], right: Mapping[str, str]) -> list[Response]:
    whole: Response = {row: [put] for row, put in right.items()}
    found: list[Response] = [{}, whole]
    for row in rows:
        for put in choices:
            found += [{row: [put]}, {**whole, row: [put]}]
        found.append({each: put for each, put in whole.items() if each != row})
    for first, second in combinations(right, 2):
        found.append({**whole, first: [right[second]], second: [right[first]]})
    if (len(choices) + 1) ** len(rows) <= MOST_ANSWERS:
        for puts in product(["", *choices], repeat=len(rows)):
            found.append({row: [put] for row, put in zip(rows, puts, strict=True) if put})
    else:
        found = found[: 2 * MOST_ANSWERS]
    return found
