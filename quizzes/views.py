"""The pages of a quiz: what awaits you, the attempt, what it earned; for instructors, how the class did."""

from __future__ import annotations

import secrets

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from lti_tool import clock, gradebook
from lti_tool.access import Known, briefly_open_to, open_to
from lti_tool.db import db
from lti_tool.headers import gone_to
from lti_tool.models import Enrolment, Role
from lti_tool.pages import local_time, render
from quizzes import beginning, entering, offering, queries, starting
from quizzes.accommodations import wording
from quizzes.addresses import address_of, attempt_address
from quizzes.blueprint import STAFF, bp
from quizzes.coming_next import everywhere
from quizzes.designing import words
from quizzes.drawing import SEED_BYTES
from quizzes.reports.mailing.showing import to_my_manager
from quizzes.visiting import my_progress, quiz_of


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
        check_words=words.checking(progress.settings.review.on_check),
        shows_score=shows_score,
        shows_maximum=progress.shows_maximum(at),
        reached=gradebook.own(me, progress.quiz.reference) if shows_score else None,
    )


@bp.post("/courses/<course>/quizzes/<quiz_id>/attempts")
@briefly_open_to(Role.LEARNER)
def start(me: Known, quiz_id: str) -> ResponseReturnValue:
    begun = beginning.begin(me, quiz_id, secrets.token_bytes(SEED_BYTES), at=clock.now())
    if begun is None:
        return _start(course=me.course, quiz_id=quiz_id)
    return gone_to(url_for("quizzes.attempt", course=me.course, attempt_id=begun), 302)


@open_to(Role.LEARNER)
def _start(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    """By all the rules: it is another attempt, something is otherwise for its learner, or it cannot begin."""
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
    return redirect(attempt_address(me, attempt))
