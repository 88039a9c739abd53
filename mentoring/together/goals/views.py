"""The pages of a mentorship's goals: all of them, a new one, and one with its story."""

from __future__ import annotations

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from lti_tool.paging import beginning
from mentoring.mentorships.blueprint import held_as_mine, look_at, mine, shown
from mentoring.mentorships.naming import title_of
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.sections import Look
from mentoring.participants.models import Participant
from mentoring.programs.words import GOALS
from mentoring.together.goals import acts, queries
from mentoring.together.goals.blueprint import ALL, ONE, bp, goal_in, own_goal_in
from mentoring.together.goals.forms import DropForm, GoalForm, ProgressForm, change_form, new_goal_form, progress_form
from mentoring.together.goals.models import Goal, GoalState, StepKind
from mentoring.together.goals.showing import words_for
from mentoring.together.goals.telling import page_of
from mentoring.together.goals.wording import TEMPLATES, templates_for

AT_ONCE = 25


@bp.get(ALL)
@open_to(*MEMBERS)
def index(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = _to_read(me, mentorship_id)
    found = queries.count_of_closed(look)
    first = beginning(found, AT_ONCE)
    return render(
        "goals/all.html",
        me=me,
        mentorship=look.mentorship,
        title=title_of(look.mentorship),
        data={**words_for(look), "standing": queries.standing(look)},
        closed=queries.closed(look, AT_ONCE, first),
        found=found,
        first=first,
        at_once=AT_ONCE,
    )


@bp.get(f"{ALL}/new")
@open_to(*MEMBERS)
def new(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    """A form for a goal; `?begin=` names one to begin with."""
    look = mine(me, mentorship_id)
    template = TEMPLATES.get(request.args.get("begin", ""))
    return _new_page(look, new_goal_form(at=look.at, template=template))


@bp.post(f"{ALL}/new")
@open_to(*MEMBERS)
def set_goal(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    if not queries.may_set(look):
        raise Refusal(_("The mentee sets the goals. Talk about them when you meet, and write what was done for them."))
    form = new_goal_form(at=look.at, is_sent=True)
    if not form.validate_on_submit():
        return _new_page(look, form), 422
    try:
        goal = acts.set_goal(db.session, look.mentorship, form.wording(), by=_me(look), at=look.at)
    except Refusal as refusal:
        return _new_page(_refused(look, form, refusal), form), 422
    db.session.commit()
    flash(_("Your goal is set. Write here what you do for it; small steps count."), "success")
    return redirect(page_of(goal))


@bp.get(ONE)
@open_to(*MEMBERS)
def goal(me: Enrolment, mentorship_id: str, goal_id: str) -> ResponseReturnValue:
    look = _to_read(me, mentorship_id)
    return _page(look, goal_in(look, goal_id))


@bp.post(f"{ONE}/progress")
@open_to(*MEMBERS)
def progress(me: Enrolment, mentorship_id: str, goal_id: str) -> ResponseReturnValue:
    """What was done for it, by whose goal it is or by the mentor."""
    look = held_as_mine(me, mentorship_id)
    told = goal_in(look, goal_id)
    if not _may_tell(look, told):
        raise Refusal(_("In a circle everybody writes about their own goals."))
    form = progress_form(may_reach=_is_mine(look, told), is_sent=True)
    if not form.validate_on_submit():
        return _page(look, told, form), 422
    try:
        acts.tell_progress(db.session, told, form.progress(), by=_me(look), at=look.at)
    except Refusal as refusal:
        look = _refused(look, form, refusal)
        return _page(look, goal_in(look, goal_id), form), 422
    db.session.commit()
    flash(_("Kept. Well done: it is reached.") if not told.is_open else _("Kept."), "success")
    return redirect(page_of(told))


@bp.get(f"{ONE}/change")
@open_to(*MEMBERS)
def change(me: Enrolment, mentorship_id: str, goal_id: str) -> ResponseReturnValue:
    look = mine(me, mentorship_id)
    put = own_goal_in(look, goal_id)
    return _change_page(look, put, change_form(put, at=look.at))


@bp.post(f"{ONE}/change")
@open_to(*MEMBERS)
def put_otherwise(me: Enrolment, mentorship_id: str, goal_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    put = own_goal_in(look, goal_id)
    form = change_form(put, at=look.at)
    if not form.validate_on_submit():
        return _change_page(look, put, form), 422
    try:
        is_different = acts.change(db.session, put, form.wording(), by=_me(look), at=look.at)
    except Refusal as refusal:
        look = _refused(look, form, refusal)
        return _change_page(look, own_goal_in(look, goal_id), form), 422
    db.session.commit()
    flash(
        _("Changed. How it was put before stays in its story.") if is_different else _("Nothing is different."),
        "success",
    )
    return redirect(page_of(put))


@bp.post(f"{ONE}/drop")
@open_to(*MEMBERS)
def drop(me: Enrolment, mentorship_id: str, goal_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    let_go, form = own_goal_in(look, goal_id), DropForm()
    if not form.validate_on_submit():
        return _page(look, let_go, form), 422
    acts.drop(db.session, let_go, form.why.data, by=_me(look), at=look.at)
    db.session.commit()
    flash(_("You have let it go. That is a decision, too, and it can be opened again."), "success")
    return redirect(page_of(let_go))


@bp.post(f"{ONE}/reopen")
@open_to(*MEMBERS)
def reopen(me: Enrolment, mentorship_id: str, goal_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    again = own_goal_in(look, goal_id)
    acts.reopen(db.session, again, by=_me(look), at=look.at)
    db.session.commit()
    flash(_("It is open again."), "success")
    return redirect(page_of(again))


def _to_read(me: Enrolment, mentorship_id: str) -> Look:
    """For its people and for an instructor, once it has been agreed to."""
    look = look_at(me, shown(me, mentorship_id))
    return look if not look.mentorship.is_open else abort(404)


def _refused(look: Look, form: FlaskForm, refusal: Refusal) -> Look:
    """Nothing was done; what was typed stays in the form, which says why."""
    db.session.rollback()
    form.form_errors.append(refusal.sentence)
    return mine(look.me, look.mentorship.public_id)


def _new_page(look: Look, form: GoalForm) -> str:
    if not queries.may_set(look):
        abort(404)
    return render(
        "goals/new.html",
        me=look.me,
        mentorship=look.mentorship,
        title=title_of(look.mentorship),
        form=form,
        templates=templates_for(look.mentorship.cohort.version.goal_types),
        kinds=GOALS,
    )


def _change_page(look: Look, put: Goal, form: GoalForm) -> str:
    return render("goals/change.html", me=look.me, mentorship=look.mentorship, goal=put, form=form, url=page_of(put))


def _page(look: Look, told: Goal, wrong: FlaskForm | None = None) -> str:
    """The goal with its story; with the form that was filled in wrongly, if one was."""
    found = queries.count_of_steps(look, told)
    first = beginning(found, AT_ONCE)
    return render(
        "goals/goal.html",
        me=look.me,
        mentorship=look.mentorship,
        title=title_of(look.mentorship),
        goal=told,
        is_mine=_is_mine(look, told),
        steps=queries.steps(look, told, AT_ONCE, first),
        found=found,
        first=first,
        at_once=AT_ONCE,
        form=_form(look, told, wrong),
        drop_form=wrong if isinstance(wrong, DropForm) else DropForm(formdata=None),
        wrong=wrong,
        kind_of_step=StepKind,
        state_of_goal=GoalState,
        data=words_for(look),
    )


def _form(look: Look, told: Goal, wrong: FlaskForm | None) -> ProgressForm | None:
    if isinstance(wrong, ProgressForm):
        return wrong
    return progress_form(may_reach=_is_mine(look, told)) if told.is_open and _may_tell(look, told) else None


def _is_mine(look: Look, told: Goal) -> bool:
    return look.mine is not None and told.participant_id == look.mine.id


def _may_tell(look: Look, told: Goal) -> bool:
    """Whose goal it is; of a pair, the mentor too."""
    return look.can_write and (_is_mine(look, told) or not look.mentorship.is_circle)


def _me(look: Look) -> Participant:
    assert look.mine is not None
    return look.mine
