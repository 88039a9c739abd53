"""The pages of an attempt: its questions, handing them in, and what it earned."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock, gradebook, uploads
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from quizzes import closing
from quizzes.accommodations import standing, wording
from quizzes.addresses import attempt_address, number
from quizzes.attempts import checking, log
from quizzes.attempts import wording as attempt_words
from quizzes.attempts.log import Kind
from quizzes.blueprint import bp
from quizzes.countdown import Countdown
from quizzes.designing import words
from quizzes.designing.reviewing import Shown
from quizzes.files import keeping
from quizzes.files import wording as file_words
from quizzes.forms import AnswersForm, answers_form
from quizzes.marking import Kind as MarkingKind
from quizzes.marks.remarks import remarks_on
from quizzes.models import Attempt, AttemptClosed
from quizzes.reporting import checked, report
from quizzes.reports.mailing.showing import to_my_manager
from quizzes.reports.topics import standing_of
from quizzes.visiting import my_attempt, my_progress


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
    mine, page, form = _sent(me, attempt_id)
    if (refused := _refusal(me, mine, page, form)) is not None:
        return refused
    try:
        with _handed(mine, form):
            mine.flag(form.flags())
            _tell_late(form)
            at = clock.now()
            closing.keep(db.session, mine, form.answers(), at=at)
            if mine.asks_before(at) and not request.form.get("sure"):
                db.session.commit()
                return redirect(url_for(".handing_in", course=me.course.public_id, attempt_id=attempt_id))
            closing.hand_in(db.session, mine, {}, at=at)
            db.session.commit()
    except AttemptClosed:
        _end(mine)
        db.session.commit()
    return redirect(attempt_address(me, mine))


def _sent(me: Enrolment, attempt_id: str) -> tuple[Attempt, int, AnswersForm]:
    """My attempt, the page of it that was sent, and what is on it."""
    mine = my_attempt(me, attempt_id, to_change=True)
    page = _page_of(mine, request.form.get("page", ""))
    return mine, page, answers_form(questions=mine.on_page(page))


def _refusal(me: Enrolment, mine: Attempt, page: int, form: AnswersForm) -> ResponseReturnValue | None:
    """Why what was sent cannot be taken as it is."""
    if mine.is_open and form.is_behind(mine):
        return _gone_on(me, mine)
    if not form.validate_on_submit():
        return _attempt_page(me, mine, page, form), 422
    if mine.is_open and not form.is_of(mine):
        return _elsewhere(me, mine, page, form), 409
    return None


@bp.get("/courses/<course>/quizzes/attempts/<attempt_id>/handing-in")
@open_to(Role.LEARNER)
def handing_in(me: Enrolment, attempt_id: str) -> ResponseReturnValue:
    """Asks once whether to hand in with questions that are still open; all of it is saved."""
    mine, at = my_attempt(me, attempt_id), clock.now()
    if not mine.is_taking(at):
        return redirect(attempt_address(me, mine))
    ways = {place: attempt_address(me, mine, mine.pages.of(place), question=str(place)) for place in _to_look_at(mine)}
    return render(
        "quizzes/handing_in.html",
        me=me,
        attempt=mine,
        ways={place: way for place, way in ways.items() if mine.leads_to(place)},
        flagged=[place for place in mine.flagged if place not in mine.unanswered],
        back=attempt_address(me, mine, mine.page if mine.has_no_way_back else 1),
        countdown=Countdown.of(mine.window, at),
    )


def _to_look_at(mine: Attempt) -> list[int]:
    return [*mine.unanswered, *mine.flagged]


def _handed(mine: Attempt, form: AnswersForm) -> AbstractContextManager[None]:
    """In here the files of the form are answers; what is in here commits."""
    return keeping.handed(db.session, mine, form.sent(), removed=form.removed, places=form.places, at=clock.now())


@bp.post("/courses/<course>/quizzes/attempts/<attempt_id>/answers")
@open_to(Role.LEARNER)
@uploads.takes_a_file
def save(me: Enrolment, attempt_id: str) -> ResponseReturnValue:
    """Keep the answers of this page, and go to another one where that was asked for."""
    mine, page, form = _sent(me, attempt_id)
    if (refused := _refusal(me, mine, page, form)) is not None:
        return refused
    try:
        with _handed(mine, form):
            closing.keep(db.session, mine, form.answers(), at=clock.now())
            mine.flag(form.flags())
            _tell_late(form)
            page = _turned(mine, page)
            db.session.commit()
    except AttemptClosed:
        _end(mine)
        db.session.commit()
    there = request.form.get("at", "") or request.form.get("check", "")
    return redirect(attempt_address(me, mine, page, question=there))


def _tell_late(form: AnswersForm) -> None:
    for place in form.late():
        flash(str(attempt_words.CHECKED % {"place": place}), "error")


def _turned(mine: Attempt, page: int) -> int:
    """The page to go to after this one: where there is no way back the next one, else any; the same after a check."""
    if checks := request.form.get("check", ""):
        place = number(checks)
        if (no := checking.check(db.session, mine, place, at=clock.now())) is not None:
            flash(attempt_words.why_not(no, place), "error")
        return page
    to = request.form.get("go", "")
    if not to:
        flash(_("Your answers so far are saved."), "success")
        return page
    if not mine.has_no_way_back:
        return _page_of(mine, to)
    if mine.go_on(number(to)):
        log.note(db.session, mine.id, Kind.WENT_ON, at=clock.now(), place=mine.page)
    return mine.page


def _page_of(mine: Attempt, said: str) -> int:
    """The page of the attempt that is asked for; where there is no way back it is the one its learner has come to."""
    if mine.has_no_way_back:
        return mine.page
    return mine.pages.nearest(number(said))


def _elsewhere(me: Enrolment, mine: Attempt, page: int, form: AnswersForm) -> str:
    """What was typed stays, and is kept once its learner has seen that they went on elsewhere meanwhile."""
    form.form_errors = [
        _("You went on with this attempt on another page or device. Look over the answers here, then save or hand in.")
    ]
    return _attempt_page(me, mine, page, form)


def _gone_on(me: Enrolment, mine: Attempt) -> ResponseReturnValue:
    """Nothing of it is kept: what it leaves out are answers to the questions of another page."""
    flash(_("You have gone on from that page already, and there is no way back. Nothing was changed."), "error")
    return redirect(attempt_address(me, mine))


def _attempt_page(me: Enrolment, mine: Attempt, page: int, form: AnswersForm) -> str:
    at = clock.now()
    granted = standing.of(db.session, mine.quiz, me, at=mine.started)
    return render(
        "quizzes/attempt.html",
        me=me,
        attempt=mine,
        page=page,
        form=form,
        checked=checked(mine.on_page(page), shows=mine.on_check),
        check_words=words.checking(mine.on_check),
        countdown=Countdown.of(mine.window, at),
        open_words=attempt_words.open_words(len(mine.answers)),
        granted=wording.to_learner(granted),
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
