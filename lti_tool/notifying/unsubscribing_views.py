"""Where a mail's secret address leads: a page with a button, and the one click of mail programs (RFC 8058).

Nobody is signed in here: the secret in the address is what lets them in, and all they can do with it is stop mail.
It stands in the page's own address and in no log line.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.db import db
from lti_tool.notifying import unsubscribing, wishes
from lti_tool.notifying.kinds import all_kinds
from lti_tool.notifying.models import UnsubscribeAddress

bp = Blueprint("unsubscribing", __name__)


@bp.get("/unsubscribe/<secret>")
def ask(secret: str) -> ResponseReturnValue:
    """Says what would be stopped; programs that look into every link of a mail stop nothing."""
    address = unsubscribing.find(db.session, secret)
    if address is None:
        return _gone()
    return render_template("notices/unsubscribe.html", kind=_label(address))


@bp.post("/unsubscribe/<secret>")
def unsubscribe(secret: str) -> ResponseReturnValue:
    """Stop mails of this kind, or all of them where that button was pressed; sends nobody on anywhere."""
    address = unsubscribing.find(db.session, secret)
    if address is None:
        return _gone()
    stops_all = request.form.get("what") == "all"
    if stops_all:
        wishes.stop_all_mail(db.session, address.person)
    else:
        wishes.stop_mail(db.session, address.person, address.kind)
    db.session.commit()
    return render_template("notices/unsubscribed.html", kind=_label(address), stops_all=stops_all)


def _label(address: UnsubscribeAddress) -> str:
    """What the kind is called, also where its feature is no more."""
    return next((str(kind.label) for kind in all_kinds() if kind.key == address.kind), address.kind)


def _gone() -> ResponseReturnValue:
    db.session.rollback()
    return render_template("notices/no_unsubscribing.html"), 404
