"""A learner agrees, or does not, that their manager gets their progress report."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from xapi.progress.mailing import agreeing
from xapi.progress.views import HERE, bp

SAYS = f"{HERE}/mine/manager-report"


@bp.post(f"{SAYS}/agree")
@open_to(Role.LEARNER)
def agree_to_report(me: Enrolment) -> ResponseReturnValue:
    """That whoever they saw gets it, and nobody else."""
    try:
        agreeing.agree(db.session, me, whom=request.form.get("whom", ""), at=clock.now())
    except agreeing.ChangedMeanwhile:
        flash(_("Who gets it has changed meanwhile, or nobody does any more. Look at it again, then decide."), "error")
    else:
        flash(_("Thank you. Your manager gets the report as it says here, and you can stop it at any time."), "success")
    db.session.commit()
    return _back(me)


@bp.post(f"{SAYS}/refuse")
@open_to(Role.LEARNER)
def refuse_report(me: Enrolment) -> ResponseReturnValue:
    agreeing.refuse(db.session, me, at=clock.now())
    db.session.commit()
    flash(_("Nothing is sent to your manager. You can change your mind at any time."), "success")
    return _back(me)


def _back(me: Enrolment) -> ResponseReturnValue:
    return redirect(url_for("progress.mine", course=me.course.public_id))
