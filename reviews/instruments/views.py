"""The pages on which instructors look at instruments, take over ready-made ones and change their own, part by part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from reviews.instruments import editing, forms, queries, versions, wording
from reviews.instruments.checking import faults
from reviews.instruments.content import Competency, Content, Profile
from reviews.instruments.forms import PartForm
from reviews.instruments.models import Instrument
from reviews.instruments.ready_made import ready_made

bp = Blueprint("instruments", __name__, template_folder="templates")
ALL = "/courses/<course>/reviews/instruments/"
ONE = f"{ALL}<instrument_id>"


@bp.get(ALL)
@open_to(Role.INSTRUCTOR)
def index(me: Enrolment) -> ResponseReturnValue:
    return _index(me, forms.NewForm(formdata=None))


def _index(me: Enrolment, form: forms.NewForm) -> str:
    return render(
        "instruments/index.html",
        me=me,
        form=form,
        instruments=queries.instruments_of(db.session, me.course),
        used=queries.times_used(db.session, me.course),
        ready_made=ready_made().values(),
        kinds=wording.KINDS,
    )


@bp.get(f"{ALL}ready-made/<key>")
@open_to(Role.INSTRUCTOR)
def look(me: Enrolment, key: str) -> ResponseReturnValue:
    """One that comes with the tool, before it is taken over."""
    chosen = ready_made().get(key) or abort(404)
    return render("instruments/ready_made.html", me=me, chosen=chosen, content=chosen.content, words=wording)


@bp.post(f"{ALL}ready-made/<key>")
@open_to(Role.INSTRUCTOR)
def take(me: Enrolment, key: str) -> ResponseReturnValue:
    chosen = ready_made().get(key) or abort(404)
    instrument = versions.take_over(db.session, me.course, chosen, at=clock.now())
    db.session.commit()
    flash(_("%(name)s is yours now. Change what you like; the one that comes with the tool stays.", name=chosen.name))
    return _to(me, instrument)


@bp.post(ALL)
@open_to(Role.INSTRUCTOR)
def add(me: Enrolment) -> ResponseReturnValue:
    form = forms.NewForm()
    if not form.validate_on_submit():
        return _index(me, form), 422
    at, said = clock.now(), form.name.data
    instrument = versions.make(db.session, me.course, form.wanted, said, editing.blank(form.wanted), by=me, at=at)
    db.session.commit()
    return redirect(url_for(".competency", course=me.course.public_id, instrument_id=instrument.public_id, key="new"))


@bp.get(ONE)
@open_to(Role.INSTRUCTOR)
def instrument(me: Enrolment, instrument_id: str) -> ResponseReturnValue:
    found = instrument_of(me, instrument_id)
    content = found.newest.said
    return render(
        "instruments/instrument.html",
        me=me,
        instrument=found,
        version=found.newest,
        content=content,
        faults=faults(content),
        used=queries.times_used(db.session, me.course).get(found.id, 0),
        words=wording,
    )


@bp.post(f"{ONE}/copy")
@open_to(Role.INSTRUCTOR)
def copy(me: Enrolment, instrument_id: str) -> ResponseReturnValue:
    found, at = instrument_of(me, instrument_id), clock.now()
    name = _("Copy of %(name)s", name=found.name)[:200]
    made = versions.make(db.session, me.course, found.kind, name, found.newest.said, by=me, at=at)
    db.session.commit()
    return _to(me, made)


@bp.post(f"{ONE}/retire")
@open_to(Role.INSTRUCTOR)
def retire(me: Enrolment, instrument_id: str) -> ResponseReturnValue:
    """No longer offered, or offered again; campaigns that ask with it go on."""
    found = instrument_of(me, instrument_id)
    found.is_retired = not found.is_retired
    db.session.commit()
    return _to(me, found)


@bp.route(f"{ONE}/about", methods=["GET", "POST"])
@open_to(Role.INSTRUCTOR)
def about(me: Enrolment, instrument_id: str) -> ResponseReturnValue:
    found = instrument_of(me, instrument_id)
    content = found.newest.said
    form = forms.about_form(name=found.name, content=content, seen=editing.stamp(content))

    def change(content: Content) -> Content:
        found.name = form.name.data
        return form.changed(content)

    return _part(me, found, form, "about", _("Name and introduction"), change)


@bp.route(f"{ONE}/scale", methods=["GET", "POST"])
@open_to(Role.INSTRUCTOR)
def scale(me: Enrolment, instrument_id: str) -> ResponseReturnValue:
    found = instrument_of(me, instrument_id)
    content = found.newest.said
    form = forms.scale_form(content=content, seen=editing.stamp(content))
    return _part(me, found, form, "scale", _("Scale"), form.changed)


@bp.route(f"{ONE}/questions", methods=["GET", "POST"])
@open_to(Role.INSTRUCTOR)
def questions(me: Enrolment, instrument_id: str) -> ResponseReturnValue:
    found = instrument_of(me, instrument_id)
    content = found.newest.said
    form = forms.questions_form(questions=content.questions, seen=editing.stamp(content))
    return _part(me, found, form, "questions", _("Open questions"), form.changed)


@bp.route(f"{ONE}/competencies/<key>", methods=["GET", "POST"])
@open_to(Role.INSTRUCTOR)
def competency(me: Enrolment, instrument_id: str, key: str) -> ResponseReturnValue:
    """One of them, or a new one under `new`."""
    found = instrument_of(me, instrument_id)
    content = found.newest.said
    before = None if key == "new" else _competency(content, key)
    form = forms.competency_form(competency=before, seen=editing.stamp(content))
    title = before.name if before else _("A new competency")

    def change(content: Content) -> Content:
        there = None if before is None else _competency(content, key)
        return editing.with_competency(content, form.competency(content, there))

    return _part(me, found, form, "competency", title, change)


@bp.post(f"{ONE}/competencies/<key>/move")
@open_to(Role.INSTRUCTOR)
def move(me: Enrolment, instrument_id: str, key: str) -> ResponseReturnValue:
    by = -1 if request.form.get("to") == "earlier" else 1
    return _changed(me, instrument_id, lambda content: editing.moved(content, _competency(content, key).key, by))


@bp.post(f"{ONE}/remove")
@open_to(Role.INSTRUCTOR)
def remove(me: Enrolment, instrument_id: str) -> ResponseReturnValue:
    """A competency or a target profile."""
    key = request.form.get("key", "")
    return _changed(me, instrument_id, lambda content: editing.without(content, key))


@bp.route(f"{ONE}/profiles/<key>", methods=["GET", "POST"])
@open_to(Role.INSTRUCTOR)
def profile(me: Enrolment, instrument_id: str, key: str) -> ResponseReturnValue:
    """What a position asks: one of them, or a new one under `new`."""
    found = instrument_of(me, instrument_id)
    content = found.newest.said
    before = None if key == "new" else _profile(content, key)
    form = forms.profile_form(content=content, profile=before, seen=editing.stamp(content))
    title = before.position if before else _("A new target profile")

    def change(content: Content) -> Content:
        return editing.with_profile(content, form.profile(content, before))

    return _part(me, found, form, "profile", title, change, levels=form.levels(content))


def instrument_of(me: Enrolment, instrument_id: str) -> Instrument:
    """One of my course's, or a 404."""
    return queries.instrument_of(db.session, me.course, instrument_id) or abort(404)


