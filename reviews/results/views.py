"""The pages of results: one report, and whose results there are in a campaign."""

from __future__ import annotations

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from mentoring.mentorships.blueprint import held_as_mine
from mentoring.mentorships.naming import title_of
from mentoring.mentorships.refusing import Refusal
from mentoring.together.goals import queries as goal_queries
from mentoring.together.goals.telling import page_of
from reviews.campaigns import listed
from reviews.campaigns.models import NotPossible
from reviews.results import freezing, goals, many, packing, paper, reading, shortening, wording
from reviews.results.blueprint import (
    OF_CAMPAIGN,
    ONE,
    address_of,
    bp,
    campaign_of_mine,
    looked_at,
    mine,
    result_of,
    to_release,
)
from reviews.results.forms import ShortenForm, TakeBackForm
from reviews.results.models import Access, ReportSnapshot
from reviews.results.report import Result


@bp.get(ONE)
@open_to(*MEMBERS)
def report(me: Enrolment, snapshot_id: str) -> ResponseReturnValue:
    return _page(me, looked_at(me, snapshot_id, Access.LOOKED))


def _page(me: Enrolment, result: Result, form: ShortenForm | TakeBackForm | None = None, place: int = -1) -> str:
    """With the form that was filled in wrongly, if one was."""
    is_mine = result.target.enrolment_id == me.id
    made = goals.made_of(db.session, result.target) if is_mine else {}
    return render(
        "review_results/report.html",
        me=me,
        result=result,
        is_mine=is_mine,
        may_release=reading.may_release(result.target, me),
        accesses=reading.accesses(db.session, result.snapshot, me),
        places=[(each, title_of(each)) for each in goals.places_for(db.session, me)] if is_mine else [],
        goals={key: page_of(goal) for key, goal in made.items()},
        take_back=form if isinstance(form, TakeBackForm) else TakeBackForm(formdata=None),
        shorten=form if isinstance(form, ShortenForm) else ShortenForm(formdata=None),
        place=place,
        wording=wording,
        has_pdf=paper.is_installed(),
        how_to_have_pdf=paper.HOW,
    )


@bp.post(f"{ONE}/release")
@open_to(*MEMBERS)
def release(me: Enrolment, snapshot_id: str) -> ResponseReturnValue:
    snapshot = to_release(me, snapshot_id)
    assert snapshot.target is not None
    try:
        released = freezing.release(db.session, snapshot.target, by=me, at=clock.now())
    except NotPossible:
        db.session.rollback()
        flash(_("The other side of this pair still answers. Both are released together."), "error")
        return redirect(address_of(snapshot, me))
    db.session.commit()
    flash(
        ngettext("Released: it can be read now.", "Both sides are released: they can be read now.", len(released)),
        "success",
    )
    return redirect(address_of(snapshot, me))


@bp.post(f"{ONE}/take-back")
@open_to(*MEMBERS)
def take_back(me: Enrolment, snapshot_id: str) -> ResponseReturnValue:
    """Nobody reads it any more; put together anew, it is held against what was seen."""
    snapshot, form = to_release(me, snapshot_id), TakeBackForm()
    if not form.validate_on_submit():
        return _page(me, result_of(me, snapshot_id), form), 422
    freezing.take_back(db.session, snapshot, form.why.data, by=me, at=clock.now())
    db.session.commit()
    flash(_("Taken back. Nobody can read it any more."), "success")
    assert snapshot.target is not None
    return redirect(_of_campaign(me, snapshot.target.campaign.public_id))


@bp.post(f"{ONE}/comments/<int:place>")
@open_to(Role.INSTRUCTOR)
def shorten(me: Enrolment, snapshot_id: str, place: int) -> ResponseReturnValue:
    """A name or an insult goes out of a comment."""
    result, form = result_of(me, snapshot_id), ShortenForm()
    if not form.validate_on_submit():
        return _page(me, result, form, place), 422
    try:
        shortening.shorten(db.session, result.snapshot, place, form.words.data.splitlines())
    except NotPossible:
        db.session.rollback()
        flash(_("It is released, so the comment was read as it is. Take the result back first."), "error")
        return redirect(address_of(result.snapshot, me))
    except shortening.NotThere:
        db.session.rollback()
        form.words.errors = [_("That does not stand in the comment. Copy the words exactly as they are written.")]
        return _page(me, result_of(me, snapshot_id), form, place), 422
    db.session.commit()
    flash(_("Taken out. The comment is marked as shortened."), "success")
    return redirect(address_of(result.snapshot, me))


