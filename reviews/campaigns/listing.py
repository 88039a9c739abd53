"""The campaigns of a course as whoever runs them looks at them: by phase, each with what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.models import Course
from reviews.campaigns import progress
from reviews.campaigns.models import Campaign
from reviews.campaigns.next_steps import Next, next_for
from reviews.campaigns.phases import Phase
from reviews.queries import campaigns_of

ORDER = (
    Phase.COLLECTING,
    Phase.APPROVING,
    Phase.NOMINATING,
    Phase.CLOSED,
    Phase.DRAFT,
    Phase.RELEASED,
    Phase.ARCHIVED,
)
"""What runs stands first."""


@dataclass(frozen=True)
class Line:
    campaign: Campaign
    next: Next


@dataclass(frozen=True)
class InPhase:
    """The campaigns of one phase, the newest first."""

    phase: Phase
    lines: Sequence[Line]


def lines_of(session: Session, course: Course, *, at: datetime) -> list[Line]:
    """Every campaign with what comes next, the newest first."""
    campaigns = campaigns_of(session, course)
    figures = progress.of_campaigns(session, campaigns)
    return [Line(each, next_for(each, figures[each.id], at)) for each in campaigns]


def by_phase(session: Session, course: Course, *, at: datetime) -> list[InPhase]:
    lines = lines_of(session, course, at=at)
    found = [InPhase(phase, [line for line in lines if line.campaign.phase is phase]) for phase in ORDER]
    return [each for each in found if each.lines]
