"""A question while it is fitted, and the choice among the markings it may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from quizzes.bank.numbers import kept_number
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.trying import Respond, Trial, differing
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.safe_xml import Element
from quizzes.kinds import Kind, Response

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
    differ: int = 0
    """How many of them earn something else by the rules."""
    tried: int = 0
    is_negative: bool = False
    """Whether some of them earn less than nothing there."""
    earns: bool = True
    """Whether any does."""
    asks: Sequence[Element] = ()
    """The interactions it is."""
    trial: Trial | None = None
    """What tells what it earns, where that is not the whole item."""
    is_part: bool = False

    @property
    def worth(self) -> Fraction:
        return self.maximum if self.maximum > 0 else Fraction(1)


def differ(fitted: Fitted, bodies: Sequence[Body], trial: Trial) -> bool:
    """Whether each of these bodies earns something else than the rules."""
    return all(_tested(fitted, body, trial)[0] for body in bodies)


def _tested(fitted: Fitted, body: Body, trial: Trial) -> tuple[int, int, bool]:
    assert fitted.respond is not None
    return differing(fitted.kind, body, fitted.worth, fitted.answers, fitted.respond, trial)


def fit(trial: Trial, bodies: Sequence[Body], fitted: Fitted) -> Fitted:
    """The first of the bodies that earns the same, or else the nearest one."""
    tested = []
    for body in bodies:
        tested.append((*_tested(fitted, body, trial), body))
        if not tested[-1][0]:
            break
    fitted.earns = fitted.maximum > 0
    # Where nothing earns anything, trying tells nothing: what is declared stands.
    best = min(tested, key=lambda each: each[0]) if fitted.earns or not trial.is_ruled else tested[0]
    fitted.differ, fitted.tried, fitted.is_negative, fitted.body = best
    fitted.maximum = fitted.worth
    return fitted


BY_PEOPLE = (Kind.ESSAY, Kind.UPLOAD)
"""What no rule marks."""


def tell(item: Item, trial: Trial, fitted: Fitted) -> None:
    """Where it earns something else here than by the rules."""
    if trial.is_ruled and fitted.is_part and fitted.kind in BY_PEOPLE:
        item.report.loss(Wrong.BY_PEOPLE, item.place, number=f"{float(fitted.worth):g}")
    if not trial.is_ruled or fitted.respond is None:
        return
    if not fitted.earns:
        tell = item.report.note if fitted.is_part else item.report.loss
        tell(Wrong.NOT_SCORED, item.place)
    if fitted.differ:
        item.report.loss(Wrong.SCORES_DIFFER, item.place, number=fitted.differ, tried=fitted.tried)
    if fitted.is_negative:
        item.report.loss(Wrong.BELOW_ZERO, item.place)


def kept(value: Fraction) -> Fraction:
    """As near as texts keep it."""
    return value if kept_number(str(value)) is not None else value.limit_denominator(10**6)
