"""A picture of a bank, shown to the people of a course whose bank it is or whose quiz draws from it."""

from __future__ import annotations

from flask import Response, abort, send_file
from flask.typing import ResponseReturnValue

from lti_tool import uploads
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from quizzes.bank import pictures
from quizzes.bank.blueprint import READERS, bp

ADDRESS = "/courses/<course>/pictures/<picture_id>"
ONE_DAY = 24 * 60 * 60


@bp.get(ADDRESS)
@open_to(*READERS, Role.LEARNER)
def picture(me: Enrolment, picture_id: str) -> ResponseReturnValue:
    """It never changes, so a browser may keep it; nobody else's may, and none takes it for a page."""
    found = pictures.seen_by(db.session, me, picture_id) or abort(404)
    try:
        answer: Response = send_file(uploads.path_of(found.file), found.mimetype, conditional=False, etag=False)
    except FileNotFoundError:
        abort(404)
    answer.headers["Cache-Control"] = f"private, max-age={ONE_DAY}, immutable"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = uploads.SANDBOX
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
