"""A campaign is drafted and changed: pages of instructors."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from mentoring.programs.cohorts import cohorts_of
from reviews.campaigns import arranging, labels, making
from reviews.campaigns.forms import CampaignForm, Whom, adjust_form, campaign_form
from reviews.campaigns.making import Design
from reviews.campaigns.models import Campaign, NotPossible
from reviews.campaigns.pages import CAMPAIGNS, OF_CAMPAIGN, address_of, bp, campaign_of
from reviews.campaigns.phases import Phase
from reviews.campaigns.rules import MENTOR, CampaignKind, ReleasedBy
from reviews.instruments import choosing
from reviews.instruments.content import InstrumentKind
from reviews.instruments.models import Instrument, InstrumentVersion
from reviews.instruments.ready_made import ReadyMade
from reviews.queries import campaigns_of


@bp.get(f"{CAMPAIGNS}/new")
@open_to(Role.INSTRUCTOR)
def new(me: Enrolment) -> ResponseReturnValue:
    kind = _kind()
    return _new_page(me, kind, _form(me, kind))


@bp.post(f"{CAMPAIGNS}/new")
@open_to(Role.INSTRUCTOR)
def make(me: Enrolment) -> ResponseReturnValue:
    kind, at = _kind(), clock.now()
    form = _form(me, kind)
    if not form.validate_on_submit():
        return _new_page(me, kind, form), 422
    design = _design(me, kind, form)
    campaign = making.make(db.session, me.course, design, by=me, at=at)
    added = _add_people(me, campaign, Whom(form.whom.data)) if "whom" in form and campaign.is_by_date else 0
    db.session.commit()
    flash(_made(added), "success")
    return redirect(address_of(campaign, me))


@bp.get(f"{OF_CAMPAIGN}/settings")
@open_to(Role.INSTRUCTOR)
def settings(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    campaign = campaign_of(me, campaign_id)
    if campaign.phase is Phase.DRAFT:
        return _settings_page(me, campaign, _form(me, campaign.kind, campaign))
    return _settings_page(me, campaign, adjust_form(campaign=campaign))


@bp.post(f"{OF_CAMPAIGN}/settings")
@open_to(Role.INSTRUCTOR)
def change(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    campaign = campaign_of(me, campaign_id)
    is_draft = campaign.phase is Phase.DRAFT
    form = _form(me, campaign.kind, campaign) if is_draft else adjust_form(campaign=campaign)
    if not form.validate_on_submit():
        return _settings_page(me, campaign, form), 422
    try:
        _change(me, campaign, form) if is_draft else _adjust(campaign, form)
    except making.TooLoose:
        db.session.rollback()
        form.means.errors = [
            *form.means.errors,
            _("Somebody has answered already, and was told these numbers. Ask for as many raters, or more."),
        ]
        return _settings_page(me, campaign, form), 422
    except NotPossible:
        db.session.rollback()
        flash(
            _("Somebody has moved the campaign on meanwhile. Look at it again, then change what still can be."), "error"
        )
        return redirect(address_of(campaign, me))
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(address_of(campaign, me))


@bp.post(f"{OF_CAMPAIGN}/removal")
@open_to(Role.INSTRUCTOR)
def throw_away(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    campaign = campaign_of(me, campaign_id)
    try:
        making.throw_away(db.session, campaign)
    except NotPossible:
        db.session.rollback()
        flash(_("People were asked already, so the campaign stays. You can close and archive it."), "error")
        return redirect(address_of(campaign, me))
    db.session.commit()
    flash(_("The draft is gone."), "success")
    return redirect(url_for("reviews.index", course=me.course.public_id))


def _change(me: Enrolment, campaign: Campaign, form: CampaignForm) -> None:
    making.change(db.session, campaign, _design(me, campaign.kind, form, campaign))


def _design(me: Enrolment, kind: CampaignKind, form: CampaignForm, campaign: Campaign | None = None) -> Design:
    """What the form says; mentors may be asked about their mentees with another instrument."""
    mentors = form.mentors_instrument.data if "mentors_instrument" in form else ""
    return form.design(
        kind,
        _version(me, form.instrument.data),
        groups=making.rules_of(campaign) if campaign else (),
        own_versions={MENTOR: _version(me, mentors)} if mentors else {},
        **_choices(me, campaign),
    )


def _adjust(campaign: Campaign, form: CampaignForm) -> None:
    making.adjust(
        db.session,
        campaign,
        title=" ".join(form.title.data.split()),
        released_by=ReleasedBy(form.released_by.data),
        thresholds=form.thresholds,
        retention_months=form.retention_months.data,
    )


def _kind() -> CampaignKind:
    wanted = request.args.get("kind", "")
    return next((kind for kind in CampaignKind if kind.value == wanted), CampaignKind.REVIEW)


def _choices(me: Enrolment, campaign: Campaign | None = None) -> dict[str, list[Any]]:
    rounds = [each for each in campaigns_of(db.session, me.course) if each is not campaign]
    return {"cohorts": list(cohorts_of(db.session, me.course)), "rounds": rounds}


def _form(me: Enrolment, kind: CampaignKind, campaign: Campaign | None = None) -> CampaignForm:
    found = choosing.offered(db.session, me.course, InstrumentKind(kind.value))
    instruments = {choosing.key_of(each): _called(each) for each in found}
    if campaign is not None:
        # One that was retired since stays what this campaign asks with.
        instruments.setdefault(choosing.key_of(campaign.version.instrument), campaign.version.instrument.name)
    choices = _choices(me, campaign)
    choices["rounds"] = [each for each in choices["rounds"] if each.kind is kind]
    return campaign_form(
        kind=kind, instruments=instruments, usual=choosing.usual(found), campaign=campaign, now=clock.now(), **choices
    )


def _called(instrument: Instrument | ReadyMade) -> str:
    if isinstance(instrument, Instrument):
        return instrument.name
    return str(_("%(name)s (comes with the tool)", name=instrument.name))


def _version(me: Enrolment, key: str) -> InstrumentVersion:
    version = choosing.version_for(db.session, me.course, key, at=clock.now())
    assert version is not None, "the form offers none that is not there"
    return version


def _add_people(me: Enrolment, campaign: Campaign, whom: Whom) -> int:
    people = arranging.people_for(db.session, campaign, whom.value)
    arranging.add_people(db.session, campaign, people, at=clock.now())
    return len(people)


def _made(added: int) -> str:
    if not added:
        return str(_("The campaign is a draft. Nobody is asked before you start it."))
    said = ngettext(
        "The campaign is a draft about %(num)d person. Nobody is asked before you start it.",
        "The campaign is a draft about %(num)d people. Nobody is asked before you start it.",
        added,
    )
    return str(said)


def _new_page(me: Enrolment, kind: CampaignKind, form: CampaignForm) -> str:
    return render("campaigns/new.html", me=me, kind=kind, form=form, labels=labels, kinds=list(CampaignKind))


def _settings_page(me: Enrolment, campaign: Campaign, form: CampaignForm) -> str:
    return render("campaigns/settings.html", me=me, campaign=campaign, form=form, labels=labels)
