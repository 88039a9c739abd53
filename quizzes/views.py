"""The pages of a quiz: what awaits you, the attempt, what it earned; for instructors, how the class did."""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from werkzeug.exceptions import RequestEntityTooLarge

from lti_tool import clock, gradebook, uploads
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import local_time, render
from quizzes import closing, entering, offering, queries, showing, starting
from quizzes.accommodations import standing, wording
from quizzes.attempts import log
from quizzes.attempts.log import Kind
from quizzes.attempts.wording import open_words
from quizzes.coming_next import everywhere
from quizzes.countdown import Countdown
from quizzes.designing import words
from quizzes.designing.reviewing import EVERYTHING, Shown
from quizzes.drawing import SEED_BYTES
from quizzes.files import keeping
from quizzes.files import wording as file_words
from quizzes.forms import AnswersForm, answers_form
from quizzes.marking import Kind as MarkingKind
from quizzes.marks.remarks import remarks_on
from quizzes.models import Attempt, AttemptClosed, Quiz
from quizzes.reporting import Progress, class_results, report
from quizzes.reports import class_page
from quizzes.reports.mailing.showing import to_my_manager
from quizzes.reports.topics import standing_of

bp = Blueprint(
    "quizzes",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/quizzes",
)
STAFF = (Role.INSTRUCTOR, Role.ASSISTANT)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """It was not read to its end, so there is no form to show again."""
    db.session.rollback()
    words = {
        "heading": _("That was too much at once"),
        "cause": _("A file has 10 MB at most, and all that are sent at once as well. Nothing was kept of it."),
        "cure": _("Go back: what you answered is still there. Upload one file after another, or choose smaller ones."),
    }
    return render_template("errors/error.html", code=413, **words), 413


def address_of(quiz: Quiz, me: Enrolment) -> str:
    """Where this visitor sees the quiz: a learner to take it, staff how the class did."""
    endpoint = "quizzes.results" if me.role in STAFF else "quizzes.quiz"
    return url_for(endpoint, course=me.course.public_id, quiz_id=quiz.public_id)


@bp.get("/courses/<course>/quizzes/")
@open_to(Role.LEARNER, *STAFF)
def index(me: Enrolment) -> ResponseReturnValue:
    quizzes = queries.quizzes_of(db.session, me.course)
    if len(quizzes) == 1:
        return redirect(address_of(quizzes[0], me))
    at = clock.now()
    mine = {each.quiz.id: each for each in everywhere(db.session, me, at=at)} if me.role is Role.LEARNER else {}
    listed = [(quiz, address_of(quiz, me), mine.get(quiz.id)) for quiz in quizzes]
    return render("quizzes/index.html", me=me, quizzes=listed, words=words, now=at)


@bp.post("/courses/<course>/quizzes/")
@open_to(Role.INSTRUCTOR)
def add(me: Enrolment) -> ResponseReturnValue:
    quiz = offering.offer(db.session, me.course, at=clock.now())
    db.session.commit()
    flash(_("The course has its onboarding quiz. Learners find it on their home page."), "success")
    return redirect(address_of(quiz, me))


