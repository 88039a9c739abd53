"""Where the secret address in a manager's mail leads: a way to get no more of these mails, and nothing else.

Nobody is signed in here. Programs that look into every link of a mail only ask to see the page, which changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.arrivals.sessions import hashed
from lti_tool.db import db, find_or_create
from lti_tool.manager_mail.models import MadeReport, Stop


@dataclass(frozen=True)
class Stopping:
    """How the reports of one feature are stopped; whoever calls the acts commits."""

    reports: type[MadeReport]
    stops: type[Stop]
    asking: LazyString
    """What would be stopped, and what would not."""
    stopped: LazyString
    """The same once it is."""

    def find(self, session: Session, secret: str) -> MadeReport | None:
        """The report with this address, of somebody who can still be told apart by it."""
        return session.scalar(
            select(self.reports).where(self.reports.secret == hashed(secret), self.reports.whom != "")
        )

    def has_stopped(self, session: Session, report: MadeReport) -> bool:
        return session.scalar(select(self.stops.id).where(self.stops.mail == report.whom)) is not None

    def stop(self, session: Session, report: MadeReport, *, at: datetime) -> None:
        """About anybody."""
        find_or_create(session, self.stops, {"mail": report.whom}, at=at)

    def go_on(self, session: Session, report: MadeReport) -> None:
        session.execute(delete(self.stops).where(self.stops.mail == report.whom))


def register(app: Flask, name: str, place: str, stopping: Stopping) -> None:
    """Let what a feature mails be stopped at `/<place>/<secret>/stop`."""
    public = Blueprint(name, __name__)

    @public.get(f"/{place}/<secret>/stop")
    def ask_to_stop(secret: str) -> ResponseReturnValue:
        report = stopping.find(db.session, secret)
        return _page(stopping, is_stopped=stopping.has_stopped(db.session, report) if report else None)

    @public.post(f"/{place}/<secret>/stop")
    def stop(secret: str) -> ResponseReturnValue:
        """Also the one click of mail programs (RFC 8058), or back again; it works as long as the mail lies about."""
        report = stopping.find(db.session, secret)
        is_stopped = request.form.get("what") != "go_on" if report else None
        if report is not None and is_stopped:
            stopping.stop(db.session, report, at=clock.now())
        elif report is not None:
            stopping.go_on(db.session, report)
        db.session.commit()
        return _page(stopping, is_stopped=is_stopped)

    # The secret in its address is the proof, and whoever was mailed it has no session that could bring another.
    app.extensions["csrf"].exempt(public)
    app.register_blueprint(public)


def _page(stopping: Stopping, *, is_stopped: bool | None) -> ResponseReturnValue:
    """None where the secret is of no report."""
    if is_stopped is None:
        return render_template("manager_mail/unknown.html"), 404
    again = _("Send me reports again after all")
    return render_template("manager_mail/stop.html", is_stopped=is_stopped, stopping=stopping, again=again)
