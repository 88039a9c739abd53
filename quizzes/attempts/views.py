"""What an attempt's page asks for while it is open: keeping answers, the time, whose turn it is, all of it as JSON.

And for staff a page that says what happened in an attempt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.exceptions import RequestEntityTooLarge

from lti_tool import clock
from lti_tool.access import Known, briefly_open_to, open_to
from lti_tool.brief import brief_transaction
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.prepared import Here
from quizzes.accommodations import standing, wording
from quizzes.attempts import batches, holding, log, opening, saving
from quizzes.attempts import wording as attempt_words
from quizzes.attempts.batches import Batch
from quizzes.attempts.holding import Held
from quizzes.attempts.saving import Outcome, Verdict
from quizzes.countdown import Countdown
from quizzes.models import Attempt, Quiz
from quizzes.timing import Window

bp = Blueprint("attempts", __name__, template_folder="templates")
ATTEMPT = "/courses/<course>/quizzes/attempts/<attempt_id>"
IS_PAGE = re.compile(r"[0-9a-f]{8,32}")
STATUS: Mapping[Verdict, int] = {
    Verdict.OLDER: 409,
    Verdict.CROSSED: 409,
    Verdict.CHECKED: 409,
    Verdict.PASSED: 409,
    Verdict.NOT_ASKED: 422,
    Verdict.NOT_AN_ANSWER: 422,
    Verdict.TOO_LONG: 422,
}
SENTENCES: Mapping[Verdict, LazyString] = {
    Verdict.OLDER: _l("A newer answer to question %(place)d is kept already."),
    Verdict.CROSSED: attempt_words.CROSSED,
    Verdict.CHECKED: attempt_words.CHECKED,
    Verdict.PASSED: attempt_words.PASSED,
    Verdict.NOT_ASKED: _l("This attempt has no question %(place)d."),
    Verdict.NOT_AN_ANSWER: _l("Not saved: question %(place)d cannot be answered like that. Look at it again."),
    Verdict.TOO_LONG: _l("Not saved: the answer to question %(place)d is longer than one may be. Make it shorter."),
}


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    return refused(_("Not saved: this is longer than an answer may be. Make it shorter."), 413)


@bp.post(f"{ATTEMPT}/batch")
@briefly_open_to(Role.LEARNER)
def batch(me: Known, attempt_id: str) -> ResponseReturnValue:
    """Keep a few answers: 200 if any is kept now, or was before; else the status of what is wrong with the first."""
    at, sent = clock.now(), _sent()
    with brief_transaction() as here:
        held = holding.hold(here, attempt_id, me.id) or abort(404)
        if sent is None:
            return refused(_("These answers did not arrive as they should. Reload the page and answer again."), 400)
        if not held.is_taking(at):
            return too_late(here, held)
        if sent.epoch < held.epoch:
            return _elsewhere(held, at)
        outcomes = saving.save(here, held, sent.entries, at=at)
        holding.notice_network(here, held, attempt_id, at=at)
    return _told(held, outcomes, at)


def _sent() -> Batch | None:
    """None where it is no batch."""
    try:
        return batches.read(request.get_data() if request.is_json else request.form.get("batch", ""))
    except batches.NotABatch:
        return None


def _elsewhere(held: Held, at: datetime) -> ResponseReturnValue:
    """The page does not know that another was opened since. It is told, and keeps nothing as long as it does not."""
    sentence = _("The quiz goes on in another window or on another device. Nothing of this page was saved just now.")
    nothing: dict[str, Any] = {"answers": {}, "answered": {}, "refused": {}}
    return jsonify(state(held, at) | nothing | {"error": sentence}), 409


@bp.post(f"{ATTEMPT}/opening")
@briefly_open_to(Role.LEARNER)
def open_page(me: Known, attempt_id: str) -> ResponseReturnValue:
    """From here on this page is the one that answers."""
    at, page = clock.now(), request.form.get("page", "")
    with brief_transaction() as here:
        held = holding.hold(here, attempt_id, me.id) or abort(404)
        if not IS_PAGE.fullmatch(page):
            return refused(_("This page did not say which it is. Reload it."), 400)
        if not held.is_taking(at):
            return too_late(here, held)
        epoch = opening.open_page(here, held, page, at=at)
        holding.notice_network(here, held, attempt_id, at=at)
        numbers = opening.numbers(here, held)
    return jsonify(state(held._replace(epoch=epoch), at) | {"answers": numbers})


@bp.get(f"{ATTEMPT}/pulse")
@briefly_open_to(Role.LEARNER)
def pulse(me: Known, attempt_id: str) -> ResponseReturnValue:
    """How much time is left, whether it is still this page's turn, and what was granted since."""
    at = clock.now()
    held = holding.look(db.session, attempt_id, me.id) or abort(404)
    said = state(held, at)
    if request.args.get("known") != said["deadline"]:
        said |= {"words": Countdown.of(_window(held), at).words_by_minute, "granted": _granted(held)}
    return jsonify(said)


