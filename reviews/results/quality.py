"""How well a campaign has measured: whether raters tell people apart, and how many it would take. No database, no web.

Single numbers over many people, rounded, and about nobody: made of ratings whose means are published, and only where
they leave open how far the raters of one differ.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from reviews.disclosure import Asked, Competency, Group, Policy, Published, Response
from reviews.results import revealing
from reviews.summing_up import reliability
from reviews.summing_up.change import scores
from reviews.summing_up.figure import Figure

FEWEST_SUBJECTS, FEWEST_RATERS = 10, 30
WANTED = 0.7
"""The reliability that the field asks of a mean before it is acted on."""
Subject = tuple[Sequence[Response], Published]
"""What was answered about somebody, and what of it is published."""


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Of one competency and one group; None where it is not defined."""

    competency: str
    group: str
    subjects: int
    raters: int
    icc_1: float | None
    """Of a single rater."""
    icc_k: float | None
    """Of the mean of as many as there are on average."""
    alpha: float | None
    """Whether its statements go together."""
    raters_needed: int | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def of_campaign(asked: Asked, subjects: Iterable[Subject], policy: Policy) -> list[Quality]:
    """For each competency and group with ten people who have enough raters each, and thirty raters in all.

    Only ratings count whose mean is published exactly and for the group alone. Of people for whom it is not published
    how ratings spread, there are ten with thirty raters as well, or none, and the figures leave open what the raters of
    each chose: see `revealing`.
    """
    everybody = list(subjects)
    found = []
    for competency in asked.competencies:
        for group in asked.groups:
            if not group.is_self and competency.statements:
                rated = [_rated(asked, competency, group.key, *each) for each in everybody]
                enough = [each for each in rated if each is not None and len(each.scores) >= policy.means]
                quality = _of(competency, group.key, _safe(asked, competency, group, enough))
                if quality is not None:
                    found.append(quality)
    return found


@dataclass(frozen=True)
class _Rated:
    """What the raters of one person in one group said of one competency."""

    rows: Sequence[Mapping[str, float | None]]
    scores: Sequence[float]
    """Of each, over the competency."""
    is_spread_shown: bool


def _rated(
    asked: Asked, competency: Competency, group: str, responses: Sequence[Response], shown: Published
) -> _Rated | None:
    """None where some of it is published with others, about, not at all, or not all of it is there any more."""
    rows = [_counted(asked, competency, each) for each in responses if each.group == group]
    for each in competency.statements:
        cell = shown.statement(each.key, (group,))
        if cell is None or cell.is_about or cell.n != sum(row[each.key] is not None for row in rows):
            return None
    spread = {each.statement for each in shown.spreads if each.groups == (group,)}
    weights = {each.key: each.weight for each in competency.statements}
    return _Rated(rows, scores(rows, weights), all(each.key in spread for each in competency.statements))


def _counted(asked: Asked, competency: Competency, response: Response) -> dict[str, float | None]:
    return {
        each.key: None if (score := response.ratings.get(each.key)) is None else asked.scale.counted(each, score)
        for each in competency.statements
    }


def _safe(asked: Asked, competency: Competency, group: Group, rated: Sequence[_Rated]) -> Sequence[_Rated]:
    """All of them, or only those of whom it is published how ratings spread."""
    hidden = [each for each in rated if not each.is_spread_shown]
    if not group.is_anonymous or not hidden or (_are_enough(hidden) and _leaves_open(asked, competency, hidden)):
        return rated
    return [each for each in rated if each.is_spread_shown]


def _are_enough(rated: Sequence[_Rated]) -> bool:
    return len(rated) >= FEWEST_SUBJECTS and sum(len(each.scores) for each in rated) >= FEWEST_RATERS


def _leaves_open(asked: Asked, competency: Competency, rated: Sequence[_Rated]) -> bool:
    """ICC is computed from the scores of the competency, alpha from the ratings of its statements."""
    scale, weights = asked.scale, [each.weight for each in competency.statements]
    step = min(high - low for low, high in pairwise(scale.scores))
    ends = {"lowest": scale.low, "highest": scale.high}
    of_scores = step * min(weights) / sum(weights)
    return revealing.leaves_open([each.scores for each in rated], step=of_scores, **ends) and all(
        revealing.leaves_open([_ratings(each, statement.key) for each in rated], step=step, **ends)
        for statement in competency.statements
    )


def _ratings(rated: _Rated, statement: str) -> list[float]:
    return [rating for row in rated.rows if (rating := row[statement]) is not None]


def _of(competency: Competency, group: str, enough: Sequence[_Rated]) -> Quality | None:
    if not _are_enough(enough):
        return None
    one_way = reliability.one_way([each.scores for each in enough])
    alpha = reliability.cronbach([list(row.values()) for each in enough for row in each.rows])
    needed = reliability.raters_needed(one_way.icc_1.value, WANTED) if one_way.icc_1.value is not None else None
    return Quality(
        competency=competency.key,
        group=group,
        subjects=len(enough),
        raters=sum(len(each.scores) for each in enough),
        icc_1=_rounded(one_way.icc_1),
        icc_k=_rounded(one_way.icc_k),
        alpha=_rounded(alpha),
        raters_needed=None if needed is None or needed.value is None else math.ceil(needed.value),
    )


def _rounded(figure: Figure) -> float | None:
    return None if figure.value is None else round(figure.value, 2)
