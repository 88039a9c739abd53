"""A learner agrees, or does not, that their manager gets their progress report."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.manager_mail.agreeing import take_yes, tell_of_no
from lti_tool.models import Enrolment, Role
from xapi.progress.mailing import agreeing
from xapi.progress.views import HERE, bp

SAYS = f"{HERE}/mine/manager-report"


@bp.post(f"{SAYS}/agree")
@open_to(Role.LEARNER)
def agree_to_report(me: Enrolment) -> ResponseReturnValue:
    """That whoever they saw gets it, and nobody else."""
    take_yes(lambda whom: agreeing.agree(db.session, me, whom=whom, at=clock.now()))
    db.session.commit()
    return _back(me)


@bp.post(f"{SAYS}/refuse")
@open_to(Role.LEARNER)
def refuse_report(me: Enrolment) -> ResponseReturnValue:
    agreeing.refuse(db.session, me, at=clock.now())
    db.session.commit()
    tell_of_no()
    return _back(me)


def _back(me: Enrolment) -> ResponseReturnValue:
    return redirect(url_for("progress.mine", course=me.course.public_id))
