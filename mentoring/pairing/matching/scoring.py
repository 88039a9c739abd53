"""The soft scores, for all pairs at once: each question gives 0 to 1000 points, and the design's weights add them up.

Long answers do not win, because each question counts by share; few wishes or few hours do not win either, because what
was not said counts half, and a wish counts by its rank alone. All numbers are whole, so a score is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from mentoring.pairing.matching.people import Mentee, Mentor, Question, Someone
from mentoring.pairing.matching.pool import Counts, Flags, Hours, Pool, Shared, named
from mentoring.pairing.matching.problem import HIGHEST

UNKNOWN = HIGHEST // 2
"""What was not said by one of the two."""
WISHES = (1000, 800, 600, 400, 200, 0)
"""By rank; who is not named has what the next rank would have had, so that a short list pulls no harder."""
ENOUGH_MINUTES = 240
"""Common free time a week beyond which more is no better."""


class Points:
    """What each pair of a pool gets for each question."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        mentees, mentors = pool.mentees, pool.mentors
        self._skills = Shared([each.wanted for each in mentees], [each.skills for each in mentors])
        self._goals = Shared([each.goals for each in mentees], [each.goals for each in mentors])
        self._interests = Shared([each.interests for each in mentees], [each.interests for each in mentors])
        self._sections = Shared([each.sections for each in mentees], [each.sections for each in mentors])
        self._values = Shared([each.values.items() for each in mentees], [each.values.items() for each in mentors])
        self._asked = Shared([each.values for each in mentees], [each.values for each in mentors])
        self._hours = Hours(mentees, mentors)
        self._of: dict[Question, Callable[[slice], Counts]] = {
            Question.SKILLS: lambda rows: _share(self._skills, rows),
            Question.GOALS: lambda rows: _share(self._goals, rows),
            Question.INTERESTS: self._interest,
            Question.VALUES: self._value,
            Question.WISH_OF_MENTEE: lambda rows: self._wish(mentees[rows], pool.mentor_of),
            Question.WISH_OF_MENTOR: lambda rows: self._wish(mentors, pool.mentee_of).T[rows],
            Question.HOURS: self._time,
            Question.LEVEL: self._level,
            Question.SECTION: lambda rows: _known(self._sections, rows, HIGHEST * (self._sections.of(rows) > 0)),
            Question.BEFORE: lambda rows: HIGHEST * self._good_before(rows),
            Question.WAITED: self._waited,
            Question.OTHER_TEAM: self._other_team,
        }

    def of(self, rows: slice) -> dict[Question, Counts]:
        """The points of these mentees (rows) with all mentors (columns), for each question that has weight."""
        weights = self._pool.design.weights
        shape = len(self._pool.mentees[rows]), len(self._pool.mentors)
        return {each: np.broadcast_to(self._of[each](rows), shape) for each in Question if weights.get(each, 0) > 0}

    def scores(self, rows: slice) -> Counts:
        """0 to 1000; halfway where the design has no weights."""
        weights, points = self._pool.design.weights, self.of(rows)
        if not points:
            return np.full((len(self._pool.mentees[rows]), len(self._pool.mentors)), UNKNOWN, dtype=np.int32)
        together = sum(weights[question] for question in points)
        total = sum(weights[question] * each for question, each in points.items())
        return np.asarray((2 * total + together) // (2 * together), dtype=np.int32)

    def _interest(self, rows: slice) -> Counts:
        """Shared interests by what the two have named together (Dice 1945), so that it is alike from both sides."""
        named_together = self._interests.asked[rows, None] + self._interests.offered
        points = 2 * HIGHEST * self._interests.of(rows) // np.maximum(named_together, 1)
        return _known(self._interests, rows, points)

    def _value(self, rows: slice) -> Counts:
        """Equal answers among the questions both have answered."""
        both = self._asked.of(rows)
        return np.where(both > 0, HIGHEST * self._values.of(rows) // np.maximum(both, 1), UNKNOWN)

    def _wish(self, people: Sequence[Someone], column_of: Mapping[str, int]) -> Counts:
        points = np.empty((len(people), len(column_of)), dtype=np.int32)
        for row, each in enumerate(people):
            wishes = each.wishes[: len(WISHES) - 1]
            points[row] = WISHES[len(wishes)] if wishes else UNKNOWN
            for rank, who in enumerate(wishes):
                if who in column_of:
                    points[row, column_of[who]] = WISHES[rank]
        return points

    def _time(self, rows: slice) -> Counts:
        minutes = np.minimum(self._hours.minutes(rows), ENOUGH_MINUTES)
        return np.where(self._hours.known(rows), HIGHEST * minutes // ENOUGH_MINUTES, UNKNOWN)

    def _level(self, rows: slice) -> Counts:
        """One step above is best; each step more or less costs a quarter."""
        mine, is_known = _numbers([each.level for each in self._pool.mentees[rows]])
        theirs, is_known_too = _numbers([each.level for each in self._pool.mentors])
        off = np.abs(theirs - mine[:, None] - 1)
        return np.where(is_known[:, None] & is_known_too, np.maximum(HIGHEST - 250 * off, 0), UNKNOWN)

    def _good_before(self, rows: slice) -> Flags:
        return named(self._pool.mentees, rows, self._pool.mentor_of, lambda mentee: mentee.good_before)

    def _waited(self, rows: slice) -> Counts:
        return np.array([[HIGHEST * each.has_waited] for each in self._pool.mentees[rows]], dtype=np.int32)

    def _other_team(self, rows: slice) -> Counts:
        mine = np.array([each.team for each in self._pool.mentees[rows]], dtype=object)[:, None]
        theirs = np.array([each.team for each in self._pool.mentors], dtype=object)
        return np.where((mine == "") | (theirs == ""), UNKNOWN, HIGHEST * (mine != theirs))


def _share(shared: Shared, rows: slice) -> Counts:
    """How much of what a mentee asked for a mentor offers."""
    return _known(shared, rows, HIGHEST * shared.of(rows) // np.maximum(shared.asked[rows, None], 1))


def _known(shared: Shared, rows: slice, points: Counts) -> Counts:
    return np.where((shared.asked[rows, None] > 0) & (shared.offered > 0), points, UNKNOWN)


def _numbers(levels: Sequence[int | None]) -> tuple[Counts, Flags]:
    known = np.array([level is not None for level in levels], dtype=np.bool_)
    return np.array([level or 0 for level in levels], dtype=np.int32), known


def points_of(design_pool: Pool, mentee: Mentee, mentor: Mentor) -> dict[Question, int]:
    """The points of one pair, for telling why."""
    pair = Points(Pool(design_pool.design, [mentee], [mentor]))
    return {question: int(points[0, 0]) for question, points in pair.of(slice(None)).items()}
