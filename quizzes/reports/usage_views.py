"""How the questions of a quiz did, as a file for other systems."""

from __future__ import annotations

from flask import Response, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from quizzes.blueprint import STAFF
from quizzes.formats.usage import REPORTED
from quizzes.reports.asked_for import chosen
from quizzes.reports.columns import Which
from quizzes.reports.views import OF_QUIZ, bp
from quizzes.visiting import quiz_of

__all__ = ["bp"]


@bp.get(f"{OF_QUIZ}/usage-data.<qti>")
@open_to(*STAFF)
def usage(me: Enrolment, quiz_id: str, qti: str) -> ResponseReturnValue:
    """Usage data of QTI; back to the questions as long as there is nothing to say of them."""
    # Together they load the formats.
    from quizzes.formats.qti.writing.reporting import VERSIONS
    from quizzes.formats.qti.writing.usage import usage_data
    from quizzes.reports.usage import statistics_of

    quiz = quiz_of(me, quiz_id)
    if qti not in REPORTED:
        abort(404)
    found = statistics_of(db.session, quiz, chosen("which", Which.FIRST), at=clock.now().date())
    if not found:
        return redirect(url_for("quiz_reports.questions", course=me.course.public_id, quiz_id=quiz_id))
    answer = Response(usage_data(found, VERSIONS[qti]), content_type="application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"usage-data-{qti}.xml")
    answer.headers["Cache-Control"] = "no-store"
    return answer
