"""The rater groups of a draft: a page of instructors."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from reviews.campaigns import arranging, labels, making
from reviews.campaigns.group_forms import GroupsForm, groups_form, key_of, known_rules
from reviews.campaigns.models import Campaign, NotPossible
from reviews.campaigns.pages import OF_CAMPAIGN, address_of, bp, campaign_of
from reviews.wording import group_name


@bp.get(f"{OF_CAMPAIGN}/groups")
@open_to(Role.INSTRUCTOR)
def groups(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    found = campaign_of(me, campaign_id)
    return _page(me, found, groups_form(campaign=found))


@bp.post(f"{OF_CAMPAIGN}/groups")
@open_to(Role.INSTRUCTOR)
def save_groups(me: Enrolment, campaign_id: str) -> ResponseReturnValue:
    found = campaign_of(me, campaign_id)
    form = groups_form(campaign=found)
    if not form.validate_on_submit():
        return _page(me, found, form), 422
    try:
        making.change_groups(db.session, found, form.rules(known_rules(found)))
    except NotPossible:
        db.session.rollback()
        flash(_("People were asked already, so the groups stay as they are."), "error")
        return redirect(address_of(found, me))
    arranging.ask_known(
        db.session, found, {each: each.enrolment for each in found.targets if each.enrolment}, at=clock.now()
    )
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for(".groups", course=me.course.public_id, campaign_id=found.public_id))


def _page(me: Enrolment, found: Campaign, form: GroupsForm) -> str:
    names = {rule.key: group_name(rule.key, rule.label) for rule in known_rules(found)}
    return render("campaigns/groups.html", me=me, campaign=found, form=form, names=names, key_of=key_of, labels=labels)
