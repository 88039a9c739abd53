"""What the pages of concerns share: their blueprint, what a visitor may open, and a refusal as an answer."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.db import db
from lti_tool.models import Enrolment
from mentoring.mentorships.refusing import Refusal
from mentoring.together import themselves
from mentoring.together.concerns import queries
from mentoring.together.concerns.models import Concern

bp = Blueprint("concerns", __name__, template_folder="templates")

ALL = "/courses/<course>/mentoring/concerns"
ONE = f"{ALL}/<concern_id>"
BLOCK = "/courses/<course>/mentoring/block/<other_id>"

only_themselves = themselves.only_themselves("concerns/closed.html")


def shown(me: Enrolment, public_id: str) -> Concern:
    """A concern I raised or look after, or a 404: nobody else learns that there is one."""
    return queries.one(db.session, me, public_id) or abort(404)


def held(me: Enrolment, public_id: str) -> Concern:
    return queries.to_change(db.session, me, public_id) or abort(404)


@bp.errorhandler(Refusal)
def refuse(refusal: Refusal) -> ResponseReturnValue:
    """Nothing was done; the next page says why."""
    db.session.rollback()
    flash(refusal.sentence, "error")
    public_id = (request.view_args or {}).get("concern_id")
    if public_id and queries.one(db.session, g.me, public_id):
        return redirect(url_for("concerns.concern", course=g.me.course.public_id, concern_id=public_id))
    return redirect(url_for("concerns.index", course=g.me.course.public_id))
