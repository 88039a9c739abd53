"""The pages on which all tasks stand, and on which one is given, changed and taken back."""

from __future__ import annotations

from flask import abort, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.mentorships import tasks
from mentoring.mentorships.blueprint import ONE, bp, held_as_mine, look_at, mine, shown
from mentoring.mentorships.models import Task
from mentoring.mentorships.naming import title_of
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.sections import Look
from mentoring.mentorships.task_forms import TaskForm, task_form
from mentoring.mentorships.tasks import page_of


@bp.get(f"{ONE}/tasks")
@open_to(*MEMBERS)
def all_tasks(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    mentorship = shown(me, mentorship_id)
    if mentorship.is_open:
        abort(404)
    look = look_at(me, mentorship)
    return render("mentorships/tasks.html", me=me, title=title_of(mentorship), data=tasks.words_for(look))


@bp.get(f"{ONE}/tasks/new")
@open_to(*MEMBERS)
def new_task(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = mine(me, mentorship_id)
    return _page(look, task_form(at=look.at)) if tasks.may_give(look) else abort(404)


@bp.post(f"{ONE}/tasks/new")
@open_to(*MEMBERS)
def give_task(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    if not tasks.may_give(look):
        raise Refusal(_("Of a pair, the mentor gives tasks. Put on your timeline what you mean to do yourself."))
    form = task_form(at=look.at)
    if not form.validate_on_submit():
        return _page(look, form), 422
    assert look.mine is not None
    try:
        tasks.give(db.session, look.mentorship, form.wording(), by=look.mine, at=look.at)
    except Refusal as refusal:
        return _refused(look, form, refusal)
    db.session.commit()
    flash(_("The task is given, and told."), "success")
    return redirect(page_of(me, look.mentorship))


@bp.get(f"{ONE}/tasks/<task_id>/change")
@open_to(*MEMBERS)
def change_task(me: Enrolment, mentorship_id: str, task_id: str) -> ResponseReturnValue:
    look = mine(me, mentorship_id)
    task = _task(look, task_id)
    return _page(look, task_form(at=look.at, task=task), task) if tasks.may_change(look, task) else abort(404)


@bp.post(f"{ONE}/tasks/<task_id>/change")
@open_to(*MEMBERS)
def put_task(me: Enrolment, mentorship_id: str, task_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    task = _mine_to_change(look, task_id)
    form = task_form(at=look.at, task=task)
    if not form.validate_on_submit():
        return _page(look, form, task), 422
    assert look.mine is not None
    is_different = tasks.change(db.session, task, form.wording(), by=look.mine, at=look.at)
    db.session.commit()
    flash(_("Changed, and told.") if is_different else _("Nothing is different."), "success")
    return redirect(page_of(me, look.mentorship))


@bp.post(f"{ONE}/tasks/<task_id>/take-back")
@open_to(*MEMBERS)
def take_task_back(me: Enrolment, mentorship_id: str, task_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    task = _mine_to_change(look, task_id)
    assert look.mine is not None
    tasks.take_back(db.session, task, by=look.mine, at=look.at)
    db.session.commit()
    flash(_("Taken back. Nobody has to do it any more, and the others are told."), "success")
    return redirect(page_of(me, look.mentorship))


def _task(look: Look, public_id: str) -> Task:
    return next((task for task in look.mentorship.tasks if task.public_id == public_id), None) or abort(404)


def _mine_to_change(look: Look, public_id: str) -> Task:
    task = _task(look, public_id)
    if tasks.may_change(look, task):
        return task
    if task.given_by_id is None:
        raise Refusal(_("This task comes from the program, and stays as it is."))
    if task.done is not None:
        raise Refusal(_("This is done already, so it stays as it is. Give another task instead."))
    raise Refusal(_("Whoever gave this task changes it or takes it back."))


def _refused(look: Look, form: TaskForm, refusal: Refusal) -> ResponseReturnValue:
    """Nothing was done; what was typed stays in the form, which says why."""
    db.session.rollback()
    form.form_errors.append(refusal.sentence)
    return _page(mine(look.me, look.mentorship.public_id), form), 422


def _page(look: Look, form: TaskForm, task: Task | None = None) -> str:
    return render(
        "mentorships/task.html",
        me=look.me,
        mentorship=look.mentorship,
        title=title_of(look.mentorship),
        form=form,
        task=task,
    )
