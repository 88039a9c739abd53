"""What a learner sees of the report to their manager, whatever is reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lti_tool.manager_mail.models import MadeReport
from lti_tool.manager_mail.standing import Obstacle, ReportToManager

SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class ToMyManager:
    """How it stands with the report to the manager of whoever reads this."""

    is_on: bool
    """Whether reports are mailed to managers at all."""
    arrangement: ReportToManager
    sent: Sequence[MadeReport]
    """The newest few that were sent, to whomever it was then."""

    @property
    def objection(self) -> Obstacle | None:
        return self.arrangement.objection

    @property
    def goes(self) -> bool:
        """Whether their manager is to get it, whenever there is something to say."""
        return self.is_on and self.objection is None

    @property
    def waits(self) -> bool:
        """Whether they have not decided yet."""
        return self.is_on and self.objection in (Obstacle.NOT_ASKED, Obstacle.SOMEBODY_ELSE)

    def is_to_manager(self, report: MadeReport) -> bool:
        """Whether it went to whoever is their manager now."""
        return report.whom == self.arrangement.whom
