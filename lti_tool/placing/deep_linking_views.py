"""The page where an instructor picks what to place, and the form that takes the choice to the LMS."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy import select

from lti_tool import access, activities, clock
from lti_tool.access import NotLaunched, open_to
from lti_tool.activities import Offer
from lti_tool.db import db
from lti_tool.headers import origin_of
from lti_tool.models import Course, Enrolment, Placement
from lti_tool.placing import deep_linking
from lti_tool.placing.content_items import Pick, resource_link
from lti_tool.placing.deep_linking import MAY_PLACE, LinkRequest
from lti_tool.placing.deep_linking_forms import ChoosingForm, choosing_form

bp = Blueprint("deep_linking", __name__)


@bp.get("/courses/<course>/placing/<request_id>")
@open_to(*MAY_PLACE)
def choose(me: Enrolment, request_id: str) -> ResponseReturnValue:
    asked = _asked(request_id, me.course)
    return _page(asked, _form(asked))


@bp.post("/courses/<course>/placing/<request_id>")
@open_to(*MAY_PLACE)
def place(me: Enrolment, request_id: str) -> ResponseReturnValue:
    return _answer(_asked(request_id, me.course))


@bp.get("/lti/placing/<request_id>")
def choose_anywhere(request_id: str) -> ResponseReturnValue:
    """The same for a request without a course; the browser session it was launched in is its lock."""
    asked = _asked(request_id, None)
    return _page(asked, _form(asked))


@bp.post("/lti/placing/<request_id>")
def place_anywhere(request_id: str) -> ResponseReturnValue:
    return _answer(_asked(request_id, None))


def _asked(request_id: str, course: Course | None) -> LinkRequest:
    """The request that this browser session was launched with, or a 404."""
    session_id = access.stored_session().row_id
    if session_id is None:
        raise NotLaunched
    asked = deep_linking.find(request_id, session_id, course, at=clock.now()) or abort(404)
    if not access.is_let_in(asked.deployment):
        abort(403)
    return asked


def _form(asked: LinkRequest) -> ChoosingForm:
    offers = activities.offers(asked.course) if asked.takes_activities else []
    return choosing_form(offers=offers, takes_several=asked.accept_multiple, takes_columns=asked.accept_line_item)


def _page(asked: LinkRequest, form: ChoosingForm) -> str:
    return _shown("choose.html", asked=asked, form=form, placed=_placed(asked.course))


def _shown(template: str, **context: Any) -> str:
    """A page without ways elsewhere: it stands in a dialog of the LMS, and whoever strays from it places nothing."""
    return render_template(f"deep_linking/{template}", navigation=[], home_url=None, **context)


def _placed(course: Course | None) -> set[str]:
    """What links of this course page have opened already, by the offers' own names for it."""
    if course is None:
        return set()
    links = select(Placement.reference, Placement.activity).where(Placement.course_id == course.id)
    found = db.session.execute(links.order_by(Placement.id.desc()).limit(500))
    return {reference or activity for reference, activity in found}


def _answer(asked: LinkRequest) -> ResponseReturnValue:
    form = _form(asked)
    is_cancelled = request.form.get("do") == "cancel"
    if not form.validate_on_submit() and not (is_cancelled and "csrf_token" not in form.errors):
        return _page(asked, form), 422
    picks = [] if is_cancelled else [_settled(asked, pick) for pick in form.picks()]
    items = [
        resource_link(
            pick,
            launch_url=f"{current_app.config['PUBLIC_URL']}/lti/launch",
            accept_targets=asked.accept_targets,
            accept_line_item=asked.accept_line_item,
        )
        for pick in picks
    ]
    message = _said(picks) if picks else ""
    token = deep_linking.respond(asked, items, message=message, at=clock.now())
    db.session.commit()
    g.forms_go_to = origin_of(asked.return_url)
    return _shown("return.html", return_url=asked.return_url, token=token)


def _settled(asked: LinkRequest, pick: Pick) -> Pick:
    offer: Offer = activities.settle(asked.course, pick.offer)
    return Pick(offer=offer, title=pick.title, is_graded=pick.is_graded)


def _said(picks: list[Pick]) -> str:
    """What the LMS may show its person."""
    said: str = ngettext("One activity was chosen.", "%(num)d activities were chosen.", len(picks))
    return said
