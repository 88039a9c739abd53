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
    url_for,
)
from flask.typing import ResponseReturnValue
from pylti1p3.contrib.flask.oidc_login import FlaskOIDCLogin
from sqlalchemy import text
from werkzeug.exceptions import RequestEntityTooLarge

from lti_tool import (
    access,
    arriving,
    cookies,
    flood,
    handing_over,
    introducing,
    keys,
    origins,
    platform_storage,
    platforms,
    tally,
    verdicts,
    verifying,
)
from lti_tool.db import db, transaction
from lti_tool.models import Platform, Standing
from lti_tool.sessions import set_cookie
from lti_tool.verdicts import Refused

bp = Blueprint("lti", __name__)
log = logging.getLogger(__name__)

LONGEST_HINT = 16 * 1024


@bp.route("/lti/login", methods=["GET", "POST"])
@bp.route("/lti/login/<registration>", methods=["GET", "POST"])
def login(registration: str = "") -> ResponseReturnValue:
    """OIDC third-party login initiation (security framework 1.0, section 5.1.1), for all or for one registration.

    A browser that keeps cookies goes straight on; one that does not is shown what else can be done.
    """
    flood.knock()
    started = time.perf_counter()
    said = request.form if request.method == "POST" else request.args
    try:
        platform = _platform_of(said, registration)
        keeps_cookies = cookies.are_kept(request)
        if not keeps_cookies and not cookies.were_asked_for(request):
            return cookies.ask()
        storage = "" if keeps_cookies else platform_storage.offered(said)
        if not keeps_cookies and not storage:
            tally.tell("login", verdicts.NO_COOKIES.code, platform=platform.public_id, started=started)
            return platform_storage.start_over(said)
        with transaction():
            state, nonce = verifying.start_login(
                platform,
                target=said["target_link_uri"],
                deployment_hint=said.get("lti_deployment_id", ""),
                storage_target=storage,
                asker=flood.asker_mark(),
            )
    except Refused as refused:
        return _refuse(refused, "login", started)
    onward = _authorization(platform, said, state, nonce)
    if storage:
        answer = platform_storage.store(platform, said, state=state, onward=onward)
    else:
        answer = make_response(redirect(onward, 302))
    set_cookie(current_app, answer, verifying.state_cookie(state), state, max_age=600)
    return answer


def _platform_of(said: Any, registration: str) -> Platform:
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
    platform = platforms.knocking(db.session, said["iss"], said.get("client_id", ""), registration=registration)
    if platform is None:
        reason = verdicts.UNKNOWN_PLATFORM
        if platforms.is_known(db.session, said["iss"]) and not (said.get("client_id") or registration):
            reason = verdicts.AMBIGUOUS_PLATFORM
        raise Refused(reason, f"iss={said['iss']} client_id={said.get('client_id', '')}")
    if platform.standing != Standing.ACTIVE:
        raise Refused(verdicts.PLATFORM_WAITING, platform=platform.public_id)
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
    has_cookie = verifying.is_tied(request.form.get("state", ""), request.cookies)
    flood.let_launch(is_tied=has_cookie)
    if not has_cookie and (question := platform_storage.fetch(request)) is not None:
        return question
    started = time.perf_counter()
    try:
        verified = verifying.verify(request.form, request.cookies, stored=platform_storage.fetched(request))
        address = arriving.arrive(verified)
    except Refused as refused:
        return _refuse(refused, "launch", started)
    except Exception as problem:
        db.session.rollback()
        tally.tell("launch", "broken", started=started, detail=type(problem).__name__)
        raise
    tally.tell(
        "launch",
        "ok" if address else "no_course",
        platform=verified.platform.public_id,
        deployment=verified.deployment.deployment_id,
        started=started,
    )
    if address is None:
        return render_template("errors/no_course.html")
    if not has_cookie and (begun := access.stored_session()).fresh_key:
        return platform_storage.page("handing_over/open.html", ticket=handing_over.issue(begun, address))
    answer = make_response(redirect(address, 303))
    set_cookie(current_app, answer, verifying.state_cookie(request.form["state"]), "", max_age=0)
    return answer


@bp.post("/lti/open")
def open_window() -> ResponseReturnValue:
    """A visit begun in a frame goes on in this window; only a form of our own page may bring the ticket."""
    if not origins.is_surely_own(request):
        raise origins.FromElsewhere
    address = handing_over.redeem(access.stored_session(), request.form.get("ticket", ""))
    if address is None:
        return render_template("handing_over/used.html"), 410
    return redirect(address, 303)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """More than any form of ours holds, refused unread: a verdict like any other."""
    stage = "login" if request.endpoint == "lti.login" else "launch"
    return _refuse(Refused(verdicts.TOO_LARGE), stage, time.perf_counter())


def _refuse(refused: Refused, stage: str, started: float) -> ResponseReturnValue:
    db.session.rollback()
    if stage == "launch":
        flood.count_failure()
    tally.tell(
        stage,
        refused.reason.code,
        platform=refused.platform,
        deployment=refused.deployment,
        started=started,
        detail=refused.detail,
    )
    page = render_template(
        "errors/launch.html",
        cause=refused.reason.cause,
        cure=refused.reason.cure,
        code=refused.reason.code,
        setup_url=url_for(".front") if refused.reason in verdicts.WANT_SETUP else "",
    )
    return page, refused.reason.status


@bp.get("/lti/jwks")
def jwks() -> Response:
    answer = jsonify({"keys": keys.published(db.session)})
    answer.cache_control.max_age = 300
    answer.cache_control.public = True
    return answer


@bp.get("/")
def front() -> str:
    return render_template(
        "home.html",
        login_url=introducing.login_url(),
        launch_url=launch_url(),
        jwks_url=introducing.jwks_url(),
        canvas_url=introducing.canvas_url(),
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
