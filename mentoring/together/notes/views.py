"""The pages of a mentorship's notes: all of them with a form for one more, and one of mine to change or take away."""

from __future__ import annotations

from flask import abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from lti_tool.paging import paging
from mentoring.mentorships.naming import title_of
from mentoring.mentorships.sections import Look
from mentoring.together.notes import queries, writing
from mentoring.together.notes.blueprint import (
    ALL,
    ONE,
    bp,
    held_to_take_away,
    held_to_write,
    look_back_at,
    own_note,
)
from mentoring.together.notes.forms import NoteForm, note_form
from mentoring.together.notes.models import Note, Visibility
from mentoring.together.notes.wording import readers, who_sees

AT_ONCE = 25


@bp.get(ALL)
@open_to(*MEMBERS)
def index(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = look_back_at(me, mentorship_id)
    return _page(look, note_form(look=look, is_sent=False))


@bp.post(ALL)
@open_to(*MEMBERS)
def write(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = held_to_write(me, mentorship_id)
    form = note_form(look=look)
    if not form.validate_on_submit():
        return _page(look, form), 422
    note = writing.write(db.session, look.mentorship, form.text.words, form.chosen, by=me, at=look.at)
    db.session.commit()
    flash(_("Kept. Who reads it: %(who)s.", who=readers(note.visibility, look)), "success")
    return _back(look)


@bp.get(ONE)
@open_to(*MEMBERS)
def note(me: Enrolment, mentorship_id: str, note_id: str) -> ResponseReturnValue:
    look = look_back_at(me, mentorship_id)
    mine = own_note(look, note_id)
    if not look.mentorship.is_standing:
        abort(404)
    return _note_page(look, mine, note_form(look=look, note=mine, is_sent=False))


@bp.post(ONE)
@open_to(*MEMBERS)
def change(me: Enrolment, mentorship_id: str, note_id: str) -> ResponseReturnValue:
    look = held_to_write(me, mentorship_id)
    mine = own_note(look, note_id)
    form, was = note_form(look=look, note=mine), mine.visibility
    if not form.validate_on_submit():
        return _note_page(look, mine, form), 422
    mine.say(form.text.words, form.chosen, at=look.at)
    db.session.commit()
    flash(_changed(was, mine.visibility), "success")
    return _back(look)


@bp.get(f"{ONE}/remove")
@open_to(*MEMBERS)
def ask_to_remove(me: Enrolment, mentorship_id: str, note_id: str) -> ResponseReturnValue:
    look = look_back_at(me, mentorship_id)
    return render("notes/remove.html", me=me, look=look, mentorship=look.mentorship, note=own_note(look, note_id))


@bp.post(f"{ONE}/remove")
@open_to(*MEMBERS)
def remove(me: Enrolment, mentorship_id: str, note_id: str) -> ResponseReturnValue:
    """One's own words can be taken away when it is over, too."""
    look = held_to_take_away(me, mentorship_id)
    db.session.delete(own_note(look, note_id))
    db.session.commit()
    flash(_("Deleted."), "success")
    return _back(look)


def _changed(was: Visibility, becomes: Visibility) -> str:
    if writing.narrows(was, becomes):
        return str(_("Changed. Fewer people read it from now on; they may have read it before."))
    return str(_("Changed."))


def _page(look: Look, form: NoteForm) -> str:
    among = queries.shared_in(look) if g.is_acted else queries.all_in(look)
    page = paging(queries.count(db.session, among), AT_ONCE)
    return render(
        "notes/all.html",
        me=look.me,
        look=look,
        mentorship=look.mentorship,
        title=title_of(look.mentorship),
        can_write=look.mentorship.is_standing,
        is_there=look.me.is_instructor or look.mentorship.is_standing,
        form=form,
        notes=queries.newest(db.session, among, AT_ONCE, page.first),
        page=page,
        readers=lambda note: readers(note.visibility, look),
        who_sees_it=who_sees(look),
    )


def _note_page(look: Look, note: Note, form: NoteForm) -> str:
    return render(
        "notes/note.html",
        me=look.me,
        look=look,
        mentorship=look.mentorship,
        note=note,
        form=form,
        read_by=readers(note.visibility, look),
    )


def _back(look: Look) -> ResponseReturnValue:
    mentorship = look.mentorship.public_id
    return redirect(url_for(".index", course=look.me.course.public_id, mentorship_id=mentorship))
