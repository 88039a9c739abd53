"""Where an LMS knocks: login, launch, the tool's public keys; and what the bare address says."""

from __future__ import annotations

import logging
import time
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from pylti1p3.contrib.flask.oidc_login import FlaskOIDCLogin
from sqlalchemy import text

from lti_tool import arriving, keys, platforms, verdicts, verifying
from lti_tool.db import db, transaction
from lti_tool.models import Platform, Standing
from lti_tool.sessions import set_cookie
from lti_tool.verdicts import Refused

bp = Blueprint("lti", __name__)
log = logging.getLogger("lti_tool.verdicts")

LONGEST_HINT = 16 * 1024


@bp.route("/lti/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """OIDC third-party login initiation (security framework 1.0, section 5.1.1)."""
    said = request.form if request.method == "POST" else request.args
    try:
        platform = _platform_of(said)
        with transaction():
            state, nonce = verifying.start_login(
                platform, target=said["target_link_uri"], deployment_hint=said.get("lti_deployment_id", "")
            )
    except Refused as refused:
        return _refuse(refused, "login")
    answer = make_response(redirect(_authorization(platform, said, state, nonce), 302))
    set_cookie(current_app, answer, verifying.state_cookie(state), state, max_age=600)
    return answer


def _platform_of(said: Any) -> Platform:
    for name, longest in (("iss", 512), ("login_hint", LONGEST_HINT), ("target_link_uri", 2048)):
        if not 1 <= len(said.get(name, "")) <= longest or "\x00" in said[name]:
            raise Refused(verdicts.MISSING_PARAMETER, name)
    for name in ("client_id", "lti_message_hint", "lti_deployment_id"):
        if len(said.get(name, "")) > (LONGEST_HINT if name == "lti_message_hint" else 255) or "\x00" in said.get(
            name, ""
        ):
            raise Refused(verdicts.MISSING_PARAMETER, name)
    if not said["target_link_uri"].startswith(current_app.config["PUBLIC_URL"] + "/"):
        raise Refused(verdicts.WRONG_TARGET)
    platform = platforms.find(db.session, said["iss"], said.get("client_id", ""))
    if platform is None:
        raise Refused(verdicts.UNKNOWN_PLATFORM)
    if platform.standing != Standing.ACTIVE:
        raise Refused(verdicts.PLATFORM_WAITING)
    return platform


def _authorization(platform: Platform, said: Any, state: str, nonce: str) -> str:
    """Where the browser goes to be vouched for; the library composes it, with our one redirect URI."""
    prepared = _Login(said, platform, state, nonce)
    return str(prepared.get_redirect_object(launch_url()).get_redirect_url())


def launch_url() -> str:
    """The one redirect URI, exactly as it is registered: never taken from what a request says."""
    return f"{current_app.config['PUBLIC_URL']}/lti/launch"


class _Login(FlaskOIDCLogin):
    """PyLTI1p3's login with our state and nonce, which live in a row instead of cookies and sessions."""

    def __init__(self, said: Any, platform: Platform, state: str, nonce: str) -> None:
        self._said, self._state, self._nonce = said, state, nonce
        nowhere: Any = _Nowhere()
        super().__init__(
            _Parameters(said, platform.client_id),
            platforms.OneRegistration(platform),
            session_service=nowhere,
            cookie_service=nowhere,
        )

    def _get_uuid(self) -> str:
        return self._state.removeprefix(verifying.STATE_PREFIX)

    def _generate_nonce(self) -> str:
        return self._nonce


class _Parameters:
    """What the LMS said, with the client filled in where it left it out."""

    def __init__(self, said: Any, client_id: str) -> None:
        self._said, self._client_id = said, client_id

    def get_param(self, key: str) -> str | None:
        value: str | None = self._client_id if key == "client_id" else self._said.get(key)
        return value


class _Nowhere:
    """Keeps nothing: the login row does."""

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: None


@bp.post("/lti/launch")
def launch() -> ResponseReturnValue:
    """The platform vouches for the visitor; verified, they become a session and are sent to their page."""
    started = time.perf_counter()
    try:
        verified = verifying.verify(request.form, request.cookies)
        address = arriving.arrive(verified)
    except Refused as refused:
        return _refuse(refused, "launch")
    _log_verdict("launch", "ok" if address else "no_course", verified.platform, started)
    if address is None:
        return render_template("errors/no_course.html")
    answer = make_response(redirect(address, 303))
    set_cookie(current_app, answer, verifying.state_cookie(request.form["state"]), "", max_age=0)
    return answer


def _refuse(refused: Refused, stage: str) -> ResponseReturnValue:
    db.session.rollback()
    log.warning("%s verdict=%s detail=%s", stage, refused.reason.code, refused.detail[:80])
    page = render_template(
        "errors/launch.html", cause=refused.reason.cause, cure=refused.reason.cure, code=refused.reason.code
    )
    return page, refused.reason.status


def _log_verdict(stage: str, verdict: str, platform: Platform, started: float) -> None:
    took = (time.perf_counter() - started) * 1000
    log.info("%s verdict=%s platform=%s ms=%.1f", stage, verdict, platform.public_id, took)


@bp.get("/lti/jwks")
def jwks() -> Response:
    answer = jsonify({"keys": keys.published(db.session)})
    answer.cache_control.max_age = 300
    answer.cache_control.public = True
    return answer


@bp.get("/")
def front() -> str:
    base = current_app.config["PUBLIC_URL"]
    return render_template(
        "home.html", login_url=f"{base}/lti/login", launch_url=launch_url(), jwks_url=f"{base}/lti/jwks"
    )


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    return {"status": "alive"}


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Ready when the database answers and stands at the newest migration."""
    from lti_tool.migrating import head_of_code, head_of_database

    try:
        db.session.execute(text("SELECT 1"))
        is_current = head_of_database(db.engine) == head_of_code()
    except Exception:
        log.exception("readiness")
        return {"status": "the database does not answer"}, 503
    if not is_current:
        return {"status": "migrations are missing: run flask --app wsgi migrate"}, 503
    return {"status": "ready"}
