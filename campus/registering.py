"""The administrator's page: register a tool by its link or, as Canvas, by an address, and let it in."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campus import developer_keys, registration
from campus.platform import campus
from campus.registration import RegistrationRefused
from campus.tools import Standing, canvas_deployment, origin_of

bp = Blueprint("registering", __name__)

WITHHOLDABLE = {"": "everything it asks for", "lti-nrps": "all but the class list", "lti-ags": "all but the gradebook"}


@bp.get("/tools")
def show() -> ResponseReturnValue:
    here = campus()
    return render_template(
        "tools.html",
        first=here.tools.first,
        tools=here.tools.registered(),
        current=here.tool,
        choices=WITHHOLDABLE,
        settings=here.settings,
        Standing=Standing,
    )


@bp.post("/tools/register")
def register() -> ResponseReturnValue:
    """Open the link as the flavor does: Moodle and Canvas in a frame, the strict campus in a window of its own."""
    here = campus()
    link = request.form.get("link", "").strip()
    if not link.startswith(("https://", "http://")):
        abort(400, "Paste the whole registration link of the tool. It starts with https:// or http://.")
    withheld = request.form.get("withheld", "")
    if withheld not in WITHHOLDABLE:
        abort(400, "Choose what the tool may do.")
    there = registration.begin(here, link, withheld=withheld)
    page = make_response(
        render_template("registering.html", there=there, origin=origin_of(link), in_frame=here.flavor.name != "strict")
    )
    page.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
        f"frame-src {origin_of(link)}; frame-ancestors 'self'; base-uri 'none'"
    )
    # The tool learns which origin shows it, and no more: a vanity domain is in no configuration.
    page.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return page


@bp.post("/tools/by-address")
def take() -> ResponseReturnValue:
    """Make a developer key from the address of a tool's configuration, as only Canvas does."""
    here = campus()
    if here.flavor.name != "canvas":
        abort(400, "Only Canvas takes a tool by the address of its configuration. Let the campus behave like Canvas.")
    address = request.form.get("address", "").strip()
    if not address.startswith(("https://", "http://")):
        abort(400, "Paste the whole address of the configuration. It starts with https:// or http://.")
    try:
        tool = developer_keys.take(here, address)
    except RegistrationRefused as problem:
        here.traffic.refuse(problem.status, str(problem))
        abort(problem.status, f"The tool was not taken: {problem}.")
    flash(f"{tool.name} is kept, pending. Activate it, and its deployment id stands beside its client id.")
    return redirect(url_for(".show"))


@bp.post("/tools/<client_id>/activate")
def activate(client_id: str) -> ResponseReturnValue:
    here = campus()
    tool = here.tools.find(client_id)
    if tool is None or tool == here.tools.first:
        abort(404, "No such tool has registered.")
    is_new_on_canvas = here.flavor.name == "canvas" and tool.standing == Standing.PENDING
    here.tools.activate(client_id, deployment_id=canvas_deployment() if is_new_on_canvas else None)
    flash(f"{tool.name} is active, and the courses use it.")
    return redirect(url_for(".show"))


@bp.post("/tools/put-away")
def put_away() -> ResponseReturnValue:
    campus().tools.put_away()
    flash("The courses use the tool the campus was opened with.")
    return redirect(url_for(".show"))
