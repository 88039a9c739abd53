"""Where the secret address in a mail leads: the same page as for people of the course, opened once, by one browser.

Nobody is signed in here: the secret lets them in, and the word that their browser keeps tells it from others. Programs
that look into every link of a mail only ask to see pages, which opens nothing and changes nothing.
"""

from __future__ import annotations

from flask import current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.arrivals.sessions import set_cookie
from lti_tool.db import db
from reviews.answering import taking, writing
from reviews.answering.forms import OutsideDeclineForm
from reviews.answering.outside import asking, links
from reviews.answering.outside.blueprint import public
from reviews.answering.outside.links import Door
from reviews.answering.outside.models import OutsideLink
from reviews.answering.promise import heading
from reviews.answering.taking import Came

ONE = "/reviews/r/<secret>"
LONGEST_WORD = 100
KEPT_FOR = 90 * 24 * 60 * 60


@public.get(ONE)
def page(secret: str) -> ResponseReturnValue:
    link = links.find(db.session, secret)
    if (shut := _shut(link, secret)) is not None:
        return shut
    assert link is not None
    if not link.opened_by:
        return _begin_page(link, secret)
    if not links.is_opened_by(link, _word()):
        return _in_use(link, secret)
    return _page(link, secret, taking.begun(db.session, link.assignment))


@public.post(f"{ONE}/begin")
def begin(secret: str) -> ResponseReturnValue:
    """From here on the address is this browser's."""
    link = links.find(db.session, secret, to_change=True)
    if (shut := _shut(link, secret)) is not None:
        return shut
    assert link is not None
    word = links.open_for(link, _word())
    if word is None:
        return _in_use(link, secret)
    db.session.commit()
    answer = make_response(redirect(url_for(".page", secret=secret), 303))
    set_cookie(current_app._get_current_object(), answer, _cookie(), word, max_age=KEPT_FOR)  # type: ignore[attr-defined]
    return answer


@public.post(ONE)
def answer(secret: str) -> ResponseReturnValue:
    link = links.find(db.session, secret)
    if (shut := _shut(link, secret, only_here=True)) is not None:
        return shut
    assert link is not None
    at, hands_in = clock.now(), request.form.get("do") == "hand_in"
    try:
        came = taking.take(db.session, link.assignment, request.form, hands_in=hands_in, at=at)
    except writing.NotTaken:
        return _shut_after(secret)
    db.session.commit()
    if came.is_refused:
        return _page(link, secret, came), 422
    return render_template("outside/taken.html", came=came, page_url=url_for(".page", secret=secret))


@public.post(f"{ONE}/draft")
def draft(secret: str) -> ResponseReturnValue:
    """What the page keeps by itself."""
    link = links.find(db.session, secret)
    if link is None or not links.is_opened_by(link, _word()):
        return jsonify({"error": _("This link is not open in this browser.")}), 404
    if links.door_of(db.session, link, at=clock.now()) is not Door.OPEN:
        return jsonify({"error": _("Nothing is kept here any more. Reload the page.")}), 410
    try:
        told, status = taking.keep(db.session, link.assignment, request.form, at=clock.now())
    except writing.NotTaken:
        db.session.rollback()
        return jsonify({"error": _("Nothing is kept here any more. Reload the page.")}), 410
    db.session.commit()
    return jsonify(told), status


@public.post(f"{ONE}/again")
def again(secret: str) -> ResponseReturnValue:
    """It was me, in another browser: a new address goes to the same mail, and to nobody else."""
    link = links.find(db.session, secret, to_change=True)
    if (shut := _shut(link, secret)) is not None:
        return shut
    assert link is not None
    is_made = links.may_be_made_anew(link, at=clock.now())
    if is_made:
        asking.send_anew(db.session, link.assignment, at=clock.now())
        db.session.commit()
    return render_template("outside/again.html", is_made=is_made), 200 if is_made else 429


@public.get(f"{ONE}/decline")
def ask_to_decline(secret: str) -> ResponseReturnValue:
    link = links.find(db.session, secret)
    if (shut := _shut(link, secret)) is not None:
        return shut
    assert link is not None
    return _decline_page(link, secret, OutsideDeclineForm(formdata=None))


