"""What the pages of campaigns share: their blueprint, and a campaign found or a 404."""

from __future__ import annotations

from flask import Blueprint, abort, url_for
from sqlalchemy import select

from lti_tool.db import db
from lti_tool.models import Enrolment
from reviews.blueprint import OF_COURSE
from reviews.campaigns.models import Campaign

bp = Blueprint("campaigns", __name__, template_folder="templates")
CAMPAIGNS = f"{OF_COURSE}/campaigns"
OF_CAMPAIGN = f"{CAMPAIGNS}/<campaign_id>"


def campaign_of(me: Enrolment, campaign_id: str) -> Campaign:
    """A campaign of the course I teach, or a 404."""
    wanted = select(Campaign).where(Campaign.course_id == me.course_id, Campaign.public_id == campaign_id)
    return db.session.scalar(wanted) or abort(404)


def address_of(campaign: Campaign, me: Enrolment) -> str:
    return url_for("campaigns.campaign", course=me.course.public_id, campaign_id=campaign.public_id)
