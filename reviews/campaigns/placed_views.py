"""What a link of the course page says to whoever has nothing to do in its campaign now: how it stands, and for them."""

from __future__ import annotations

from datetime import datetime

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import local_time, render
from reviews.answering.standing import Standing, standing_of
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.pages import OF_CAMPAIGN, bp, campaign_of
from reviews.campaigns.phases import Phase


@bp.get(f"{OF_CAMPAIGN}/standing")
@open_to(*MEMBERS)
def standing(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    campaign, at = campaign_of(me, campaign_id), clock.now()
    return render("campaigns/standing.html", me=me, campaign=campaign, sentences=_sentences(me, campaign, at))


def _sentences(me: Enrolment, campaign: Campaign, at: datetime) -> list[str]:
    """How the campaign stands, then how I do in it."""
    is_about_me = db.session.scalar(
        select(select(Target.id).where(Target.campaign_id == campaign.id, Target.enrolment_id == me.id).exists())
    )
    return [_of_campaign(campaign, at), *_of_me(me, campaign, bool(is_about_me), at)]


def _of_campaign(campaign: Campaign, at: datetime) -> str:
    match campaign.phase:
        case Phase.DRAFT:
            return str(_("It has not begun yet."))
        case Phase.NOMINATING | Phase.APPROVING:
            return str(_("Raters are still being named. Answers are taken afterwards."))
        case Phase.COLLECTING if campaign.opens is not None and campaign.opens > at:
            return str(_("Answers are taken from %(when)s.", when=local_time(campaign.opens)))
        case Phase.COLLECTING if campaign.closes is not None:
            return str(_("Answers come in until %(when)s.", when=local_time(campaign.closes)))
        case Phase.COLLECTING:
            return str(_("Answers come in. It opens for each when their time comes."))
        case Phase.CLOSED:
            return str(_("It is closed. No answer counts any more."))
        case Phase.RELEASED:
            return str(_("It is over, and its results were released."))
        case Phase.ARCHIVED:
            return str(_("It is over, and archived."))


def _of_me(me: Enrolment, campaign: Campaign, is_about_me: bool, at: datetime) -> list[str]:
    mine = select(Assignment).join(Assignment.target).where(Target.campaign_id == campaign.id)
    asked = db.session.scalars(mine.where(Assignment.rater_id == me.id).order_by(Assignment.id)).all()
    standings = {standing_of(each, at) for each in asked} - {Standing.NOT_ASKED}
    found: list[str] = []
    if standings == {Standing.SUBMITTED}:
        found.append(_("You have handed in all that you were asked for. Thank you."))
    elif Standing.NOT_YET in standings:
        found.append(_("You are asked for your view then, and find it behind this link."))
    elif standings:
        found.append(_("Nothing waits for you in it any more."))
    if is_about_me and campaign.phase in (Phase.RELEASED, Phase.ARCHIVED):
        found.append(_("You were reviewed in it, and there is no result of yours to read."))
    elif is_about_me:
        found.append(_("You are reviewed in it. Your result stands behind this link once it is released."))
    if not standings and not is_about_me:
        found.append(_("You are not asked for anything in it, and it is not about you."))
    return found
