"""The page of what the people of a campaign have in common, and its files; for those who teach."""

from __future__ import annotations

import io

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.tables import excel
from reviews.campaigns.models import Campaign, NotPossible
from reviews.campaigns.rules import CampaignKind
from reviews.results import cohort, many, tables, wording
from reviews.results.blueprint import OF_CAMPAIGN, bp
from reviews.results.file_views import as_file
from reviews.results.report import Whole

__all__ = ["bp"]
EVERYBODY = f"{OF_CAMPAIGN}/everybody"


def _campaign(me: Enrolment, campaign_id: str) -> Campaign:
    wanted = select(Campaign).where(Campaign.course_id == me.course_id, Campaign.public_id == campaign_id)
    return db.session.scalar(wanted) or abort(404)


@bp.get(EVERYBODY)
@open_to(Role.INSTRUCTOR)
def everybody(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    campaign = _campaign(me, campaign_id)
    snapshot = cohort.cohort_of(db.session, campaign)
    is_closed = bool(campaign.targets) and all(each.closed is not None for each in campaign.targets)
    return render(
        "review_results/cohort.html",
        me=me,
        campaign=campaign,
        result=Whole(snapshot) if snapshot else None,
        may_put_together=campaign.kind is CampaignKind.REVIEW and is_closed and campaign.reduced is None,
        job=many.newest(db.session, campaign, me),
        wording=wording,
        exact=_exact,
    )


@bp.post(EVERYBODY)
@open_to(Role.INSTRUCTOR)
def put_cohort_together(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    campaign = _campaign(me, campaign_id)
    here = url_for(".everybody", course=me.course.public_id, campaign_id=campaign.public_id)
    try:
        if cohort.cohort_of(db.session, campaign) is None:
            many.pool(db.session, campaign, by=me, at=clock.now())
    except NotPossible:
        db.session.rollback()
        flash(_("Figures of everybody are put together once a 360-degree review has closed."), "error")
        return redirect(here)
    db.session.commit()
    return redirect(here)


@bp.get(f"{EVERYBODY}.xlsx")
@open_to(Role.INSTRUCTOR)
def cohort_workbook(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    snapshot = cohort.cohort_of(db.session, _campaign(me, campaign_id)) or abort(404)
    file = io.BytesIO()
    tables.write_whole(file, Whole(snapshot))
    return as_file(file.getvalue(), excel.MIMETYPE, "everybody.xlsx")


def _exact(value: float | None) -> str:
    return "\N{EN DASH}" if value is None else str(format_decimal(value, "0.00"))
