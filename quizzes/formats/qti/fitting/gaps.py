"""What one place of an item earns, the others being right."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from quizzes.formats.numbers import decimal_of
from quizzes.formats.qti.fitting.base import Body, kept
from quizzes.formats.qti.fitting.spans import Span, spans
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.slots import (
    STRANGE,
    Put,
    Slot,
    literals,
    minds_case,
    responding,
    steps_of,
    tolerance_of,
)
from quizzes.formats.qti.trying import Trial
from quizzes.formats.qti.values import number_of
from quizzes.formats.weights import weighed
from quizzes.kinds import Kind


class Gap:
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

    def spanning(self) -> Body:
        """Numbers by the spans in which they earn the same, which takes longer to find."""
        points = sorted({each for each in map(number_of, self.gains) if each is not None})
        step = self.slot.step or (Fraction(1) if self.slot.variable.base == "integer" else None)
        answers: list[Body] = []
        for each in spans(lambda value: self._score(self._typed(value)), points, step):
            share = kept(min((each.earned - self.empty) / self.best, Fraction(1))) if self.best > 0 else Fraction(0)
            if share > 0:
                answers += [{**one, **_weighing(share)} for one in _within(each, points)]
                tried = {each.low, each.high, (each.low + each.high) / 2}
                beyond = {each.low - self._beyond(each.high - each.low), each.high + self._beyond(each.high - each.low)}
                self.tries += [self._typed(value) for value in sorted(tried | beyond) if self._is_there(value)]
        return {"answers": sorted(answers, key=lambda one: -Fraction(one.get("weight", 1)))}

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


def _weighing(share: Fraction) -> Body:
    return {} if share == 1 else {"weight": str(share)}


def _within(span: Span, points: Sequence[Fraction]) -> list[Body]:
    """Answers that cover the span, the first of them around a number that the rules name."""
    middle, half = (span.low + span.high) / 2, (span.high - span.low) / 2
    named = [each for each in points if span.low <= each <= span.high]
    near = min(named, key=lambda each: abs(each - middle), default=middle)
    reach = min(near - span.low, span.high - near)
    found = [_answer_of(near, reach)]
    return found if reach == half else [*found, _answer_of(middle, half)]


def _answer_of(value: Fraction, reach: Fraction) -> Body:
    answer = {"value": _said(value)}
    return {**answer, "tolerance": _said(reach)} if reach else answer


def _said(value: Fraction) -> str:
    text = decimal_of(value)
    return text if "/" not in text else decimal_of(kept(value))
