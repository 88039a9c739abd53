"""How things stand with what somebody is asked: whether it can be answered now, and if not, why not."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from reviews.campaigns.models import Assignment, Target
from reviews.campaigns.phases import TO_ANSWER, AssignmentState, Phase


class Standing(StrEnum):
    OPEN = "open"
    NOT_YET = "not_yet"
    """It opens later."""
    SUBMITTED = "submitted"
    DECLINED = "declined"
    OVER = "over"
    """Its time is over, whether or not something was written."""
    NOT_ASKED = "not_asked"
    """Named by somebody, and not to be answered, or not yet approved: nobody learns of it."""


class Asked(Protocol):
    """What is looked at: an assignment, or as much of one."""

    @property
    def state(self) -> AssignmentState: ...
    @property
    def invited(self) -> datetime | None: ...
    @property
    def target(self) -> Target: ...


def standing_of(assignment: Assignment | Asked, at: datetime) -> Standing:
    state, target = assignment.state, assignment.target
    if state is AssignmentState.SUBMITTED:
        return Standing.SUBMITTED
    if state is AssignmentState.DECLINED:
        return Standing.DECLINED
    if assignment.invited is None or state in (AssignmentState.PROPOSED, AssignmentState.REJECTED):
        return Standing.NOT_ASKED
    if state in TO_ANSWER and target.takes_answers(at):
        return Standing.OPEN
    opens = target.opens or target.campaign.opens
    is_to_come = target.campaign.phase is Phase.COLLECTING and opens is not None and at < opens
    return Standing.NOT_YET if state in TO_ANSWER and is_to_come else Standing.OVER
