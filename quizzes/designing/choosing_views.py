"""Questions that everybody gets, chosen from the banks: looked for, several ticked at once, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from quizzes.bank import queries
from quizzes.bank.forms import SearchForm
from quizzes.bank.queries import Listed
from quizzes.bank.showing import excerpt
from quizzes.bank.wording import DIFFICULTIES, KINDS, measured
from quizzes.designing import editing, revising
from quizzes.designing.forms import ChosenForm
from quizzes.designing.plan_views import newest, plan_of, put, render_part, section_in
from quizzes.designing.views import OF_QUIZ, banks_of, bp
from quizzes.models import Quiz
from quizzes.questions import Bank, QuestionState
from quizzes.visiting import any_quiz_of

NEW = f"{OF_QUIZ}/sections/<int:section_n>/questions/new"
SEARCHED = ("q", "tag", "category", "kind", "difficulty", "measured", "order")


@bp.get(NEW)
@open_to(Role.INSTRUCTOR)
def choose(me: Enrolment, quiz_id: str, section_n: int) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    section_in(plan_of(quiz), section_n)
    return _page(me, quiz, ChosenForm(), section_n)


@bp.post(NEW)
@open_to(Role.INSTRUCTOR)
def add_chosen(me: Enrolment, quiz_id: str, section_n: int) -> ResponseReturnValue:
    """Those that are ticked come to the end of the section, as they stand in the bank."""
    quiz, form = any_quiz_of(me, quiz_id), ChosenForm()
    section_in(plan_of(quiz), section_n)
    if not form.validate_on_submit():
        return _page(me, quiz, form, section_n), 422
    chosen = _chosen(_bank(me, quiz), form, quiz)
    if not chosen:
        form.form_errors = [_("Choose questions first: tick the box before each.")]
        return _page(me, quiz, form, section_n), 422
    slots = [form.fixed(each.question.id, newest) for each in chosen]
    said = ngettext("%(num)d question is added.", "%(num)d questions are added.", len(slots))
    then = url_for(".choose", **_here(me, quiz, section_n), **request.args.to_dict())  # type: ignore[arg-type]
    return put(me, quiz, lambda plan: editing.add_slots(plan, section_n, slots), then=then, said=said)


def _chosen(bank: Bank, form: ChosenForm, quiz: Quiz) -> list[Listed]:
    """The ready ones among what was ticked that the quiz does not ask already."""
    there = _asked(quiz)
    found = queries.listed(db.session, bank, form.question.data or [])
    return [each for each in found if each.question.state is QuestionState.READY and each.question.id not in there]


def _asked(quiz: Quiz) -> set[int]:
    return {each.question for each in plan_of(quiz).fixed}


def _bank(me: Enrolment, quiz: Quiz) -> Bank:
    """The one that is looked through: as the address says, else the quiz's own."""
    banks, said = banks_of(me), request.args.get("bank", "")
    own = revising.newest(db.session, quiz).bank
    return next((bank for bank in banks if bank.public_id == said), own if own in banks else banks[0])


def _page(me: Enrolment, quiz: Quiz, form: ChosenForm, section: int) -> str:
    bank = _bank(me, quiz)
    branches, words = queries.tree(db.session, bank), queries.words_of(db.session, bank)
    search = SearchForm(branches=branches, words=words)
    wanted = replace(search.search(branches, me.course.deployment.platform_id), state=QuestionState.READY)
    found = queries.find(db.session, bank, wanted, request.args.get("page", 1, type=int))
    said = {name: value for name, value in search.said.items() if name in SEARCHED}
    return render_part(
        "choosing",
        me,
        quiz,
        form=form,
        section=section,
        place=_here(me, quiz, section),
        bank=bank,
        banks=banks_of(me),
        search=search,
        said=said,
        is_narrowed=bool(said.keys() - {"q"}),
        found=found,
        rows=_rows(found.rows),
        there=_asked(quiz),
        ticked=form.question.data or [],
        kinds=KINDS,
        difficulties=DIFFICULTIES,
        measured=measured,
    )


def _rows(found: Sequence[Listed]) -> list[tuple[Listed, str]]:
    return [(listed, excerpt(listed.version)) for listed in found]


def _here(me: Enrolment, quiz: Quiz, section: int) -> dict[str, str]:
    return {"course": me.course.public_id, "quiz_id": quiz.public_id, "section_n": str(section)}
