"""The page of a timeline, on which its people tick, move and add entries."""

from __future__ import annotations

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.mentorships.blueprint import ONE, bp, held_as_mine, mine
from mentoring.mentorships.days import day_of
from mentoring.mentorships.naming import names_of, title_of
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.sections import Look
from mentoring.mentorships.timeline import steps
from mentoring.mentorships.timeline.forms import EntryForm, MoveForm
from mentoring.mentorships.timeline.models import TimelineEntry
from mentoring.mentorships.timeline.reaching import entries_of
from mentoring.mentorships.timeline.section import detail, is_mine, page_of, seen_in
from mentoring.mentorships.timeline.words import done_by, title_of_entry
from mentoring.programs.choices import StepManner

MOST_ENTRIES = 100


@bp.get(f"{ONE}/timeline")
@open_to(*MEMBERS)
def timeline(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    return _page(mine(me, mentorship_id))


@bp.post(f"{ONE}/timeline")
@open_to(*MEMBERS)
def add_entry(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    form = EntryForm()
    form.at = look.at
    if not form.validate_on_submit():
        return _page(look, form), 422
    so_far = entries_of(db.session, look.mentorship)
    if not any(_is_same(entry, form) for entry in so_far):
        if len(so_far) >= MOST_ENTRIES:
            raise Refusal(_("A timeline holds 100 entries at most. Take one away that is not needed any more."))
        entry = TimelineEntry(mentorship=look.mentorship, title=form.title.data, due=form.due, by=look.mine)
        db.session.add(entry)
    db.session.commit()
    flash(_("It stands on your timeline."), "success")
    return redirect(page_of(look))


def _is_same(entry: TimelineEntry, form: EntryForm) -> bool:
    """Whether it stands there already: a form that is sent twice adds one."""
    return entry.is_own and entry.done is None and (entry.title, entry.due) == (form.title.data, form.due)


@bp.post(f"{ONE}/timeline/<entry_id>/done")
@open_to(*MEMBERS)
def tick_entry(me: Enrolment, mentorship_id: str, entry_id: str) -> ResponseReturnValue:
    """Tick an entry, or take the tick away."""
    look = held_as_mine(me, mentorship_id)
    entry = _entry(look, entry_id)
    if not entry.is_by_hand:
        raise Refusal(_("Nobody has to tick this: it is done as soon as it has happened."))
    assert look.mine is not None
    is_done = "done" in request.form
    if entry.manner is None:
        entry.tick(is_done, by=look.mine, at=look.at)
    else:
        steps.tick(db.session, look.mentorship, entry, is_done, by=look.mine, at=look.at)
    db.session.commit()
    return redirect(page_of(look))


@bp.post(f"{ONE}/timeline/<entry_id>/day")
@open_to(*MEMBERS)
def move_entry(me: Enrolment, mentorship_id: str, entry_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    entry = _entry(look, entry_id)
    if entry.done is not None:
        raise Refusal(_("This is done already, so it needs no other day."))
    form = _move_form(look, entry)
    if not form.validate_on_submit():
        return _page(look, wrong={entry.public_id: form}), 422
    entry.due = form.due
    db.session.commit()
    flash(_("Moved."), "success")
    return redirect(page_of(look))


@bp.post(f"{ONE}/timeline/<entry_id>/remove")
@open_to(*MEMBERS)
def remove_entry(me: Enrolment, mentorship_id: str, entry_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    entry = _entry(look, entry_id)
    if not entry.is_own:
        raise Refusal(_("This step belongs to the program and stays. Move it to another day instead."))
    db.session.delete(entry)
    db.session.commit()
    flash(_("Taken away."), "success")
    return redirect(page_of(look))


def _entry(look: Look, public_id: str) -> TimelineEntry:
    return next((each for each in seen_in(look) if each.public_id == public_id), None) or abort(404)


def _whose(look: Look, entry: TimelineEntry) -> str:
    """For whom a step of the program is, where it is not for all."""
    whose = steps.people_of(entry, look.mentorship)
    if entry.manner in (None, StepManner.TASK) or len(whose) == len(look.mentorship.people):
        return ""
    if [person.enrolment_id for person in whose] == [look.me.id]:
        return str(_("For you"))
    return str(_("For %(names)s", names=names_of(whose)))


def _has_done(look: Look, entry: TimelineEntry) -> bool:
    """Whether a tick of this visitor would take one away."""
    if entry.manner is None:
        return entry.done is not None
    return look.mine is not None and entry.mark_of(look.mine) is not None


def _move_form(look: Look, entry: TimelineEntry, *, is_sent: bool = True) -> MoveForm:
    """A form of its own for each entry, so that ids on the page are."""
    sent = {} if is_sent else {"formdata": None}
    form = MoveForm(prefix=entry.public_id, data={"day": day_of(entry.due)}, **sent)
    form.at = look.at
    return form


def _page(look: Look, form: EntryForm | None = None, wrong: dict[str, MoveForm] | None = None) -> str:
    entries, said = seen_in(look), wrong or {}
    return render(
        "mentorships/timeline.html",
        me=look.me,
        look=look,
        mentorship=look.mentorship,
        title=title_of(look.mentorship),
        entries=entries,
        moves={
            each.public_id: said.get(each.public_id) or _move_form(look, each, is_sent=False)
            for each in entries
            if each.done is None and look.can_write
        },
        title_of_entry=title_of_entry,
        detail=lambda entry: detail(entry, look.at),
        done_by=done_by,
        whose=lambda entry: _whose(look, entry),
        has_done=lambda entry: _has_done(look, entry),
        may_tick=lambda entry: entry.is_by_hand and (entry.manner is None or is_mine(entry, look)),
        form=form or EntryForm(formdata=None),
        wrong=form or next(iter(said.values()), None),
    )
