"""How well a campaign has measured: whether raters tell people apart, and how many it would take. No database, no web.

Single numbers over many people, rounded, and about nobody: of few people they would tell how far the raters of one
differ, beside means that are published.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reviews.disclosure import Asked, Competency, Policy, Response
from reviews.summing_up import reliability
from reviews.summing_up.change import scores
from reviews.summing_up.figure import Figure

FEWEST_SUBJECTS, FEWEST_RATERS = 10, 30
WANTED = 0.7
"""The reliability that the field asks of a mean before it is acted on."""


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


def of_campaign(asked: Asked, subjects: Iterable[Sequence[Response]], policy: Policy) -> list[Quality]:
    """For each competency and group with ten people who have enough raters each, and thirty raters in all."""
    everybody = list(subjects)
    found = []
    for competency in asked.competencies:
        for group in asked.groups:
            if not group.is_self and competency.statements:
                by_subject = [
                    [_counted(asked, competency, each) for each in responses if each.group == group.key]
                    for responses in everybody
                ]
                quality = _of(competency, group.key, by_subject, policy)
                if quality is not None:
                    found.append(quality)
    return found


def _counted(asked: Asked, competency: Competency, response: Response) -> dict[str, float | None]:
    return {
        each.key: None if (score := response.ratings.get(each.key)) is None else asked.scale.counted(each, score)
        for each in competency.statements
    }


def _of(
    competency: Competency, group: str, by_subject: Sequence[Sequence[Mapping[str, float | None]]], policy: Policy
) -> Quality | None:
    weights = {each.key: each.weight for each in competency.statements}
    rated = [(rows, scores(rows, weights)) for rows in by_subject]
    enough = [(rows, found) for rows, found in rated if len(found) >= policy.means]
    raters = sum(len(found) for _rows, found in enough)
    if len(enough) < FEWEST_SUBJECTS or raters < FEWEST_RATERS:
        return None
    one_way = reliability.one_way([found for _rows, found in enough])
    alpha = reliability.cronbach([list(row.values()) for rows, _found in enough for row in rows])
    needed = reliability.raters_needed(one_way.icc_1.value, WANTED) if one_way.icc_1.value is not None else None
    return Quality(
        competency=competency.key,
        group=group,
        subjects=len(enough),
        raters=raters,
        icc_1=_rounded(one_way.icc_1),
        icc_k=_rounded(one_way.icc_k),
        alpha=_rounded(alpha),
        raters_needed=None if needed is None or needed.value is None else math.ceil(needed.value),
    )


def _rounded(figure: Figure) -> float | None:
    return None if figure.value is None else round(figure.value, 2)
