"""Where an LMS knocks: login, launch, the tool's public keys; and what the bare address says."""

from __future__ import annotations

import logging
import time

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from werkzeug.exceptions import RequestEntityTooLarge

from lti_tool import access, keys
from lti_tool.arrivals import (
    arriving,
    cookies,
    flood,
    handing_over,
    knocking,
    origins,
    platform_storage,
    states,
    tally,
    verdicts,
    verifying,
)
from lti_tool.arrivals.posted import posted
from lti_tool.arrivals.sessions import set_cookie
from lti_tool.arrivals.verdicts import Refused
from lti_tool.db import db
from lti_tool.headers import gone_to
from lti_tool.outgoing.connecting import patience
from lti_tool.registering import introducing

LONGEST_PAGE = 9.0
"""Seconds that a launch gives to all its calls together: a dead or slow LMS holds nobody for longer than ten."""

bp = Blueprint("lti", __name__)
log = logging.getLogger(__name__)


@bp.route("/lti/login", methods=["GET", "POST"])
@bp.route("/lti/login/<registration>", methods=["GET", "POST"])
def login(registration: str = "") -> ResponseReturnValue:
    """OIDC third-party login initiation (security framework 1.0, section 5.1.1), for all or for one registration.

    A browser that keeps cookies goes straight on; one that does not is shown what else can be done.
    """
    flood.knock()
    started = time.perf_counter()
    said = posted(request) if request.method == "POST" else request.args.to_dict()
    try:
        door = knocking.door_of(said, registration)
    except Refused as refused:
        return _refuse(refused, "login", started)
    keeps_cookies = cookies.are_kept(request)
    if not keeps_cookies and not cookies.were_asked_for(request):
        return cookies.ask()
    storage = "" if keeps_cookies else platform_storage.offered(said)
    if not keeps_cookies and not storage:
        tally.tell("login", verdicts.NO_COOKIES.code, platform=door.public_id, started=started)
        return platform_storage.start_over(said)
    deployment = said.get("lti_deployment_id", "")
    state = states.seal(door.public_id, target=said["target_link_uri"], deployment=deployment, storage_target=storage)
    onward = knocking.onward(door, said, state=state)
    if storage:
        answer = platform_storage.store(door.auth_url, said, state=state, onward=onward)
    else:
        answer = gone_to(onward, 302)
    set_cookie(current_app, answer, verifying.state_cookie(state), state, max_age=600)
    return answer


@bp.post("/lti/launch")
def launch() -> ResponseReturnValue:
    """The platform vouches for the visitor; verified, they become a session and are sent to their page."""
    said = posted(request)
    state = said.get("state", "")
    has_cookie = verifying.is_tied(state, request.cookies)
    tied_to = state if has_cookie else ""
    flood.let_launch(tied_to=tied_to)
    if not has_cookie and (question := platform_storage.fetch(said, request)) is not None:
        return question
    started = time.perf_counter()
    try:
        with patience(LONGEST_PAGE):
            verified = verifying.verify(said, request.cookies, stored=platform_storage.fetched(said, request))
            address = arriving.arrive(verified)
    except Refused as refused:
        flood.count_failure(tied_to=tied_to)
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
    answer = gone_to(address, 303)
    set_cookie(current_app, answer, verifying.state_cookie(state), "", max_age=0)
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
    if stage == "launch":
        flood.count_failure(tied_to="")
    return _refuse(Refused(verdicts.TOO_LARGE), stage, time.perf_counter())


def _refuse(refused: Refused, stage: str, started: float) -> ResponseReturnValue:
    db.session.rollback()
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
        launch_url=introducing.launch_url(),
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
