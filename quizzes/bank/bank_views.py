"""The banks of a course, and one bank: its questions found again, and several of them changed at once."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from quizzes.bank import copying, queries, sorting, writing
from quizzes.bank.blueprint import BANK, BANKS, READERS, WRITERS, bank_of, bp, category_in, may_write, own_bank
from quizzes.bank.forms import BankForm, SearchForm, SelectedForm
from quizzes.bank.queries import Listed
from quizzes.bank.showing import excerpt
from quizzes.bank.wording import DIFFICULTIES, FOUND_IN, KINDS, STATES, measured
from quizzes.questions import Bank, Question, QuestionState

SEARCHED = ("q", "tag", "category", "kind", "difficulty", "measured", "state", "order", "page")
STATE_OF = {"ready": QuestionState.READY, "draft": QuestionState.DRAFT, "retire": QuestionState.RETIRED}


@bp.get(f"{BANKS}/")
@open_to(*READERS)
def index(me: Enrolment) -> ResponseReturnValue:
    return _index(me, BankForm(formdata=None, language=str(get_locale()).replace("_", "-")))


@bp.post(f"{BANKS}/")
@open_to(*WRITERS)
def add(me: Enrolment) -> ResponseReturnValue:
    form = BankForm()
    if not form.validate_on_submit():
        return _index(me, form), 422
    bank = sorting.new_bank(
        db.session, me.course, title=form.title.data, language=form.language.data, first_category=_("General")
    )
    db.session.commit()
    is_brought = request.form.get("then") == "bring"
    said = _("The bank is there. Choose the file with its questions.") if is_brought else None
    flash(said or _("The bank is there. Write its first question."), "success")
    there = ".bring" if is_brought else ".bank"
    return redirect(url_for(there, course=me.course.public_id, bank_id=bank.public_id))


def _index(me: Enrolment, form: BankForm) -> str:
    banks = queries.banks_of(db.session, me.course)
    return render(
        "quizzes/bank/index.html",
        me=me,
        form=form,
        banks=banks,
        has_own=not all(each.is_shared for each in banks),
        can_write=me.role in WRITERS,
    )


@bp.get(BANK)
@open_to(*READERS)
def bank(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    found = bank_of(me, bank_id)
    return _page(me, found, None)


@bp.post(f"{BANK}/settings")
@open_to(*WRITERS)
def rename(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    found, form = own_bank(me, bank_id), BankForm()
    if not form.validate_on_submit():
        return _page(me, found, form), 422
    sorting.rename_bank(found, title=form.title.data, language=form.language.data)
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for(".bank", course=me.course.public_id, bank_id=found.public_id))


def _page(me: Enrolment, bank: Bank, renaming: BankForm | None) -> str:
    branches, words = queries.tree(db.session, bank), queries.words_of(db.session, bank)
    search = SearchForm(branches=branches, words=words)
    page = request.args.get("page", 1, type=int)
    found = queries.find(db.session, bank, search.search(branches, me.course.deployment.platform_id), page)
    own = [] if may_write(me, bank) else queries.own_banks(db.session, me.course)
    return render(
        "quizzes/bank/bank.html",
        me=me,
        bank=bank,
        branches=branches,
        search=search,
        said=search.said,
        is_narrowed=bool(search.said.keys() - {"q"}),
        found=found,
        rows=[(listed, excerpt(listed.version)) for listed in found.rows],
        selected=SelectedForm(branches=branches, banks=own),
        own_banks=own if me.role in WRITERS else [],
        can_write=may_write(me, bank),
        renaming=renaming or BankForm(formdata=None, obj=bank, prefix=""),
        is_renaming=renaming is not None,
        kinds=KINDS,
        states=STATES,
        difficulties=DIFFICULTIES,
        measured=measured,
        found_in=FOUND_IN,
        all_ticked="ticked" in request.args,
    )


@bp.post(f"{BANK}/selected")
@open_to(*WRITERS)
def selected(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    """Do one thing with several questions; what was looked for stays in the address."""
    found = bank_of(me, bank_id)
    branches = queries.tree(db.session, found)
    form = SelectedForm(branches=branches, banks=())
    what, chosen = request.form.get("do", ""), queries.listed(db.session, found, form.question.data or [])
    if not form.validate_on_submit() or not chosen:
        flash(_("Choose questions first: tick the box before each."), "error")
    elif what == "copy":
        _copy(me, form, chosen)
    elif not may_write(me, found):
        abort(404)
    else:
        _change(found, form, what, chosen)
    args = {name: value for name, value in request.args.items() if name in SEARCHED}
    ids = {"course": me.course.public_id, "bank_id": found.public_id}
    return redirect(url_for(".bank", **ids, **args))  # type: ignore[arg-type]


def _copy(me: Enrolment, form: SelectedForm, chosen: Sequence[Listed]) -> None:
    target = own_bank(me, form.bank.data or "")
    copied = copying.copy_questions(db.session, chosen, target, by=me, at=clock.now())
    db.session.commit()
    said = ngettext(
        "%(num)d question is copied to %(bank)s.",
        "%(num)d questions are copied to %(bank)s.",
        copied,
        bank=target.title,
    )
    there = len(chosen) - copied
    if there:
        said += " " + ngettext("%(num)d stood there already.", "%(num)d stood there already.", there)
    flash(said, "success")


def _change(bank: Bank, form: SelectedForm, what: str, chosen: Sequence[Listed]) -> None:
    questions = [listed.question for listed in chosen]
    if what == "move":
        category = category_in(bank, form.category.data or "")
        for question in questions:
            question.category = category
    elif what == "tag":
        sorting.add_tags(db.session, questions, form.words)
    elif what in STATE_OF:
        questions = _set_states(questions, STATE_OF[what])
    else:
        abort(400)
    db.session.commit()
    if questions:
        flash(ngettext("%(num)d question is changed.", "%(num)d questions are changed.", len(questions)), "success")


def _set_states(questions: Sequence[Question], state: QuestionState) -> list[Question]:
    """Those that are in this state now; what is not complete stays as it was, and that is said."""
    done = []
    for question in questions:
        try:
            writing.set_state(db.session, question, state)
            done.append(question)
        except writing.NotComplete:
            pass
    left = len(questions) - len(done)
    if left:
        said = ngettext(
            "%(num)d question is not complete and stays as it was. Open it to see what is missing.",
            "%(num)d questions are not complete and stay as they were. Open them to see what is missing.",
            left,
        )
        flash(said, "error")
    return done
