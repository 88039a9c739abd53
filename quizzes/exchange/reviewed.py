"""What learners see of their answers: our eight things by four moments, and the three switches that files have."""

from __future__ import annotations

from quizzes.designing.reviewing import PRESETS, Moment, Preset, Review, Shown
from quizzes.formats.model import Reviewed

LIKELY = (Preset.AFTER_LAST, Preset.AT_ONCE, Preset.ONE_BY_ONE, Preset.SCORE)
"""In this order: of what says the same in a file, the first is meant."""
WHOLE = (PRESETS[Preset.AT_ONCE], PRESETS[Preset.ONE_BY_ONE])
"""Of these the switches say everything: it is shown at once, and goes on being shown."""


def reviewed_of(review: Review) -> Reviewed:
    """As it is just after the first of several attempts, so that nothing is shown elsewhere that waits here."""
    after = review.shows(Moment.JUST_AFTER, is_last=False)
    return Reviewed(
        is_one_by_one=bool(review.on_check),
        answers=Shown.ATTEMPT in after,
        key=Shown.RIGHT_ANSWER in after,
        reasons=Shown.GENERAL in after,
    )


def review_of(reviewed: Reviewed) -> Review:
    """The ready-made choice that says the same; where there is none, the one that shows no more than that."""
    found = (PRESETS[each] for each in LIKELY if reviewed_of(PRESETS[each]) == reviewed)
    return next(found, PRESETS[Preset.AFTER_LAST if reviewed.answers else Preset.SCORE])