@bp.get("/courses/<course>/quizzes/<quiz_id>/results/<attempt_id>/log")
@open_to(Role.INSTRUCTOR, Role.ASSISTANT)
def happened(me: Enrolment, quiz_id: str, attempt_id: str) -> ResponseReturnValue:
    attempt = db.session.scalar(
        select(Attempt)
        .join(Attempt.quiz)
        .where(Quiz.course_id == me.course_id, Quiz.public_id == quiz_id, Attempt.public_id == attempt_id)
    )
    if attempt is None:
        abort(404)
    lines = [attempt_words.line(entry) for entry in log.entries(db.session, attempt)]
    return render("attempts/log.html", me=me, quiz=attempt.quiz, attempt=attempt, lines=lines, kept_days=log.KEPT.days)


def _granted(held: Held) -> str:
    attempt = db.session.get_one(Attempt, held.id)
    return wording.to_learner(standing.of(db.session, attempt.quiz, attempt.enrolment, at=held.started))


def _told(held: Held, outcomes: Sequence[Outcome], at: datetime) -> ResponseReturnValue:
    wrong = [each for each in outcomes if each.verdict in STATUS]
    told = state(held, at) | {
        "answers": {each.place: each.seq for each in outcomes if each.verdict is not Verdict.NOT_ASKED},
        "answered": {each.place: each.is_answered for each in outcomes if each.verdict is Verdict.KEPT},
        "refused": {each.place: _sentence(each) for each in wrong if each.verdict is not Verdict.OLDER},
    }
    if fixed := [each.place for each in wrong if each.verdict is Verdict.CHECKED]:
        told |= {"checked": fixed}
    if len(wrong) < len(outcomes):
        return jsonify(told)
    return jsonify(told | {"error": _sentence(wrong[0])}), STATUS[wrong[0].verdict]


def _sentence(outcome: Outcome) -> str:
    return str(SENTENCES[outcome.verdict] % {"place": outcome.place})


def state(held: Held, at: datetime) -> dict[str, Any]:
    """What every answer of ours says: the server's time, the deadline, and which opening of the page answers."""
    return {
        "now": at.isoformat(),
        "deadline": held.deadline.isoformat() if held.deadline else "",
        "left": (held.deadline - at).total_seconds() if held.deadline else None,
        "epoch": held.epoch,
        "is_open": held.is_taking(at),
    }


def _window(held: Held) -> Window | None:
    return None if held.deadline is None else Window(held.started, held.deadline)


def too_late(here: Here, held: Held) -> ResponseReturnValue:
    """With the number of the answer kept to each question: a page knows by them what of its own counts."""
    sentence = (
        _("This attempt has been handed in; it takes no answers any more.")
        if held.submitted is not None
        else _("Your time was over before this answer came. What was saved until then is marked.")
    )
    return jsonify({"error": sentence, "answers": opening.numbers(here, held)}), 410


def refused(sentence: str, status: int) -> ResponseReturnValue:
    return jsonify({"error": sentence}), status
