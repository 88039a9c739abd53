"""The designer's pages for what a quiz asks: sections, rules and fixed questions, one at a time and without JavaScript.

Slots and sections are named by their numbers, so each form says which plan it was made for; if somebody has changed
the plan since, nothing happens and its author looks again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from quizzes.designing import describing, editing, revising
from quizzes.designing.forms import (
    FixedForm,
    RuleForm,
    SectionForm,
    fixed_form,
    new_rule,
    rule_form,
    section_form,
)
from quizzes.designing.plan import MOST_SECTIONS, MOST_SLOTS, FixedPlan, Plan, RulePlan, SectionPlan
from quizzes.designing.views import OF_QUIZ, address_of, banks_of, bp, has_changed, seen
from quizzes.models import Quiz
from quizzes.questions import QuestionVersion
from quizzes.visiting import any_quiz_of

Change = Callable[[Plan], Plan]


@bp.get(f"{OF_QUIZ}/sections/new")
@open_to(Role.INSTRUCTOR)
def new_section(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    return _section_page(me, any_quiz_of(me, quiz_id), section_form(section=SectionPlan()), 0)


@bp.post(f"{OF_QUIZ}/sections/new")
@open_to(Role.INSTRUCTOR)
def add_section(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz, form = any_quiz_of(me, quiz_id), section_form(section=SectionPlan())
    if not form.validate_on_submit():
        return _section_page(me, quiz, form, 0), 422
    return put(me, quiz, lambda plan: editing.add_section(plan, form.section(SectionPlan())))


@bp.get(f"{OF_QUIZ}/sections/<int:section_n>")
@open_to(Role.INSTRUCTOR)
def section(me: Enrolment, quiz_id: str, section_n: int) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    return _section_page(me, quiz, section_form(section=section_in(plan_of(quiz), section_n)), section_n)


@bp.post(f"{OF_QUIZ}/sections/<int:section_n>")
@open_to(Role.INSTRUCTOR)
def change_section(me: Enrolment, quiz_id: str, section_n: int) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    found = section_in(plan_of(quiz), section_n)
    form = section_form(section=found)
    if not form.validate_on_submit():
        return _section_page(me, quiz, form, section_n), 422
    return put(me, quiz, lambda plan: editing.put_section(plan, section_n, form.section(found)))


@bp.post(f"{OF_QUIZ}/sections/<int:section_n>/removal")
@open_to(Role.INSTRUCTOR)
def remove_section(me: Enrolment, quiz_id: str, section_n: int) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    section_in(plan_of(quiz), section_n)
    return put(me, quiz, lambda plan: editing.remove_section(plan, section_n))


@bp.get(f"{OF_QUIZ}/sections/<int:section_n>/rules/new")
@open_to(Role.INSTRUCTOR)
def new_rule_page(me: Enrolment, quiz_id: str, section_n: int) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    section_in(plan_of(quiz), section_n)
    return _rule_page(me, quiz, _form_of(me, quiz, None), section=section_n)


@bp.post(f"{OF_QUIZ}/sections/<int:section_n>/rules/new")
@open_to(Role.INSTRUCTOR)
def add_rule(me: Enrolment, quiz_id: str, section_n: int) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    section_in(plan_of(quiz), section_n)
    form = _form_of(me, quiz, None)
    if not form.validate_on_submit():
        return _rule_page(me, quiz, form, section=section_n), 422
    return put(me, quiz, lambda plan: editing.add_slot(plan, section_n, form.rule()))


@bp.get(f"{OF_QUIZ}/slots/<int:slot_n>")
@open_to(Role.INSTRUCTOR)
def slot(me: Enrolment, quiz_id: str, slot_n: int) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    found = _slot(plan_of(quiz), slot_n)
    if isinstance(found, RulePlan):
        return _rule_page(me, quiz, _form_of(me, quiz, found), slot=slot_n)
    return _fixed_page(me, quiz, fixed_form(fixed=found), found, slot_n)


@bp.post(f"{OF_QUIZ}/slots/<int:slot_n>")
@open_to(Role.INSTRUCTOR)
def change_slot(me: Enrolment, quiz_id: str, slot_n: int) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    found = _slot(plan_of(quiz), slot_n)
    if isinstance(found, RulePlan):
        rule = _form_of(me, quiz, found)
        if not rule.validate_on_submit():
            return _rule_page(me, quiz, rule, slot=slot_n), 422
        return put(me, quiz, lambda plan: editing.put_slot(plan, slot_n, rule.rule()))
    fixed = fixed_form(fixed=found)
    if not fixed.validate_on_submit():
        return _fixed_page(me, quiz, fixed, found, slot_n), 422
    return put(me, quiz, lambda plan: editing.put_slot(plan, slot_n, fixed.fixed(found.question, newest, found)))


@bp.post(f"{OF_QUIZ}/slots/<int:slot_n>/removal")
@open_to(Role.INSTRUCTOR)
def remove_slot(me: Enrolment, quiz_id: str, slot_n: int) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    _slot(plan_of(quiz), slot_n)
    return put(me, quiz, lambda plan: editing.remove_slot(plan, slot_n))


@bp.post(f"{OF_QUIZ}/slots/<int:slot_n>/up")
@open_to(Role.INSTRUCTOR)
def raise_slot(me: Enrolment, quiz_id: str, slot_n: int) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    _slot(plan_of(quiz), slot_n)
    return put(me, quiz, lambda plan: editing.raise_slot(plan, slot_n))


@bp.post(f"{OF_QUIZ}/slots/<int:slot_n>/down")
@open_to(Role.INSTRUCTOR)
def lower_slot(me: Enrolment, quiz_id: str, slot_n: int) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    _slot(plan_of(quiz), slot_n)
    return put(me, quiz, lambda plan: editing.lower_slot(plan, slot_n))


@bp.post(f"{OF_QUIZ}/slots/<int:slot_n>/place")
@open_to(Role.INSTRUCTOR)
def move_slot(me: Enrolment, quiz_id: str, slot_n: int) -> ResponseReturnValue:
    """To where another slot stands, whose number is sent: what dragging does."""
    quiz, said = any_quiz_of(me, quiz_id), request.form.get("act", "")
    plan = plan_of(quiz)
    _slot(plan, slot_n)
    to = int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else 0
    if not 1 <= to <= len(list(plan.slots)):
        flash(_("There is no such place in the quiz. Look at it again, then make your change."), "error")
        return redirect(address_of(quiz, me))
    return put(me, quiz, lambda plan: editing.move_slot(plan, slot_n, to))


def put(me: Enrolment, quiz: Quiz, change: Change, *, then: str = "", said: str = "") -> ResponseReturnValue:
    """Change the draft's plan, if it is the one that was seen; then show that address, or the quiz."""
    revision = revising.draft(db.session, quiz, me, at=clock.now())
    if has_changed(revision.plan):
        db.session.rollback()
        flash(_("Somebody has changed the quiz meanwhile. Look at it again, then make your change."), "error")
        return redirect(address_of(quiz, me))
    plan = change(revision.outlined)
    if len(plan.sections) > MOST_SECTIONS or len(list(plan.slots)) > MOST_SLOTS:
        db.session.rollback()
        flash(_("A quiz has at most 20 sections and 200 rules and questions. Let one rule draw more."), "error")
        return redirect(address_of(quiz, me))
    revision.plan = plan.as_json()
    db.session.commit()
    flash(said or _("Saved."), "success")
    return redirect(then or address_of(quiz, me))


