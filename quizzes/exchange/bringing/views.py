"""Bring questions from a file: choose it, look at what it holds, take what is wanted, and take that back."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from lti_tool import clock, uploads
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from quizzes.bank import queries
from quizzes.bank.blueprint import BANK, WRITERS, bp, category_in, own_bank
from quizzes.bank.wording import KINDS
from quizzes.exchange import banks
from quizzes.exchange.bringing import drafting, finding, looking, taking_over
from quizzes.exchange.bringing.forms import BringForm, SoughtForm
from quizzes.exchange.bringing.looking import Wish
from quizzes.exchange.bringing.models import ImportedPicture, ImportState, QuestionImport
from quizzes.exchange.bringing.previewing import previewed, show_pictures
from quizzes.exchange.together import severities, together
from quizzes.formats import registry
from quizzes.formats.model import ENDINGS
from quizzes.models import Quiz
from quizzes.questions import Bank

__all__ = ["bp"]
BRING = f"{BANK}/bring"
BROUGHT = f"{BRING}/<import_id>"
MOST_LISTED = 10
"""Of the imports of a bank, the newest."""


@dataclass(frozen=True)
class Draft:
    """A quiz that was made of a file, and what of it did not come along."""

    quiz: Quiz
    missing: int
    tags: Sequence[str]
    is_cut: bool


@bp.get(BRING)
@open_to(*WRITERS)
def bring(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    bank = own_bank(me, bank_id)
    return _page(me, bank, BringForm(branches=queries.tree(db.session, bank)))


@bp.post(BRING)
@open_to(*WRITERS)
@uploads.takes_files_of(registry.MOST_BYTES)
def bring_file(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    bank = own_bank(me, bank_id)
    form = BringForm(branches=queries.tree(db.session, bank))
    if not form.validate_on_submit():
        return _page(me, bank, form), 422
    wish = Wish(category_in(bank, form.category.data), form.format.data, bool(form.drafts.data))
    brought = looking.begin(db.session, bank, form.file.data, wish, by=me, at=clock.now())
    return _to(me, brought)


def _page(me: Enrolment, bank: Bank, form: BringForm) -> str:
    brought = select(QuestionImport).where(QuestionImport.bank_id == bank.id)
    return render(
        "quizzes/bringing/bring.html",
        me=me,
        bank=bank,
        form=form,
        before=db.session.scalars(brought.order_by(QuestionImport.id.desc()).limit(MOST_LISTED)).all(),
        formats=[each.title for each in registry.FORMATS.values()],
        most=registry.MOST_BYTES // 1_000_000,
    )


@bp.get(BROUGHT)
@open_to(*WRITERS)
def brought(me: Enrolment, bank_id: str, import_id: str) -> ResponseReturnValue:
    return _shown(me, _brought(me, bank_id, import_id))


@bp.post(BROUGHT)
@open_to(*WRITERS)
def decide(me: Enrolment, bank_id: str, import_id: str) -> ResponseReturnValue:
    """Keep the choices of a page and go on, choose all or none, or take the chosen ones now."""
    brought, what = _brought(me, bank_id, import_id), request.form.get("do", "")
    if brought.state is not ImportState.LOOKED:
        flash(_("Somebody has decided on it already."), "error")
        return _to(me, brought)
    if me.is_instructor:
        drafting.choose(brought, _numbers("quiz"))
    looked_for = SoughtForm()
    if what in ("all", "new", "none"):
        _tick(brought, what, looked_for)
        db.session.commit()
        return _to(me, brought, looked_for)
    taking_over.choose(db.session, brought, _numbers("shown"), _numbers("wanted"))
    if what == "take":
        return _take(me, brought)
    db.session.commit()
    return _to(me, brought, looked_for, first=_number_in(request.form.get("onward", "")))


def _tick(brought: QuestionImport, what: str, looked_for: SoughtForm) -> None:
    """All, those that are new, or none: of what is looked for."""
    sought = looked_for.sought
    among = None if sought.is_everything else finding.numbers(db.session, brought, sought)
    if what == "none":
        taking_over.choose_none(db.session, brought, among)
    else:
        taking_over.choose_all(db.session, brought, known_ones=what == "all", among=among)


def _numbers(name: str) -> list[int]:
    said = request.form.getlist(name)[: finding.AT_ONCE]
    return [int(each) for each in said if each.isascii() and each.isdecimal() and len(each) < 7]


def _number_in(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 7 else 0


def _take(me: Enrolment, brought: QuestionImport) -> ResponseReturnValue:
    if not taking_over.number_wanted(db.session, brought) and not drafting.wants_any(brought):
        db.session.commit()
        flash(_("Nothing is chosen. Tick the questions that you want."), "error")
        return _to(me, brought)
    try:
        taking_over.begin(db.session, brought, at=clock.now())
    except taking_over.ChangedMeanwhile:
        db.session.rollback()
        flash(_("Somebody has decided on it already."), "error")
    return _to(me, brought)


@bp.post(f"{BROUGHT}/undo")
@open_to(*WRITERS)
def undo_import(me: Enrolment, bank_id: str, import_id: str) -> ResponseReturnValue:
    brought = _brought(me, bank_id, import_id)
    try:
        taking_over.begin_undo(db.session, brought)
    except taking_over.ChangedMeanwhile:
        db.session.rollback()
        flash(_("It has been taken back already, or is not taken yet."), "error")
    return _to(me, brought)


@bp.post(f"{BROUGHT}/forget")
@open_to(*WRITERS)
def forget_import(me: Enrolment, bank_id: str, import_id: str) -> ResponseReturnValue:
    """What was read goes; of the bank nothing changes."""
    brought = _brought(me, bank_id, import_id)
    if brought.state is ImportState.LOOKED:
        looking.forget(db.session, [brought])
        db.session.commit()
        flash(_("Put away. Nothing was taken from that file."), "success")
    return redirect(url_for(".bring", course=me.course.public_id, bank_id=bank_id))


@bp.get(f"{BROUGHT}/pictures/<picture_key>")
@open_to(*WRITERS)
def imported_picture(me: Enrolment, bank_id: str, import_id: str, picture_key: str) -> ResponseReturnValue:
    """A picture or a recording of the file, shown with its question."""
    found = db.session.get(ImportedPicture, (_brought(me, bank_id, import_id).id, picture_key)) or abort(404)
    if found.mimetype not in ENDINGS:
        abort(404)
    answer: Response = send_file(io.BytesIO(found.content), found.mimetype, conditional=True, etag=False)
    return uploads.shown_here(answer)


def _brought(me: Enrolment, bank_id: str, import_id: str) -> QuestionImport:
    bank = own_bank(me, bank_id)
    wanted = select(QuestionImport).where(QuestionImport.bank_id == bank.id, QuestionImport.public_id == import_id)
    return db.session.scalar(wanted) or abort(404)


def _to(
    me: Enrolment, brought: QuestionImport, looked_for: SoughtForm | None = None, *, first: int = 0
) -> ResponseReturnValue:
    ids = {"course": me.course.public_id, "bank_id": brought.bank.public_id, "import_id": brought.public_id}
    said = looked_for.said if looked_for else {}
    return redirect(url_for(".brought", **ids, **said, **({"from": first} if first else {})))  # type: ignore[arg-type]


def _shown(me: Enrolment, brought: QuestionImport) -> str:
    looked_for = SoughtForm()
    job = looking.job_of(db.session, brought)
    is_going_on = brought.state in (ImportState.LOOKING, ImportState.TAKING, ImportState.UNDOING)
    first = _number_in(request.args.get("from", ""))
    found = None if is_going_on else finding.find(db.session, brought, looked_for.sought, first)
    show_pictures(brought)
    return render(
        "quizzes/bringing/brought.html",
        me=me,
        bank=brought.bank,
        brought=brought,
        format=registry.FORMATS[brought.format].title if brought.format in registry.FORMATS else "",
        severities=severities(),
        findings=together(brought.findings),
        rows=[(row, previewed(row)) for row in found.rows] if found else [],
        first=found.first if found else 0,
        found=found.number if found else 0,
        looked_for=looked_for,
        wanted=taking_over.number_wanted(db.session, brought),
        at_once=finding.AT_ONCE,
        drawn_from=banks.drawn_from(brought.banks),
        job=job,
        is_going_on=is_going_on,
        kinds=KINDS,
        said=_said(brought),
        can_draft=me.is_instructor,
        drafts=_drafts(me, brought),
    )


def _drafts(me: Enrolment, brought: QuestionImport) -> list[Draft]:
    """The quizzes that were made of the file, as far as they are still there."""
    said = {each["quiz"]: each for each in brought.quizzes if each["quiz"]}
    wanted = select(Quiz).where(Quiz.course_id == me.course_id, Quiz.public_id.in_(said))
    found = db.session.scalars(wanted.order_by(Quiz.id)) if said else ()
    return [
        Draft(each, said[each.public_id]["missing"], said[each.public_id]["tags"], said[each.public_id]["is_cut"])
        for each in found
    ]


def _said(brought: QuestionImport) -> str:
    """What became of it, in a sentence."""
    counted = brought.counted
    if brought.state is ImportState.TAKEN:
        made = counted.get("made", 0)
        return str(ngettext("%(num)d question was taken.", "%(num)d questions were taken.", made))
    if brought.state is ImportState.UNDONE:
        removed, kept = counted.get("removed", 0), counted.get("kept", 0)
        gone = ngettext("%(num)d question was taken back.", "%(num)d questions were taken back.", removed)
        stays = ngettext(
            "%(num)d stays, because it was asked, changed or named by a quiz meanwhile.",
            "%(num)d stay, because they were asked, changed or named by a quiz meanwhile.",
            kept,
        )
        return f"{gone} {stays}" if kept else str(gone)
    return ""
