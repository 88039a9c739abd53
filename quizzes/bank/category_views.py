"""The topics of a bank as a tree: added, renamed, moved, and removed when they are empty."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from quizzes.bank import queries, sorting
from quizzes.bank.blueprint import CATEGORIES, READERS, WRITERS, bank_of, bp, category_in, may_write, own_bank
from quizzes.bank.forms import CategoryForm
from quizzes.questions import Bank, Category


@bp.get(CATEGORIES)
@open_to(*READERS)
def categories(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    return _page(me, bank_of(me, bank_id))


@bp.post(CATEGORIES)
@open_to(*WRITERS)
def add_category(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    bank = own_bank(me, bank_id)
    form = CategoryForm(branches=queries.tree(db.session, bank))
    if not form.validate_on_submit():
        return _page(me, bank, form), 422
    try:
        sorting.add_category(db.session, bank, form.title.data, _parent(bank, form))
    except sorting.CannotMove:
        form.parent.errors = [_too_deep()]
        return _page(me, bank, form), 422
    except sorting.TooMany:
        form.title.errors = [_("A bank has at most %(most)d topics.", most=sorting.MOST_CATEGORIES)]
        return _page(me, bank, form), 422
    db.session.commit()
    flash(_("The topic is there."), "success")
    return _back(me, bank)


@bp.post(f"{CATEGORIES}/<category_id>")
@open_to(*WRITERS)
def change_category(me: Enrolment, bank_id: str, category_id: str) -> ResponseReturnValue:
    """Another title, or another place in the tree."""
    bank = own_bank(me, bank_id)
    category = category_in(bank, category_id)
    form = CategoryForm(branches=queries.tree(db.session, bank), prefix=category.public_id)
    if not form.validate_on_submit():
        return _page(me, bank, changing=(category, form)), 422
    try:
        sorting.move_category(db.session, category, _parent(bank, form))
    except sorting.CannotMove:
        form.parent.errors = [_("A topic cannot stand within itself. %(deep)s", deep=_too_deep())]
        return _page(me, bank, changing=(category, form)), 422
    category.title = form.title.data
    db.session.commit()
    flash(_("Saved."), "success")
    return _back(me, bank)


@bp.post(f"{CATEGORIES}/<category_id>/remove")
@open_to(*WRITERS)
def remove_category(me: Enrolment, bank_id: str, category_id: str) -> ResponseReturnValue:
    bank = own_bank(me, bank_id)
    try:
        sorting.remove_category(db.session, category_in(bank, category_id))
        flash(_("The topic is gone."), "success")
    except sorting.NotEmpty:
        flash(_("Only an empty topic can be removed, and a bank keeps one. Move what is in it first."), "error")
    db.session.commit()
    return _back(me, bank)


def _too_deep() -> str:
    said: str = _("Topics stand at most %(most)d deep.", most=sorting.DEEPEST)
    return said


def _parent(bank: Bank, form: CategoryForm) -> Category | None:
    return category_in(bank, form.parent.data) if form.parent.data else None


def _back(me: Enrolment, bank: Bank) -> Response:
    return redirect(url_for(".categories", course=me.course.public_id, bank_id=bank.public_id))


def _page(
    me: Enrolment,
    bank: Bank,
    adding: CategoryForm | None = None,
    *,
    changing: tuple[Category, CategoryForm] | None = None,
) -> str:
    branches = queries.tree(db.session, bank)
    by_id = {branch.category.id: branch.category for branch in branches}
    return render(
        "quizzes/bank/categories.html",
        me=me,
        bank=bank,
        can_write=may_write(me, bank),
        rows=[
            (
                branch,
                changing[1]
                if changing and changing[0] is branch.category
                else CategoryForm(
                    branches=branches,
                    prefix=branch.category.public_id,
                    formdata=None,
                    data={"title": branch.category.title, "parent": _id_of(by_id, branch.category.parent_id)},
                ),
            )
            for branch in branches
        ],
        form=adding or CategoryForm(branches=branches, formdata=None, data={"parent": request.args.get("within", "")}),
        failed=changing[1] if changing else adding,
    )


def _id_of(categories: dict[int, Category], row: int | None) -> str:
    return categories[row].public_id if row is not None else ""
