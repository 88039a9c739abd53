"""A learner agrees, or does not, that their manager gets their report."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.manager_mail.agreeing import take_yes, tell_of_no
from lti_tool.models import Enrolment, Role
from quizzes.addresses import address_of
from quizzes.reports.mailing import agreeing
from quizzes.reports.views import OF_QUIZ, bp
from quizzes.visiting import quiz_of

SAYS = f"{OF_QUIZ}/manager-report"


@bp.post(f"{SAYS}/agree")
@open_to(Role.LEARNER)
def agree_to_report(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    """That whoever they saw gets it, and nobody else."""
    quiz = quiz_of(me, quiz_id)
    take_yes(lambda whom: agreeing.agree(db.session, quiz, me, whom=whom, at=clock.now()))
    db.session.commit()
    return redirect(address_of(quiz, me))


@bp.post(f"{SAYS}/refuse")
@open_to(Role.LEARNER)
def refuse_report(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = quiz_of(me, quiz_id)
    agreeing.refuse(db.session, quiz, me, at=clock.now())
    db.session.commit()
    tell_of_no()
    return redirect(address_of(quiz, me))
