"""Answering with a number, perhaps in a unit.

Body: `answers`, each with `value` and `tolerance` (numbers as text), `tolerance_kind` and `weight` (a fraction as text,
`1` if it is not there); `units`, each with `unit` and `factor` (how many of the answer's own unit it is; the first one
has 1); `unit` says whether one is `none` (not asked for), `optional` or `required`; `unit_penalty` is what a missing or
unknown unit costs, a tenth if it is not there. The best answer whose interval holds the number counts.

Intervals as Moodle's numerical question has them (qtype_numerical, `get_tolerance_interval`): nominal a - t to a + t;
relative a - |a|t to a + |a|t; geometric a/(1+t) to a(1+t), mirrored below zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from quizzes.kinds.base import NUMBER, UNIT, Answered, Body, Interaction, NotAnAnswer, Response, held, one_line
from quizzes.marking import Kind

NOMINAL, RELATIVE, GEOMETRIC = "nominal", "relative", "geometric"
NOT_ASKED, OPTIONAL, REQUIRED = "none", "optional", "required"
GUARD = Fraction(1, 10**12)
"""Of a number's own size: what is typed as 0.3 lies in an interval that ends at 0.1 + 0.2 in binary."""
_OF_MACHINES = 300
"""Up to this power of ten a number is one that machines reckon with."""
_NUMBER = re.compile(
    r"(?P<sign>[-+\u2212]?)(?P<whole>\d{0,40})(?:[.,](?P<part>\d{0,40}))?"
    r"(?:\s?(?:[eE]|[x\u00d7*\u00b7]\s?10\s?\^?)\s?(?P<power>[-+\u2212]?\d{1,3}))?"
)


def read_number(typed: str) -> Fraction | None:
    """The number typed, with a point or a comma, thin spaces between thousands, and perhaps a power of ten."""
    found = _NUMBER.fullmatch(re.sub(r"(?<=\d)[ \u00a0\u2009\u202f'](?=\d{3}(?!\d))", "", typed.strip()))
    if found is None or not (found["whole"] or found["part"]):
        return None
    part = found["part"] or ""
    value = Fraction(int((found["whole"] or "0") + part), 10 ** len(part))
    power = (found["power"] or "0").replace("\u2212", "-")
    value *= Fraction(10) ** int(power)
    return -value if found["sign"] in ("-", "\u2212") else value


@dataclass(frozen=True)
class Numeric(Answered):
    kind: Kind = Kind.NUMERIC

    def cleaned(self, body: Body, response: Response) -> Response:
        number, unit = one_line(NUMBER, response), one_line(UNIT, response)
        if number and read_number(number) is None:
            raise NotAnAnswer("This is not a number.")
        kept = {NUMBER: [number]} if number else {}
        return {**kept, UNIT: [unit]} if kept and unit and body.get("unit", NOT_ASKED) != NOT_ASKED else kept

    def fraction(self, body: Body, response: Response) -> Fraction:
        if not response.get(NUMBER):
            return Fraction(0)
        number = read_number(response[NUMBER][0])
        if number is None:
            return Fraction(0)
        return max(self._earned(body, number, response), default=Fraction(0))

    def _earned(self, body: Body, number: Fraction, response: Response) -> Iterator[Fraction]:
        """What each reading of the unit earns."""
        factor, penalty = self._unit(body, response)
        for answer in body["answers"]:
            low, high = interval(answer)
            if low <= number * factor <= high:
                yield held(Fraction(answer.get("weight", 1)) - penalty)

    @staticmethod
    def _unit(body: Body, response: Response) -> tuple[Fraction, Fraction]:
        """By what the number is multiplied, and what the unit costs."""
        asked = body.get("unit", NOT_ASKED)
        if asked == NOT_ASKED:
            return Fraction(1), Fraction(0)
        typed = (response.get(UNIT) or [""])[0]
        factors = {same_unit(each["unit"]): Fraction(each["factor"]) for each in body["units"]}
        if not typed and asked == OPTIONAL:
            return Fraction(1), Fraction(0)
        if same_unit(typed) in factors:
            return factors[same_unit(typed)], Fraction(0)
        return Fraction(1), Fraction(body.get("unit_penalty", "1/10"))

    def right(self, body: Body) -> Response:
        best = max(body["answers"], key=lambda answer: Fraction(answer.get("weight", 1)))
        unit = [body["units"][0]["unit"]] if body.get("unit", NOT_ASKED) != NOT_ASKED else []
        return {NUMBER: [str(best["value"])], **({UNIT: unit} if unit else {})}

    def interaction(self, body: Body, response: Response) -> Interaction:
        found = [interval(answer) for answer in body["answers"] if Fraction(answer.get("weight", 1)) == 1]
        typed = read_number((response.get(NUMBER) or [""])[0])
        return Interaction(
            type="numeric",
            pattern=tuple(f"{decimal(low)}[:]{decimal(high)}" for low, high in found),
            response="" if typed is None else decimal(typed),
        )


def interval(answer: Body) -> tuple[Fraction, Fraction]:
    """From where to where a number is this answer."""
    value, tolerance = Fraction(answer["value"]), Fraction(answer.get("tolerance") or 0)
    kind = answer.get("tolerance_kind", NOMINAL)
    guard = abs(value) * GUARD
    if kind == GEOMETRIC:
        ends = sorted((value / (1 + tolerance), value * (1 + tolerance)))
    else:
        reach = abs(value) * tolerance if kind == RELATIVE else tolerance
        ends = [value - reach, value + reach]
    return ends[0] - guard, ends[1] + guard


def same_unit(unit: str) -> str:
    """Units are compared as they are written, but for spaces: mm and Mm are not the same."""
    return "".join(unit.split()).replace("μ", "µ")


def decimal(value: Fraction) -> str:
    """As a decimal number, as xAPI writes them; of any size, for learners type what they like."""
    with localcontext(prec=10):
        found = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{float(found):.10g}" if not found or abs(found.adjusted()) < _OF_MACHINES else f"{found.normalize():e}"


NUMERIC = Numeric()
