"""What it would come to if two people were together: both arrangements solved, and the first difference told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from mentoring.pairing.matching.listening import Listener, nobody
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.problem import Levels
from mentoring.pairing.matching.proposing import Lock, propose
from mentoring.pairing.runs import keeping
from mentoring.pairing.runs.keeping import Plain


@dataclass(frozen=True)
class Difference:
    """What another arrangement would come to beside the one there is."""

    now: Levels
    then: Levels
    is_proved: bool = True
    """Whether neither could be any better."""

    @classmethod
    def of(cls, outcome: Mapping[str, Any], found: Mapping[str, Any]) -> Difference:
        """What a run came to, beside what `with_pair` found."""
        is_proved = found["is_best"] and outcome["levels"] == outcome["bounds"]
        return cls(keeping.levels(outcome["levels"]), keeping.levels(found["levels"]), is_proved)

    @property
    def words(self) -> list[str]:
        """The first level on which the two differ, which is what decides; empty where they are equal."""
        now, then = self.now, self.then
        if then.filled != now.filled:
            return [_("%(then)d instead of %(now)d places would be filled.", then=then.filled, now=now.filled)]
        if then.complete != now.complete:
            return [
                _(
                    "%(then)d instead of %(now)d people would have every mentor they need.",
                    then=then.complete,
                    now=now.complete,
                )
            ]
        if then.lowest != now.lowest:
            return [
                _(
                    "Whoever is worst off would have a score of %(then)d instead of %(now)d.",
                    then=round(then.lowest),
                    now=round(now.lowest),
                )
            ]
        if then.total != now.total:
            return [_("All scores together would be %(then)d instead of %(now)d.", then=then.total, now=now.total)]
        if then.evenness < now.evenness:
            return [_("The mentors would have less even loads.")]
        if then.evenness > now.evenness:
            return [_("The mentors would have more even loads.")]
        return []


def with_pair(pool: Pool, locks: Sequence[Lock], pair: Lock, *, seed: int, listener: Listener = nobody) -> Plain:
    """The best arrangement that has this pair, as JSON.

    Raises ValueError, Contradictory or Unanswered where the two cannot be together at all.
    """
    kept = [each for each in locks if (each.mentee, each.kind) != (pair.mentee, pair.kind)]
    then = propose(pool, [*kept, pair], seed=seed, listener=listener)
    return {"levels": keeping.plain_levels(then.solution.levels), "is_best": then.solution.is_best}
