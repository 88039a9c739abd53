"""How near somebody is to a target profile: with a list of what is missing, and never a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reviews.summing_up.figure import Figure, Why


@dataclass(frozen=True)
class Required:
    competency: str
    found: float | None
    """The others' mean; None where nothing may be shown."""
    required: float
    importance: float = 1


@dataclass(frozen=True)
class Shortfall:
    competency: str
    missing: float


@dataclass(frozen=True)
class Fit:
    index: Figure
    """From 0 to 100, the importance-weighted mean of how far each requirement is met; more than met counts as met."""
    shortfalls: tuple[Shortfall, ...]
    """The greatest first."""
    not_known: tuple[str, ...]
    """Competencies without a mean, which count nowhere."""


def fit(profile: Sequence[Required], low: float) -> Fit:
    """`low` is the lower end of the scale, where nothing of a requirement is met."""
    known = [(each, each.found) for each in profile if each.found is not None]
    weight = sum(each.importance for each, _ in known)
    index = (
        Figure(100 * sum(each.importance * _met(each, found, low) for each, found in known) / weight)
        if weight > 0
        else Figure.none(Why.NO_RATINGS)
    )
    short = [Shortfall(each.competency, each.required - found) for each, found in known if found < each.required]
    return Fit(
        index,
        tuple(sorted(short, key=lambda each: -each.missing)),
        tuple(each.competency for each in profile if each.found is None),
    )


def _met(each: Required, found: float, low: float) -> float:
    return 1.0 if each.required <= low else min(1.0, (found - low) / (each.required - low))
