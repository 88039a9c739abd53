"""What the six events are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from mentoring.mentorships.timeline.models import Step, TimelineEntry

STEPS: Mapping[Step, LazyString] = {
    Step.MATCHED: _l("Matched"),
    Step.KICK_OFF: _l("Kick-off"),
    Step.OUTLINE: _l("Outline and worksheet"),
    Step.SCHEDULE: _l("Communication schedule"),
    Step.MID_EVALUATION: _l("Mid evaluation"),
    Step.END_EVALUATION: _l("End evaluation and program review"),
}
DONE_BY: Mapping[Step, LazyString] = {
    Step.MATCHED: _l("Done by itself."),
    Step.KICK_OFF: _l("Done as soon as you begin: when you have met, or all have signed the agreement."),
    Step.OUTLINE: _l("Done when all of you have signed the agreement."),
    Step.SCHEDULE: _l("Done when all of you have signed how often you meet, and how."),
}
"""What the steps wait for that nobody ticks."""


def title_of_entry(entry: TimelineEntry) -> str:
    return str(STEPS[entry.step]) if entry.step else entry.title
