"""How far a job of the engine has come, in numbers and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool import clock
from lti_tool.jobs import Job, JobState

PATIENCE = timedelta(minutes=2)
"""After which a job that nobody has begun is worth a word about the work loop."""
STEPS = (
    _l("the scores of all pairs"),
    _l("how many can be placed"),
    _l("the best place for whoever is worst off"),
    _l("the highest total"),
    _l("the most even load"),
)
"""What the engine does one after the other, where everything is solved at once."""


@dataclass(frozen=True)
class Progress:
    job: Job | None
    solves_often: bool = False
    """Whether its steps are whole arrangements."""

    @property
    def is_waiting(self) -> bool:
        return self.job is not None and self.job.state == JobState.WAITING

    @property
    def is_tried_again(self) -> bool:
        return self.job is not None and self.job.is_unfinished and bool(self.job.error)

    @property
    def is_stuck(self) -> bool:
        """Whether it should have begun long ago: nobody does the work."""
        return self.job is not None and self.is_waiting and self.job.due < clock.now() - PATIENCE

    @property
    def done(self) -> int:
        return min(self.job.done, self.total) if self.job is not None else 0

    @property
    def total(self) -> int:
        """0 where nobody knows yet."""
        return self.job.total or 0 if self.job is not None else 0

    @property
    def words(self) -> str:
        numbers = {"done": self.done, "total": self.total}
        if self.solves_often:
            return str(_("%(done)d of %(total)d arrangements are solved.", **numbers))
        if self.total == len(STEPS) and self.done < self.total:
            return str(_("%(done)d of %(total)d steps are done. Now: %(step)s.", step=STEPS[self.done], **numbers))
        return str(_("%(done)d of %(total)d steps are done.", **numbers))
