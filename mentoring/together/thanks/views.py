"""The pages of thanks: writing one in a mentorship, and keeping those one has received."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.mentorships.blueprint import ONE, held_to_look, look_at, once_shown, refuse
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.sections import Look
from mentoring.participants.models import Participant
from mentoring.together.thanks import queries
from mentoring.together.thanks.forms import ThanksForm, thanks_form
from mentoring.together.thanks.models import Thanks
from mentoring.together.thanks.thanking import is_open, thank, whom

bp = Blueprint("thanks", __name__, template_folder="templates")
bp.register_error_handler(Refusal, refuse)

MINE = "/courses/<course>/mentoring/thanks"
ONE_OF_MINE = f"{MINE}/<thanks_id>"


@bp.get(f"{ONE}/thanks")
@open_to(*MEMBERS)
def new(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    """For whoever belongs to it, or did when it was completed."""
    look = look_at(me, once_shown(me, mentorship_id))
    people = _whom(look)
    return _page(look, people, thanks_form(whom=people))


@bp.post(f"{ONE}/thanks")
@open_to(*MEMBERS)
def give(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = look_at(me, held_to_look(me, mentorship_id))
    people = _whom(look)
    form = thanks_form(whom=people)
    if not form.validate_on_submit():
        return _page(look, people, form), 422
    to = next(each for each in people if form.to is None or each.public_id == form.to.data)
    by = look.mine
    assert by is not None
    thank(db.session, look.mentorship, to, form.words.words, by=by, at=look.at)
    db.session.commit()
    flash(_("Your thanks are with %(name)s.", name=to.name), "success")
    page = "mentorships.mentorship" if look.mentorship.is_standing else "closure.closing"
    return redirect(url_for(page, course=me.course.public_id, mentorship_id=look.mentorship.public_id))


@bp.get(MINE)
@open_to(*MEMBERS)
def received(me: Enrolment) -> ResponseReturnValue:
    return render("thanks/received.html", me=me, thanks=queries.received(db.session, me))


@bp.post(f"{ONE_OF_MINE}/show")
@open_to(*MEMBERS)
def show(me: Enrolment, thanks_id: str) -> ResponseReturnValue:
    """Let instructors read it, or not any more."""
    mine = _held(me, thanks_id)
    mine.is_shown = "shown" in request.form
    db.session.commit()
    flash(
        _("Your instructors may read it now.") if mine.is_shown else _("Nobody but you reads it any more."), "success"
    )
    return redirect(url_for(".received", course=me.course.public_id))


@bp.post(f"{ONE_OF_MINE}/remove")
@open_to(*MEMBERS)
def remove(me: Enrolment, thanks_id: str) -> ResponseReturnValue:
    db.session.delete(_held(me, thanks_id))
    db.session.commit()
    flash(_("Taken away."), "success")
    return redirect(url_for(".received", course=me.course.public_id))


def _held(me: Enrolment, thanks_id: str) -> Thanks:
    """One of mine, while nobody else changes it; a 404 for everybody else's."""
    db.session.scalar(select(Participant.id).where(Participant.enrolment_id == me.id).with_for_update())
    return queries.one(db.session, me, thanks_id) or abort(404)


def _whom(look: Look) -> list[Participant]:
    if look.mine is None or not is_open(look.mentorship, look.at):
        abort(404)
    return list(whom(look.mentorship, look.mine)) or abort(404)


def _page(look: Look, people: list[Participant], form: ThanksForm) -> str:
    return render("thanks/new.html", me=look.me, mentorship=look.mentorship, people=people, form=form)
