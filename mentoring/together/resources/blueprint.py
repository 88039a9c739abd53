"""What the pages of resources share: their addresses, a file handed out, and refusals as answers."""

from __future__ import annotations

import logging

from flask import Blueprint, abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select
from werkzeug.exceptions import RequestEntityTooLarge

from lti_tool import uploads
from lti_tool.db import db
from lti_tool.files.kinds import BY_KEY
from mentoring.mentorships.blueprint import ONE, refuse
from mentoring.mentorships.refusing import Refusal
from mentoring.together.resources.models import Resource

log = logging.getLogger(__name__)

bp = Blueprint("resources", __name__, template_folder="templates")
bp.register_error_handler(Refusal, refuse)

OF_PROGRAM = "/courses/<course>/mentoring/resources"
OF_MENTORSHIP = f"{ONE}/resources"
ONE_OF_PROGRAM = f"{OF_PROGRAM}/<program_resource_id>"
ONE_OF_MENTORSHIP = f"{OF_MENTORSHIP}/<resource_id>"


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Far more than a file may have: it was not read to its end, so there is no form to show again."""
    db.session.rollback()
    words = {
        "heading": _("That file is too large"),
        "cause": _("A file has 10 MB at most. Nothing was kept of it."),
        "cure": _("Go back and choose a smaller one, or put it elsewhere and share a link."),
    }
    return render_template("errors/error.html", code=413, **words), 413


def resource_in(wanted: Select[Resource], public_id: str) -> Resource:
    """One of those I see, or a 404."""
    return db.session.scalar(wanted.where(Resource.public_id == public_id)) or abort(404)


def handed_out(resource: Resource, *, back: str) -> ResponseReturnValue:
    """Its file, to be kept; a link has none."""
    if resource.file is None:
        abort(404)
    try:
        return uploads.handed_out(resource.file, called=resource.file_name, mimetype=BY_KEY[resource.kind].mimetype)
    except uploads.Missing:
        log.error("The file of resource %s is not in the folder of UPLOADS", resource.public_id)
        flash(_("This file is not there at present. Whoever runs this tool has been told; try again later."), "error")
        return redirect(back)
