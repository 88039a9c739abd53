"""Campaigns in the course page: what can be placed there, and the page a link opens for whoever follows it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from lti_tool import clock
from lti_tool.activities import Activity, Offer
from lti_tool.db import db
from lti_tool.models import Course, Enrolment, Placement
from reviews import queries
from reviews.campaigns.labels import ABOUT_KINDS
from reviews.campaigns.models import Campaign
from reviews.campaigns.phases import TO_ANSWER, Phase

KEY = "review"


def offers(course: Course | None) -> Sequence[Offer]:
    """The course's campaigns that are not archived."""
    if course is None:
        return []
    return [
        Offer(
            key=f"{KEY}-{campaign.public_id}",
            activity=KEY,
            reference=campaign.reference,
            title=campaign.title,
            description=_("%(about)s The link opens what each has to do.", about=ABOUT_KINDS[campaign.kind]),
        )
        for campaign in queries.campaigns_of(db.session, course)
        if campaign.phase is not Phase.ARCHIVED
    ]


def open_placed(me: Enrolment, placement: Placement | None) -> str:
    """For whoever runs it the campaign; for others what they are to answer or name, their result, or how it stands."""
    campaign = _campaign(me, placement)
    if campaign is None:
        return url_for("reviews.index", course=me.course.public_id)
    if placement is not None:
        placement.reference = campaign.reference
    if me.is_instructor:
        return url_for("campaigns.campaign", course=me.course.public_id, campaign_id=campaign.public_id)
    return _own_page(me, campaign)


def _campaign(me: Enrolment, placement: Placement | None) -> Campaign | None:
    """The one the link names; one of another course, from which this was copied, is none of ours."""
    named = (placement.resource or placement.reference) if placement else ""
    wanted = select(Campaign).where(
        Campaign.course_id == me.course_id, Campaign.public_id == named.removeprefix(f"{KEY}:")
    )
    return db.session.scalar(wanted)


def _own_page(me: Enrolment, campaign: Campaign) -> str:
    """Where one thing waits its page; several stand together on the page of reviews."""
    at, course = clock.now(), me.course.public_id
    asked = [each for each in queries.asked_of(db.session, me) if each.target.campaign_id == campaign.id]
    waiting = [each for each in asked if each.state in TO_ANSWER and each.target.takes_answers(at)]
    if len(waiting) == 1:
        return url_for("review_answers.page", course=course, assignment_id=waiting[0].public_id)
    if waiting:
        return url_for("reviews.index", course=course)
    for target in queries.mine_to_nominate(db.session, me):
        if target.campaign_id == campaign.id:
            return url_for("campaigns.naming", course=course, target_id=target.public_id)
    results = [each for each in queries.results_of(db.session, me) if each.target.campaign_id == campaign.id]  # type: ignore[union-attr]
    if results:
        return result_url(me, results[0].public_id)
    return url_for("campaigns.standing", course=course, campaign_id=campaign.public_id)


def result_url(me: Enrolment, snapshot_id: str) -> str:
    return url_for("review_results.report", course=me.course.public_id, snapshot_id=snapshot_id)


ACTIVITY = Activity(key=KEY, title=_l("Review or evaluation"), is_graded=False, open=open_placed, offers=offers)