def plan_of(quiz: Quiz) -> Plan:
    return revising.newest(db.session, quiz).outlined


def section_in(plan: Plan, number: int) -> SectionPlan:
    try:
        return editing.section_of(plan, number)
    except editing.NotThere:
        abort(404)


def _slot(plan: Plan, number: int) -> FixedPlan | RulePlan:
    try:
        return editing.slot_of(plan, number)
    except editing.NotThere:
        abort(404)


def _form_of(me: Enrolment, quiz: Quiz, rule: RulePlan | None) -> RuleForm:
    return rule_form(rule=rule or new_rule(revising.newest(db.session, quiz).bank), banks=banks_of(me))


def newest(question: int) -> int:
    newest = select(QuestionVersion.id).where(QuestionVersion.question_id == question)
    return db.session.scalars(newest.order_by(QuestionVersion.n.desc()).limit(1)).one()


def _section_page(me: Enrolment, quiz: Quiz, form: SectionForm, section: int) -> str:
    return render_part("section", me, quiz, form=form, section=section)


def _rule_page(me: Enrolment, quiz: Quiz, form: RuleForm, *, section: int = 0, slot: int = 0) -> str:
    return render_part("rule", me, quiz, form=form, section=section, slot=slot)


def _fixed_page(me: Enrolment, quiz: Quiz, form: FixedForm, fixed: FixedPlan, slot: int) -> str:
    asked = describing.asked(db.session, [fixed.question]).get(fixed.question, "")
    return render_part("fixed", me, quiz, form=form, slot=slot, asked=asked)


def render_part(page: str, me: Enrolment, quiz: Quiz, **context: Any) -> str:
    revision = revising.newest(db.session, quiz)
    return render(f"designing/{page}.html", me=me, quiz=quiz, revision=revision, seen=seen(revision.plan), **context)
