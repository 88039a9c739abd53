"""What happens in reviews, told as postcards. None of them joins a rater with whoever they answered about."""

from __future__ import annotations

from dataclasses import dataclass

from lti_tool.events import Event, Where, Who

TOLD_OF_CAMPAIGN, TOLD_OF_COURSE = "campaign", "course"


@dataclass(frozen=True, kw_only=True)
class OfCampaign(Event):
    """Something about one campaign."""

    where: Where
    campaign: str
    """The campaign's public id."""
    kind: str
    title: str


@dataclass(frozen=True, kw_only=True)
class CampaignOpened(OfCampaign):
    """Answers are collected from here on."""

    by: Who | None
    """Empty where the clock did it."""


@dataclass(frozen=True, kw_only=True)
class CampaignClosed(OfCampaign):
    """No answer counts any more."""

    by: Who | None


@dataclass(frozen=True, kw_only=True)
class ReviewProgressed(OfCampaign):
    """A rater has handed in one more of what they were asked for; about whom is not told."""

    who: Who
    done: int
    of: int
    told_of: str
    """What readers outside may hear it of: `TOLD_OF_CAMPAIGN`, `TOLD_OF_COURSE`, or empty for nothing."""


@dataclass(frozen=True, kw_only=True)
class CompetencyResult:
    """What the others together said of one competency, as it was published."""

    key: str
    name: str
    mean: float
    lowest: int
    highest: int
    groups: int
    """How many groups stand behind it."""


@dataclass(frozen=True, kw_only=True)
class ReviewReleased(OfCampaign):
    """Somebody may read their result."""

    who: Who
    """Whom it is about."""
    language: str
    competencies: tuple[CompetencyResult, ...]


@dataclass(frozen=True, kw_only=True)
class ReviewRead(OfCampaign):
    """Whom a result is about has opened it for the first time."""

    who: Who