@public.post(f"{ONE}/decline")
def decline(secret: str) -> ResponseReturnValue:
    link, form = links.find(db.session, secret), OutsideDeclineForm()
    if (shut := _shut(link, secret)) is not None:
        return shut
    assert link is not None
    if link.opened_by and not links.is_opened_by(link, _word()):
        return _in_use(link, secret)
    if not form.validate_on_submit():
        return _decline_page(link, secret, form), 422
    try:
        writing.decline(db.session, link.assignment, form.why, at=clock.now())
    except writing.NotTaken:
        return _shut_after(secret)
    db.session.commit()
    return render_template("outside/declined.html")


@public.get(f"{ONE}/stop")
def ask_to_stop(secret: str) -> ResponseReturnValue:
    link = links.find(db.session, secret)
    if link is None:
        return _gone(None)
    return render_template("outside/stop.html", is_stopped=links.has_stopped(db.session, link.assignment))


@public.post(f"{ONE}/stop")
def stop(secret: str) -> ResponseReturnValue:
    """Also the one click of mail programs (RFC 8058), or back again; it works as long as the mail lies somewhere."""
    link = links.find(db.session, secret)
    if link is None:
        return _gone(None)
    is_stopped = request.form.get("what") != "go_on"
    if is_stopped:
        links.stop(db.session, link.assignment, at=clock.now())
    else:
        links.go_on(db.session, link.assignment)
    db.session.commit()
    return render_template("outside/stop.html", is_stopped=is_stopped)


def _cookie() -> str:
    return "__Host-review" if current_app.config["IS_HTTPS"] else "review"


def _word() -> str:
    """What this browser was given when it opened an address of ours first."""
    word = request.cookies.get(_cookie(), "")
    is_ours = 20 <= len(word) <= LONGEST_WORD and word.isascii() and word.replace("-", "").replace("_", "").isalnum()
    return word if is_ours else ""


def _shut(link: OutsideLink | None, secret: str, *, only_here: bool = False) -> ResponseReturnValue | None:
    """Why nothing can be answered at this address, if so; with `only_here`, also by another browser than the first."""
    if link is None:
        return _gone(None)
    door = links.door_of(db.session, link, at=clock.now())
    if door is not Door.OPEN:
        return _gone(door)
    if only_here and not links.is_opened_by(link, _word()):
        return _in_use(link, secret) if link.opened_by else _begin_page(link, secret)
    return None


def _shut_after(secret: str) -> ResponseReturnValue:
    """It was handed in from elsewhere, or closed, a moment ago."""
    db.session.rollback()
    db.session.expire_all()
    link = links.find(db.session, secret)
    return _gone(links.door_of(db.session, link, at=clock.now()) if link else None)


def _gone(door: Door | None) -> ResponseReturnValue:
    """Says why; of an address that never was, no more than that."""
    db.session.rollback()
    return render_template("outside/shut.html", door=door.value if door else ""), 404 if door is None else 410


def _in_use(link: OutsideLink, secret: str) -> ResponseReturnValue:
    db.session.rollback()
    return render_template("outside/in_use.html", again_url=url_for(".again", secret=secret)), 409


def _begin_page(link: OutsideLink, secret: str) -> str:
    return render_template(
        "outside/begin.html",
        promise=taking.promise(db.session, link.assignment),
        course=link.assignment.target.campaign.course.title,
        **_addresses(secret),
    )


def _page(link: OutsideLink, secret: str, came: Came) -> str:
    return render_template(
        "outside/page.html",
        came=came,
        promise=taking.promise(db.session, link.assignment),
        course=link.assignment.target.campaign.course.title,
        **_addresses(secret),
    )


def _addresses(secret: str) -> dict[str, str]:
    return {
        "save_url": url_for(".answer", secret=secret),
        "draft_url": url_for(".draft", secret=secret),
        "begin_url": url_for(".begin", secret=secret),
        "decline_url": url_for(".ask_to_decline", secret=secret),
        "stop_url": url_for(".ask_to_stop", secret=secret),
    }


def _decline_page(link: OutsideLink, secret: str, form: OutsideDeclineForm) -> str:
    has_draft = link.assignment.sealed_draft is not None
    back = url_for(".page", secret=secret)
    words = {"heading": heading(link.assignment), "back_url": back}
    return render_template("answering/decline.html", form=form, has_draft=has_draft, **words)
