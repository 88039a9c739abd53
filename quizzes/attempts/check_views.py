"""A question is checked from an attempt's page while it is open: as JSON, with what the page then shows of it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from quizzes import queries
from quizzes.attempts import checking, holding
from quizzes.attempts.checking import No
from quizzes.attempts.views import ATTEMPT, bp, refused, state, too_late
from quizzes.attempts.wording import why_not
from quizzes.forms import answers_form
from quizzes.models import Answer, Attempt
from quizzes.reporting import checked

STATUS: Mapping[No, int] = {
    No.NOTHING_TO_CHECK: 422,
    No.OPEN: 422,
    No.PASSED: 409,
    No.CROSSED: 409,
    No.CHECKED: 409,
}


@bp.post(f"{ATTEMPT}/questions/<int:place>/check")
@open_to(Role.LEARNER)
def check(me: Enrolment, attempt_id: str, place: int) -> ResponseReturnValue:
    """Fix the answer that my page shows, and say what came of it: 200, now or before; else why it is not checked."""
    at = clock.now()
    held = holding.hold(db.session, attempt_id, me.id) or abort(404)
    if not held.is_taking(at):
        return too_late(db.session, held)
    attempt = queries.attempt_to_change(db.session, Attempt.id == held.id) or abort(404)
    no = checking.check(db.session, attempt, place, seq=_seq(), at=at)
    db.session.commit()
    answer = next((each for each in attempt.answers if each.place == place), None)
    if answer is None or not answer.is_checked:
        return refused(why_not(no or No.NOTHING_TO_CHECK, place), STATUS[no or No.NOTHING_TO_CHECK])
    told = state(held, at) | {"answers": {place: answer.seq}, "html": _shown(me, attempt, answer)}
    return jsonify(told) if no is None else (jsonify(told | {"error": why_not(no, place)}), STATUS[no])


def _seq() -> int:
    """The number of the answer on the page; one that nothing has where the page does not say."""
    said = request.form.get("seq", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 11 else -1


def _shown(me: Enrolment, attempt: Attempt, answer: Answer) -> str:
    return render_template(
        "quizzes/_answering.html",
        me=me,
        attempt=attempt,
        answer=answer,
        form=answers_form(questions=[answer], is_sent=False),
        checked=checked([answer], shows=attempt.on_check),
    )
