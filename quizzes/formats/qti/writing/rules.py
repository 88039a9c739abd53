"""What answers earn, as response processing says it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from quizzes.formats.numbers import approximately, decimal_of
from quizzes.formats.qti.writing.markup import made
from quizzes.formats.safe_xml import Element
from quizzes.kinds import Body
from quizzes.kinds.numbers import GEOMETRIC, RELATIVE, interval
from quizzes.kinds.ordering import Scoring

SCORE = "SCORE"
MOST_SUBSETS = 6
"""Items of which every selection is written down."""


def processing(*rules: Element) -> Element:
    return made("responseProcessing", *rules)


def number(value: Fraction) -> Element:
    """The number itself, or a quotient where no decimal says it."""
    text = decimal_of(value)
    if "/" not in text:
        return made("baseValue", text, baseType="float")
    return made("divide", number(Fraction(value.numerator)), number(Fraction(value.denominator)))


def variable(name: str) -> Element:
    return made("variable", identifier=name)


def set_score(expression: Element) -> Element:
    return made("setOutcomeValue", expression, identifier=SCORE)


def add_score(expression: Element) -> Element:
    return set_score(made("sum", variable(SCORE), expression))


def condition(cases: Sequence[tuple[Element, Element]]) -> Element:
    """The first case that holds sets something."""
    branches = []
    for place, (holds, sets) in enumerate(cases):
        branches.append(made("responseElseIf" if place else "responseIf", holds, sets))
    return made("responseCondition", *branches)


def is_correct(name: str) -> Element:
    return made("match", variable(name), made("correct", identifier=name))


def identifier(name: str) -> Element:
    return made("baseValue", name, baseType="identifier")


def mapping(
    entries: Sequence[tuple[str, Fraction]], *, case: bool | None = None, most: Fraction | None = None
) -> Element:
    """What each value is worth; together nothing less than nothing, and no more than `most`."""
    rows = []
    for key, worth in entries:
        said = None if case is None else str(case).lower()
        rows.append(made("mapEntry", mapKey=key, mappedValue=approximately(worth), caseSensitive=said))
    highest = None if most is None else approximately(most)
    return made("mapping", *rows, defaultValue="0", lowerBound="0", upperBound=highest)


def number_cases(name: str, answers: Sequence[Body], worth: Fraction) -> list[tuple[Element, Fraction]]:
    """When which answer is given, the best first, and what it earns."""
    cases = []
    for answer in sorted(answers, key=lambda each: -Fraction(each.get("weight", 1))):
        cases.append((_is_number(name, answer), Fraction(answer.get("weight", 1)) * worth))
    return cases


def _is_number(name: str, answer: Body) -> Element:
    value, tolerance = Fraction(answer["value"]), Fraction(answer.get("tolerance") or 0)
    kind = answer.get("tolerance_kind")
    if kind == GEOMETRIC:
        low, high = interval(answer)
        return made("and", made("gte", variable(name), number(low)), made("lte", variable(name), number(high)))
    if not tolerance:
        return made("equal", number(value), variable(name), toleranceMode="exact")
    said = approximately(tolerance * 100 if kind == RELATIVE else tolerance)
    mode = "relative" if kind == RELATIVE else "absolute"
    return made("equal", number(value), variable(name), toleranceMode=mode, tolerance=f"{said} {said}")


# Orders.


def order_rules(name: str, ids: Sequence[str], scoring: Scoring, worth: Fraction) -> list[Element] | None:
    """What an order of these items, which stand here in the right one, earns; None where it would fill books."""
    if scoring is Scoring.ALL_OR_NOTHING:
        return [condition([(is_correct(name), set_score(number(worth)))])]
    if scoring is Scoring.LONGEST_ORDERED and len(ids) > MOST_SUBSETS:
        return None
    if scoring in (Scoring.LONGEST_ORDERED, Scoring.LONGEST_CONTIGUOUS):
        return [condition(_longest(name, ids, scoring, worth))]
    parts = _PARTS[scoring](name, ids)
    whole = sum((share for _holds, share in parts), Fraction(0)) if scoring is not Scoring.DISTANCE else None
    divisor = whole if whole is not None else Fraction((len(ids) - 1) * len(ids))
    return [condition([(holds, add_score(number(share / divisor * worth)))]) for holds, share in parts]


def _ordered(ids: Sequence[str]) -> Element:
    return made("ordered", *map(identifier, ids))


def _keep_their_order(name: str, kept: Sequence[str], ids: Sequence[str]) -> Element:
    """Without the others these stand in this order."""
    left = variable(name)
    for each in ids:
        if each not in kept:
            left = made("delete", identifier(each), left)
    return made("match", left, _ordered(kept))


def _follow(name: str, run: Sequence[str]) -> Element:
    return made("contains", variable(name), _ordered(run))


def _stands_at(name: str, item: str, place: int) -> Element:
    return made("match", made("index", variable(name), n=str(place + 1)), identifier(item))


Parts = list[tuple[Element, Fraction]]


def _pairs(name: str, ids: Sequence[str]) -> Parts:
    return [(_keep_their_order(name, pair, ids), Fraction(1)) for pair in combinations(ids, 2)]


def _absolute(name: str, ids: Sequence[str]) -> Parts:
    return [(_stands_at(name, item, place), Fraction(1)) for place, item in enumerate(ids)]


def _next(name: str, ids: Sequence[str]) -> Parts:
    return [(_follow(name, pair), Fraction(1)) for pair in pairwise(ids)]


def _next_and_last(name: str, ids: Sequence[str]) -> Parts:
    return [*_next(name, ids), (_stands_at(name, ids[-1], len(ids) - 1), Fraction(1))]


def _neighbors(name: str, ids: Sequence[str]) -> Parts:
    ends = [(_stands_at(name, ids[place], place), Fraction(1)) for place in (0, len(ids) - 1)]
    return [*((holds, Fraction(2)) for holds, _share in _next(name, ids)), *ends]


def _distance(name: str, ids: Sequence[str]) -> Parts:
    farthest = len(ids) - 1
    return [
        (_stands_at(name, item, place), Fraction(farthest - abs(place - right)))
        for right, item in enumerate(ids)
        for place in range(len(ids))
        if abs(place - right) < farthest
    ]


_PARTS = {
    Scoring.PAIRS: _pairs,
    Scoring.ALL_BEFORE_AND_AFTER: _pairs,
    Scoring.ABSOLUTE_POSITION: _absolute,
    Scoring.NEXT: _next,
    Scoring.NEXT_AND_LAST: _next_and_last,
    Scoring.NEIGHBORS: _neighbors,
    Scoring.DISTANCE: _distance,
}


def _longest(name: str, ids: Sequence[str], scoring: Scoring, worth: Fraction) -> list[tuple[Element, Element]]:
    cases = []
    for size in range(len(ids), 1, -1):
        if scoring is Scoring.LONGEST_CONTIGUOUS:
            kept = [tuple(ids[at : at + size]) for at in range(len(ids) - size + 1)]
        else:
            kept = list(combinations(ids, size))
        found = [_keep_their_order(name, each, ids) for each in kept]
        cases.append((made("or", *found), set_score(number(Fraction(size, len(ids)) * worth))))
    return cases
