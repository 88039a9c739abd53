"""Reviews: how far raters have come, and what all of them together said, once it is released."""

from __future__ import annotations

from typing import Any

from reviews.events import (
    TOLD_OF_COURSE,
    CampaignClosed,
    CampaignOpened,
    CompetencyResult,
    OfCampaign,
    ReviewProgressed,
    ReviewRead,
    ReviewReleased,
)
from xapi import vocabulary as v
from xapi.translations.writing import (
    TICK,
    NotTold,
    Statement,
    Told,
    account,
    activity,
    course,
    ourselves,
    score_between,
    statement,
)


def review_progressed(event: ReviewProgressed, base: str) -> list[Statement]:
    """How far a rater has come with all they were asked; about whom it was, no statement says, nor all together.

    Of a pair evaluation it is told of all reviewing in the course, so that no activity is that of both who answered and
    whom it was about; and where few people are reviewed, it is not told at all.
    """
    if not event.told_of:
        return []
    progress = {"extensions": {v.PROGRESS.iri: round(100 * event.done / event.of) if event.of else 100}}
    return [
        statement(
            event,
            "review-progressed",
            actor=account(event.who),
            verb=v.PROGRESSED,
            thing=_reviewing(event, base) if event.told_of == TOLD_OF_COURSE else _campaign(event, base),
            context=_campaign_context(event, base),
            result=progress,
        )
    ]


def review_released(event: ReviewReleased, base: str) -> list[Statement]:
    """What the others together said of each competency, as it was published.

    No rater is named, so this installation says it of whom it is about; the competency is its parent.
    """
    first = event.at - (len(event.competencies) - 1) * TICK
    around = [_campaign(event, base), course(event.where, base)]
    return [
        statement(
            event,
            f"evaluated:{each.key}",
            actor=ourselves(base),
            verb=v.EVALUATED,
            thing=account(event.who),
            context={"contextActivities": {"parent": [_competency(event, each, base)], "grouping": around}},
            result={"score": score_between(each.mean, each.lowest, each.highest)},
            at=first + place * TICK,
        )
        for place, each in enumerate(event.competencies)
    ]


def _competency(event: ReviewReleased, each: CompetencyResult, base: str) -> Statement:
    iri = f"{base}/xapi/activities/review/{event.campaign}/{each.key}"
    return activity(iri, v.REVIEW_360, each.name, event.language)


def _campaign(event: OfCampaign, base: str) -> Statement:
    return activity(f"{base}/xapi/activities/review/{event.campaign}", v.REVIEW_360, event.title, "und")


def _reviewing(event: OfCampaign, base: str) -> Statement:
    """All that people of a course are asked for, in whatever campaign."""
    return activity(f"{base}/xapi/activities/reviewing/{event.where.course}", v.REVIEW_360, event.where.title, "und")


def _campaign_context(event: OfCampaign, base: str) -> dict[str, Any]:
    return {"contextActivities": {"grouping": [course(event.where, base)]}}


TOLD: Told = {
    ReviewProgressed: review_progressed,
    ReviewReleased: review_released,
}
NOT_TOLD: NotTold = {
    CampaignClosed: "Whoever runs a campaign closes it, or the clock does: that is no experience of anybody's.",
    CampaignOpened: "Nobody has answered anything yet; each rater's progress is told.",
    ReviewRead: "When somebody reads what was said about them is theirs; that it was released is told.",
}
