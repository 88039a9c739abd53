"""Rubrics: criteria with levels, whose points add up to a fraction; no database, no web."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from quizzes.kinds import Body


@dataclass(frozen=True)
class Level:
    text: str
    points: Fraction


@dataclass(frozen=True)
class Criterion:
    id: str
    text: str
    levels: tuple[Level, ...]

    @property
    def most(self) -> Fraction:
        return max((level.points for level in self.levels), default=Fraction(0))


def rubric_of(body: Body) -> Sequence[Criterion]:
    """What the question's author wants looked at; nothing where there is no rubric that could earn anything."""
    criteria = [
        Criterion(
            str(each["id"]),
            str(each["text"]),
            tuple(Level(str(level["text"]), Fraction(str(level["points"]))) for level in each["levels"]),
        )
        for each in body.get("rubric") or ()
    ]
    return criteria if sum(each.most for each in criteria) > 0 else []


def earned(rubric: Sequence[Criterion], chosen: Mapping[str, int]) -> Fraction:
    """What these levels make together, from 0 to 1.

    Raises KeyError for a criterion nobody has chosen a level of, IndexError for a level that is not there.
    """
    points = sum((each.levels[chosen[each.id]].points for each in rubric), Fraction(0))
    return min(max(points / sum(each.most for each in rubric), Fraction(0)), Fraction(1))
