"""The page where somebody says who may know them by their mail address."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.outgoing.http import host_of
from lti_tool.pages import render
from lti_tool.panels import Card, NextStep, Urgency
from xapi.consent.saying import NobodyAsks, answer, questions_to

bp = Blueprint("mail_consent", __name__, template_folder="templates")
HERE = "/courses/<course>/learning-records"


@bp.get(HERE)
@open_to(*Role)
def show(me: Enrolment) -> ResponseReturnValue:
    asked = questions_to(db.session, me)
    return render("consent/mine.html", me=me, questions=asked, hosts={each.store: host_of(each.url) for each in asked})


@bp.post(HERE)
@open_to(*Role)
def say(me: Enrolment) -> ResponseReturnValue:
    """Yes only where it says yes."""
    is_given = request.form.get("answer") == "yes"
    try:
        answer(db.session, me, request.form.get("store", ""), is_given=is_given, at=clock.now())
    except NobodyAsks:
        flash(_("Nobody asks for this any more. See below who does."), "error")
        return redirect(url_for(".show", course=me.course.public_id))
    db.session.commit()
    if is_given:
        flash(_("Saved. From now on you are known there by your mail address."), "success")
    else:
        flash(_("Saved. From now on you are not known there by your mail address."), "success")
    return redirect(url_for(".show", course=me.course.public_id))


def card(me: Enrolment) -> Card | None:
    """Who asks; who has answered finds the way back here."""
    asked = questions_to(db.session, me)
    if not asked:
        return None
    url = url_for("mail_consent.show", course=me.course.public_id)
    open_ones = [each for each in asked if each.is_given is None]
    step = None
    if open_ones:
        sentence = _("%(store)s asks whether it may know you by your mail address.", store=open_ones[0].label)
        step = NextStep(sentence=sentence, label=_("Decide"), url=url)
    return Card(
        title=_("Your mail address elsewhere"),
        template="consent/_card.html",
        context={"questions": asked, "url": url},
        urgency=Urgency.QUIET,
        next_step=step,
    )
