"""What a report says beyond its figures: gaps, agreement, fit, trends. No database, no web.

All of it is drawn from what the gate has let through, and from nothing else: whatever somebody could work out from
these sentences they could have worked out from the figures beside them. That is why no sentence here can give a rater
away, and why none is made of raw answers. An interval of three raters' own spread would: if three have a mean of 4 and
the report calls that clearly less than a 5, then they all chose 4, or it could not be so sure.

So how far raters differ is read off published spreads, which need eight raters; of fewer it is taken to be as far as
raters usually differ, whoever they are. docs/disclosure.md has the argument.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import zip_longest
from statistics import NormalDist, pstdev, stdev
from typing import Any

from reviews.disclosure import Asked, Cell, Published, Spread
from reviews.instruments.content import Content, Profile
from reviews.summing_up import agreement, fit, gaps
from reviews.summing_up.agreement import Agreement
from reviews.summing_up.change import RELIABLE, Direction
from reviews.summing_up.figure import Figure, Why
from reviews.summing_up.fit import Fit, Shortfall
from reviews.summing_up.gaps import Category
from reviews.summing_up.student import quantile

USUAL = 0.635
"""Of the SD of answers by chance. On five levels it is 0.9: opinions that differ by 0.85, as in the field, rounded."""
STRONG_FROM = 0.625
"""Of the scale, upwards: 3.5 on a scale from 1 to 5. A target profile says it better."""


class Standing(StrEnum):
    """What the others together say of a competency, whatever its subject says."""

    STRENGTH = "strength"
    NEED = "need"
    BETWEEN = "between"
    """Too near to the line to tell."""


@dataclass(frozen=True)
class OfCompetency:
    key: str
    standing: Standing | None
    """None where nobody else is shown."""
    category: Category
    """What self and the others say beside each other; undecided too where one of them is missing."""
    agreement: Agreement | None
    """Among anonymous raters, from eight on."""
    line: float = 0.0
    """From where on it is a strength."""
    low: float | None = None
    high: float | None = None
    """Where the others' mean would lie in nine of ten cases had others been asked; None in results put together before
    this was kept."""


@dataclass(frozen=True)
class Trend:
    """Since the round before, of the statements that both have, said by the same groups."""

    competency: str
    direction: Direction
    statements: int


@dataclass(frozen=True)
class Conclusions:
    competencies: tuple[OfCompetency, ...] = ()
    fit: Fit | None = None
    """None where there is no target profile."""
    trends: tuple[Trend, ...] = ()
    has_before: bool = False
    """Whether there was a round before to be compared with."""

    def of(self, competency: str) -> OfCompetency | None:
        return next((each for each in self.competencies if each.key == competency), None)

    def as_json(self) -> dict[str, Any]:
        return {
            "competencies": [{**vars(each)} for each in self.competencies],
            "fit": asdict(self.fit) if self.fit else None,
            "trends": [{**vars(each)} for each in self.trends],
            "has_before": self.has_before,
        }

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Conclusions:
        return cls(
            tuple(_of_competency(each) for each in said["competencies"]),
            _fit(said["fit"]) if said["fit"] else None,
            tuple(
                Trend(each["competency"], Direction(each["direction"]), each["statements"]) for each in said["trends"]
            ),
            said["has_before"],
        )


@dataclass(frozen=True)
class Before:
    """The round before: what was asked, and what was published of it."""

    asked: Asked
    shown: Published


def conclude(
    asked: Asked, content: Content, shown: Published, profile: Profile | None = None, before: Before | None = None
) -> Conclusions:
    now, then = _Seen(asked, shown), _Seen(before.asked, before.shown) if before else None
    competencies = [_concluded(now, each.key, _line(asked, each.key, profile)) for each in content.competencies]
    trends = [_trend(now, then, each.key) for each in content.competencies] if then else []
    return Conclusions(
        tuple(competencies),
        _held_against(asked, shown, profile) if profile else None,
        tuple(filter(None, trends)),
        before is not None,
    )


class _Seen:
    """What was published, looked up by statement."""

    def __init__(self, asked: Asked, shown: Published) -> None:
        self.asked, self.shown = asked, shown
        self.weights = {
            competency.key: {each.key: each.weight for each in competency.statements if each.weight > 0}
            for competency in asked.competencies
        }
        self.others = {cell.what: cell for cell in shown.others_of_statements}
        self.selves: dict[str, Cell] = {}
        self.columns: dict[str, list[Cell]] = {}
        """Of everybody but self."""
        selves = {group.key for group in asked.groups if group.is_self}
        for cell in shown.statements:
            if selves.issuperset(cell.groups):
                self.selves[cell.what] = cell
            else:
                self.columns.setdefault(cell.what, []).append(cell)
        self.spreads: dict[str, dict[tuple[str, ...], Spread]] = {}
        for spread in shown.spreads:
            self.spreads.setdefault(spread.statement, {})[spread.groups] = spread
        self.errors: dict[str, _Error] = {}
        self.step = (asked.scale.high - asked.scale.low) / (len(asked.scale.scores) - 1)
        self.usual = USUAL * _sd_by_chance(asked.scale.scores)

    def error(self, statement: str) -> _Error:
        if statement not in self.errors:
            self.errors[statement] = _error(self, statement)
        return self.errors[statement]


@lru_cache(maxsize=64)
def _sd_by_chance(scores: tuple[float, ...]) -> float:
    return pstdev(scores)


def _line(asked: Asked, competency: str, profile: Profile | None) -> float:
    """From where on a competency is a strength: what the position requires, else well above the middle."""
    if profile is not None and competency in profile.levels:
        return profile.levels[competency].level
    return asked.scale.low + STRONG_FROM * (asked.scale.high - asked.scale.low)


def _concluded(seen: _Seen, competency: str, line: float) -> OfCompetency:
    them = _mean(seen, competency, seen.others)
    if them is None:
        return OfCompetency(competency, None, Category.UNDECIDED, None, line)
    low, high = _around(seen, competency, seen.others, them)
    standing = Standing.STRENGTH if low >= line else Standing.NEED if high < line else Standing.BETWEEN
    return OfCompetency(
        competency,
        standing,
        _category(seen, competency, line),
        _agreement(seen, competency),
        line,
        max(low, seen.asked.scale.low),
        min(high, seen.asked.scale.high),
    )


def _category(seen: _Seen, competency: str, line: float) -> Category:
    """Of the statements that both have answered."""
    both = {key: cell for key, cell in seen.others.items() if key in seen.selves}
    mine, them = _mean(seen, competency, seen.selves, both), _mean(seen, competency, both)
    if mine is None or them is None:
        return Category.UNDECIDED
    low, high = _around(seen, competency, both, them)
    return gaps.category(mine, low, high, line=line, step=seen.step)


# Means and how sure they are


def _weights(seen: _Seen, competency: str, among: Container[str]) -> dict[str, float]:
    return {key: weight for key, weight in seen.weights[competency].items() if key in among}


def _mean(seen: _Seen, competency: str, cells: Mapping[str, Cell], among: Container[str] | None = None) -> float | None:
    weights = _weights(seen, competency, cells)
    if among is not None:
        weights = {key: weight for key, weight in weights.items() if key in among}
    total = sum(weights.values())
    return sum(weight * cells[key].mean for key, weight in weights.items()) / total if total else None


def _around(seen: _Seen, competency: str, others: Mapping[str, Cell], mean: float) -> tuple[float, float]:
    """A 90 % interval of the others' mean. Statements are taken to go up and down together, which makes it wider."""
    weights = _weights(seen, competency, others)
    error = _together(seen, weights)
    # Means of few go in steps; and at an end of the scale they are half a rater's level off at most.
    rounding = seen.step / 2 / min(others[key].n for key in weights)
    half = max(seen.error(key).times for key in weights) * error + rounding
    return mean - half, mean + half


