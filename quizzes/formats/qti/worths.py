"""Numbers of a quiz, within what any quiz has: a file may say whatever it likes."""

from __future__ import annotations

from fractions import Fraction

from quizzes.bank.many.reading import MOST_POINTS
from quizzes.formats.model import Place
from quizzes.formats.reports import Odd, Reporter
from quizzes.marking import rounded

MOST_SECONDS, MOST_ATTEMPTS, MOST_DRAWN = 10**9, 100, 10_000


def worth_of(said: Fraction, place: Place, report: Reporter, what: str = "weight") -> float | None:
    """What a question is worth; None, which is told, where no question is."""
    if 0 <= said <= MOST_POINTS:
        return rounded(said)
    report.loss(Odd.BAD_VALUE, place, what=what, said=f"{_short(said)}")
    return None


def _short(said: Fraction) -> str:
    try:
        return f"{float(said):g}"
    except OverflowError:
        return "inf" if said > 0 else "-inf"
