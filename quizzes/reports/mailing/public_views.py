"""Where the secret address in a manager's mail leads: a way to get no more of these mails, and nothing else.

Nobody is signed in here. Programs that look into every link of a mail only ask to see the page, which changes nothing.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.db import db
from quizzes.reports.mailing import stopping

public = Blueprint("quiz_report", __name__)
TEMPLATE = "quiz_reports/stop.html"


@public.get("/quiz-report/<secret>/stop")
def ask_to_stop(secret: str) -> ResponseReturnValue:
    report = stopping.find(db.session, secret)
    if report is None:
        return render_template(TEMPLATE, is_known=False), 404
    return render_template(TEMPLATE, is_known=True, is_stopped=stopping.has_stopped(db.session, report))


@public.post("/quiz-report/<secret>/stop")
def stop(secret: str) -> ResponseReturnValue:
    """Also the one click of mail programs (RFC 8058), or back again; it works as long as the mail lies somewhere."""
    report = stopping.find(db.session, secret)
    if report is None:
        return render_template(TEMPLATE, is_known=False), 404
    is_stopped = request.form.get("what") != "go_on"
    if is_stopped:
        stopping.stop(db.session, report, at=clock.now())
    else:
        stopping.go_on(db.session, report)
    db.session.commit()
    return render_template(TEMPLATE, is_known=True, is_stopped=is_stopped)
