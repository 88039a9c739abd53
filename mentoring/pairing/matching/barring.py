"""The hard rules, for all pairs at once: what is never traded for score."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mentoring.pairing.matching.people import LevelRule
from mentoring.pairing.matching.pool import Flags, Hours, Pool, Shared, named
from mentoring.pairing.rules import Rule


class Bars:
    """Which pairs of a pool each rule forbids. R3 and R12 are the engine's; R2 for two kinds at once too."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._languages = Shared([each.languages for each in pool.mentees], [each.languages for each in pool.mentors])
        self._hours = Hours(pool.mentees, pool.mentors)
        self._rules: dict[Rule, Callable[[slice], Flags]] = {
            Rule.ONESELF: lambda rows: self._named(rows, lambda mentee: [mentee.who]),
            Rule.SAME_PAIR: lambda rows: self._named(rows, lambda mentee: mentee.has),
            Rule.EXCLUDED: self._excluded,
            Rule.CONFLICT: lambda rows: self._named(rows, lambda mentee: mentee.conflicts),
            Rule.MENTEE_GONE: self._mentee_not_ready,
            Rule.MENTOR_GONE: self._mentor_not_ready,
            Rule.LANGUAGE: self._no_language,
            Rule.HOURS: self._too_little_time,
            Rule.LEVEL: self._wrong_level,
            Rule.EXPERIENCE: self._too_new,
        }

    def of(self, rows: slice) -> dict[Rule, Flags]:
        """For each rule, which pairs of these mentees (rows) and all mentors (columns) it forbids."""
        return {rule: forbids(rows) for rule, forbids in self._rules.items()}

    def not_offered(self, kind: str) -> Flags:
        """(m,): R9, mentors who do not offer this kind."""
        return np.array([kind not in mentor.kinds for mentor in self._pool.mentors], dtype=np.bool_)

    def _named(self, rows: slice, whom: Callable[..., object]) -> Flags:
        return named(self._pool.mentees, rows, self._pool.mentor_of, whom)  # type: ignore[arg-type]

    def _excluded(self, rows: slice) -> Flags:
        """R4, from either side."""
        theirs = named(self._pool.mentors, slice(None), self._pool.mentee_of, lambda mentor: mentor.refuses)
        return np.asarray(self._named(rows, lambda mentee: mentee.refuses) | theirs.T[rows])

    def _mentee_not_ready(self, rows: slice) -> Flags:
        gone = np.array([not mentee.is_ready for mentee in self._pool.mentees[rows]], dtype=np.bool_)
        return self._everywhere(gone[:, None], rows)

    def _mentor_not_ready(self, rows: slice) -> Flags:
        return self._everywhere(np.array([not mentor.is_ready for mentor in self._pool.mentors], dtype=np.bool_), rows)

    def _no_language(self, rows: slice) -> Flags:
        """R7; who has named no language is not kept from anybody."""
        known = (self._languages.asked[rows, None] > 0) & (self._languages.offered > 0)
        return np.asarray(known & (self._languages.of(rows) == 0))

    def _too_little_time(self, rows: slice) -> Flags:
        """R8: in common hours; where somebody has given none, by how far their clocks are apart."""
        design = self._pool.design
        known = self._hours.known(rows)
        short = self._hours.minutes(rows) < design.least_minutes
        if design.most_hours_apart is None:
            return np.asarray(known & short)
        mine = np.array([mentee.clock for mentee in self._pool.mentees[rows]], dtype=np.int64)
        theirs = np.array([mentor.clock for mentor in self._pool.mentors], dtype=np.int64)
        apart = np.abs(mine[:, None] - theirs)
        far = np.minimum(apart, 24 * 60 - apart) > 60 * design.most_hours_apart
        return np.where(known, short, far)

    def _wrong_level(self, rows: slice) -> Flags:
        """R10; who has not said how senior they are is not kept from anybody."""
        mine = _levels([mentee.level for mentee in self._pool.mentees[rows]])[:, None]
        theirs = _levels([mentor.level for mentor in self._pool.mentors])
        wrong = {
            LevelRule.ANY: np.zeros((1, 1), dtype=np.bool_),
            LevelRule.SAME: mine != theirs,
            LevelRule.JUNIOR: mine <= theirs,
            LevelRule.SENIOR: mine >= theirs,
        }[self._pool.design.level]
        return self._everywhere(wrong & ~np.isnan(mine) & ~np.isnan(theirs), rows)

    def _too_new(self, rows: slice) -> Flags:
        """R11; no answer is no experience."""
        years = np.array([mentor.experience or 0 for mentor in self._pool.mentors], dtype=np.int64)
        return self._everywhere(years < self._pool.design.least_experience, rows)

    def _everywhere(self, flags: Flags, rows: slice) -> Flags:
        return np.broadcast_to(flags, (len(self._pool.mentees[rows]), len(self._pool.mentors)))


def _levels(levels: list[int | None]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([np.nan if level is None else level for level in levels], dtype=np.float64)
