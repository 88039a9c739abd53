"""What learners see of an attempt, and when: eight things by four moments, behind a few ready-made choices.

The moments and things are Moodle's (`mod_quiz_display_options`), and *just after* is within two minutes, as there.
While an attempt runs something is shown of a question only once its learner has had it checked, which fixes the answer
(`quizzes.attempts.checking`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

JUST = timedelta(minutes=2)
"""How long after handing in it is *just after*."""


class Moment(StrEnum):
    DURING = "during"
    """While the attempt runs, of questions that were checked."""
    JUST_AFTER = "just_after"
    LATER = "later"
    """While the quiz is still open."""
    CLOSED = "closed"
    """After the quiz has closed for its learner, and no attempt of theirs runs any more."""


class Shown(StrEnum):
    ATTEMPT = "attempt"
    """The questions that were asked, and what was answered."""
    CORRECTNESS = "correctness"
    """Whether each was right."""
    MARK = "mark"
    MAXIMUM = "maximum"
    SPECIFIC = "specific"
    """What those who mark say to the very answer that was given."""
    GENERAL = "general"
    """What an author says to everybody: why."""
    RIGHT_ANSWER = "right_answer"
    OVERALL = "overall"
    """What was understood, by topic, and whether that is enough."""


KEYS = frozenset({Shown.GENERAL, Shown.RIGHT_ANSWER})
"""What would make a further attempt a copy of this one."""
BESIDE_ANSWERS = frozenset({Shown.CORRECTNESS, Shown.SPECIFIC, Shown.GENERAL, Shown.RIGHT_ANSWER})
"""What stands beside questions and answers, and nowhere else."""
AT_A_CHECK = frozenset({Shown.CORRECTNESS, Shown.MARK, Shown.MAXIMUM, Shown.GENERAL, Shown.RIGHT_ANSWER})
"""What there can be to show of one question while the others are still open."""
WORTH_A_CHECK = frozenset({Shown.CORRECTNESS, Shown.GENERAL, Shown.RIGHT_ANSWER})
"""Without any of these a check would say nothing: what was earned is told only beside whether it was right."""
AFTERWARDS: tuple[Moment, ...] = tuple(moment for moment in Moment if moment is not Moment.DURING)
EVERYTHING = frozenset(Shown)
SCORE = frozenset({Shown.MARK, Shown.MAXIMUM})


@dataclass(frozen=True, kw_only=True)
class Review:
    """Which of these things are shown at which moment."""

    at: Mapping[Moment, frozenset[Shown]]
    keys_wait: bool = True
    """Whether right answers and reasons wait until no attempt is left."""

    def shows(self, moment: Moment, *, is_last: bool) -> frozenset[Shown]:
        """What is shown at this moment; `is_last` when no attempt is left or running."""
        if moment is Moment.DURING:
            return self.on_check
        shown = self.at.get(moment, frozenset())
        if Shown.ATTEMPT not in shown:
            shown -= BESIDE_ANSWERS
        return shown - KEYS if self.keys_wait and not is_last else shown

    @property
    def on_check(self) -> frozenset[Shown]:
        """What is shown of a question that its learner has checked while the attempt runs; nothing where none can be.

        A further attempt may follow, so right answers and reasons are not among it where they wait.
        """
        shown = self.at.get(Moment.DURING, frozenset()) & AT_A_CHECK
        if self.keys_wait:
            shown -= KEYS
        return shown | {Shown.ATTEMPT} if shown & WORTH_A_CHECK else frozenset()

    def as_json(self) -> dict[str, Any]:
        at = {moment.value: sorted(shown) for moment, shown in self.at.items()}
        return {"at": at, "keys_wait": self.keys_wait}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Review:
        at = {moment: frozenset(map(Shown, said["at"].get(moment.value, ()))) for moment in Moment}
        return cls(at=at, keys_wait=said["keys_wait"])


def moment_of(submitted: datetime | None, closes: datetime | None, at: datetime) -> Moment:
    """Which moment it is for an attempt handed in then, at a quiz that closes then."""
    if submitted is None:
        return Moment.DURING
    if closes is not None and at >= closes:
        return Moment.CLOSED
    return Moment.JUST_AFTER if at <= submitted + JUST else Moment.LATER


def _always(shown: Collection[Shown], *, on_check: Collection[Shown] = ()) -> dict[Moment, frozenset[Shown]]:
    return {Moment.DURING: frozenset(on_check), **{moment: frozenset(shown) for moment in AFTERWARDS}}


class Preset(StrEnum):
    """The ready-made choices."""

    WHEN_CLOSED = "when_closed"
    SCORE = "score"
    TOPICS = "topics"
    AFTER_LAST = "after_last"
    AT_ONCE = "at_once"
    ONE_BY_ONE = "one_by_one"
    """Each question as soon as its learner has it checked, and everything afterwards."""


PRESETS: Mapping[Preset, Review] = {
    Preset.WHEN_CLOSED: Review(at={**_always(()), Moment.CLOSED: EVERYTHING}, keys_wait=False),
    Preset.SCORE: Review(at=_always(SCORE), keys_wait=True),
    Preset.TOPICS: Review(at=_always(SCORE | {Shown.OVERALL}), keys_wait=True),
    Preset.AFTER_LAST: Review(at=_always(EVERYTHING), keys_wait=True),
    Preset.AT_ONCE: Review(at=_always(EVERYTHING), keys_wait=False),
    Preset.ONE_BY_ONE: Review(at=_always(EVERYTHING, on_check=AT_A_CHECK), keys_wait=False),
}
"""`AFTER_LAST` is what a quiz has for which nobody has chosen."""
PRACTICE = PRESETS[Preset.ONE_BY_ONE]
FOR_PRACTICE = (PRACTICE, PRESETS[Preset.AT_ONCE])
"""Practice shows everything at once: with checks along the way, or without."""


def preset_of(review: Review) -> Preset | None:
    return next((preset for preset, each in PRESETS.items() if each == review), None)