@bp.post(f"{ONE}/goal")
@open_to(*MEMBERS)
def make_goal(me: Enrolment, snapshot_id: str) -> ResponseReturnValue:
    """A goal of mine, made of what a competency falls short of."""
    result = result_of(me, snapshot_id)
    competency = next((each for each in result.competencies if each.key == request.form.get("competency")), None)
    if result.target.enrolment_id != me.id or competency is None:
        abort(404)
    look = held_as_mine(me, request.form.get("mentorship", ""))
    if not goal_queries.may_set(look):
        abort(404)
    goal = goals.make(db.session, look, result.target, competency, at=look.at)
    db.session.commit()
    flash(_("It is a goal now. Put it in your own words, and choose by when."), "success")
    return redirect(page_of(goal))


@bp.errorhandler(Refusal)
def refuse(refusal: Refusal) -> ResponseReturnValue:
    """Nothing was done; the next page says why."""
    db.session.rollback()
    flash(refusal.sentence, "error")
    snapshot_id = (request.view_args or {}).get("snapshot_id", "")
    return redirect(url_for("review_results.report", course=g.me.course.public_id, snapshot_id=snapshot_id))


@bp.get(OF_CAMPAIGN)
@open_to(*MEMBERS)
def of_campaign(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    """Whose results there are, and which of them were released."""
    campaign = campaign_of_mine(me, campaign_id)
    among = mine(me, campaign)
    part = listed.part_of(db.session, campaign, among)
    found = db.session.scalars(
        select(ReportSnapshot)
        .where(ReportSnapshot.target_id.in_(part.ids), ReportSnapshot.revoked.is_(None))
        .options(joinedload(ReportSnapshot.target))
    )
    by_target = {each.target_id: each for each in found}
    return render(
        "review_results/of_campaign.html",
        me=me,
        campaign=campaign,
        part=part,
        lines=[(each, by_target.get(each.id)) for each in part.targets],
        numbers=many.numbers(db.session, among),
        has_pdf=paper.is_installed(),
        job=many.newest(db.session, campaign, me),
        archive=(archive := packing.newest(db.session, campaign, me)),
        is_packed=bool(packing.file_of(archive)),
    )


@bp.post(f"{OF_CAMPAIGN}/put-together")
@open_to(*MEMBERS)
def put_together(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    """Results that whoever releases them reads first."""
    campaign = campaign_of_mine(me, campaign_id)
    try:
        job = many.put_together(db.session, campaign, by=me, at=clock.now())
    except NotPossible:
        db.session.rollback()
        flash(_("The time to keep single answers is over, so no result can be put together any more."), "error")
        return redirect(_of_campaign(me, campaign.public_id))
    db.session.commit()
    if job is None:
        there = many.numbers(db.session, mine(me, campaign)).put_together
        flash(ngettext("One result can be read.", "%(num)d results can be read.", there), "success")
    return redirect(_of_campaign(me, campaign.public_id))


@bp.post(f"{OF_CAMPAIGN}/release")
@open_to(*MEMBERS)
def release_all(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    """All that I may release and that are closed."""
    campaign = campaign_of_mine(me, campaign_id)
    try:
        job = many.release(db.session, campaign, by=me, at=clock.now())
    except NotPossible:
        db.session.rollback()
        flash(_("Answers still come in, or are gone. Both sides of a pair are released together."), "error")
        return redirect(_of_campaign(me, campaign.public_id))
    db.session.commit()
    if job is None:
        there = many.numbers(db.session, mine(me, campaign)).put_together
        flash(ngettext("One result is released.", "%(num)d results are released.", there), "success")
    return redirect(_of_campaign(me, campaign.public_id))


def _of_campaign(me: Enrolment, campaign_id: str) -> str:
    return url_for("review_results.of_campaign", course=me.course.public_id, campaign_id=campaign_id)
