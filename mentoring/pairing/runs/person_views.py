"""The page of one mentee in a draft: every mentor beside them, and what can be done by hand."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from mentoring.names import in_sentence
from mentoring.pairing.checking import broken
from mentoring.pairing.models import Match, MatchRun
from mentoring.pairing.pooling import Gathered, gather
from mentoring.pairing.reasons import sentence_against
from mentoring.pairing.runs import asking, drafting
from mentoring.pairing.runs.asking import Inquiry, Standing
from mentoring.pairing.runs.comparing import Difference
from mentoring.pairing.runs.drafting import NotChanged, draft_of_pairs, draft_to_change, token
from mentoring.pairing.runs.looking import looking
from mentoring.pairing.runs.person import seats_of
from mentoring.pairing.runs.views import refused

bp = Blueprint("draft_people", __name__)


@bp.get("/courses/<course>/mentoring/pairing/runs/<run_id>/people/<mentee>")
@open_to(Role.INSTRUCTOR)
def show(me: Enrolment, run_id: str, mentee: str) -> ResponseReturnValue:
    run = draft_of_pairs(db.session, me.course, run_id) or abort(404)
    gathered = gather(db.session, run.cohort, at=clock.now(), weights=run.weights)
    if mentee not in gathered.mentees:
        abort(404)
    return _page(me, run, gathered, mentee)


@bp.post("/courses/<course>/mentoring/pairing/runs/<run_id>/people/<mentee>")
@open_to(Role.INSTRUCTOR)
def change(me: Enrolment, run_id: str, mentee: str) -> ResponseReturnValue:
    act, _colon, about = request.form.get("act", "").partition(":")
    at = clock.now()
    try:
        run = draft_to_change(db.session, me.course, run_id, seen=request.form.get("seen", ""))
        gathered = gather(db.session, run.cohort, at=at, weights=run.weights)
        made = _do(run, gathered, mentee, act, about.split(":"))
    except NotChanged as problem:
        return refused(me, run_id, problem)
    wrong = _broken(gathered, run, made)
    db.session.commit()
    flash(_together(made), "success")
    if wrong:
        flash(_("As it stands this cannot be published: %(why)s", why=" ".join(wrong)), "info")
    if request.args.get("back") == "draft":
        return redirect(url_for("runs.show", course=me.course.public_id, run_id=run_id, **looking()))
    return redirect(url_for(".show", course=me.course.public_id, run_id=run_id, mentee=mentee))


def _together(made: Sequence[Match]) -> str:
    """Who is with whom now; of a swap, both pairs."""
    names = [{"mentor": in_sentence(each.mentor.name), "mentee": in_sentence(each.mentee.name)} for each in made]
    if len(names) == 1:
        return str(_("%(mentor)s and %(mentee)s are together in this draft, and locked.", **names[0]))
    [one, other] = [_("%(mentor)s and %(mentee)s", **each) for each in names]
    return str(_("%(one)s, and %(other)s, are together in this draft now, and locked.", one=one, other=other))


def _broken(gathered: Gathered, run: MatchRun, made: Sequence[Match]) -> list[str]:
    """The rules that pairs just made break, in sentences, each once."""
    against = zip(run.matches, broken(gathered, run.matches), strict=True)
    sentences = [
        sentence_against(rule, {"mentor": in_sentence(match.mentor.name), "mentee": in_sentence(match.mentee.name)})
        for match, rules in against
        if match in made
        for rule in rules
    ]
    return list(dict.fromkeys(sentences))


def _do(run: MatchRun, gathered: Gathered, mentee: str, act: str, about: list[str]) -> Sequence[Match]:
    """Pair the mentee with somebody, in place of whom they have if they need no more; move them from one pair; or swap
    mentors with somebody. The pairs that were made."""
    at = clock.now()
    matches = {match.public_id: match for match in run.matches}
    if act == "move" and len(about) == 2 and about[0] in matches and matches[about[0]].mentee.public_id == mentee:
        return [drafting.move(db.session, gathered, run, matches[about[0]], about[1], at=at)]
    if act == "swap" and len(about) == 2 and all(each in matches for each in about):
        one, other = (matches[each] for each in about)
        return drafting.swap(db.session, gathered, run, one, other, at=at)
    if act != "pair" or len(about) != 2:
        raise NotChanged("changed_meanwhile")
    mentor, kind = about
    had = [each for each in run.matches if (each.mentee.public_id, each.kind) == (mentee, kind)]
    needed = gathered.mentees[mentee].needs.get(kind, 0) if mentee in gathered.mentees else 0
    if had and len(had) >= needed:
        return [drafting.move(db.session, gathered, run, had[-1], mentor, at=at)]
    return [drafting.pair(gathered, run, mentee, mentor, kind, at=at)]


def _page(me: Enrolment, run: MatchRun, gathered: Gathered, mentee: str) -> str:
    can_ask = asking.knows(run)
    asked = Inquiry(mentee, request.args.get("kind", ""), request.args.get("with", "") if can_ask else "")
    standing = asking.standing(db.session, gathered, run, asked) if asked.mentor in gathered.mentors else Standing(None)
    return render(
        "pairing/person.html",
        me=me,
        run=run,
        seen=token(run),
        is_draft=run.is_draft,
        person=gathered.participant(mentee),
        seats=seats_of(gathered, run, mentee),
        several=len(run.cohort.version.kinds) > 1,
        can_ask=can_ask,
        takes_long=asking.takes_long(gathered),
        asked=asked,
        standing=standing,
        difference=_difference(run, standing),
    )


def _difference(run: MatchRun, standing: Standing) -> Difference | None:
    """What it would come to if the pair that is asked about were made; None where none is, or it cannot be."""
    found = standing.answer
    return Difference.of(run.outcome, found) if found is not None and "is_unsolved" not in found else None