@bp.get("/courses/<course>/quizzes/<quiz_id>")
@open_to(Role.LEARNER)
def quiz(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    progress, at = my_progress(me, quiz_of(me, quiz_id)), clock.now()
    shows_score = progress.shows_score(at)
    return render(
        "quizzes/quiz.html",
        me=me,
        quiz=progress.quiz,
        progress=progress,
        granted=wording.to_learner(progress.granted),
        to_manager=to_my_manager(db.session, progress),
        turn=progress.turn(at),
        now=at,
        words=words,
        shows_score=shows_score,
        shows_maximum=progress.shows_maximum(at),
        reached=gradebook.own(me, progress.quiz.reference) if shows_score else None,
    )


@bp.post("/courses/<course>/quizzes/<quiz_id>/attempts")
@open_to(Role.LEARNER)
def start(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = quiz_of(me, quiz_id)
    seed = secrets.token_bytes(SEED_BYTES)
    try:
        code = request.form.get("code", "")
        attempt = starting.start(db.session, quiz, me, seed=seed, at=clock.now(), code=code)
    except starting.NotPublished:
        abort(404)
    except starting.NotYourTurn as no:
        db.session.commit()
        flash(words.why_not(no.turn), "error")
        return redirect(address_of(quiz, me))
    except entering.WrongCode:
        db.session.commit()
        flash(_("This is not the access code of the quiz. Ask whoever teaches the course for it."), "error")
        return redirect(address_of(quiz, me))
    except entering.TooManyTries as no:
        db.session.commit()
        since = local_time(no.since)
        flash(_("The access code was wrong too often. You may try again from %(since)s on.", since=since), "error")
        return redirect(address_of(quiz, me))
    except starting.NothingToAsk:
        db.session.rollback()
        flash(_("The quiz has no questions at the moment. Tell whoever teaches the course."), "error")
        return redirect(address_of(quiz, me))
    db.session.commit()
    return redirect(_attempt_address(me, attempt))


@bp.get("/courses/<course>/quizzes/attempts/<attempt_id>")
@open_to(Role.LEARNER)
def attempt(me: Enrolment, attempt_id: str) -> ResponseReturnValue:
    mine = my_attempt(me, attempt_id)
    if not mine.is_open:
        return _result_page(me, mine)
    page = _page_of(mine, request.args.get("page", ""))
    return _attempt_page(me, mine, page, answers_form(questions=mine.on_page(page)))


@bp.post("/courses/<course>/quizzes/attempts/<attempt_id>")
@open_to(Role.LEARNER)
@uploads.takes_a_file
def submit(me: Enrolment, attempt_id: str) -> ResponseReturnValue:
    mine = my_attempt(me, attempt_id, to_change=True)
    page = _page_of(mine, request.form.get("page", ""))
    form = answers_form(questions=mine.on_page(page))
    if mine.is_open and form.is_behind(mine):
        return _gone_on(me, mine)
    if not form.validate_on_submit():
        return _attempt_page(me, mine, page, form), 422
    if mine.is_open and not form.is_of(mine):
        return _elsewhere(me, mine, page, form), 409
    try:
        with _handed(mine, form):
            mine.flag(form.flags())
            closing.hand_in(db.session, mine, form.answers(), at=clock.now())
            db.session.commit()
    except AttemptClosed:
        _end(mine)
        db.session.commit()
    return redirect(_attempt_address(me, mine))


def _handed(mine: Attempt, form: AnswersForm) -> AbstractContextManager[None]:
    """In here the files of the form are answers; what is in here commits."""
    return keeping.handed(db.session, mine, form.sent(), removed=form.removed, places=form.places, at=clock.now())


@bp.post("/courses/<course>/quizzes/attempts/<attempt_id>/answers")
@open_to(Role.LEARNER)
@uploads.takes_a_file
def save(me: Enrolment, attempt_id: str) -> ResponseReturnValue:
    """Keep the answers of this page, and go to another one where that was asked for."""
    mine = my_attempt(me, attempt_id, to_change=True)
    page = _page_of(mine, request.form.get("page", ""))
    form = answers_form(questions=mine.on_page(page))
    if mine.is_open and form.is_behind(mine):
        return _gone_on(me, mine)
    if not form.validate_on_submit():
        return _attempt_page(me, mine, page, form), 422
    if mine.is_open and not form.is_of(mine):
        return _elsewhere(me, mine, page, form), 409
    try:
        with _handed(mine, form):
            closing.keep(db.session, mine, form.answers(), at=clock.now())
            mine.flag(form.flags())
            page = _turned(mine, page)
            db.session.commit()
    except AttemptClosed:
        _end(mine)
        db.session.commit()
    return redirect(_attempt_address(me, mine, page, question=request.form.get("at", "")))


def _turned(mine: Attempt, page: int) -> int:
    """The page to go to after this one: where there is no way back the next one, else any."""
    to = request.form.get("go", "")
    if not to:
        flash(_("Your answers so far are saved."), "success")
        return page
    if not mine.has_no_way_back:
        return _page_of(mine, to)
    if mine.go_on(_number(to)):
        log.note(db.session, mine.id, Kind.WENT_ON, at=clock.now(), place=mine.page)
    return mine.page


@bp.get("/courses/<course>/quizzes/<quiz_id>/results")
@open_to(*STAFF)
def results(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = quiz_of(me, quiz_id)
    learners = queries.learners_of(db.session, me.course)
    attempts = db.session.scalars(select(Attempt).where(Attempt.quiz_id == quiz.id))
    granted = standing.of_all(db.session, quiz, at=clock.now())
    found = class_results(quiz, learners, attempts, granted)
    return render("quizzes/results.html", me=me, quiz=quiz, results=found, words=words, **class_page.given(found))


@bp.get("/courses/<course>/quizzes/<quiz_id>/learners/<learner_id>")
@open_to(*STAFF)
def learner(me: Enrolment, quiz_id: str, learner_id: str) -> ResponseReturnValue:
    """What one learner has made of the quiz: each attempt, and the best one explained."""
    progress = my_progress(learner_of(me, learner_id), quiz_of(me, quiz_id))
    shown = progress.best or next(iter(progress.finished), None)
    best = my_attempt(progress.learner, shown.public_id) if shown else None
    return render(
        "quizzes/learner.html",
        me=me,
        quiz=progress.quiz,
        progress=progress,
        report=(found := report(best, shows=EVERYTHING)) if best else None,
        standing=standing_of(found) if best else None,
        reached=gradebook.own(progress.learner, progress.quiz.reference),
        words=words,
    )


@bp.get("/courses/<course>/quizzes/<quiz_id>/results/<attempt_id>")
@open_to(*STAFF)
def learner_result(me: Enrolment, quiz_id: str, attempt_id: str) -> ResponseReturnValue:
    quiz = quiz_of(me, quiz_id)
    theirs = db.session.scalar(
        select(Attempt)
        .where(Attempt.quiz_id == quiz.id, Attempt.public_id == attempt_id, Attempt.submitted.is_not(None))
        .options(queries.with_answers())
    )
    if theirs is None:
        abort(404)
    found = report(theirs, shows=EVERYTHING)
    return render(
        "quizzes/learner_result.html", me=me, quiz=quiz, attempt=theirs, report=found, standing=standing_of(found)
    )


def quiz_of(me: Enrolment, quiz_id: str) -> Quiz:
    """A published quiz of my course, or a 404: nobody takes a draft, nor looks at results of one."""
    quiz = any_quiz_of(me, quiz_id)
    return quiz if quiz.is_published else abort(404)


_QUIZ = select(Quiz).where(Quiz.course_id == bindparam("course"), Quiz.public_id == bindparam("quiz"))


def any_quiz_of(me: Enrolment, quiz_id: str) -> Quiz:
    """The same, drafts among them, for those who design and preview."""
    quiz = db.session.scalar(_QUIZ, {"course": me.course_id, "quiz": quiz_id})
    return quiz or abort(404)


def learner_of(me: Enrolment, learner_id: str) -> Enrolment:
    """Somebody of my course, or a 404."""
    learner = db.session.scalar(
        select(Enrolment).where(Enrolment.course_id == me.course_id, Enrolment.public_id == learner_id)
    )
    return learner or abort(404)


def my_attempt(me: Enrolment, attempt_id: str, *, to_change: bool = False) -> Attempt:
    """My own attempt, or a 404: nobody learns that somebody else's exists."""
    is_mine = (Attempt.enrolment_id == me.id) & (Attempt.public_id == attempt_id)
    if to_change:
        return queries.attempt_to_change(db.session, is_mine) or abort(404)
    return db.session.scalar(select(Attempt).where(is_mine).options(queries.with_answers())) or abort(404)


def my_progress(me: Enrolment, quiz: Quiz) -> Progress:
    attempts = queries.attempts_of(db.session, quiz, me)
    return Progress(
        quiz=quiz,
        learner=me,
        attempts=attempts,
        granted=standing.of(db.session, quiz, me, at=clock.now()),
        over_for_all=standing.over_for_all(db.session, quiz),
    )


def _attempt_address(me: Enrolment, mine: Attempt, page: int = 1, *, question: str = "") -> str:
    more = page if page > 1 else None
    there = f"question-{_number(question)}" if question else None
    return url_for("quizzes.attempt", course=me.course.public_id, attempt_id=mine.public_id, page=more, _anchor=there)


def _page_of(mine: Attempt, said: str) -> int:
    """The page of the attempt that is asked for; where there is no way back it is the one its learner has come to."""
    if mine.has_no_way_back:
        return mine.page
    return mine.pages.nearest(_number(said))


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else 1


def _elsewhere(me: Enrolment, mine: Attempt, page: int, form: AnswersForm) -> str:
    """What was typed stays, and is kept once its learner has seen that they went on elsewhere meanwhile."""
    form.form_errors = [
        _("You went on with this attempt on another page or device. Look over the answers here, then save or hand in.")
    ]
    return _attempt_page(me, mine, page, form)


def _gone_on(me: Enrolment, mine: Attempt) -> ResponseReturnValue:
    """Nothing of it is kept: what it leaves out are answers to the questions of another page."""
    flash(_("You have gone on from that page already, and there is no way back. Nothing was changed."), "error")
    return redirect(_attempt_address(me, mine))


def _attempt_page(me: Enrolment, mine: Attempt, page: int, form: AnswersForm) -> str:
    at = clock.now()
    granted = standing.of(db.session, mine.quiz, me, at=mine.started)
    return render(
        "quizzes/attempt.html",
        me=me,
        attempt=mine,
        page=page,
        form=form,
        countdown=Countdown.of(mine.window, at),
        open_words=open_words(len(mine.answers)),
        granted=wording.to_learner(granted),
        shown=showing.html_of,
        with_gaps=showing.with_gaps,
        file_words=file_words,
    )


def _result_page(me: Enrolment, mine: Attempt) -> str:
    progress, at = my_progress(me, mine.quiz), clock.now()
    shows = progress.shows(mine, at)
    found = report(mine, shows=shows)
    return render(
        "quizzes/result.html",
        me=me,
        attempt=mine,
        quiz=mine.quiz,
        progress=progress,
        report=found,
        standing=standing_of(found),
        remarks=remarks_on(db.session, mine),
        to_manager=to_my_manager(db.session, progress),
        handed_in=[each for each in mine.answers if each.version.kind is MarkingKind.UPLOAD and each.files],
        file_words=file_words,
        turn=progress.turn(at),
        shows=shows,
        words=words,
        reached=gradebook.own(me, mine.quiz.reference) if Shown.MARK in shows else None,
    )


def _end(mine: Attempt) -> None:
    """Close an attempt that came too late; one handed in twice simply stays as it was."""
    if mine.is_open:
        closing.close_if_over(db.session, mine, at=clock.now())
        flash(_("Your time was over, so the answers saved until then were marked."), "error")
