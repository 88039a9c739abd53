"""The page on which instructors say who mentors."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.paging import searched
from lti_tool.roster import groups
from mentoring.names import answers_to, in_sentence
from mentoring.participants.forms import ClassForm, EverybodyForm, class_form, everybody_form, people_sent
from mentoring.participants.offering import Offering, RefusedOffering, let_everybody, offer
from mentoring.participants.queries import ClassRow, class_of
from mentoring.programs.models import DEFAULT_CAPACITY, Cohort
from mentoring.programs.starting import current, ensure

bp = Blueprint("participants", __name__, template_folder="templates")


@bp.get("/courses/<course>/mentoring/mentors")
@open_to(Role.INSTRUCTOR)
def mentors(me: Enrolment) -> ResponseReturnValue:
    cohort = current(db.session, me.course)
    rows = class_of(db.session, me.course, cohort)
    return _page(me, class_form(rows=_shown(me, rows), default_capacity=default_capacity(cohort)), rows)


@bp.post("/courses/<course>/mentoring/mentors")
@open_to(Role.INSTRUCTOR)
def save(me: Enrolment) -> ResponseReturnValue:
    cohort = ensure(db.session, me.course, at=clock.now())
    rows = class_of(db.session, me.course, cohort)
    sent = people_sent(list(request.form))
    shown = [row for row in rows if row.person.public_id in sent]
    form = class_form(rows=shown, default_capacity=default_capacity(cohort))
    if not form.validate_on_submit():
        return _page(me, form, rows), 422
    changes = form.changes()
    refused = offer(db.session, cohort, [Offering(*change) for change in changes], at=clock.now())
    if refused:
        _mark(form, refused)
        return _page(me, form, rows), 422
    db.session.commit()
    _tell(changes)
    return _back(me)


@bp.post("/courses/<course>/mentoring/mentors/everybody")
@open_to(Role.INSTRUCTOR)
def let_all(me: Enrolment) -> ResponseReturnValue:
    cohort = ensure(db.session, me.course, at=clock.now())
    rows = class_of(db.session, me.course, cohort)
    default = default_capacity(cohort)
    form = everybody_form(people=(), default_capacity=default)
    if not form.validate_on_submit():
        return _page(me, class_form(rows=_shown(me, rows), default_capacity=default), rows, form), 422
    people = [row.person for row in rows if row.person.public_id in form.public_ids()]
    new, refused = let_everybody(db.session, cohort, people, form.places.data or default, at=clock.now())
    if refused:
        form.places.errors = [each.sentence for each in refused]
        return _page(me, class_form(rows=_shown(me, rows), default_capacity=default), rows, form), 422
    db.session.commit()
    _tell_new(new)
    return _back(me)


def _shown(me: Enrolment, rows: list[ClassRow]) -> list[ClassRow]:
    choice = _choice_of_group(me)
    return [row for row in rows if choice.shows(row.person.id) and answers_to(row.person, searched())]


def _back(me: Enrolment) -> ResponseReturnValue:
    group = _choice_of_group(me).value or None
    return redirect(url_for(".mentors", course=me.course.public_id, q=searched() or None, group=group))


def _page(me: Enrolment, form: ClassForm, rows: list[ClassRow], everybody: EverybodyForm | None = None) -> str:
    new = [line.row.person for line in form.lines if not line.row.capacity]
    cohort = current(db.session, me.course)
    return render(
        "participants/mentors.html",
        me=me,
        form=form,
        new=len(new),
        everybody=everybody or everybody_form(people=new, default_capacity=form.default_capacity),
        search=searched(),
        choice=_choice_of_group(me),
        people=len(rows),
        mentoring=sum(row.capacity > 0 for row in rows),
        places=sum(row.capacity for row in rows),
        among_peers=cohort is not None and cohort.version.is_of_peers,
    )


def _mark(form: ClassForm, refused: list[RefusedOffering]) -> None:
    sentences = {each.offering.person.id: each.sentence for each in refused}
    for line in form.lines:
        if line.row.person.id in sentences:
            line.refuse(sentences[line.row.person.id])


def _tell(changes: list[tuple[Enrolment, int]]) -> None:
    if not changes:
        flash(_("Nothing was changed, so there was nothing to save."), "info")
    elif len(changes) == 1:
        person, capacity = changes[0]
        name = in_sentence(person.name)
        if capacity == 0:
            flash(_("%(name)s does not mentor any more.", name=name), "success")
        else:
            flash(
                ngettext(
                    "%(name)s mentors, with one place.",
                    "%(name)s mentors, with %(num)d places.",
                    capacity,
                    name=name,
                ),
                "success",
            )
    else:
        flash(_("Saved the changes for %(count)d people.", count=len(changes)), "success")


def _tell_new(new: list[Enrolment]) -> None:
    if new:
        count = len(new)
        flash(ngettext("One more person mentors now.", "%(num)d more people mentor now.", count), "success")
    else:
        flash(_("All of them mentor already, so nothing was changed."), "info")


def _choice_of_group(me: Enrolment) -> groups.Choice:
    return groups.choice_of(db.session, me.course, request.args.get("group", ""))


def default_capacity(cohort: Cohort | None) -> int:
    return cohort.version.default_capacity if cohort else DEFAULT_CAPACITY
