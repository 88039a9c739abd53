"""The page from which tables and results are taken along, and the files themselves."""

from __future__ import annotations

import io
from collections.abc import Mapping

from flask import Response, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from lti_tool import clock, uploads
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from quizzes.blueprint import STAFF
from quizzes.reports.exporting import files
from quizzes.reports.exporting.files import Form, mimetype_of, name_of
from quizzes.reports.exporting.models import QuizExport
from quizzes.reports.exporting.tables import What
from quizzes.reports.views import OF_QUIZ, bp
from quizzes.visiting import quiz_of

__all__ = ["bp"]
TITLES: Mapping[What, LazyString] = {
    What.CLASS: _l("The class: a row for each learner, with what counts"),
    What.ATTEMPTS: _l("Each attempt of each learner, with its topics"),
    What.QUESTIONS: _l("The questions, with all their figures"),
    What.ANSWERS: _l("Every answer of every attempt"),
}
RESULTS = _l("The results of every attempt, for other systems")
FORMS: Mapping[Form, str] = {Form.QTI_30: "QTI 3.0", Form.QTI_22: "QTI 2.2", Form.QTI_21: "QTI 2.1"}
"""Of results."""


@bp.get(f"{OF_QUIZ}/tables")
@open_to(*STAFF)
def tables(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz, at = quiz_of(me, quiz_id), clock.now()
    asked = files.mine(db.session, quiz, me, at=at)
    made = [(each, TITLES.get(What(each.what), RESULTS), files.job_of(db.session, each)) for each in asked]
    return render(
        "quiz_reports/tables.html",
        me=me,
        quiz=quiz,
        titles=TITLES,
        results=RESULTS,
        forms=FORMS,
        is_large=files.is_large(db.session, quiz),
        made=made,
        is_going_on=any(job is not None and job.is_unfinished for _each, _title, job in made),
    )


@bp.get(f"{OF_QUIZ}/tables/<what>.<form>")
@open_to(*STAFF)
def table(me: Enrolment, quiz_id: str, what: str, form: str) -> ResponseReturnValue:
    """A small table, as a file at once; for a large one there is a job."""
    quiz = quiz_of(me, quiz_id)
    wanted, in_form = _wanted(what, form)
    if files.is_large(db.session, quiz):
        return redirect(_address(me, quiz_id))
    file = io.BytesIO()
    files.make(file, db.session, quiz, wanted, in_form)
    answer = Response(file.getvalue(), content_type=mimetype_of(in_form))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name_of(wanted, in_form)}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post(f"{OF_QUIZ}/tables/<what>.<form>")
@open_to(*STAFF)
def prepare(me: Enrolment, quiz_id: str, what: str, form: str) -> ResponseReturnValue:
    quiz = quiz_of(me, quiz_id)
    files.ask(db.session, quiz, *_wanted(what, form), by=me, at=clock.now())
    db.session.commit()
    return redirect(_address(me, quiz_id))


@bp.get(f"{OF_QUIZ}/tables/made/<export_id>")
@open_to(*STAFF)
def made(me: Enrolment, quiz_id: str, export_id: str) -> ResponseReturnValue:
    """A file that was made for me."""
    quiz = quiz_of(me, quiz_id)
    asked = db.session.scalar(
        select(QuizExport).where(
            QuizExport.public_id == export_id,
            QuizExport.quiz_id == quiz.id,
            QuizExport.asked_by_id == me.id,
            QuizExport.asked > clock.now() - files.KEPT,
        )
    )
    if asked is None:
        abort(404)
    if not asked.file:
        return redirect(_address(me, quiz_id))
    try:
        what, form = What(asked.what), Form(asked.form)
        return uploads.handed_out(asked.file, called=name_of(what, form), mimetype=mimetype_of(form))
    except uploads.Missing:
        abort(404)


def _wanted(what: str, form: str) -> tuple[What, Form]:
    try:
        found = What(what), Form(form)
    except ValueError:
        abort(404)
    # Results are no table, and tables have no versions of QTI.
    return found if found[1].is_table is (found[0] is not What.RESULTS) else abort(404)


def _address(me: Enrolment, quiz_id: str) -> str:
    return url_for("quiz_reports.tables", course=me.course.public_id, quiz_id=quiz_id)
