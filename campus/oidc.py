"""OpenID Connect, third-party initiated: the campus starts a login and answers the tool strictly."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request, session
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from campus import deep_linking, launches, messages, reviews
from campus.launches import HintRefused, Hints
from campus.people import Person, Placement
from campus.platform import Campus, campus

bp = Blueprint("oidc", __name__)
keys_bp = Blueprint("keys", __name__)

FIXED = {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none"}
REQUIRED = ("client_id", "redirect_uri", *FIXED, "state", "nonce", "login_hint", "lti_message_hint")


class LoginRefused(Exception):
    """An authentication request that is answered with an error page; says what was wrong."""


def initiation(here: Campus, person: Person, placement: Placement, document_target: str) -> dict[str, str]:
    """What the browser posts to the tool's login address to begin a launch."""
    hints = launches.issue(here, person, placement, document_target)
    return _storage(here, document_target) | {
        "iss": here.settings.url,
        "target_link_uri": here.tool.launch_url,
        "login_hint": hints.login,
        "lti_message_hint": hints.message,
        "client_id": here.tool.client_id,
        "lti_deployment_id": here.tool.deployment_id,
    }


def _storage(here: Campus, document_target: str) -> dict[str, str]:
    """Which frame keeps values for the tool, said at login and launch; a window of its own has no frames around."""
    name = here.flavor.storage_target
    return {"lti_storage_target": name} if name and document_target == "iframe" else {}


@bp.route("/oidc/auth", methods=["GET", "POST"])
def auth() -> ResponseReturnValue:
    here = campus()
    said = request.form if request.method == "POST" else request.args
    try:
        check_request(here, said)
        opening = _opening(here, said)
        launches.spend(here, said["lti_message_hint"], said["nonce"])
    except (LoginRefused, HintRefused) as problem:
        here.traffic.refuse(400, str(problem))
        return render_template("refused.html", reason=str(problem)), 400
    asked = deep_linking.asked_by(here, said["lti_message_hint"])
    reviewed = reviews.asked_by(here, said["lti_message_hint"])
    if asked:
        claims = deep_linking.request_claims(opening, asked)
    elif reviewed:
        claims = reviews.request_claims(opening, reviewed)
    else:
        claims = messages.resource_launch(opening)
    token = here.keys.sign(claims)
    fields = {"state": said["state"], "id_token": token, **_storage(here, opening.document_target)}
    return render_template("post.html", action=said["redirect_uri"], fields=fields, title="Opening the tool")


def check_request(here: Campus, said: MultiDict[str, str]) -> None:
    """What can be told from the parameters alone. Raises LoginRefused."""
    for name in REQUIRED:
        values = said.getlist(name)
        if not values or not values[0]:
            raise LoginRefused(f"{name} is missing")
        if len(values) > 1:
            raise LoginRefused(f"{name} is there more than once")
    for name, value in FIXED.items():
        if said[name] != value:
            raise LoginRefused(f"{name} is “{said[name]}” instead of “{value}”")
    if said["client_id"] != here.tool.client_id:
        raise LoginRefused(f"client_id “{said['client_id']}” is not registered")
    if said["redirect_uri"] not in here.tool.redirect_uris:
        raise LoginRefused(
            f"redirect_uri “{said['redirect_uri']}” is not registered; only {', '.join(here.tool.redirect_uris)} is"
        )


def _opening(here: Campus, said: MultiDict[str, str]) -> messages.Opening:
    """Who opens what, if it is the person at this browser who does. Raises LoginRefused and HintRefused."""
    hints = Hints(said["login_hint"], said["lti_message_hint"])
    launch = launches.look_up(here, hints)
    visitor = session.get("person")
    if visitor is None:
        raise LoginRefused("nobody is logged in to the campus in this browser, or its cookie did not arrive")
    if visitor != launch["person_id"]:
        raise LoginRefused("login_hint names somebody else than the person logged in to the campus")
    asked = deep_linking.asked_by(here, hints.message)
    placement = asked.nothing_yet if asked else here.register.placement(launch["placement_id"])
    seat = here.register.enrolment(placement.course_id, launch["person_id"]) if placement else None
    course = here.register.course(placement.course_id) if placement else None
    if placement is None or course is None or seat is None or not seat.is_active:
        raise LoginRefused("the person is not enrolled in this course any more")
    return messages.Opening(here, seat, course, placement, launch["document_target"], said["nonce"])


@keys_bp.get("/jwks")
def jwks() -> Response:
    response = jsonify(campus().keys.jwks())
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
