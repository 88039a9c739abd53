"""The pages of the training: mine, and everybody's for instructors."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool import activities, clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.members import people_of
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.paging import searched
from lti_tool.roster import groups
from mentoring.names import answers_to
from mentoring.programs.choices import Manner
from mentoring.programs.models import Cohort, TrainingItem
from mentoring.programs.starting import current
from mentoring.training import gate
from mentoring.training.forms import TickForm, tick_form
from mentoring.training.gate import Step, Trainee
from mentoring.training.guides import GUIDES

bp = Blueprint("training", __name__, template_folder="templates")


@bp.get("/courses/<course>/mentoring/training")
@open_to(*MEMBERS)
def mine(me: Enrolment) -> ResponseReturnValue:
    cohort = current(db.session, me.course)
    steps = _my_steps(me, cohort) if cohort else []
    return render(
        "participants/training.html", me=me, steps=steps, guides=GUIDES, quiz_url=_quiz_url(me, steps), manners=Manner
    )


@bp.post("/courses/<course>/mentoring/training")
@open_to(*MEMBERS)
def tick_mine(me: Enrolment) -> ResponseReturnValue:
    """Only what one does by oneself is ticked by oneself."""
    cohort = current(db.session, me.course)
    wanted = request.form.get("item", "")
    own = [step.item for step in (_my_steps(me, cohort) if cohort else []) if step.item.manner == Manner.LINK]
    item = next((item for item in own if item.key == wanted), None)
    if cohort is None or item is None:
        flash(_("This does not belong to your training any more. Here is what does."), "info")
        return redirect(url_for(".mine", course=me.course.public_id))
    is_done = request.form.get("done") != "no"
    gate.tick(db.session, cohort, item, {me: is_done}, by=me, at=clock.now())
    db.session.commit()
    if is_done:
        flash(_("Noted as done: %(title)s", title=item.title), "success")
    else:
        flash(_("Noted as not done: %(title)s", title=item.title), "success")
    return redirect(url_for(".mine", course=me.course.public_id))


def _my_steps(me: Enrolment, cohort: Cohort) -> list[Step]:
    return gate.steps_of(db.session, cohort, me, clock.now())


def _quiz_url(me: Enrolment, steps: list[Step]) -> str:
    """Where a quiz is taken; nothing where none is asked for."""
    quiz = activities.find("quiz")
    if quiz is None or not any(step.item.manner == Manner.QUIZ for step in steps):
        return ""
    return url_for("courses.home", course=me.course.public_id)


@bp.get("/courses/<course>/mentoring/training/everybody")
@open_to(Role.INSTRUCTOR)
def everybody(me: Enrolment) -> ResponseReturnValue:
    cohort = current(db.session, me.course)
    item = _wanted_item(cohort)
    rows = _rows(me, cohort)
    return _page(me, cohort, item, rows, tick_form(item=item, trainees=_shown(me, rows)))


@bp.post("/courses/<course>/mentoring/training/everybody")
@open_to(Role.INSTRUCTOR)
def tick(me: Enrolment) -> ResponseReturnValue:
    cohort = current(db.session, me.course)
    item = _wanted_item(cohort)
    if cohort is None or item is None:
        flash(_("The program asks for no training. Choose some in the design of the program."), "info")
        return redirect(url_for(".everybody", course=me.course.public_id))
    rows = _rows(me, cohort)
    sent = {name.removeprefix("was-") for name in request.form if name.startswith("was-")}
    form = tick_form(item=item, trainees=[row for row in rows if row.person.public_id in sent])
    if not form.validate_on_submit():
        return _page(me, cohort, item, rows, form), 422
    changes = form.changes()
    gate.tick(db.session, cohort, item, changes, by=me, at=clock.now())
    db.session.commit()
    _tell(len(changes))
    return redirect(url_for(".everybody", course=me.course.public_id, item=item.key, **_filters(me)))


def _page(me: Enrolment, cohort: Cohort | None, item: TrainingItem | None, rows: list[Trainee], form: TickForm) -> str:
    return render(
        "participants/everybodys_training.html",
        me=me,
        cohort=cohort,
        items=_items(cohort),
        item=item,
        form=form,
        trainees=rows,
        shown=_shown(me, rows),
        done=sum(not row.missing for row in rows),
        search=searched(),
        choice=groups.choice_of(db.session, me.course, request.args.get("group", "")),
    )


def _items(cohort: Cohort | None) -> list[TrainingItem]:
    """What is done face to face first: only instructors can tick that."""
    return sorted(cohort.version.training, key=lambda item: item.manner != Manner.IN_PERSON) if cohort else []


def _wanted_item(cohort: Cohort | None) -> TrainingItem | None:
    """The item that the address names, else the first."""
    items, wanted = _items(cohort), request.args.get("item", "")
    return next((item for item in items if item.key == wanted), items[0] if items else None)


def _rows(me: Enrolment, cohort: Cohort | None) -> list[Trainee]:
    if cohort is None:
        return []
    return gate.trainees(db.session, cohort, people_of(db.session, me.course), clock.now())


def _shown(me: Enrolment, rows: list[Trainee]) -> list[Trainee]:
    choice = groups.choice_of(db.session, me.course, request.args.get("group", ""))
    return [row for row in rows if choice.shows(row.person.id) and answers_to(row.person, searched())]


def _filters(me: Enrolment) -> dict[str, Any]:
    choice = groups.choice_of(db.session, me.course, request.args.get("group", ""))
    return {"q": searched() or None, "group": choice.value or None}


def _tell(changes: int) -> None:
    if changes:
        flash(ngettext("Saved for one person.", "Saved for %(num)d people.", changes), "success")
    else:
        flash(_("Nothing was changed, so there was nothing to save."), "info")
