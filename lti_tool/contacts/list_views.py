"""Managers by a table: bring it, look at what it does, save it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.contacts import listing
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.roster.people import bp
from lti_tool.tables.downloads import download
from lti_tool.tables.forms import ApplyForm, TableForm
from lti_tool.tables.previews import Preview, Sheet
from lti_tool.tables.reading import Unreadable
from lti_tool.tables.sealing import sealed, unsealed

__all__ = ["bp"]
WHAT = "managers"


@bp.get("/courses/<course>/people/managers/table")
@open_to(Role.INSTRUCTOR)
def bring_managers(me: Enrolment) -> ResponseReturnValue:
    return render("tables/bring.html", me=me, form=TableForm(), sheet=_sheet(me))


@bp.post("/courses/<course>/people/managers/table")
@open_to(Role.INSTRUCTOR)
def look_at_managers(me: Enrolment) -> ResponseReturnValue:
    form = TableForm()
    if not form.validate_on_submit():
        return render("tables/bring.html", me=me, form=form, sheet=_sheet(me)), 422
    try:
        preview = listing.look(db.session, form.content(), by=me)
    except Unreadable as unreadable:
        form.refuse(unreadable)
        return render("tables/bring.html", me=me, form=form, sheet=_sheet(me)), 422
    return _preview(me, preview, ApplyForm()), preview.status


@bp.post("/courses/<course>/people/managers/table/save")
@open_to(Role.INSTRUCTOR)
def save_managers(me: Enrolment) -> ResponseReturnValue:
    form = ApplyForm()
    changes = unsealed(form.rows.data or "", what=WHAT, me=me)
    if not form.validate_on_submit() or not changes:
        form.say_it_is_over()
        return _preview(me, Preview(()), form), 422
    preview = listing.save(db.session, changes, by=me, at=clock.now())
    if not preview.is_of(changes):
        form.say_it_changed()
        return _preview(me, preview, form), 422
    db.session.commit()
    flash(ngettext("Saved one row of the table.", "Saved %(num)d rows of the table.", len(changes)), "success")
    return redirect(url_for(".managers", course=me.course.public_id))


@bp.get("/courses/<course>/people/managers/table.csv")
@open_to(Role.INSTRUCTOR)
def download_managers(me: Enrolment) -> ResponseReturnValue:
    return download(listing.as_table(listing.Reporting.of(db.session, me.course)), "managers.csv")


def _preview(me: Enrolment, preview: Preview, form: ApplyForm) -> str:
    form.rows.data = sealed(preview.changes, what=WHAT, me=me)
    return render("tables/preview.html", me=me, form=form, preview=preview, sheet=_sheet(me))


def _sheet(me: Enrolment) -> Sheet:
    course = me.course.public_id
    return Sheet(
        title=_("Managers by a table"),
        intro=_(
            "Each row says who somebody's manager is: somebody of this course, or somebody outside by name and mail. "
            "Whoever does not stand in the table stays as they are."
        ),
        columns=[
            ("mail", _("The person's mail, as your learning platform knows it.")),
            (
                "name",
                _("The person's full name, where the mail is missing or withheld and nobody else is called that."),
            ),
            ("manager mail", _("The manager's mail.")),
            ("manager name", _("The manager's full name; a manager who is not in the course needs both.")),
        ],
        example="name,mail,manager name,manager mail\nLeo Baum,leo@example.org,Vera Stein,vera@example.org\n"
        "Zoe Lind,,Maya Okafor,",
        look_url=url_for(".look_at_managers", course=course),
        save_url=url_for(".save_managers", course=course),
        back_url=url_for(".managers", course=course),
        download_url=url_for(".download_managers", course=course),
    )