def _together(seen: _Seen, weights: Mapping[str, float]) -> float:
    return sum(weight * seen.error(key).error for key, weight in weights.items()) / sum(weights.values())


@dataclass(frozen=True)
class _Error:
    error: float
    times: float
    """What it is multiplied by for the interval: more where the spread is known of a few raters only."""


NORMALLY = NormalDist().inv_cdf(gaps.CONFIDENCE)


def _error(seen: _Seen, statement: str) -> _Error:
    """Of the mean of all others, each column with its weight."""
    squares, total, times = 0.0, 0.0, NORMALLY
    spreads = seen.spreads.get(statement, {})
    for cell in seen.columns[statement]:
        weight = sum(seen.asked.group(key).weight for key in cell.groups)
        spread = spreads.get(cell.groups)
        squares += (weight * _sd(seen, spread)) ** 2 / cell.n
        total += weight
        if spread is not None:
            times = max(times, quantile(gaps.CONFIDENCE, spread.n - 1))
    return _Error(squares**0.5 / total, times)


def _sd(seen: _Seen, spread: Spread | None) -> float:
    if spread is None:
        return seen.usual
    return max(stdev(agreement.ratings_of(spread.counts, seen.asked.scale.scores)), gaps.ROUNDING * seen.step)


def _agreement(seen: _Seen, competency: str) -> Agreement | None:
    items = []
    for key in _weights(seen, competency, seen.spreads):
        counts = [sum(level) for level in zip(*(each.counts for each in seen.spreads[key].values()), strict=True)]
        items.append(agreement.ratings_of(counts, seen.asked.scale.scores))
    if not items:
        return None
    figure = agreement.r_wg_j(list(zip_longest(*items)), seen.asked.scale.scores)
    return agreement.in_words(figure, min(map(len, items)))


