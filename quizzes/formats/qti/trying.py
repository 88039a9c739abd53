"""What answers earn by an item's own rules, so that ours can be found that earn the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from quizzes.formats.qti.expressions import mapped
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.processing import MAXIMUM, Processor, Responses
from quizzes.formats.qti.values import CannotTell, Value, same
from quizzes.formats.qti.wrong import Wrong
from quizzes.kinds import Body, Kind, Response, kind_of

Respond = Callable[[Response], Responses]
"""An answer of ours as the item's variables hold it."""


class Trial:
    """Scores by the rules; without rules, or with some that are not understood, by what is declared right."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.processor = Processor(item.variables, item.processing, item.values)
        self.is_ruled = item.processing is not None and (
            len(item.processing) > 0 or bool(item.processing.get("template"))
        )
        self._known: dict[Any, Fraction] = {}
        if self.is_ruled:
            try:
                self.processor.score({})
            except CannotTell as unknown:
                self._give_up(unknown)

    def score(self, responses: Responses) -> Fraction:
        key = frozenset(responses.items())
        if key not in self._known:
            self._known[key] = self._scored(responses)
        return self._known[key]

    def outcomes(self, responses: Responses) -> Mapping[str, Value]:
        if not self.is_ruled:
            return {}
        try:
            return self.processor.outcomes(responses)
        except CannotTell:
            return {}

    def _scored(self, responses: Responses) -> Fraction:
        if self.is_ruled:
            try:
                return self.processor.score(responses)
            except CannotTell as unknown:
                self._give_up(unknown)
        return self._by_declarations(responses)

    def _give_up(self, unknown: CannotTell) -> None:
        self.is_ruled = False
        self._known.clear()
        if self.item.interactions:
            self.item.report.loss(Wrong.NOT_INTERPRETED, self.item.place, what=str(unknown))

    def _by_declarations(self, responses: Responses) -> Fraction:
        total = Fraction(0)
        for variable in self.item.responses:
            given = responses.get(variable.name)
            if variable.mapping is not None:
                total += mapped(variable.mapping, given) if given is not None else 0
            elif variable.correct is not None and given is not None:
                total += same(given, variable.correct)
        return total

    def worth(self) -> Fraction:
        """What the item says it is worth, for questions that people mark."""
        outcomes = self.item.variables
        for name in (MAXIMUM, self.processor.scored):
            found = outcomes.get(name)
            if found is not None and name == MAXIMUM and isinstance(found.default, Fraction) and found.default > 0:
                return found.default
            if found is not None and found.most is not None and found.most > 0:
                return found.most
        return Fraction(1)


def is_without_key(kind: Kind, body: Body) -> bool:
    """Whether it says of nothing that it is right, so that it cannot be marked yet."""
    if "gaps" in body:
        return any(is_without_key(Kind(gap["kind"]), gap) for gap in body["gaps"])
    if kind in (Kind.SHORT_TEXT, Kind.NUMERIC):
        return not body.get("answers")
    return "right" in body and not body["right"]


def _nothing(_body: Body, _answer: Response) -> Fraction:
    return Fraction(0)


def differing(
    kind: Kind, body: Body, maximum: Fraction, answers: Iterable[Response], respond: Respond, trial: Trial
) -> tuple[int, int, bool]:
    """How many answers earn something else here, how many were tried, and whether some earn less than nothing."""
    differ, tried, is_negative = 0, 0, False
    marker = _nothing if is_without_key(kind, body) else kind_of(kind).fraction
    for answer in answers:
        tried += 1
        theirs = trial.score(respond(answer))
        is_negative = is_negative or theirs < 0
        ours = (marker(body, answer) or Fraction(0)) * maximum
        differ += ours != theirs and not (theirs < 0 and ours == 0)
    return differ, tried, is_negative
