"""Numbers as files write them."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from fractions import Fraction

from quizzes.bank.numbers import as_kept, kept_number
from quizzes.kinds import Body
from quizzes.kinds.numbers import GEOMETRIC, NOMINAL, RELATIVE, interval

_TOLERANCE = re.compile(r"\s*(?::|\u00b1|\+-|\+/-)\s*")


class NotANumber(Exception):
    """What stands where a number should."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said.strip()


def answer_of(said: str) -> dict[str, str]:
    """`3`, `3:0.5`, `3 ± 0.5` or `2.5..3.5` as a number and how far from it. Raises NotANumber."""
    if ".." in said:
        low, high = (_number(each) for each in said.split("..", 1))
        value, tolerance = (low + high) / 2, abs(high - low) / 2
    else:
        number, *near = _TOLERANCE.split(said.strip(), maxsplit=1)
        value, tolerance = _number(number), abs(_number(near[0])) if near else Fraction(0)
    kept = {"value": decimal_of(value)}
    return {**kept, "tolerance": decimal_of(tolerance)} if tolerance else kept


def _number(said: str) -> Fraction:
    value = kept_number(as_kept(said))
    if value is None:
        raise NotANumber(said)
    return value


def is_distance(answer: Body) -> bool:
    """Whether its tolerance is the number of how far an answer may be: the only kind that files can say."""
    return not kept_number(answer.get("tolerance") or 0) or answer.get("tolerance_kind", NOMINAL) == NOMINAL


def distance_of(answer: Body) -> tuple[Fraction, Fraction]:
    """The value and how far from it, of whatever kind the tolerance is; of a geometric one the middle of what is right.

    Bodies are checked before they get here.
    """
    value, tolerance = kept_number(answer["value"]), kept_number(answer.get("tolerance") or 0)
    assert value is not None
    assert tolerance is not None
    kind = answer.get("tolerance_kind", NOMINAL)
    if tolerance and kind == GEOMETRIC:
        low, high = interval(answer)
        return (low + high) / 2, (high - low) / 2
    return value, abs(value) * tolerance if kind == RELATIVE else tolerance


def decimal_of(value: Fraction) -> str:
    """As a plain decimal number where it is one, otherwise as a fraction; both are what bodies keep."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1 or value.denominator.bit_length() > 120 or value.numerator.bit_length() > 130:
        return str(value)
    with localcontext(prec=100):
        found = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{found:f}"


def approximately(value: Fraction) -> str:
    """As a decimal number, rounded to twelve digits: for formats that know no fractions."""
    exact = decimal_of(value)
    return exact if "/" not in exact else f"{float(value):.12g}"
