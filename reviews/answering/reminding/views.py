"""Who has not answered, for whoever runs the campaign: the rule, reminding now, new links, and who declined and why."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug import Response

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.paging import paging
from reviews.answering.blueprint import bp
from reviews.answering.outside import asking
from reviews.answering.reminding import letters
from reviews.answering.reminding.forms import RuleForm, rule_form
from reviews.answering.reminding.listed import WaitingList
from reviews.answering.reminding.rule import Reminding
from reviews.answering.reminding.waiting import declined_in
from reviews.answering.standing import Standing, standing_of
from reviews.blueprint import OF_COURSE
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.wording import about

AT_ONCE = 50
"""Of those who have not answered, on one page."""
REMINDERS = f"{OF_COURSE}/campaigns/<campaign_id>/reminders"


@bp.get(REMINDERS)
@open_to(Role.INSTRUCTOR)
def reminders(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    campaign = _campaign(me, campaign_id)
    return _page(me, campaign, rule_form(Reminding.of(campaign.reminding)))


@bp.post(REMINDERS)
@open_to(Role.INSTRUCTOR)
def set_reminders(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    campaign = _campaign(me, campaign_id)
    form = rule_form(Reminding.of(campaign.reminding))
    if not form.validate_on_submit():
        return _page(me, campaign, form), 422
    campaign.reminding = form.rule.as_json()
    db.session.commit()
    flash(_("Saved."), "success")
    return _back(campaign)


@bp.post(f"{REMINDERS}/now")
@open_to(Role.INSTRUCTOR)
def remind_now(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    campaign = _campaign(me, campaign_id)
    count = letters.remind_now(db.session, campaign, at=clock.now())
    db.session.commit()
    if count:
        words = ngettext("%(num)d person is reminded now.", "%(num)d people are reminded now.", count)
        flash(words, "success")
    else:
        flash(_("Nobody: all have answered, or were told of it within a day."), "info")
    return _back(campaign)


@bp.post(f"{REMINDERS}/<assignment_id>/link")
@open_to(Role.INSTRUCTOR)
def send_link(me: Enrolment, campaign_id: str, assignment_id: str) -> ResponseReturnValue:
    """A new link for somebody outside; the one before does not work any more."""
    campaign, at = _campaign(me, campaign_id), clock.now()
    assignment = db.session.scalar(
        select(Assignment)
        .join(Assignment.target)
        .where(Target.campaign_id == campaign.id, Assignment.public_id == assignment_id, Assignment.mail.is_not(None))
        .with_for_update(of=Assignment)
    )
    if assignment is None or standing_of(assignment, at) is not Standing.OPEN:
        abort(404)
    asking.send_anew(db.session, assignment, at=at)
    db.session.commit()
    flash(_("A new link is on its way to %(mail)s.", mail=assignment.mail), "success")
    return _back(campaign)


def _campaign(me: Enrolment, campaign_id: str) -> Campaign:
    wanted = select(Campaign).where(Campaign.public_id == campaign_id, Campaign.course_id == me.course_id)
    return db.session.scalar(wanted) or abort(404)


def _page(me: Enrolment, campaign: Campaign, form: RuleForm) -> str:
    at = clock.now()
    waiting = WaitingList(db.session, campaign, at=at)
    page = paging(len(waiting), AT_ONCE)
    return render(
        "reminding/reminders.html",
        me=me,
        campaign=campaign,
        form=form,
        waiting=waiting.part(page.first, AT_ONCE),
        page=page,
        chosen=len(waiting.to_remind(at=at)),
        declined=declined_in(db.session, campaign),
        about=about,
    )


def _back(campaign: Campaign) -> Response:
    return redirect(url_for(".reminders", course=campaign.course.public_id, campaign_id=campaign.public_id))
