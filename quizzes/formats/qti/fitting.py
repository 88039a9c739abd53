"""Finding the marking of ours that earns what an item's rules earn, for every answer that is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, permutations, product
from math import gcd, lcm
from typing import Any

from quizzes.bank.numbers import kept_number
from quizzes.formats.numbers import decimal_of
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.processing import Responses
from quizzes.formats.qti.slots import (
    PARTS,
    STRANGE,
    Put,
    Slot,
    candidates,
    literals,
    minds_case,
    puts_of,
    responding,
    right_puts,
    steps_of,
    tolerance_of,
)
from quizzes.formats.qti.trying import Respond, Trial, differing
from quizzes.formats.qti.values import Value, items_of, number_of, several
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.weights import weighed
from quizzes.kinds import CHOSEN, ORDER, Kind, Response
from quizzes.kinds.choices import ALL_OR_NOTHING
from quizzes.kinds.ordering import Scoring

MOST_ANSWERS = 200
Body = dict[str, Any]


@dataclass(kw_only=True)
class Fitted:
    """A question but for its text."""

    kind: Kind
    body: Body
    maximum: Fraction
    respond: Respond | None = None
    answers: list[Response] = field(default_factory=list)
    """Those that were tried."""


def fit(item: Item, trial: Trial, kind: Kind, bodies: Sequence[Body], base: Fraction, fitted: Fitted) -> Fitted:
    """The first of the bodies that earns the same, or else the nearest one, which is reported."""
    assert fitted.respond is not None
    maximum = base if base > 0 else Fraction(1)
    tested = []
    for body in bodies:
        differ, tried, is_negative = differing(kind, body, maximum, fitted.answers, fitted.respond, trial)
        tested.append((differ, tried, is_negative, body))
        if not differ:
            break
    differ, tried, is_negative, body = min(tested, key=lambda each: each[0])
    if trial.is_ruled and base <= 0:
        # Trying tells nothing here: what is declared stands.
        body = bodies[0]
        item.report.loss(Wrong.NOT_SCORED, item.place)
    elif trial.is_ruled:
        if differ:
            item.report.loss(Wrong.SCORES_DIFFER, item.place, number=differ, tried=tried)
        if is_negative:
            item.report.loss(Wrong.BELOW_ZERO, item.place)
    fitted.kind, fitted.body, fitted.maximum = kind, body, maximum
    return fitted


def kept(value: Fraction) -> Fraction:
    """As near as texts keep it."""
    return value if kept_number(str(value)) is not None else value.limit_denominator(10**6)


# One place, or several of them.


def fit_slots(
    item: Item, trial: Trial, slots: Sequence[Slot], kind: Kind | None, may_put: Callable[[Sequence[Put | None]], bool]
) -> Fitted:
    """`kind` where the one slot is the whole question; otherwise it is one with gaps."""
    choices = [candidates(slot, literals(item, slot.variable.name)) for slot in slots]
    right = right_puts(trial, slots, choices)
    base = trial.score(responding(slots, right))
    made = [_Gap(item, trial, slots, right, place, choices[place]) for place in range(len(slots))]
    names = [PARTS[slots[0].kind]] if kind else [str(place) for place in range(1, len(slots) + 1)]

    def respond(response: Response) -> Responses:
        return responding(slots, puts_of(names, response))

    answers: list[Response] = [
        {name: [put] for name, put in zip(names, puts, strict=True) if put is not None}
        for puts in _puts(right, [gap.tries for gap in made])
        if may_put(puts)
    ]
    fitted = Fitted(kind=kind or Kind.CLOZE, body={}, maximum=base, respond=respond, answers=answers)
    if kind:
        return fit(item, trial, kind, made[0].bodies, base, fitted)
    kind = Kind.DROP_DOWN if all(slot.kind is Kind.SINGLE for slot in slots) else Kind.CLOZE
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
    return fit(item, trial, kind, bodies, base, fitted)


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


class _Gap:
    """What one slot earns by itself, the others being right."""

    def __init__(
        self, item: Item, trial: Trial, slots: Sequence[Slot], right: Sequence[Put | None], place: int, puts: list[Put]
    ) -> None:
        self.item, self.trial, self.slots, self.right, self.place = item, trial, slots, right, place
        self.slot, self.mine = slots[place], right[place]
        empty = self._score(None)
        self.gains = {put: self._score(put) - empty for put in puts}
        self.best = max(self.gains.values(), default=Fraction(0))
        self.worth = self.best
        self.empty = empty
        self.tries = list(puts)
        self.bodies = [each for each in (self._declared(), self._body()) if each is not None]
        """The likelier one first."""

    def _score(self, put: Put | None) -> Fraction:
        return self.trial.score(responding(self.slots, [*self.right[: self.place], put, *self.right[self.place + 1 :]]))

    def _share(self, put: Put) -> Fraction:
        if self.best <= 0:
            return Fraction(put == self.mine)
        return kept(max(self.gains[put] / self.best, Fraction(-1)))

    def _declared(self) -> Body | None:
        """As the worths of a mapping say it, in their order; whether they are what counts, shows when it is tried."""
        mapping = self.slot.variable.mapping
        best = None if mapping is None else max((worth for _key, worth, _case in mapping.entries), default=None)
        if mapping is None or best is None or best <= 0 or self.slot.gap:
            return None
        worths = {
            put: kept(max(worth / best, Fraction(-1)))
            for key, worth, _case in mapping.entries
            if (put := self.slot.put(key)) is not None
        }
        if self.slot.kind is Kind.SINGLE:
            shares = [worths.get(str(row["id"]), Fraction(0)) for row in self.slot.rows]
            return weighed(Kind.SINGLE, self.slot.rows, shares)
        rows = [self._answer(put, max(share, Fraction(0))) for put, share in worths.items()]
        minds = self.slot.kind is Kind.SHORT_TEXT and any(case for _key, _worth, case in mapping.entries)
        return {"answers": rows, "case": True} if minds else {"answers": rows}

    def _answer(self, put: Put, share: Fraction) -> Body:
        weight = {"weight": str(share)} if share != 1 else {}
        if self.slot.kind is Kind.SHORT_TEXT:
            return {"text": put.replace("*", "\\*"), **weight}
        mode, size = tolerance_of(self.item, put)
        if not size:
            return {"value": put, **weight}
        relative = {"tolerance_kind": "relative"} if mode == "relative" else {}
        return {"value": put, "tolerance": decimal_of(kept(size / 100 if relative else size)), **relative, **weight}

    def _body(self) -> Body:
        if self.slot.kind is Kind.SINGLE:
            if self.best <= 0 and self.mine is None:
                return {"options": list(self.slot.rows), "right": []}
            return weighed(Kind.SINGLE, self.slot.rows, [self._share(str(row["id"])) for row in self.slot.rows])
        earning = [put for put in self.gains if self._share(put) > 0]
        if self.mine is not None and self.mine not in self.gains:
            earning = earning or [self.mine]
        return self._numbers(earning) if self.slot.kind is Kind.NUMERIC else self._texts(earning)

    def _texts(self, earning: Sequence[Put]) -> Body:
        swapped = {put: put.swapcase() for put in earning if put.swapcase().casefold() == put.casefold() != ""}
        minding = [put for put, other in swapped.items() if other != put and self._score(other) != self._score(put)]
        self.tries += [*(other for put, other in swapped.items() if other != put), STRANGE]
        if not any(other != put for put, other in swapped.items()) and minds_case(self.item):
            # Where there are no letters, only the word of the rules can tell.
            minding = list(earning)
        answers: dict[str, Body] = {}
        for put in earning:
            text = put.replace("*", "\\*")
            name = text if minding else text.casefold()
            share = self._share(put)
            answers.setdefault(name, {"text": text, **({"weight": str(share)} if share != 1 else {})})
        body: Body = {"answers": list(answers.values())}
        return {**body, "case": True} if minding else body

    def _numbers(self, earning: Sequence[Put]) -> Body:
        found = [(put, value, *self._tolerance(value)) for put in earning if (value := number_of(put)) is not None]
        reaches = {put: abs(value) * size / 100 if mode == "relative" else size for put, value, mode, size in found}
        answers: list[Body] = []
        tries: list[Fraction] = []
        for put, value, mode, size in found:
            share, reach = self._share(put), reaches[put]
            if any(
                (reach, other) < (reaches[other], put)
                and share == self._share(other)
                and abs(value - middle) + reach <= reaches[other]
                for other, middle, _mode, _size in found
            ):
                # A wider interval says it already.
                continue
            answer: Body = {"value": put}
            if size:
                answer["tolerance"] = decimal_of(kept(size / 100 if mode == "relative" else size))
                if mode == "relative":
                    answer["tolerance_kind"] = "relative"
            answers.append(answer if share == 1 else {**answer, "weight": str(share)})
            beyond = self._beyond(reach)
            tries += [value - reach - beyond, value - reach, value + reach, value + reach + beyond]
        self.tries += [self._typed(each) for each in (*tries, Fraction(987_654)) if self._is_there(each)]
        return {"answers": answers}

    def _tolerance(self, value: Fraction) -> tuple[str, Fraction]:
        """The one within which a number earns as much as this one, and beyond which it does not."""
        numbers = [each for each in literals(self.item) if isinstance(each, Fraction)]
        reaches = sorted({abs(value - each) for each in numbers if each != value})
        for mode, tolerance in [*steps_of(self.item), *(("absolute", each) for each in reaches)]:
            reach = abs(value) * tolerance / 100 if mode == "relative" else tolerance
            if self._is_just(value, reach):
                return mode, tolerance
        return "exact", Fraction(0)

    def _is_just(self, value: Fraction, reach: Fraction) -> bool:
        beyond, earned = self._beyond(reach), self._score(self._typed(value))
        within = all(
            self._score(self._typed(each)) == earned for each in (value - reach, value + reach) if self._is_there(each)
        )
        outside = (value - reach - beyond, value + reach + beyond)
        return within and all(self._score(self._typed(each)) != earned for each in outside if self._is_there(each))

    def _beyond(self, reach: Fraction) -> Fraction:
        if self.slot.step:
            return self.slot.step
        return Fraction(1) if self.slot.variable.base == "integer" else max(reach, Fraction(1, 1000)) / 1000

    def _is_there(self, value: Fraction) -> bool:
        slot = self.slot
        is_within = (slot.low is None or value >= slot.low) and (slot.high is None or value <= slot.high)
        on_step = not slot.step or ((value - (slot.low or 0)) / slot.step).denominator == 1
        return is_within and on_step and "/" not in self._typed(value)

    @staticmethod
    def _typed(value: Fraction) -> Put:
        return decimal_of(value)


# Several of a list.


def fit_multiple(
    item: Item, trial: Trial, rows: list[Body], names: Mapping[str, str], response: str, most: int, least: int
) -> Fitted:
    variable = item.variables.get(response)
    ids = list(names)

    def value(chosen: Sequence[str]) -> Responses:
        container = several([names[each] for each in chosen], is_ordered=bool(variable and variable.is_ordered))
        return {response: container} if container is not None else {}

    by_name = {name: each for each, name in names.items()}
    worths = (
        {}
        if variable is None or variable.mapping is None
        else {by_name[str(key)]: worth for key, worth, _case in variable.mapping.entries if str(key) in by_name}
    )
    right = [by_name[str(each)] for each in items_of(None if variable is None else variable.correct) if each in by_name]
    right = _best_set(trial, value, right, ids, worths)
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
    return fit(item, trial, Kind.MULTIPLE, bodies, base, fitted)


def _best_set(
    trial: Trial,
    value: Callable[[Sequence[str]], Responses],
    right: list[str],
    ids: list[str],
    worths: Mapping[str, Fraction],
) -> list[str]:
    if right and (trial.score(value(right)) > 0 or not trial.is_ruled):
        return right
    positive = [each for each in ids if worths.get(each, Fraction(0)) > 0]
    alone = [each for each in ids if trial.score(value([each])) > 0]
    tried = [right, positive, alone, *(_subsets(ids, right) if trial.is_ruled else ())]
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


# Rows that belong to choices.


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
    kind = Kind.MATCHING if is_matching else Kind.CATEGORIZE
    return fit(item, trial, kind, [usual, {**usual, "scoring": ALL_OR_NOTHING}][: 1 + trial.is_ruled], base, fitted)


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


# An order.


def fit_order(
    item: Item, trial: Trial, rows: list[Body], names: Mapping[str, str], response: str, said: Sequence[str] = ()
) -> Fitted:
    """`rows` in the right order; `said` is the scoring that a file of ours names."""

    def respond(answer: Response) -> Responses:
        return {response: several([names[each] for each in answer.get(ORDER, ())], is_ordered=True)}

    ids = [str(row["id"]) for row in rows]
    base = trial.score(respond({ORDER: ids}))
    fitted = Fitted(kind=Kind.ORDERING, body={}, maximum=base, respond=respond)
    fitted.answers = [{ORDER: order} for order in _orders(ids)]
    scorings = [Scoring(each) for each in said if each in list(Scoring)]
    scorings += [Scoring.ALL_OR_NOTHING, *(each for each in Scoring if each is not Scoring.ALL_OR_NOTHING)]
    bodies: list[Body] = [{"items": rows, "scoring": each.value} for each in scorings]
    if not trial.is_ruled:
        bodies = [{"items": rows}]
    return fit(item, trial, Kind.ORDERING, bodies, base, fitted)


def _orders(ids: list[str]) -> Iterator[list[str]]:
    if len(ids) <= 4:
        yield from map(list, permutations(ids))
        return
    yield from (ids, ids[::-1])
    for place in range(len(ids)):
        yield ids[place:] + ids[:place]
        for other in range(place + 1, len(ids)):
            swapped = list(ids)
            swapped[place], swapped[other] = swapped[other], swapped[place]
            yield swapped
            yield swapped[1:] + swapped[:1]
