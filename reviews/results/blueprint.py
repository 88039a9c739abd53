"""What the pages of results share: their blueprint, and a result somebody may read or a 404."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, url_for
from sqlalchemy import Select, select

from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.models import Enrolment
from reviews.blueprint import OF_COURSE
from reviews.campaigns.models import Campaign, Target
from reviews.results import reading
from reviews.results.models import Access, ReportSnapshot
from reviews.results.report import Result

bp = Blueprint("review_results", __name__, template_folder="templates")
RESULTS = f"{OF_COURSE}/results"
ONE = f"{RESULTS}/<snapshot_id>"
OF_CAMPAIGN = f"{OF_COURSE}/campaigns/<campaign_id>/results"


def result_of(me: Enrolment, snapshot_id: str) -> Result:
    """A result I may read, or a 404: nobody learns that somebody else's exists."""
    return Result(reading.readable(db.session, me, snapshot_id) or abort(404))


def looked_at(me: Enrolment, snapshot_id: str, action: Access) -> Result:
    """The same, having noted that I have: whoever it is about can read that.

    Whoever acts in somebody else's name reads no results: it would be noted as if that person had.
    """
    if g.get("is_acted"):
        abort(403)
    result_of(me, snapshot_id)
    with transaction() as session:
        reading.note(session, result_of(me, snapshot_id).snapshot, me, action, at=clock.now())
    return result_of(me, snapshot_id)


def to_release(me: Enrolment, snapshot_id: str) -> ReportSnapshot:
    """One that I may release or take back, or a 404."""
    snapshot = result_of(me, snapshot_id).snapshot
    assert snapshot.target is not None
    return snapshot if reading.may_release(snapshot.target, me) else abort(404)


def campaign_of_mine(me: Enrolment, campaign_id: str) -> Campaign:
    """A campaign in which there are results that I may release, or a 404."""
    wanted = select(Campaign).where(Campaign.course_id == me.course_id, Campaign.public_id == campaign_id)
    campaign = db.session.scalar(wanted) or abort(404)
    if not me.is_instructor and db.session.scalar(mine(me, campaign).limit(1)) is None:
        abort(404)
    return campaign


def mine(me: Enrolment, campaign: Campaign) -> Select[Any]:
    """The row numbers of those whose results I may release: as an instructor all, else whom I coach."""
    wanted = select(Target.id).where(Target.campaign_id == campaign.id)
    return wanted if me.is_instructor else wanted.where(Target.coach_id == me.id)


def address_of(snapshot: ReportSnapshot, me: Enrolment) -> str:
    return url_for("review_results.report", course=me.course.public_id, snapshot_id=snapshot.public_id)
