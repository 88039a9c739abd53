"""Write or paste many questions: looked at first, then saved all at once."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from quizzes.bank import queries, sorting
from quizzes.bank.blueprint import BANK, WRITERS, bp, category_in, own_bank
from quizzes.bank.many import planning
from quizzes.bank.many.forms import ManyForm
from quizzes.bank.many.planning import MOST_CHARACTERS, MOST_QUESTIONS, Plan
from quizzes.bank.many.wording import example
from quizzes.bank.wording import DIFFICULTIES, KINDS
from quizzes.questions import Bank, QuestionState, QuestionVersion

MANY = f"{BANK}/many"


@bp.get(MANY)
@open_to(*WRITERS)
def many(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    bank = own_bank(me, bank_id)
    return _page(me, bank, ManyForm(branches=queries.tree(db.session, bank), formdata=None))


@bp.post(MANY)
@open_to(*WRITERS)
def write_many(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    """Whichever button was pressed; what was typed stays until it is saved."""
    bank = own_bank(me, bank_id)
    form, what = ManyForm(branches=queries.tree(db.session, bank)), request.form.get("do", "look")
    if what == "example":
        form.typed.data = "\n\n".join(part for part in (form.typed.data, example()) if part)
        return _page(me, bank, form)
    if not form.validate_on_submit():
        return _page(me, bank, form), 422
    plan = planning.plan(db.session, bank, form.typed.data or "", difficulty=int(form.difficulty.data), tags=form.words)
    if len(plan.questions) > MOST_QUESTIONS:
        form.typed.errors = [_too_many(len(plan.questions))]
        return _page(me, bank, form), 422
    if what != "save":
        return _page(me, bank, form, plan)
    if not plan.questions or plan.standing(form.wanted_state):
        return _page(me, bank, form, plan), 422
    return _save(me, bank, form, plan)


def _too_many(number: int) -> str:
    said: str = _(
        "These are %(number)d questions, and %(most)d are the most at once. Save them in parts.",
        number=number,
        most=MOST_QUESTIONS,
    )
    return said


def _save(me: Enrolment, bank: Bank, form: ManyForm, plan: Plan) -> ResponseReturnValue:
    chosen = plan.wanted(again=form.again.data)
    try:
        made = planning.keep(
            db.session,
            bank,
            chosen,
            category=category_in(bank, form.category.data),
            state=form.wanted_state,
            token=form.sent,
            by=me,
            at=clock.now(),
        )
    except planning.AlreadyKept:
        db.session.rollback()
        flash(_("These questions are saved already."), "success")
        return _back(me, bank, form)
    except sorting.TooMany:
        db.session.rollback()
        form.typed.errors = [
            _("A bank has at most %(most)d topics. Name some that are there.", most=sorting.MOST_CATEGORIES)
        ]
        return _page(me, bank, form, plan), 422
    db.session.commit()
    flash(_saved(made, len(plan.questions) - made), "success" if made else "error")
    return _back(me, bank, form)


def _saved(made: int, left: int) -> str:
    said: str = ngettext("%(num)d question is saved.", "%(num)d questions are saved.", made)
    if left:
        said += " " + ngettext(
            "%(num)d stood there already and was left out.", "%(num)d stood there already and were left out.", left
        )
    return said


def _back(me: Enrolment, bank: Bank, form: ManyForm) -> ResponseReturnValue:
    """To the bank; the address says which form was saved, so that its words are kept in the browser no longer."""
    ids = {"course": me.course.public_id, "bank_id": bank.public_id}
    return redirect(url_for(".bank", saved=form.token.data, **ids))  # type: ignore[arg-type]


def _page(me: Enrolment, bank: Bank, form: ManyForm, plan: Plan | None = None) -> str:
    state = QuestionState(form.state.data) if plan else QuestionState.READY
    return render(
        "quizzes/bank/many.html",
        me=me,
        bank=bank,
        form=form,
        plan=plan,
        standing=plan.standing(state) if plan else [],
        drawn=[(each, _version(each)) for each in plan.questions] if plan else [],
        wanted=len(plan.wanted(again=form.again.data)) if plan else 0,
        most=MOST_QUESTIONS,
        most_characters=MOST_CHARACTERS,
        example=example(),
        kinds=KINDS,
        difficulties=DIFFICULTIES,
        words=queries.words_of(db.session, bank),
        is_unsaved=request.method == "POST",
    )


def _version(planned: planning.Planned) -> QuestionVersion:
    """As it would be kept, for showing it."""
    said = planned.said
    return QuestionVersion(kind=said.kind, text_format=said.text_format, body=said.body, difficulty=said.difficulty)
