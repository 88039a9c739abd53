"""The administrator's page: paste a tool's registration link, see the tool register, and let it in."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campus import registration
from campus.platform import campus
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
