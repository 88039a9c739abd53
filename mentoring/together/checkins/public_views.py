"""Where the secret address in a mail leads: one question, answered once, and a way to get no more of these mails.

Nobody is signed in here: the secret is what lets them in. It stands in the page's own address and in no log line.
Programs that look into every link of a mail only ask to see the pages, which changes nothing.
"""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.db import db
from mentoring.together.checkins import answering
from mentoring.together.checkins.answering import Door
from mentoring.together.checkins.blueprint import public
from mentoring.together.checkins.forms import AnswerForm
from mentoring.together.checkins.models import CheckIn
from mentoring.together.checkins.standing import has_stopped


@public.get("/check-in/<secret>")
def ask(secret: str) -> ResponseReturnValue:
    check_in = answering.find(db.session, secret)
    if check_in is None:
        return _shut(None)
    door = answering.door_of(db.session, check_in, at=clock.now())
    return _page(secret, check_in, AnswerForm(formdata=None)) if door is Door.OPEN else _shut(door)


@public.post("/check-in/<secret>")
def answer(secret: str) -> ResponseReturnValue:
    check_in = answering.find(db.session, secret, to_change=True)
    if check_in is None:
        return _shut(None)
    door = answering.door_of(db.session, check_in, at=clock.now())
    if door is not Door.OPEN:
        return _shut(door)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(secret, check_in, form), 422
    answering.answer(db.session, check_in, form.change, form.said, at=clock.now())
    db.session.commit()
    return render_template("checkins/thanks.html")


@public.get("/check-in/<secret>/stop")
def ask_to_stop(secret: str) -> ResponseReturnValue:
    check_in = answering.find(db.session, secret)
    if check_in is None:
        return _shut(None)
    return render_template("checkins/stop.html", is_stopped=has_stopped(db.session, check_in.mail))


@public.post("/check-in/<secret>/stop")
def stop(secret: str) -> ResponseReturnValue:
    """Also the one click of mail programs (RFC 8058), or back again; it works as long as the mail lies somewhere."""
    check_in = answering.find(db.session, secret)
    if check_in is None:
        return _shut(None)
    is_stopped = request.form.get("what") != "go_on"
    if is_stopped:
        answering.stop(db.session, check_in, at=clock.now())
    else:
        answering.go_on(db.session, check_in)
    db.session.commit()
    return render_template("checkins/stop.html", is_stopped=is_stopped)


def _page(secret: str, check_in: CheckIn, form: AnswerForm) -> str:
    return render_template("checkins/answer.html", mentee=check_in.mentorship.mentee, form=form, secret=secret)


def _shut(door: Door | None) -> ResponseReturnValue:
    """Says why nothing can be answered here; of an address that never was, no more than that."""
    db.session.rollback()
    return render_template("checkins/shut.html", door=door), 404 if door is None else 410
