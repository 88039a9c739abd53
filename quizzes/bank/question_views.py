"""One question of a bank: as a learner meets it, its versions side by side, whom it must not meet, and its end."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock, uploads
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from quizzes.bank import comparing, copying, enemies, queries, trying, writing
from quizzes.bank.blueprint import (
    QUESTION,
    READERS,
    WRITERS,
    bank_of,
    bp,
    may_write,
    own_bank,
    question_in,
    version_in,
)
from quizzes.bank.queries import Search
from quizzes.bank.showing import excerpt
from quizzes.bank.trying import Trial
from quizzes.bank.wording import DIFFICULTIES, KINDS, STATES, in_place, measured
from quizzes.questions import Bank, Question, QuestionState, QuestionVersion

MOST_FOUND = 10


@bp.get(QUESTION)
@open_to(*READERS)
def question(me: Enrolment, bank_id: str, question_id: str) -> ResponseReturnValue:
    bank = bank_of(me, bank_id)
    return _page(me, bank, question_in(bank, question_id), is_answered=False)


@bp.post(QUESTION)
@open_to(*READERS)
@uploads.takes_a_file
def try_question(me: Enrolment, bank_id: str, question_id: str) -> ResponseReturnValue:
    """Answer it as a learner would; nothing is kept."""
    bank = bank_of(me, bank_id)
    return _page(me, bank, question_in(bank, question_id), is_answered=True)


def _page(me: Enrolment, bank: Bank, question: Question, *, is_answered: bool) -> str:
    version, missing = writing.newest_of(db.session, question), []
    if question.state is not QuestionState.READY:
        missing = [in_place(each) for each in writing.problems_of(db.session, bank, writing.Said.of(version))]
    looked_for = " ".join(request.args.get("find", "").split())[:200]
    return render(
        "quizzes/bank/question.html",
        me=me,
        bank=bank,
        question=question,
        version=version,
        missing=missing,
        trial=_trial(version, is_answered=is_answered) if not missing else None,
        can_write=may_write(me, bank),
        enemies=_enemies(question),
        looked_for=looked_for,
        found=_others(bank, question, looked_for) if looked_for else [],
        kinds=KINDS,
        states=STATES,
        difficulties=DIFFICULTIES,
        measured=queries.measured_of(db.session, version, me.course.deployment.platform_id),
        in_words=measured,
    )


def _trial(version: QuestionVersion, *, is_answered: bool) -> Trial:
    return trying.marked(version, clock.now()) if is_answered else trying.shown(version)


def _enemies(question: Question) -> list[tuple[Question, str]]:
    if question.enemies is None:
        return []
    ids = [each.public_id for each in question.enemies.questions if each.id != question.id]
    return [(each.question, excerpt(each.version)) for each in queries.listed(db.session, question.bank, ids)]


def _others(bank: Bank, question: Question, text: str) -> list[tuple[Question, str]]:
    """Questions of the bank with these words, that it may still meet."""
    found = queries.find(db.session, bank, Search(text=text)).rows
    may_meet = (
        each
        for each in found
        if each.question.id != question.id
        and (question.enemy_set_id is None or each.question.enemy_set_id != question.enemy_set_id)
    )
    return [(each.question, excerpt(each.version)) for each in may_meet][:MOST_FOUND]


def address_of(me: Enrolment, question: Question, endpoint: str = ".question", **more: str) -> str:
    ids = {"course": me.course.public_id, "bank_id": question.bank.public_id, "question_id": question.public_id}
    return url_for(endpoint, **ids, **more)  # type: ignore[arg-type]


@bp.post(f"{QUESTION}/duplicate")
@open_to(*WRITERS)
def duplicate(me: Enrolment, bank_id: str, question_id: str) -> ResponseReturnValue:
    question = question_in(own_bank(me, bank_id), question_id)
    try:
        made = copying.duplicate(db.session, question, by=me, at=clock.now())
    except writing.NotComplete as refused:
        db.session.rollback()
        flash(_("It cannot be duplicated as it is: %(first)s", first=in_place(refused.problems[0])), "error")
        return redirect(address_of(me, question))
    db.session.commit()
    flash(_("This is the copy, a draft. Change what is different, and make it ready."), "success")
    return redirect(address_of(me, made, ".edit"))


@bp.post(f"{QUESTION}/enemies")
@open_to(*WRITERS)
def keep_apart(me: Enrolment, bank_id: str, question_id: str) -> ResponseReturnValue:
    bank = own_bank(me, bank_id)
    question, wanted = question_in(bank, question_id), request.form.get("other", "")
    if wanted in ("", question.public_id):
        flash(_("A question is only kept apart from another one. Find that first."), "error")
    else:
        other = question_in(bank, wanted)
        enemies.keep_apart(db.session, question, other)
        db.session.commit()
        flash(_("These two never stand in the same attempt from now on."), "success")
    return redirect(address_of(me, question))


@bp.post(f"{QUESTION}/enemies/remove")
@open_to(*WRITERS)
def let_go(me: Enrolment, bank_id: str, question_id: str) -> ResponseReturnValue:
    question = question_in(own_bank(me, bank_id), question_id)
    enemies.let_go(db.session, question)
    db.session.commit()
    flash(_("This question may stand beside any other again."), "success")
    return redirect(address_of(me, question))


@bp.post(f"{QUESTION}/remove")
@open_to(*WRITERS)
def remove_question(me: Enrolment, bank_id: str, question_id: str) -> ResponseReturnValue:
    bank = own_bank(me, bank_id)
    question = question_in(bank, question_id)
    try:
        writing.remove(db.session, question)
    except writing.IsUsed:
        flash(_("This question was asked already, or a quiz names it, so it stays. You can retire it."), "error")
        return redirect(address_of(me, question))
    db.session.commit()
    flash(_("The question is deleted."), "success")
    return redirect(url_for(".bank", course=me.course.public_id, bank_id=bank.public_id))


@bp.get(f"{QUESTION}/versions")
@open_to(*READERS)
def versions(me: Enrolment, bank_id: str, question_id: str) -> ResponseReturnValue:
    """All of them, and two side by side: the newest and the one before it, until others are chosen."""
    bank = bank_of(me, bank_id)
    question = question_in(bank, question_id)
    all_of_them = queries.versions_of(db.session, question)
    newer = _chosen(question, "newer") or all_of_them[0].version
    older = _chosen(question, "older") or all_of_them[min(1, len(all_of_them) - 1)].version
    return render(
        "quizzes/bank/versions.html",
        me=me,
        bank=bank,
        question=question,
        versions=all_of_them,
        newer=newer,
        older=older,
        lines=comparing.lines(older, newer),
        can_write=may_write(me, bank),
    )


def _chosen(question: Question, name: str) -> QuestionVersion | None:
    said = request.args.get(name, "")
    return version_in(question, said) if said else None


@bp.post(f"{QUESTION}/versions/<version_id>")
@open_to(*WRITERS)
def restore(me: Enrolment, bank_id: str, question_id: str, version_id: str) -> ResponseReturnValue:
    question = question_in(own_bank(me, bank_id), question_id)
    older = version_in(question, version_id)
    note = _("As in version %(n)d", n=older.n)
    try:
        made = writing.restore(db.session, question, older, by=me, at=clock.now(), note=note)
    except writing.NotComplete as refused:
        db.session.rollback()
        first = in_place(refused.problems[0])
        flash(_("That version is not complete, and this question is ready: %(first)s", first=first), "error")
        return redirect(address_of(me, question, ".versions"))
    db.session.commit()
    said = _("Version %(n)d says what version %(older)d said.", n=made.n, older=older.n) if made else ""
    flash(said or _("The newest version says the same already."), "success")
    return redirect(address_of(me, question, ".versions"))
