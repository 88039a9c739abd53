"""The designer's pages, for instructors: all quizzes of the course, a new one, its settings, publishing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from quizzes import banks as files
from quizzes import queries, rich
from quizzes.designing import checking, describing, findings, in_short, revising, words
from quizzes.designing.checking import Checked
from quizzes.designing.forms import (
    NewForm,
    ReviewForm,
    SettingsForm,
    new_form,
    review_form,
    settings_form,
)
from quizzes.designing.labels import MOMENTS, SHOWN
from quizzes.designing.plan import Plan
from quizzes.designing.presets import READY_MADE, Preset
from quizzes.designing.reviewing import AT_A_CHECK
from quizzes.models import Quiz
from quizzes.offering import ONBOARDING
from quizzes.questions import Bank
from quizzes.reports.mailing import scheduling
from quizzes.stocking import stock
from quizzes.visiting import any_quiz_of

bp = Blueprint("designing", __name__, template_folder="templates")
bp.add_app_template_filter(rich.markdown, "markdown")
OF_QUIZ = "/courses/<course>/quizzes/<quiz_id>/design"


@bp.get("/courses/<course>/quizzes/all")
@open_to(Role.INSTRUCTOR)
def index(me: Enrolment) -> ResponseReturnValue:
    quizzes = queries.all_quizzes_of(db.session, me.course)
    rows = [(quiz, revising.newest(db.session, quiz)) for quiz in quizzes]
    return render("designing/index.html", me=me, rows=rows, words=words)


@bp.get("/courses/<course>/quizzes/new")
@open_to(Role.INSTRUCTOR)
def new(me: Enrolment) -> ResponseReturnValue:
    return _new_page(me, new_form(banks=banks_of(me)))


@bp.post("/courses/<course>/quizzes/new")
@open_to(Role.INSTRUCTOR)
def make(me: Enrolment) -> ResponseReturnValue:
    at = clock.now()
    if not banks_of(me):
        stock(db.session, files.load(ONBOARDING), at=at)
    form = new_form(banks=banks_of(me))
    if not form.validate_on_submit():
        return _new_page(me, form), 422
    ready = READY_MADE[Preset(form.preset.data)]
    bank = next(bank for bank in banks_of(me) if str(bank.id) == form.bank.data)
    plan = Plan.of_one_rule(bank.id, ready.questions)
    quiz = revising.make(db.session, me.course, bank, _one_line(form.title.data), plan, ready.settings, by=me, at=at)
    db.session.commit()
    flash(_("The quiz is a draft: learners find it once you publish it."), "success")
    return redirect(address_of(quiz, me))


def _new_page(me: Enrolment, form: NewForm) -> str:
    return render("designing/new.html", me=me, form=form)


@bp.get(OF_QUIZ)
@open_to(Role.INSTRUCTOR)
def design(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    return _page(me, quiz, settings_form(revision=revising.newest(db.session, quiz)))


@bp.post(OF_QUIZ)
@open_to(Role.INSTRUCTOR)
def change(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    form = settings_form(revision=revising.newest(db.session, quiz))
    if not form.validate_on_submit():
        return _page(me, quiz, form), 422
    revision = revising.draft(db.session, quiz, me, at=clock.now())
    revision.title = _one_line(form.title.data)
    revision.settings = form.settings(revision.rules).as_json()
    revision.plan = form.plan(revision.outlined).as_json()
    if not quiz.is_published:
        quiz.title = revision.title
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(address_of(quiz, me))


def _page(me: Enrolment, quiz: Quiz, form: SettingsForm) -> str:
    revision = revising.newest(db.session, quiz)
    plan = revision.outlined
    sections = describing.sections(db.session, plan)
    lines = {line.number: line.what for section in sections for line in section.lines}
    checked = checking.check(db.session, revision, at=clock.now())
    return render(
        "designing/design.html",
        me=me,
        quiz=quiz,
        revision=revision,
        plan=plan,
        form=form,
        sections=sections,
        checked=checked,
        next=_next(plan, checked) if revision.is_draft else "save",
        said=lambda finding: findings.said(finding, lines.get(finding.slot, "")),
        has_begun=revising.has_begun(db.session, quiz),
        words=words,
        in_short=in_short,
        seen=seen(revision.plan),
        percent=describing.percent,
    )


def _next(plan: Plan, checked: Checked) -> str:
    """What there is to do first with a draft: *add* what it asks, *publish* it, or *save* what puts things right."""
    if not plan.asks:
        return "add"
    return "publish" if checked.can_be_published else "save"


@bp.post(f"{OF_QUIZ}/publication")
@open_to(Role.INSTRUCTOR)
def publish(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    revision = revising.newest(db.session, quiz)
    checked = checking.check(db.session, revision, at=clock.now())
    if not checked.can_be_published:
        flash(_("It cannot be published yet. What stands in the way is said below."), "error")
        return _page(me, quiz, settings_form(revision=revision, as_kept=True)), 422
    revising.publish(db.session, quiz, at=clock.now())
    scheduling.follow(db.session, quiz, at=clock.now())
    db.session.commit()
    flash(_("Published. Attempts that begin from now on are drawn from it."), "success")
    return redirect(address_of(quiz, me))


@bp.post(f"{OF_QUIZ}/draft")
@open_to(Role.INSTRUCTOR)
def take_back(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    """Learners do not find it any more; or, once somebody has begun, only the changes are dropped."""
    quiz = any_quiz_of(me, quiz_id)
    try:
        revising.take_back(db.session, quiz)
    except revising.Begun:
        db.session.rollback()
        flash(_("Somebody has begun it, so it stays published. You can change it and publish it again."), "error")
        return redirect(address_of(quiz, me))
    db.session.commit()
    flash(_("It is a draft again. Learners do not find it."), "success")
    return redirect(address_of(quiz, me))


@bp.post(f"{OF_QUIZ}/changes/removal")
@open_to(Role.INSTRUCTOR)
def drop_changes(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    revising.drop_draft(db.session, quiz)
    db.session.commit()
    flash(_("Your changes are dropped. It is as it was published."), "success")
    return redirect(address_of(quiz, me))


@bp.post(f"{OF_QUIZ}/copies")
@open_to(Role.INSTRUCTOR)
def copy(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    title = _("Copy of %(title)s", title=revising.newest(db.session, quiz).title)
    made = revising.copy(db.session, quiz, title, me, at=clock.now())
    db.session.commit()
    flash(_("This is the copy. It is a draft."), "success")
    return redirect(address_of(made, me))


@bp.post(f"{OF_QUIZ}/removal")
@open_to(Role.INSTRUCTOR)
def remove(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    title = quiz.title
    try:
        revising.remove(db.session, quiz)
    except revising.Begun:
        db.session.rollback()
        flash(_("Somebody has begun it, so it stays with its results. Close it instead."), "error")
        return redirect(address_of(quiz, me))
    db.session.commit()
    flash(_("The quiz %(title)s is deleted.", title=title), "success")
    return redirect(url_for(".index", course=me.course.public_id))


@bp.get(f"{OF_QUIZ}/review")
@open_to(Role.INSTRUCTOR)
def review(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    return _review_page(me, quiz, review_form(review=revising.newest(db.session, quiz).rules.review))


@bp.post(f"{OF_QUIZ}/review")
@open_to(Role.INSTRUCTOR)
def change_review(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    form = review_form(review=revising.newest(db.session, quiz).rules.review)
    if not form.validate_on_submit():
        return _review_page(me, quiz, form), 422
    revision = revising.draft(db.session, quiz, me, at=clock.now())
    revision.settings = {**revision.settings, "review": form.review().as_json()}
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(address_of(quiz, me))


def _review_page(me: Enrolment, quiz: Quiz, form: ReviewForm) -> str:
    revision = revising.newest(db.session, quiz)
    return render(
        "designing/review.html",
        me=me,
        quiz=quiz,
        revision=revision,
        form=form,
        moments=MOMENTS,
        shown=SHOWN,
        at_a_check=AT_A_CHECK,
    )


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def address_of(quiz: Quiz, me: Enrolment) -> str:
    return url_for("designing.design", course=me.course.public_id, quiz_id=quiz.public_id)


def banks_of(me: Enrolment) -> list[Bank]:
    """What my course can draw from: its own banks, then those that come with the tool."""
    wanted = select(Bank).where((Bank.course_id == me.course_id) | Bank.course_id.is_(None))
    return list(db.session.scalars(wanted.order_by(Bank.course_id.is_(None), Bank.title, Bank.id)))


def seen(plan: object) -> str:
    """A word for a plan as somebody saw it."""
    return describing.short_of(plan)


def has_changed(plan: object) -> bool:
    """Whether the plan is another one than whoever sent this form was shown."""
    return request.form.get("seen", "") != describing.short_of(plan)
