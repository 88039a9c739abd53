"""Mentors by a table: bring it, look at what it does, save it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.tables.downloads import download
from lti_tool.tables.forms import ApplyForm, TableForm
from lti_tool.tables.previews import Preview, Sheet
from lti_tool.tables.reading import Unreadable
from lti_tool.tables.sealing import sealed, unsealed
from mentoring.participants import listing
from mentoring.participants.models import MOST_PLACES
from mentoring.participants.queries import class_of
from mentoring.participants.views import bp, default_capacity
from mentoring.programs.starting import current, ensure

__all__ = ["bp"]
WHAT = "mentors with kinds"
"""What is sealed into a page; another name when what stands in it changes its form."""


@bp.get("/courses/<course>/mentoring/mentors/table")
@open_to(Role.INSTRUCTOR)
def bring(me: Enrolment) -> ResponseReturnValue:
    return render("tables/bring.html", me=me, form=TableForm(), sheet=_sheet(me))


@bp.post("/courses/<course>/mentoring/mentors/table")
@open_to(Role.INSTRUCTOR)
def look(me: Enrolment) -> ResponseReturnValue:
    form = TableForm()
    if not form.validate_on_submit():
        return render("tables/bring.html", me=me, form=form, sheet=_sheet(me)), 422
    try:
        preview = listing.look(form.content(), _mentors(me))
    except Unreadable as unreadable:
        form.refuse(unreadable)
        return render("tables/bring.html", me=me, form=form, sheet=_sheet(me)), 422
    return _preview(me, preview, ApplyForm()), preview.status


@bp.post("/courses/<course>/mentoring/mentors/table/save")
@open_to(Role.INSTRUCTOR)
def save_table(me: Enrolment) -> ResponseReturnValue:
    form = ApplyForm()
    changes = unsealed(form.rows.data or "", what=WHAT, me=me)
    if not form.validate_on_submit() or not changes:
        form.say_it_is_over()
        return _preview(me, Preview(()), form), 422
    cohort = ensure(db.session, me.course, at=clock.now())
    preview = listing.save(db.session, cohort, changes, at=clock.now())
    if not preview.is_of(changes):
        form.say_it_changed()
        return _preview(me, preview, form), 422
    db.session.commit()
    flash(ngettext("Saved one row of the table.", "Saved %(num)d rows of the table.", len(changes)), "success")
    return redirect(url_for(".mentors", course=me.course.public_id))


@bp.get("/courses/<course>/mentoring/mentors/table.csv")
@open_to(Role.INSTRUCTOR)
def download_table(me: Enrolment) -> ResponseReturnValue:
    rows = class_of(db.session, me.course, current(db.session, me.course))
    return download(listing.as_table(rows), "mentors.csv")


def _preview(me: Enrolment, preview: Preview, form: ApplyForm) -> str:
    form.rows.data = sealed(preview.changes, what=WHAT, me=me)
    return render("tables/preview.html", me=me, form=form, preview=preview, sheet=_sheet(me))


def _mentors(me: Enrolment) -> listing.Mentors:
    cohort = current(db.session, me.course)
    kinds = [(kind.key, kind.label) for kind in cohort.version.kinds] if cohort else [("mentor", _("Mentor"))]
    return listing.Mentors(class_of(db.session, me.course, cohort), kinds, default_capacity(cohort))


def _sheet(me: Enrolment) -> Sheet:
    course = me.course.public_id
    return Sheet(
        title=_("Add mentors by a table"),
        intro=_(
            "Whoever stands in the table mentors, with the places it says. Whoever does not stand in it stays as they "
            "are."
        ),
        columns=[
            ("mail", _("Their mail, as your learning platform knows it.")),
            ("name", _("Their full name, where the mail is missing or withheld and nobody else is called that.")),
            (
                "places",
                _(
                    "From 1 to %(most)d. Empty: who mentors already keeps their number, others get %(default)d.",
                    most=MOST_PLACES,
                    default=default_capacity(current(db.session, me.course)),
                ),
            ),
            (
                "kinds",
                _("May be left out. Kinds of mentor, with semicolons between them. Empty: everybody keeps theirs."),
            ),
        ],
        example="name,mail,places\nMaya Okafor,maya@example.org,3\nTariq Aziz,,2",
        look_url=url_for(".look", course=course),
        save_url=url_for(".save_table", course=course),
        back_url=url_for(".mentors", course=course),
        download_url=url_for(".download_table", course=course),
    )
