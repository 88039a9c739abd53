"""The pages of what I was told in this course, and of what I wish to be mailed."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select, update

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.notifying import showing, unsubscribing
from lti_tool.notifying.forms import ChoicesForm, choices_form
from lti_tool.notifying.kinds import all_kinds
from lti_tool.notifying.models import PersonalNotice
from lti_tool.notifying.wishes import choices_of, choose
from lti_tool.outgoing.mail_settings import mail_address
from lti_tool.pages import render
from lti_tool.paging import beginning

bp = Blueprint("notices", __name__)
AT_ONCE = 50
"""Notices on one page."""


@bp.get("/courses/<course>/notices")
@open_to(*Role)
def index(me: Enrolment) -> ResponseReturnValue:
    found, unread = showing.count(db.session, me)
    first = beginning(found, AT_ONCE)
    return render(
        "notices/index.html",
        me=me,
        notices=showing.page_of(db.session, me, first=first, most=AT_ONCE),
        found=found,
        unread=unread,
        first=first,
        at_once=AT_ONCE,
    )


@bp.post("/courses/<course>/notices/<notice_id>/open")
@open_to(*Role)
def open_notice(me: Enrolment, notice_id: str) -> ResponseReturnValue:
    """Mark it as read and go where it leads."""
    notice = my_notice(me, notice_id)
    notice.read = notice.read or clock.now()
    db.session.commit()
    return redirect(notice.path or url_for(".index", course=me.course.public_id), 303)


@bp.post("/courses/<course>/notices/read")
@open_to(*Role)
def read_all(me: Enrolment) -> ResponseReturnValue:
    mine = update(PersonalNotice).where(PersonalNotice.enrolment_id == me.id, PersonalNotice.read.is_(None))
    db.session.execute(mine.values(read=clock.now()))
    db.session.commit()
    flash(_("All notices are marked as read."), "success")
    return redirect(url_for(".index", course=me.course.public_id))


@bp.get("/courses/<course>/notices/settings")
@open_to(*Role)
def settings(me: Enrolment) -> ResponseReturnValue:
    return _settings_page(me, _form(me))


@bp.post("/courses/<course>/notices/settings")
@open_to(*Role)
def save_settings(me: Enrolment) -> ResponseReturnValue:
    form = _form(me)
    if not form.validate_on_submit():
        return _settings_page(me, form), 422
    choose(db.session, me.person, form.choices())
    db.session.commit()
    flash(_("Saved. It holds in all your courses on this learning platform."), "success")
    return redirect(url_for(".settings", course=me.course.public_id))


@bp.post("/courses/<course>/notices/settings/revoke")
@open_to(*Role)
def revoke(me: Enrolment) -> ResponseReturnValue:
    unsubscribing.revoke_all(db.session, me.person, at=clock.now())
    db.session.commit()
    flash(_("The links in earlier mails stop nothing any more. Further mails bring new ones."), "success")
    return redirect(url_for(".settings", course=me.course.public_id))


def my_notice(me: Enrolment, notice_id: str) -> PersonalNotice:
    """A notice of mine, or a 404: nobody learns what others were told."""
    mine = select(PersonalNotice).where(PersonalNotice.enrolment_id == me.id, PersonalNotice.public_id == notice_id)
    return db.session.scalar(mine) or abort(404)


def _form(me: Enrolment) -> ChoicesForm:
    return choices_form(kinds=all_kinds(), person=me.person, now=choices_of(db.session, me.person))


def _settings_page(me: Enrolment, form: ChoicesForm) -> str:
    has_address = mail_address(me.person.email) is not None
    return render("notices/settings.html", me=me, form=form, kinds=all_kinds(), has_address=has_address)
