"""A picture or a sound of a bank, for the people of a course whose bank it is or whose quiz draws from it."""

from __future__ import annotations

from flask import Response, abort, send_file
from flask.typing import ResponseReturnValue

from lti_tool import uploads
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from quizzes.bank import media
from quizzes.bank.blueprint import READERS, bp
from quizzes.bank.models import Picture, Sound

ADDRESS = "/courses/<course>/pictures/<picture_id>"
OF_SOUNDS = "/courses/<course>/sounds/<sound_id>"
ONE_DAY = 24 * 60 * 60


@bp.get(ADDRESS)
@open_to(*READERS, Role.LEARNER)
def picture(me: Enrolment, picture_id: str) -> ResponseReturnValue:
    """It never changes, so a browser may keep it; nobody else's may, and none takes it for a page."""
    found = media.seen_by(db.session, me, Picture, picture_id) or abort(404)
    try:
        answer: Response = send_file(uploads.path_of(found.file), found.mimetype, conditional=False, etag=False)
    except FileNotFoundError:
        abort(404)
    return _kept_here(answer)


@bp.get(OF_SOUNDS)
@open_to(*READERS, Role.LEARNER)
def sound(me: Enrolment, sound_id: str) -> ResponseReturnValue:
    """The same of what is heard; in parts, too, for players ask for the one that somebody goes to."""
    found = media.seen_by(db.session, me, Sound, sound_id) or abort(404)
    try:
        answer: Response = send_file(uploads.path_of(found.file), found.mimetype, conditional=True, etag=False)
    except FileNotFoundError:
        abort(404)
    return _kept_here(answer)


def _kept_here(answer: Response) -> Response:
    answer.headers["Cache-Control"] = f"private, max-age={ONE_DAY}, immutable"
    return uploads.shown_here(answer)
