"""Several of a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from quizzes.formats.qti.declarations import text_of
from quizzes.formats.qti.fitting.base import MOST_ANSWERS, Body, Fitted, fit, kept
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.processing import Responses
from quizzes.formats.qti.trying import Trial
from quizzes.formats.qti.values import items_of, several
from quizzes.formats.safe_xml import Element
from quizzes.formats.weights import weighed
from quizzes.kinds import CHOSEN, Kind
from quizzes.kinds.choices import ALL_OR_NOTHING


def fit_multiple(
    item: Item, trial: Trial, rows: list[Body], names: Mapping[str, Any], response: str, most: int, least: int
) -> Fitted:
    variable = item.variables.get(response)
    ids = list(names)

    def value(chosen: Sequence[str]) -> Responses:
        container = several([names[each] for each in chosen], is_ordered=bool(variable and variable.is_ordered))
        return {response: container} if container is not None else {}

    by_name: dict[Any, str] = {name: each for each, name in names.items()}
    worths = (
        {}
        if variable is None or variable.mapping is None
        else {by_name[key]: worth for key, worth, _case in variable.mapping.entries if key in by_name}
    )
    right = [by_name[each] for each in items_of(None if variable is None else variable.correct) if each in by_name]
    named = [[by_name[each] for each in names if each in by_name] for names in _named(item.processing)]
    right = _best_set(trial, value, right, ids, worths, named)
    base = trial.score(value(right))
    usual: Body = {"options": rows, "right": [each for each in ids if each in right]}
    bodies: list[Body] = [usual, {**usual, "scoring": ALL_OR_NOTHING}]
    if base > 0 and right:
        alone = {each: trial.score(value([each])) for each in ids}
        around = {
            each: base - trial.score(value([other for other in right if other != each]))
            if each in right
            else trial.score(value([*right, each])) - base
            for each in ids
        }
        for found in (worths, around, alone):
            shares = [kept(max(found.get(each, Fraction(0)) / base, Fraction(-1))) for each in ids]
            if abs(sum((each for each in shares if each > 0), Fraction(-1))) <= Fraction(1, 1000):
                bodies.append(weighed(Kind.MULTIPLE, rows, shares))
    if not trial.is_ruled:
        bodies = bodies[:1]
    fitted = Fitted(kind=Kind.MULTIPLE, body=usual, maximum=base, respond=lambda answer: value(answer.get(CHOSEN, [])))
    fitted.answers = [
        {CHOSEN: [each for each in ids if each in chosen]} if chosen else {}
        for chosen in _subsets(ids, right)
        if len(chosen) >= least and (not most or len(chosen) <= most)
    ]
    return fit(trial, bodies, fitted)


def _named(processing: Element | None) -> list[list[str]]:
    """Sets that the rules compare with."""
    found = () if processing is None else processing.iter("multiple", "ordered")
    return [[text_of(value).strip() for value in each.iterchildren("baseValue")] for each in found][:MOST_ANSWERS]


def _best_set(
    trial: Trial,
    value: Callable[[Sequence[str]], Responses],
    right: list[str],
    ids: list[str],
    worths: Mapping[str, Fraction],
    named: Sequence[list[str]],
) -> list[str]:
    if right and (trial.score(value(right)) > 0 or not trial.is_ruled):
        return right
    positive = [each for each in ids if worths.get(each, Fraction(0)) > 0]
    alone = [each for each in ids if trial.score(value([each])) > 0]
    tried = [right, positive, alone, *named, *(_subsets(ids, right) if trial.is_ruled else ())]
    return max(tried, key=lambda chosen: (trial.score(value(chosen)), -len(chosen)), default=right) or right


def _subsets(ids: Sequence[str], right: Sequence[str]) -> list[list[str]]:
    """All of them where they are few; otherwise small ones, and those next to what is right."""
    if 2 ** len(ids) <= MOST_ANSWERS:
        return [list(each) for size in range(len(ids) + 1) for each in combinations(ids, size)]
    found = [[], list(right), list(ids), *([each] for each in ids)]
    found += [[other for other in right if other != each] for each in right]
    found += [[*right, each] for each in ids if each not in right]
    found += [list(each) for each in combinations(ids, 2)]
    return [list(each) for each in dict.fromkeys(tuple(sorted(each, key=ids.index)) for each in found)][:MOST_ANSWERS]
