"""The pages of a notebook: writing in it, reading and searching it, changing an entry, and taking it all along."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from lti_tool.paging import paging
from lti_tool.tables.downloads import download
from mentoring.together.notebook import queries, writing
from mentoring.together.notebook.blueprint import ALL, ONE, bp, only_themselves, own_entry
from mentoring.together.notebook.companions import Known, known_to
from mentoring.together.notebook.files import as_markdown, as_table
from mentoring.together.notebook.forms import EntryForm, entry_form
from mentoring.together.notebook.models import NotebookEntry
from mentoring.together.notebook.months import by_month

AT_ONCE = 20


@bp.get(ALL)
@open_to(*MEMBERS)
@only_themselves
def notebook(me: Enrolment) -> ResponseReturnValue:
    known = known_to(db.session, me)
    return _page(me, entry_form(known=known, is_sent=False))


@bp.post(ALL)
@open_to(*MEMBERS)
def write(me: Enrolment) -> ResponseReturnValue:
    form = entry_form(known=known_to(db.session, me))
    if not form.validate_on_submit():
        return _page(me, form), 422
    entry = writing.write(db.session, me.person, form.entry(), at=clock.now())
    db.session.commit()
    flash(_("Kept, and shared as you chose.") if entry.shared else _("Kept. Only you can read it."), "success")
    return _back(me)


@bp.get(ONE)
@open_to(*MEMBERS)
@only_themselves
def entry(me: Enrolment, notebook_entry_id: str) -> ResponseReturnValue:
    mine = own_entry(me, notebook_entry_id)
    return _entry_page(me, mine, entry_form(known=known_to(db.session, me), entry=mine, is_sent=False))


@bp.post(ONE)
@open_to(*MEMBERS)
def change(me: Enrolment, notebook_entry_id: str) -> ResponseReturnValue:
    mine = own_entry(me, notebook_entry_id, is_held=True)
    form = entry_form(known=known_to(db.session, me), entry=mine)
    if not form.validate_on_submit():
        return _entry_page(me, mine, form), 422
    writing.change(mine, form.entry(), at=clock.now())
    db.session.commit()
    flash(_("Changed."), "success")
    return _back(me)


@bp.post(f"{ONE}/unshare")
@open_to(*MEMBERS)
def unshare(me: Enrolment, notebook_entry_id: str) -> ResponseReturnValue:
    own_entry(me, notebook_entry_id, is_held=True).share(None, at=clock.now())
    db.session.commit()
    flash(_("Only you can read it from now on. Others may have read it before."), "success")
    return _back(me)


@bp.get(f"{ONE}/remove")
@open_to(*MEMBERS)
@only_themselves
def ask_to_remove(me: Enrolment, notebook_entry_id: str) -> ResponseReturnValue:
    return render("notebook/remove.html", me=me, entry=own_entry(me, notebook_entry_id))


@bp.post(f"{ONE}/remove")
@open_to(*MEMBERS)
def remove(me: Enrolment, notebook_entry_id: str) -> ResponseReturnValue:
    db.session.delete(own_entry(me, notebook_entry_id, is_held=True))
    db.session.commit()
    flash(_("Deleted."), "success")
    return _back(me)


@bp.get(f"{ALL}/text")
@open_to(*MEMBERS)
@only_themselves
def as_text(me: Enrolment) -> ResponseReturnValue:
    """All of it as Markdown, which every editor opens as plain text too."""
    entries = queries.newest(db.session, queries.mine(me.person))
    return Response(
        as_markdown(me, entries, _by_row(known_to(db.session, me))),
        content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="notebook.md"'},
    )


@bp.get(f"{ALL}/table")
@open_to(*MEMBERS)
@only_themselves
def as_csv(me: Enrolment) -> ResponseReturnValue:
    entries = queries.newest(db.session, queries.mine(me.person))
    return download(as_table(entries, _by_row(known_to(db.session, me))), "notebook.csv")


def _page(me: Enrolment, form: EntryForm) -> str:
    search = request.args.get("q", "").strip()[: queries.LONGEST_SEARCH]
    mine = queries.mine(me.person, search)
    page = paging(queries.count(db.session, mine), AT_ONCE)
    return render(
        "notebook/notebook.html",
        me=me,
        form=form,
        months=by_month(queries.newest(db.session, mine, AT_ONCE, page.first)),
        known=_by_row(form.known),
        search=search,
        page=page,
    )


def _entry_page(me: Enrolment, entry: NotebookEntry, form: EntryForm) -> str:
    return render("notebook/entry.html", me=me, entry=entry, form=form, known=_by_row(form.known))


def _by_row(known: Sequence[Known]) -> dict[int, Known]:
    return {each.mentorship.id: each for each in known}


def _back(me: Enrolment) -> ResponseReturnValue:
    return redirect(url_for(".notebook", course=me.course.public_id))
