"""An attempt's result as a file for other systems: learners take their own, those who teach anybody's."""

from __future__ import annotations

from flask import Response, abort
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from quizzes import queries
from quizzes.blueprint import STAFF
from quizzes.designing.reviewing import EVERYTHING, Shown
from quizzes.formats.usage import REPORTED
from quizzes.models import Attempt
from quizzes.reports.views import OF_QUIZ, bp
from quizzes.visiting import my_attempt, my_progress, quiz_of

__all__ = ["bp"]


@bp.get("/courses/<course>/quizzes/attempts/<attempt_id>/result.<qti>")
@open_to(Role.LEARNER)
def own_result(me: Enrolment, attempt_id: str, qti: str) -> ResponseReturnValue:
    """As much of my attempt as I may see now; nothing while it runs."""
    mine = my_attempt(me, attempt_id)
    if mine.is_open:
        abort(404)
    return _file(mine, qti, my_progress(me, mine.quiz).shows(mine, clock.now()))


@bp.get(f"{OF_QUIZ}/results/<attempt_id>/result.<qti>")
@open_to(*STAFF)
def result_of_one(me: Enrolment, quiz_id: str, attempt_id: str, qti: str) -> ResponseReturnValue:
    is_it = (Attempt.quiz_id == quiz_of(me, quiz_id).id) & (Attempt.public_id == attempt_id)
    wanted = select(Attempt).where(is_it, Attempt.submitted.is_not(None)).options(queries.with_answers())
    return _file(db.session.scalar(wanted) or abort(404), qti, EVERYTHING)


def _file(attempt: Attempt, version: str, shows: frozenset[Shown]) -> ResponseReturnValue:
    from quizzes.reports.exporting import results  # which loads the formats

    if version not in REPORTED or not shows:
        abort(404)
    answer = Response(results.written(attempt, version, shows=shows), content_type="application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"attempt-{attempt.n}-{version}.xml")
    answer.headers["Cache-Control"] = "no-store"
    return answer
