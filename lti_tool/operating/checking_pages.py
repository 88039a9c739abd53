"""The page `/lti/check`: its door, what stands behind it, and the button that tries a platform out."""

from __future__ import annotations

import secrets

from flask import Flask, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool import clock, headers
from lti_tool.arrivals import flood
from lti_tool.arrivals.views import bp
from lti_tool.db import db, transaction
from lti_tool.models import Platform
from lti_tool.operating import checking, operators, probing
from lti_tool.running.trying_again import try_again


def init_app(app: Flask) -> None:
    app.extensions["operator_tries"] = flood.Buckets(operators.TRIES_A_MINUTE, operators.TRIES_A_MINUTE / 60)


@bp.get("/lti/check")
def check() -> ResponseReturnValue:
    """What is registered, reachable and synchronized, for operators only."""
    if not operators.is_let_in(request):
        return _door()
    key = request.cookies.get(operators.cookie_name(), "") or secrets.token_urlsafe(32)
    page = render_template(
        "check/check.html",
        report=checking.report(clock.now()),
        token=operators.form_token(key),
        is_at_the_machine=operators.is_at_the_machine(request),
    )
    answer = _unframed(page)
    if not request.cookies.get(operators.cookie_name()):
        operators.set_cookie(answer, key)
    return answer


@bp.post("/lti/check")
def check_code() -> ResponseReturnValue:
    """Type in the code from the terminal."""
    asker, at = request.remote_addr or "", clock.now().timestamp()
    tries = current_app.extensions["operator_tries"]
    if tries.is_empty(asker, at):
        return _door(_("Too many wrong codes came from your address. Wait a minute, then try again."), 429)
    with transaction() as session:
        key = operators.begin(session, request.form.get("code", ""))
    if key is None:
        tries.take(asker, at)
        return _door(
            _("That is not a code, or it was used already or is older than ten minutes. Print a new one."), 422
        )
    answer = make_response(redirect(url_for("lti.check"), 303))
    operators.set_cookie(answer, key)
    return answer


@bp.post("/lti/check/platforms/<public_id>")
def check_platform(public_id: str) -> ResponseReturnValue:
    """Try this platform out, now."""
    _require_own_form()
    platform = db.session.scalar(select(Platform).where(Platform.public_id == public_id)) or abort(404)
    probing.probe(platform)
    return redirect(url_for("lti.check", _anchor=f"platform-{public_id}"), 303)


@bp.post("/lti/check/lanes/<lane>/again")
def check_again(lane: str) -> ResponseReturnValue:
    """Try again what waits in this lane or was given up."""
    _require_own_form()
    with transaction() as session:
        try_again(session, lane, at=clock.now())
    return redirect(url_for("lti.check", _anchor="outbox"), 303)


@bp.post("/lti/check/end")
def check_end() -> ResponseReturnValue:
    """Leave the page for good."""
    _require_own_form()
    with transaction() as session:
        operators.end(session, request.cookies.get(operators.cookie_name(), ""))
    answer = make_response(redirect(url_for("lti.check"), 303))
    answer.delete_cookie(operators.cookie_name(), secure=current_app.config["IS_HTTPS"], samesite="Strict")
    return answer


def _require_own_form() -> None:
    if not (operators.is_let_in(request) and operators.is_own_form(request)):
        abort(403)


def _door(complaint: str = "", status: int = 401) -> ResponseReturnValue:
    return _unframed(render_template("check/door.html", complaint=complaint)), status


def _unframed(page: str) -> Response:
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = headers.POLICY.format(ancestors="'none'", forms="'self'")
    return answer
