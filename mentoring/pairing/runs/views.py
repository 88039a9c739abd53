"""The pages of match runs: a draft to look at, change and publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from lti_tool import clock, jobs
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.paging import searched
from lti_tool.roster import groups
from mentoring.names import in_sentence
from mentoring.pairing.checking import broken
from mentoring.pairing.circles import views as circle_views
from mentoring.pairing.models import Match, MatchRun, RunState
from mentoring.pairing.pooling import gather
from mentoring.pairing.reasons import sentence_against
from mentoring.pairing.runs import beginning, drafting, outdated
from mentoring.pairing.runs.beginning import Contradictory, NotStarted
from mentoring.pairing.runs.draft import draft, with_reasons
from mentoring.pairing.runs.drafting import NotChanged, draft_of, draft_to_change, run_to_change
from mentoring.pairing.runs.looking import AT_ONCE, filter_of, looking, why_not_changed
from mentoring.pairing.runs.progress import Progress
from mentoring.pairing.runs.publishing import Published, publish
from mentoring.programs.models import Cohort
from mentoring.programs.starting import current, ensure

bp = Blueprint("runs", __name__)

NOT_STARTED = {
    "unsolved": _l(
        "No arrangement was found, and nothing was changed. Unlock pairs that may stand against one another, look at"
        " sizes of groups, and have pairs suggested again."
    ),
    "circles_unsolved": _l(
        "No arrangement was found, and nothing was changed. Unlock circles that may be larger than the program lets"
        " them be, look at the sizes, and have circles suggested again."
    ),
    "everybody_placed": _l("Everybody has a circle, so there is nobody to suggest circles for."),
    "too_few_peers": _l(
        "Too few people are without a circle to make another one. Put them into circles there are, on the page of each,"
        " or wait until more have come."
    ),
    "nobody_seeks": _l("Everybody has the mentors they need, so there is nobody to suggest pairs for."),
    "nobody_mentors": _l("Nobody mentors in this course yet. Choose mentors first, then have pairs suggested."),
}


@bp.post("/courses/<course>/mentoring/pairing/runs")
@open_to(Role.INSTRUCTOR)
def begin(me: Enrolment) -> ResponseReturnValue:
    return begun(me, ensure(db.session, me.course, at=clock.now()))


def begun(
    me: Enrolment, cohort: Cohort, *, said: str = "", weights: Mapping[str, int] | None = None
) -> ResponseReturnValue:
    """Ask the engine, commit, and lead to the draft; `said` was done before and is undone if no run can begin."""
    try:
        run = beginning.begin(db.session, cohort, by=me, at=clock.now(), weights=weights)
    except NotStarted as problem:
        db.session.rollback()
        flash(str(NOT_STARTED[str(problem)]), "info")
        return redirect(url_for("pairing.board", course=me.course.public_id))
    except Contradictory as problem:
        db.session.rollback()
        locked = beginning.open_run(db.session, cohort) or abort(404)
        return _page(me, locked, _contradictions(cohort, problem)), 422
    db.session.commit()
    if said:
        flash(said, "success")
    return redirect(_url(me, run))


@bp.get("/courses/<course>/mentoring/pairing/runs")
@open_to(Role.INSTRUCTOR)
def runs(me: Enrolment) -> ResponseReturnValue:
    cohort = current(db.session, me.course)
    found = _runs_of(cohort) if cohort else []
    return render("pairing/runs.html", me=me, runs=found)


@bp.get("/courses/<course>/mentoring/pairing/runs/<run_id>")
@open_to(Role.INSTRUCTOR)
def show(me: Enrolment, run_id: str) -> ResponseReturnValue:
    run = draft_of(db.session, me.course, run_id) or abort(404)
    return sought(me, run) or _page(me, run)


def sought(me: Enrolment, run: MatchRun) -> ResponseReturnValue | None:
    """How far a run has come that is being solved; the page that asked for news is loaded anew once it is done."""
    if run.state == RunState.WORKING:
        page_url = request.full_path.rstrip("?")
        return render("pairing/working.html", me=me, run=run, progress=Progress(_job(run)), page_url=page_url)
    if request.headers.get("HX-Request") == "true":
        return "", {"HX-Refresh": "true"}
    return None


@bp.post("/courses/<course>/mentoring/pairing/runs/<run_id>")
@open_to(Role.INSTRUCTOR)
def change(me: Enrolment, run_id: str) -> ResponseReturnValue:
    act, _colon, about = request.form.get("act", "").partition(":")
    acts: dict[str, Callable[[MatchRun, Match, datetime], str]] = {"lock": _lock, "unlock": _unlock, "unpair": _unpair}
    if act not in acts:
        abort(404 if draft_of(db.session, me.course, run_id) is None else 400)
    at = clock.now()
    try:
        run = draft_to_change(db.session, me.course, run_id, seen=request.form.get("seen", ""))
        match = next((match for match in run.matches if match.public_id == about), None)
        if match is None:
            raise NotChanged("changed_meanwhile")
        sentence = acts[act](run, match, at)
    except NotChanged as problem:
        return refused(me, run_id, problem)
    db.session.commit()
    flash(sentence, "success")
    return redirect(_url(me, run, **looking()))


def _lock(run: MatchRun, match: Match, at: datetime) -> str:
    drafting.lock(run, match, True, at=at)
    return str(_("%(mentor)s and %(mentee)s stay together when pairs are suggested again.", **_names(match)))


def _unlock(run: MatchRun, match: Match, at: datetime) -> str:
    drafting.lock(run, match, False, at=at)
    return str(_("%(mentor)s and %(mentee)s may be parted when pairs are suggested again.", **_names(match)))


def _unpair(run: MatchRun, match: Match, at: datetime) -> str:
    names = _names(match)
    drafting.unpair(db.session, gather(db.session, run.cohort, at=at, weights=run.weights), run, match, at=at)
    return str(_("%(mentor)s and %(mentee)s are not together in this draft any more.", **names))


@bp.post("/courses/<course>/mentoring/pairing/runs/<run_id>/take-out")
@open_to(Role.INSTRUCTOR)
def take_out(me: Enrolment, run_id: str) -> ResponseReturnValue:
    """Every pair that breaks a rule leaves the draft."""
    at = clock.now()
    try:
        run = draft_to_change(db.session, me.course, run_id, seen=request.form.get("seen", ""))
    except NotChanged as problem:
        return refused(me, run_id, problem)
    gathered = gather(db.session, run.cohort, at=at, weights=run.weights)
    wrong = [match for match, rules in zip(run.matches, broken(gathered, run.matches), strict=True) if rules]
    for match in wrong:
        drafting.unpair(db.session, gathered, run, match, at=at)
    db.session.commit()
    flash(
        ngettext("One pair was taken out of the draft.", "%(num)d pairs were taken out of the draft.", len(wrong)),
        "success",
    )
    return redirect(_url(me, run))


@bp.post("/courses/<course>/mentoring/pairing/runs/<run_id>/publish")
@open_to(Role.INSTRUCTOR)
def publish_draft(me: Enrolment, run_id: str) -> ResponseReturnValue:
    try:
        run = draft_to_change(db.session, me.course, run_id, seen=request.form.get("seen", ""), of_circles=None)
        if run.is_of_circles != run.cohort.version.is_of_peers:
            raise NotChanged("other_kind")
    except NotChanged as problem:
        return refused(me, run_id, problem)
    if run.is_of_circles:
        return circle_views.publish_draft(me, run)
    if not run.matches:
        flash(_("There is no pair in this draft, so there was nothing to publish."), "info")
        return redirect(_url(me, run))
    result = publish(db.session, run, by=me, at=clock.now())
    if result.refused:
        sentences = _why_not_published(result)
        db.session.rollback()
        run = draft_of(db.session, me.course, run_id) or abort(404)
        return _page(me, run, sentences), 422
    db.session.commit()
    flash(_published(result), "success")
    return redirect(url_for("pairing.board", course=me.course.public_id))


@bp.post("/courses/<course>/mentoring/pairing/runs/<run_id>/discard")
@open_to(Role.INSTRUCTOR)
def discard(me: Enrolment, run_id: str) -> ResponseReturnValue:
    run = run_to_change(db.session, me.course, run_id) or abort(404)
    if run.state in (RunState.DRAFT, RunState.FAILED, RunState.WORKING):
        run.state, run.changed = RunState.DISCARDED, clock.now()
        if (job := _job(run)) is not None:
            jobs.cancel(db.session, job)
        db.session.commit()
        flash(_("The draft was put away. Nobody has been told of it."), "success")
    return redirect(url_for("pairing.board", course=me.course.public_id))


def _page(me: Enrolment, run: MatchRun, complaints: Sequence[str] = ()) -> str:
    if run.is_of_circles:
        return circle_views.page(me, run, complaints)
    gathered = gather(db.session, run.cohort, at=clock.now(), weights=run.weights)
    sections = {group.public_id: group.label for group in groups.groups_of(db.session, me.course)}
    whole = draft(run, gathered, sections)
    choice, search, show = _choice(me), searched(), filter_of()
    pairs, left = whole.shown(choice, search, show)
    is_all = "all" in request.args
    return render(
        "pairing/draft.html",
        me=me,
        draft=whole,
        pairs=with_reasons(gathered, pairs if is_all else pairs[:AT_ONCE]),
        hidden=0 if is_all else max(len(pairs) - AT_ONCE, 0),
        left=left,
        outdated=outdated.since(
            db.session,
            run,
            outdated.mentees_and_mentors(gathered.pool.mentees, gathered.pool.mentors),
            gathered.pool.design,
            gathered.participants,
        ),
        several=len(run.cohort.version.kinds) > 1,
        complaints=complaints,
        choice=choice,
        search=search,
        show=show,
    )


def refused(me: Enrolment, run_id: str, problem: NotChanged) -> ResponseReturnValue:
    """Why nothing was changed, on the page as it stands now; a run of another course is a 404."""
    db.session.rollback()
    run = draft_of(db.session, me.course, run_id) or abort(404)
    return _page(me, run, [why_not_changed(run, problem)]), 409


def _why_not_published(result: Published) -> list[str]:
    """Each pair in the way with its rules; and once what can be done."""
    return [
        _("%(mentor)s and %(mentee)s:", **_names(match))
        + " "
        + " ".join(sentence_against(rule, _names(match)) for rule in rules)
        for match, rules in result.refused
    ]


def _published(result: Published) -> str:
    return str(
        ngettext(
            "Published: one pair.",
            "Published: %(num)d pairs.",
            len(result.made),
        )
    )


def _contradictions(cohort: Cohort, problem: Contradictory) -> list[str]:
    people = gather(db.session, cohort, at=clock.now()).participants
    return [
        _(
            "More pairs are locked with %(name)s (%(locked)d) than there are free places (%(places)d). Unlock a pair,"
            " or give %(name)s more places; then have pairs suggested again.",
            name=in_sentence(people[key].name),
            locked=locked,
            places=places,
        )
        for key, (locked, places) in problem.mentors.items()
    ]


def _runs_of(cohort: Cohort) -> Sequence[MatchRun]:
    return db.session.scalars(
        select(MatchRun).where(MatchRun.cohort_id == cohort.id).order_by(MatchRun.number.desc()).limit(AT_ONCE)
    ).all()


def _job(run: MatchRun) -> jobs.Job | None:
    return jobs.newest(db.session, f"{beginning.JOB}:{run.id}")


def _url(me: Enrolment, run: MatchRun, **looking: Any) -> str:
    return url_for("runs.show", course=me.course.public_id, run_id=run.public_id, **looking)


def _names(match: Match) -> dict[str, str]:
    return {"mentee": in_sentence(match.mentee.name), "mentor": in_sentence(match.mentor.name)}


def _choice(me: Enrolment) -> groups.Choice:
    return groups.choice_of(db.session, me.course, request.args.get("group", ""))
