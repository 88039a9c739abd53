"""Numbers as texts keep them; no database, no web."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from fractions import Fraction

from quizzes.kinds.numbers import read_number

_KEPT = re.compile(r"[-+]?\d{1,40}(?:\.\d{1,40})?(?:[eE][-+]?\d{1,3})?|[-+]?\d{1,9}/\d{1,9}")
_DIGITS = 2_100
"""Forty before and after the point, moved by a power of ten with three digits."""


def kept_number(text: object) -> Fraction | None:
    """What a question's text says as a number, such as `12.5`, `1e-3` or `-1/3`; None if it is none."""
    if not isinstance(text, (str, int, float)) or _KEPT.fullmatch(str(text)) is None:
        return None
    try:
        return Fraction(str(text))
    except ZeroDivisionError:
        return None


def as_kept(typed: str) -> str:
    """A number that somebody typed, with a comma or thin spaces or a power of ten, as texts keep it.

    What is none stays as it is, so that it can be said what is wrong with it.
    """
    value = read_number(typed)
    if value is None:
        return typed.strip()
    with localcontext(prec=_DIGITS):
        found = Decimal(value.numerator) / Decimal(value.denominator)
        plain = f"{found:f}"
        return plain if _KEPT.fullmatch(plain) else str(found.normalize())


def as_weight(typed: str) -> str:
    """What an answer is worth, typed as `50 %`, `0.5` or `1/2`, as texts keep it."""
    typed = typed.strip().replace("\u2212", "-")
    if typed.endswith("%"):
        share = read_number(typed[:-1])
        return typed if share is None else str(share / 100)
    return typed if "/" in typed else as_kept(typed)
