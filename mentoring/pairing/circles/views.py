"""The page of a draft of circles, and what is done on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.paging import searched
from lti_tool.roster import groups
from mentoring.mentorships.naming import names_of
from mentoring.names import in_sentence
from mentoring.pairing.circles import drafting
from mentoring.pairing.circles.draft import draft, with_reasons
from mentoring.pairing.circles.peering import Gathered, gather
from mentoring.pairing.circles.publishing import publish
from mentoring.pairing.models import MatchCircle, MatchRun
from mentoring.pairing.runs import outdated
from mentoring.pairing.runs.drafting import NotChanged, draft_of, draft_to_change
from mentoring.pairing.runs.looking import AT_ONCE, filter_of, looking, why_not_changed

bp = Blueprint("circle_drafts", __name__)

NOT_CHANGED = {
    "unknown_peer": _l("This person takes no part any more, or has a circle already, so nothing was changed."),
    "in_it": _l("This person is in that circle already."),
    "too_few": _l("Tick two people or more to make a circle of them."),
    "too_large": _l("A circle has twelve people at most. Make two of them."),
    "nobody": _l("Choose who is to be moved, and into which circle."),
}


@bp.post("/courses/<course>/mentoring/pairing/runs/<run_id>/circles")
@open_to(Role.INSTRUCTOR)
def change(me: Enrolment, run_id: str) -> ResponseReturnValue:
    """What a button of a circle does, what is named after its act: `lock:` and the circle, `out:` and both."""
    act, _colon, about = request.form.get("act", "").partition(":")
    if act not in ACTS:
        abort(404 if draft_of(db.session, me.course, run_id) is None else 400)
    return _changed(me, run_id, lambda run, at: ACTS[act](run, about, at))


@bp.post("/courses/<course>/mentoring/pairing/runs/<run_id>/circles/move")
@open_to(Role.INSTRUCTOR)
def move(me: Enrolment, run_id: str) -> ResponseReturnValue:
    """Somebody who is left over, or is in another circle, comes into this one."""
    return _changed(me, run_id, _move)


@bp.post("/courses/<course>/mentoring/pairing/runs/<run_id>/circles/new")
@open_to(Role.INSTRUCTOR)
def make(me: Enrolment, run_id: str) -> ResponseReturnValue:
    """A circle of people who are left over."""
    return _changed(me, run_id, _make)


def _changed(me: Enrolment, run_id: str, act: Callable[[MatchRun, datetime], str]) -> ResponseReturnValue:
    """Do it to the draft as it is now, and come back to the same view; or say why nothing was done."""
    try:
        run = draft_to_change(db.session, me.course, run_id, seen=request.form.get("seen", ""), of_circles=True)
        sentence = act(run, clock.now())
    except NotChanged as problem:
        return refused(me, run_id, problem)
    db.session.commit()
    flash(sentence, "success")
    return redirect(_url(me, run, **looking()))


def refused(me: Enrolment, run_id: str, problem: NotChanged) -> ResponseReturnValue:
    """Why nothing was changed, on the page as it stands now; a run of another course, or of pairs, is a 404."""
    db.session.rollback()
    run = draft_of(db.session, me.course, run_id)
    if run is None or not run.is_of_circles:
        abort(404)
    own = NOT_CHANGED.get(str(problem))
    return page(me, run, [str(own) if own is not None else why_not_changed(run, problem)]), 409


def _lock(run: MatchRun, about: str, at: datetime) -> str:
    circle = _circle(run, about)
    drafting.lock(run, circle, True, at=at)
    return str(_("%(names)s stay together when circles are suggested again.", names=names_of(circle.people)))


def _unlock(run: MatchRun, about: str, at: datetime) -> str:
    circle = _circle(run, about)
    drafting.lock(run, circle, False, at=at)
    return str(_("%(names)s may be parted when circles are suggested again.", names=names_of(circle.people)))


def _take_apart(run: MatchRun, about: str, at: datetime) -> str:
    circle = _circle(run, about)
    names = names_of(circle.people)
    drafting.take_apart(db.session, run, circle, at=at)
    return str(_("%(names)s are not in a circle of this draft any more.", names=names))


def _take_out(run: MatchRun, about: str, at: datetime) -> str:
    which, _colon, person = about.partition(":")
    circle, gathered = _circle(run, which), _gathered(run, at)
    name = _name(gathered, person)
    drafting.take_out(db.session, gathered, run, circle, person, at=at)
    return str(_("%(name)s is not in a circle of this draft any more.", name=name))


ACTS: dict[str, Callable[[MatchRun, str, datetime], str]] = {
    "lock": _lock,
    "unlock": _unlock,
    "apart": _take_apart,
    "out": _take_out,
}


def _move(run: MatchRun, at: datetime) -> str:
    person, which = request.form.get("person", ""), request.form.get("circle", "")
    if not person or not which:
        raise NotChanged("nobody")
    gathered, circle = _gathered(run, at), _circle(run, which)
    drafting.put(db.session, gathered, run, person, circle, at=at)
    return str(
        _("%(name)s is in a circle with %(names)s now, and it is locked.", **_newcomer(gathered, person, circle))
    )


def _newcomer(gathered: Gathered, person: str, circle: MatchCircle) -> dict[str, str]:
    others = [each for each in circle.people if each.public_id != person]
    return {"name": _name(gathered, person), "names": names_of(others)}


def _make(run: MatchRun, at: datetime) -> str:
    circle = drafting.gather_up(db.session, _gathered(run, at), run, request.form.getlist("people"), at=at)
    return str(_("%(names)s are in a circle now, and it is locked.", names=names_of(circle.people)))


def _circle(run: MatchRun, public_id: str) -> MatchCircle:
    found = next((circle for circle in run.circles if circle.public_id == public_id), None)
    if found is None:
        raise NotChanged("changed_meanwhile")
    return found


def _gathered(run: MatchRun, at: datetime) -> Gathered:
    return gather(db.session, run.cohort, at=at, weights=run.weights)


def _name(gathered: Gathered, person: str) -> str:
    if person not in gathered.participants:
        raise NotChanged("unknown_peer")
    return in_sentence(gathered.participants[person].name)


def publish_draft(me: Enrolment, run: MatchRun) -> ResponseReturnValue:
    """A draft that is held becomes circles, or says what stands in the way."""
    if not run.circles:
        flash(_("There is no circle in this draft, so there was nothing to publish."), "info")
        return redirect(_url(me, run))
    result = publish(db.session, run, by=me, at=clock.now())
    if result.refused:
        run_id = run.public_id
        db.session.rollback()
        run = draft_of(db.session, me.course, run_id) or abort(404)
        return page(me, run, result.refused), 422
    db.session.commit()
    flash(ngettext("Published: one circle.", "Published: %(num)d circles.", len(result.made)), "success")
    return redirect(url_for("pairing.board", course=me.course.public_id))


def page(me: Enrolment, run: MatchRun, complaints: Sequence[str] = ()) -> str:
    gathered = _gathered(run, clock.now())
    whole = draft(run, gathered)
    choice, search, show = (
        groups.choice_of(db.session, me.course, request.args.get("group", "")),
        searched(),
        filter_of(),
    )
    circles, left = whole.shown(choice, search, show)
    is_all = "all" in request.args
    return render(
        "pairing/circles/draft.html",
        me=me,
        draft=whole,
        circles=with_reasons(gathered, circles if is_all else circles[:AT_ONCE]),
        hidden=0 if is_all else max(len(circles) - AT_ONCE, 0),
        left=left,
        outdated=outdated.since(
            db.session, run, outdated.peers(gathered.peers), gathered.design, gathered.participants
        ),
        complaints=complaints,
        choice=choice,
        search=search,
        show=show,
        into=request.args.get("into", ""),
    )


def _url(me: Enrolment, run: MatchRun, **looking: Any) -> str:
    return url_for("runs.show", course=me.course.public_id, run_id=run.public_id, **looking)
