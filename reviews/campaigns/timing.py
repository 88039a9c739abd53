"""When the round of a mentorship is due: by days, its middle or its end, or by what it reaches on its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.timeline.models import Step, TimelineEntry
from mentoring.together.goals.models import Goal, GoalState
from reviews.campaigns.models import Campaign
from reviews.campaigns.rules import Milestone, Moment

STEPS: Mapping[Milestone, Step] = {Milestone.KICK_OFF: Step.KICK_OFF, Milestone.AGREEMENT: Step.OUTLINE}
"""Milestones that stand on the timeline."""


def moment_of(session: Session, campaign: Campaign, mentorship: Mentorship, nth: int) -> datetime | None:
    """When this mentorship's nth round opens, or would have; None if it never does, or if nobody knows yet."""
    if mentorship.started is None:
        return None
    if campaign.moment is Moment.INTERVAL:
        due = mentorship.started + timedelta(days=campaign.days or 0) * nth
        return due if mentorship.planned_end is None or due < mentorship.planned_end else None
    return _ONCE[campaign.moment](session, campaign, mentorship) if nth == 1 and campaign.moment in _ONCE else None


def _after_days(_session: Session, campaign: Campaign, mentorship: Mentorship) -> datetime | None:
    assert mentorship.started is not None
    return mentorship.started + timedelta(days=campaign.days or 0)


def _in_the_middle(_session: Session, _campaign: Campaign, mentorship: Mentorship) -> datetime | None:
    started, ends = mentorship.started, mentorship.planned_end
    return started + (ends - started) / 2 if started and ends else None


def _at_the_end(_session: Session, _campaign: Campaign, mentorship: Mentorship) -> datetime | None:
    return mentorship.planned_end


def _by_milestone(session: Session, campaign: Campaign, mentorship: Mentorship) -> datetime | None:
    """When it was first reached; a goal that was opened again is not."""
    if campaign.milestone is Milestone.GOAL:
        of_goals = select(func.min(Goal.closed)).where(Goal.mentorship_id == mentorship.id)
        return session.scalar(of_goals.where(Goal.state == GoalState.REACHED))
    step = STEPS.get(campaign.milestone) if campaign.milestone else None
    wanted = select(TimelineEntry.done).where(TimelineEntry.mentorship_id == mentorship.id, TimelineEntry.step == step)
    return session.scalar(wanted)


_ONCE: Mapping[Moment, Callable[[Session, Campaign, Mentorship], datetime | None]] = {
    Moment.DAYS: _after_days,
    Moment.MID: _in_the_middle,
    Moment.END: _at_the_end,
    Moment.MILESTONE: _by_milestone,
}
