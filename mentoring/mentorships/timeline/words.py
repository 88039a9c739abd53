"""What the six events are called, and what steps wait for that nobody ticks."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from mentoring.mentorships.timeline.models import Step, TimelineEntry
from mentoring.programs.choices import StepManner

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
"""What those of the six wait for that nobody ticks."""
STEPS_DONE_BY: Mapping[StepManner, LazyString] = {
    StepManner.ACTIVITY: _l("Done by itself as soon as it is passed or finished. It is in your course."),
    StepManner.TASK: _l("Done when its task is ticked."),
}


def done_by(entry: TimelineEntry) -> str:
    """What it waits for; nothing where somebody ticks it."""
    if entry.step is not None:
        return str(DONE_BY.get(entry.step, ""))
    return str(STEPS_DONE_BY.get(entry.manner, "")) if entry.manner else ""


def title_of_entry(entry: TimelineEntry) -> str:
    return str(STEPS[entry.step]) if entry.step else entry.title