# Against a profile, and against the round before


def _held_against(asked: Asked, shown: Published, profile: Profile) -> Fit:
    wanted = []
    for key, required in profile.levels.items():
        cell = shown.others_of(key)
        wanted.append(fit.Required(key, cell.mean if cell else None, required.level, required.importance))
    return fit.fit(wanted, asked.scale.low)


def _trend(now: _Seen, then: _Seen, competency: str) -> Trend | None:
    """None where nothing can be compared: other levels, other statements, or said by others."""
    if now.asked.scale != then.asked.scale or competency not in then.weights:
        return None
    both = {
        key: cell for key, cell in now.others.items() if key in then.others and then.others[key].groups == cell.groups
    }
    first, second = _mean(now, competency, then.others, both), _mean(now, competency, both)
    if first is None or second is None:
        return None
    weights = _weights(now, competency, both)
    error = (_together(now, weights) ** 2 + _together(then, weights) ** 2) ** 0.5
    is_reliable = abs(second - first) > RELIABLE * error
    direction = Direction.SAME if not is_reliable else Direction.UP if second > first else Direction.DOWN
    return Trend(competency, direction, len(weights))


# As it is kept


def _of_competency(said: Mapping[str, Any]) -> OfCompetency:
    return OfCompetency(
        said["key"],
        Standing(said["standing"]) if said["standing"] else None,
        Category(said["category"]),
        Agreement(said["agreement"]) if said["agreement"] else None,
        said["line"],
        said.get("low"),
        said.get("high"),
    )


def _fit(said: Mapping[str, Any]) -> Fit:
    why = said["index"]["why"]
    shortfalls: Sequence[Mapping[str, Any]] = said["shortfalls"]
    return Fit(
        Figure(said["index"]["value"], Why(why) if why else None),
        tuple(Shortfall(each["competency"], each["missing"]) for each in shortfalls),
        tuple(said["not_known"]),
    )
