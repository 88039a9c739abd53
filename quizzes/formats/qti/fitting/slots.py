"""One place that takes one thing, or several of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from math import gcd, lcm

from quizzes.formats.qti.fitting.base import MOST_ANSWERS, Body, Fitted, differ, fit
from quizzes.formats.qti.fitting.gaps import Gap
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.processing import Responses
from quizzes.formats.qti.slots import (
    PARTS,
    Put,
    Slot,
    candidates,
    literals,
    puts_of,
    responding,
    right_puts,
)
from quizzes.formats.qti.trying import Trial
from quizzes.kinds import Kind, Response
from quizzes.kinds.choices import ALL_OR_NOTHING

MayPut = Callable[[Sequence[Put | None]], bool]
"""Whether these can be put in together."""


def fit_slots(item: Item, trial: Trial, slots: Sequence[Slot], kind: Kind | None, may_put: MayPut) -> Fitted:
    """`kind` where the one slot is the whole question; otherwise it is one with gaps."""
    choices = [candidates(slot, literals(item, slot.variable.name)) for slot in slots]
    right = right_puts(trial, slots, choices)
    base = trial.score(responding(slots, right))
    made = [Gap(item, trial, slots, right, place, choices[place]) for place in range(len(slots))]
    names = [PARTS[slots[0].kind]] if kind else [str(place) for place in range(1, len(slots) + 1)]

    def respond(response: Response) -> Responses:
        return responding(slots, puts_of(names, response))

    fitted = Fitted(kind=kind or _kind_of(slots), body={}, maximum=base, respond=respond)
    fitted.answers = _answers(names, right, made, may_put)
    bodies = _bodies(kind, names, slots, made)
    if any(slot.kind is Kind.NUMERIC for slot in slots) and base > 0 and differ(fitted, bodies, trial):
        for gap in made:
            if gap.slot.kind is Kind.NUMERIC:
                gap.bodies.append(gap.spanning())
        fitted.answers = _answers(names, right, made, may_put)
        bodies += _bodies(kind, names, slots, made)
    return fit(trial, bodies, fitted)


def _kind_of(slots: Sequence[Slot]) -> Kind:
    return Kind.DROP_DOWN if all(slot.kind is Kind.SINGLE for slot in slots) else Kind.CLOZE


def _answers(names: Sequence[str], right: Sequence[Put | None], made: Sequence[Gap], may_put: MayPut) -> list[Response]:
    return [
        {name: [put] for name, put in zip(names, puts, strict=True) if put is not None}
        for puts in _puts(right, [gap.tries for gap in made])
        if may_put(puts)
    ]


def _bodies(kind: Kind | None, names: Sequence[str], slots: Sequence[Slot], made: Sequence[Gap]) -> list[Body]:
    if kind:
        return list(made[0].bodies)
    said = [slot.weight for slot in slots]
    weights = [said] if all(said) else []
    weights.append(_whole([gap.worth for gap in made]))
    bodies: list[Body] = []
    for which in (0, -1):
        parts = [gap.bodies[which] for gap in made]
        for each in weights:
            bodies.append({"gaps": _gaps(names, slots, parts, each)})
        if len(slots) > 1:
            evenly = _gaps(names, slots, parts, [1 for _slot in slots])
            bodies += [{"gaps": evenly, "scoring": ALL_OR_NOTHING}, {"gaps": evenly}]
    return bodies


def _gaps(names: Sequence[str], slots: Sequence[Slot], parts: Sequence[Body], weights: Sequence[int]) -> list[Body]:
    return [
        {"id": name, "kind": slot.kind.value, **part, **({"weight": weight} if weight != 1 else {})}
        for name, slot, part, weight in zip(names, slots, parts, weights, strict=True)
    ]


def _whole(shares: Sequence[Fraction]) -> list[int]:
    """Whole numbers that are to one another as these; ones where there are none up to a hundred."""
    if any(each <= 0 for each in shares):
        return [1 for _each in shares]
    scale = lcm(*(each.denominator for each in shares))
    wholes = [int(each * scale) for each in shares]
    divisor = gcd(*wholes)
    wholes = [each // divisor for each in wholes]
    return wholes if max(wholes) <= 100 else [1 for _each in shares]


def _puts(right: Sequence[Put | None], tries: Sequence[Sequence[Put]]) -> list[list[Put | None]]:
    """What is put in: nothing, what is right, each thing by itself and amid what is right, and all of it together."""
    none: list[Put | None] = [None for _each in right]
    found: list[list[Put | None]] = [none, list(right)]
    for place, puts in enumerate(tries):
        for put in (None, *puts):
            for others in (right, none):
                found.append([*others[:place], put, *others[place + 1 :]])
    size = 1
    for puts in tries:
        size *= len(puts) + 1
    if len(tries) > 1 and size <= MOST_ANSWERS:
        found += [list(each) for each in product(*((None, *puts) for puts in tries))]
    seen = dict.fromkeys(map(tuple, found))
    return [list(each) for each in seen][: 2 * MOST_ANSWERS]