def _competency(content: Content, key: str) -> Competency:
    return next((each for each in content.competencies if each.key == key), None) or abort(404)


def _profile(content: Content, key: str) -> Profile:
    return content.profile(key) or abort(404)


def _part(
    me: Enrolment,
    found: Instrument,
    form: PartForm,
    part: str,
    title: str,
    change: Callable[[Content], Content],
    **more: Any,
) -> ResponseReturnValue:
    """Show the form of a part, or save it: in place while nobody is asked with it, else as the next version."""

    def page() -> str:
        return render(f"instruments/parts/{part}.html", me=me, instrument=found, form=form, title=title, **more)

    if request.method == "GET":
        return page()
    if "more" in request.form:
        form.one_more()
        return page()
    if not form.validate_on_submit():
        return page(), 422
    content = found.newest.said
    if form.seen.data != editing.stamp(content):
        sentence = _(
            "Somebody else has changed the instrument while you were writing, so yours is not saved yet."
            " Open it in another tab, see what changed, and save here again if yours is right."
        )
        form.form_errors.append(sentence)
        form.seen.data = editing.stamp(content)
        return page(), 409
    versions.change(db.session, found, change(content), by=me, at=clock.now())
    db.session.commit()
    return _to(me, found)


def _changed(me: Enrolment, instrument_id: str, change: Callable[[Content], Content]) -> ResponseReturnValue:
    found = instrument_of(me, instrument_id)
    versions.change(db.session, found, change(found.newest.said), by=me, at=clock.now())
    db.session.commit()
    return _to(me, found)


def _to(me: Enrolment, found: Instrument) -> ResponseReturnValue:
    return redirect(url_for(".instrument", course=me.course.public_id, instrument_id=found.public_id))
