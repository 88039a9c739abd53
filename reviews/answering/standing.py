"""How things stand with what somebody is asked: whether it can be answered now, and if not, why not."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import ColumnElement, and_, false, or_

from reviews.campaigns.models import Assignment, Campaign, Target
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


def is_open(campaign: Campaign, at: datetime) -> ColumnElement[bool]:
    """The same of one campaign for the database: whether an assignment of it is open now."""
    if campaign.phase is not Phase.COLLECTING:
        return false()
    by_date = Target.opens.is_(None) if campaign.is_collecting(at) else false()
    by_itself = and_(Target.opens <= at, or_(Target.closes.is_(None), Target.closes > at))
    can_be_answered = and_(Target.closed.is_(None), or_(by_date, by_itself))
    return and_(Assignment.state.in_(TO_ANSWER), Assignment.invited.is_not(None), can_be_answered)
