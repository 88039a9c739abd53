"""A file arrives or goes while an attempt's page is open, and is taken away by whoever handed it in, or marks it."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from lti_tool import clock, uploads
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.files.kinds import BY_KEY
from lti_tool.models import Enrolment, Role
from quizzes.attempts import holding
from quizzes.attempts.views import ATTEMPT, refused, state, too_late
from quizzes.files import keeping
from quizzes.files import wording as file_words
from quizzes.forms import answers_form, field_name
from quizzes.kinds import FILES
from quizzes.marking import Kind
from quizzes.models import Answer, AnswerFile, Attempt
from quizzes.queries import attempt_to_change
from quizzes.visiting import my_attempt

log = logging.getLogger(__name__)
bp = Blueprint("answer_files", __name__, template_folder="templates")


@bp.post(f"{ATTEMPT}/questions/<int:place>/files")
@open_to(Role.LEARNER)
@uploads.takes_a_file
def change(me: Enrolment, attempt_id: str, place: int) -> ResponseReturnValue:
    """Keep a file, or take one away; says how the question stands then, as JSON, and what its page shows of it."""
    at = clock.now()
    held = holding.hold(db.session, attempt_id, me.id) or abort(404)
    if not held.is_taking(at):
        return too_late(db.session, held)
    if not held.shows(place):
        return refused(_("You have gone on from question %(place)d, and there is no way back.", place=place), 409)
    attempt = attempt_to_change(db.session, Attempt.id == held.id) or abort(404)
    answer = next((each for each in attempt.answers if each.place == place), None)
    if answer is None or answer.version.kind is not Kind.UPLOAD:
        return refused(_("This attempt has no question %(place)d that takes files.", place=place), 422)
    form = answers_form(questions=[answer])
    if not form.validate_on_submit():
        return refused(" ".join(map(str, form[field_name(answer, FILES)].errors)) or _not_arrived(), 422)
    with keeping.handed(db.session, attempt, form.sent(), removed=form.removed, places=[place], seq=_seq(), at=at):
        db.session.commit()
    return jsonify(
        state(held, at)
        | {"answers": {place: answer.seq}, "answered": {place: not answer.is_open}, "files": _shown(me, answer)}
    )


def _not_arrived() -> str:
    return str(_("This file did not arrive as it should. Reload the page and choose it once more."))


def _seq() -> int:
    """The number the page gave it, among those of its answers; 0 if it gave none that counts."""
    said = request.form.get("seq", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


def _shown(me: Enrolment, answer: Answer) -> str:
    return render_template("files/_of_answer.html", me=me, answer=answer, file_words=file_words)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """It was not read to its end."""
    db.session.rollback()
    return refused(str(file_words.TOO_LARGE), 413)


@bp.get(f"{ATTEMPT}/files/<file_id>")
@open_to(Role.LEARNER)
def own(me: Enrolment, attempt_id: str, file_id: str) -> ResponseReturnValue:
    """A file that I handed in, to be kept."""
    mine = my_attempt(me, attempt_id)
    file = keeping.file_of(db.session, mine.id, file_id) or abort(404)
    return handed_out(file, called=file.file_name) or redirect(
        url_for("quizzes.attempt", course=me.course.public_id, attempt_id=attempt_id)
    )


def handed_out(file: AnswerFile, *, called: str) -> Response | None:
    """The file under this name; None, having said so, if it is not there."""
    try:
        return uploads.handed_out(file.file, called=called, mimetype=BY_KEY[file.kind].mimetype)
    except uploads.Missing:
        log.error("The file of answer file %s is not in the folder of UPLOADS", file.public_id)
        flash(_("This file is not there at present. Whoever runs this tool has been told; try again later."), "error")
        return None
