"""The pages an LMS's administrator sees while their LMS registers itself; and the Canvas configuration.

Nobody is signed in here: the secret in the address is what lets them in. The registration token of the LMS stands in
the page and in what it sends, never in an address of ours, in a log or in the database.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, abort, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.arrivals.origins import is_foreign
from lti_tool.db import db, reading, transaction
from lti_tool.headers import origin_of
from lti_tool.models import Platform
from lti_tool.outgoing.addresses import host_of
from lti_tool.outgoing.connecting import patience
from lti_tool.outgoing.http import http
from lti_tool.registering import introducing, invitations, registration
from lti_tool.registering.invitations import Invitation, State
from lti_tool.registering.registration import Granted, RegistrationFailed
from lti_tool.registering.registration_forms import LONGEST_TOKEN, Asked, RegisterForm, confirmation, confirmed

bp = Blueprint("registration", __name__)
log = logging.getLogger(__name__)

LONGEST_SOURCE = 2048
LONGEST_PAGE = 9.0
"""Seconds for the configuration and the registration together, while an administrator waits."""


class _Closed(Exception):
    """The page that says why nothing can be registered here."""

    def __init__(
        self, problem: str, status: int, invitation: Invitation | None = None, *, is_used: bool = False
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.status = status
        self.invitation = invitation
        """The invitation, if it can still be used."""
        self.is_used = is_used


@bp.errorhandler(_Closed)
def _explain(closed: _Closed) -> ResponseReturnValue:
    return _refused(closed.problem, closed.status, invitation=closed.invitation, is_used=closed.is_used)


def _refused(
    problem: str, status: int, *, invitation: Invitation | None = None, is_used: bool = False
) -> ResponseReturnValue:
    """What went wrong; with an invitation that is still open, until when it is good."""
    db.session.rollback()
    page = render_template("registration/refused.html", problem=problem, invitation=invitation, is_used=is_used)
    return page, status


@bp.get("/lti/register/<secret>")
def ask(secret: str) -> ResponseReturnValue:
    """Says which LMS wants to be registered, and has one button."""
    source, token = request.args.get("openid_configuration", ""), request.args.get("registration_token", "")
    # Who holds the invitation may show its page in a frame: an LMS that is new to us is in no table yet, and a school's
    # Canvas shows it from a domain that only the browser knows.
    origins = _admitted([source, request.headers.get("Referer", "")])
    g.framed_by = sorted(origins)
    invitation = _open_invitation(secret)
    if not source:
        address = introducing.invitation_url(secret)
        return render_template("registration/invited.html", invitation=invitation, address=address)
    if problem := _problem_of(source, token):
        raise _Closed(problem, 422, invitation)
    asked = Asked(source=source, origins=tuple(sorted(origins)), tries=invitation.tries)
    form = RegisterForm(data={"confirm": confirmation(invitation, asked, token), "registration_token": token})
    return render_template("registration/ask.html", form=form, host=host_of(source), invitation=invitation)


def _open_invitation(secret: str) -> Invitation:
    invitation = invitations.find(db.session, secret)
    if invitation is None:
        raise _Closed(_("There is no such invitation. Check that its address was copied whole."), 404)
    state = invitation.state(clock.now())
    if state == State.USED:
        raise _Closed(_("One learning platform has registered with it, and it works once only."), 403, is_used=True)
    if state != State.OPEN:
        raise _Closed(_("This invitation is no longer valid."), 403)
    return invitation


def _problem_of(source: str, token: str) -> str:
    """Why what the LMS said cannot be used; empty if it can."""
    text = ""
    if len(source) > LONGEST_SOURCE or len(token) > LONGEST_TOKEN:
        text = _("What the learning platform sent along is longer than anything honest.")
    elif why := http().session.reach.refuses(source):
        text = _("The address at which the learning platform describes itself cannot be used: %(why)s.", why=why)
    return text


def _admitted(urls: list[str]) -> set[str]:
    """The origins of these addresses; plain http only where development allows it."""
    found = {origin_of(url) for url in urls if url}
    return {each for each in found if each.startswith("https://") or (each and http().session.reach.is_development)}


@bp.post("/lti/register/<secret>")
def register(secret: str) -> ResponseReturnValue:
    """Register with the LMS; whatever it says is kept, waiting for an operator."""
    if is_foreign(request):
        abort(403)
    invitation = invitations.find(db.session, secret)
    form = RegisterForm()
    token = form.registration_token.data or ""
    asked = confirmed(invitation, form.confirm.data or "", token) if invitation and form.validate() else None
    if asked is not None:
        g.framed_by = list(asked.origins)
    invitation = _open_invitation(secret)
    if asked is None or asked.is_late:
        return _refused(
            _("This page is no longer valid. Start the registration again in your learning platform."),
            400,
            invitation=invitation,
        )
    with transaction() as session:
        is_mine = invitations.hold(session, invitation, tries=asked.tries)
    if not is_mine:
        return _refused(
            _("This button has been pressed before, or somebody else is registering with this invitation just now."),
            409,
            invitation=invitation,
        )
    return _registered(invitation, asked, token)


def _registered(invitation: Invitation, asked: Asked, token: str) -> ResponseReturnValue:
    """Call out without a transaction, then store in one; a failure gives the invitation back."""
    try:
        with reading(), patience(LONGEST_PAGE):
            granted = registration.register(asked.source, token)
        origins = sorted({*asked.origins, *_own_origins(granted)})
        with transaction() as session:
            platform = registration.keep(session, invitation, granted, tries=asked.tries, framed_from=origins)
    except BaseException as problem:
        with transaction() as session:
            invitations.let_go(session, invitation, tries=asked.tries)
        if not isinstance(problem, RegistrationFailed):
            raise
        log.warning("register verdict=failed host=%s status=%s", host_of(asked.source), problem.status)
        return _refused(str(problem), problem.status, invitation=invitation)
    log.info("register verdict=waiting platform=%s", platform.public_id)
    g.framed_by = origins
    return _done(platform, granted, origins)


def _own_origins(granted: Granted) -> set[str]:
    configuration = granted.configuration
    return _admitted([configuration.issuer, configuration.auth_url, configuration.registration_url])


def _done(platform: Platform, granted: Granted, origins: list[str]) -> str:
    return render_template(
        "registration/done.html",
        platform=platform,
        has_deployment=bool(granted.deployment_id),
        origins=origins,
        operator_says=f"flask --app wsgi platform approve {platform.public_id}",
    )


@bp.get("/lti/canvas.json")
def canvas() -> Response:
    """What Canvas reads when a developer key is made from an address."""
    answer = jsonify(introducing.canvas_configuration())
    answer.cache_control.max_age = 300
    answer.cache_control.public = True
    return answer
