"""Other weights tried beside a draft: side by side before anything is taken over."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from mentoring.mentorships.naming import by_name
from mentoring.pairing.circles import keeping as circle_keeping
from mentoring.pairing.models import MatchRun, RunState
from mentoring.pairing.reasons import QUESTIONS
from mentoring.pairing.runs import asking, beginning, keeping
from mentoring.pairing.runs.beginning import Contradictory, NotStarted
from mentoring.pairing.runs.drafting import NotChanged, draft_of, run_to_change
from mentoring.pairing.runs.forms import WeightsForm, weights_form
from mentoring.pairing.runs.views import NOT_STARTED, begun, refused, sought

bp = Blueprint("draft_weights", __name__)


@dataclass(frozen=True)
class Line:
    """One number of both runs."""

    label: str
    now: str
    then: str


@bp.get("/courses/<course>/mentoring/pairing/runs/<run_id>/weights")
@open_to(Role.INSTRUCTOR)
def show(me: Enrolment, run_id: str) -> ResponseReturnValue:
    run = draft_of(db.session, me.course, run_id) or abort(404)
    return _form_page(me, run, weights_form(weights=run.weights))


@bp.post("/courses/<course>/mentoring/pairing/runs/<run_id>/weights")
@open_to(Role.INSTRUCTOR)
def try_out(me: Enrolment, run_id: str) -> ResponseReturnValue:
    run = draft_of(db.session, me.course, run_id) or abort(404)
    form = weights_form(weights=run.weights)
    if not form.validate_on_submit():
        return _form_page(me, run, form), 422
    if asking.is_busy(db.session, run):
        flash(str(asking.BUSY), "info")
        return redirect(url_for("runs.show", course=me.course.public_id, run_id=run_id))
    try:
        aside = beginning.begin(
            db.session, run.cohort, by=me, at=clock.now(), weights=form.chosen(), is_aside=True, seed=run.seed
        )
    except (NotStarted, Contradictory):
        db.session.rollback()
        if run.is_of_circles:
            flash(_("As things stand now no circles can be suggested. Look at the draft again."), "error")
        else:
            flash(_("As things stand now no pairs can be suggested. Look at the draft again."), "error")
        return redirect(url_for("runs.show", course=me.course.public_id, run_id=run_id))
    db.session.commit()
    return redirect(url_for(".compare", course=me.course.public_id, run_id=run.public_id, aside_id=aside.public_id))


@bp.get("/courses/<course>/mentoring/pairing/runs/<run_id>/beside/<aside_id>")
@open_to(Role.INSTRUCTOR)
def compare(me: Enrolment, run_id: str, aside_id: str) -> ResponseReturnValue:
    run = draft_of(db.session, me.course, run_id) or abort(404)
    aside = draft_of(db.session, me.course, aside_id) or abort(404)
    if run.is_of_circles != aside.is_of_circles:
        abort(404)
    if (waiting := sought(me, aside)) is not None:
        return waiting
    if not (run.is_solved and aside.is_solved):
        flash(str(NOT_STARTED["circles_unsolved" if aside.is_of_circles else "unsolved"]), "info")
        return redirect(url_for("runs.show", course=me.course.public_id, run_id=run_id))
    return render(
        "pairing/compare.html",
        me=me,
        run=run,
        aside=aside,
        lines=_lines(run, aside),
        weights=[
            Line(str(label), str(run.weights.get(question.value, 0)), str(aside.weights.get(question.value, 0)))
            for question, label in QUESTIONS.items()
        ],
        changed=_changed(run, aside),
    )


@bp.post("/courses/<course>/mentoring/pairing/runs/<run_id>/beside/<aside_id>")
@open_to(Role.INSTRUCTOR)
def take_over(me: Enrolment, run_id: str, aside_id: str) -> ResponseReturnValue:
    """Suggest pairs anew with the weights that were tried; the draft there was is put away."""
    run = draft_of(db.session, me.course, run_id) or abort(404)
    aside = run_to_change(db.session, me.course, aside_id) or abort(404)
    if not aside.is_aside or aside.state != RunState.DRAFT:
        return refused(me, run_id, NotChanged("no_draft"))
    aside.state = RunState.DISCARDED
    sentence = _("The draft has the weights that you tried. The one before stands among the runs so far.")
    return begun(me, run.cohort, said=sentence, weights=aside.weights)


def _form_page(me: Enrolment, run: MatchRun, form: WeightsForm) -> str:
    return render("pairing/weights.html", me=me, run=run, form=form)


def _lines(run: MatchRun, aside: MatchRun) -> list[Line]:
    if run.is_of_circles:
        return _circle_lines(run, aside)
    now, then = keeping.levels(run.outcome["levels"]), keeping.levels(aside.outcome["levels"])
    mine, theirs = run.outcome["fairness"], aside.outcome["fairness"]
    return [
        Line(_("Places filled"), str(now.filled), str(then.filled)),
        Line(_("People with every mentor they need"), str(now.complete), str(then.complete)),
        Line(_("Score of whoever is worst off"), str(round(now.lowest)), str(round(then.lowest))),
        Line(_("First wishes"), str(mine["first_choices"]), str(theirs["first_choices"])),
        Line(_("Pairs who would rather have each other"), str(mine["blocking"]), str(theirs["blocking"])),
    ]


def _changed(run: MatchRun, aside: MatchRun) -> list[Line]:
    """Who would have somebody else."""
    mine, theirs = _companions(run), _companions(aside)
    people = {match.mentee_id: match.mentee for each in (run, aside) for match in each.matches}
    people |= {person.id: person for each in (run, aside) for circle in each.circles for person in circle.people}
    nobody = _("nobody")
    lines = [
        Line(people[key].name, ", ".join(mine.get(key, [])) or nobody, ", ".join(theirs.get(key, [])) or nobody)
        for key in people
        if mine.get(key) != theirs.get(key)
    ]
    return sorted(lines, key=lambda line: line.label)


def _circle_lines(run: MatchRun, aside: MatchRun) -> list[Line]:
    now, then = (circle_keeping.levels(each.outcome["levels"]) for each in (run, aside))
    return [
        Line(_("People in a circle"), str(now.placed), str(then.placed)),
        Line(_("Score of whoever is worst off"), str(round(now.lowest)), str(round(then.lowest))),
        Line(_("Circles"), str(len(run.circles)), str(len(aside.circles))),
    ]


def _companions(run: MatchRun) -> dict[int, list[str]]:
    """With whom each would be, by participant id: mentors, or the others of a circle."""
    found: dict[int, list[str]] = {
        person.id: [each.name for each in by_name(circle.people) if each is not person]
        for circle in run.circles
        for person in circle.people
    }
    for match in sorted(run.matches, key=lambda match: (match.kind, match.mentor_id)):
        found.setdefault(match.mentee_id, []).append(match.mentor.name)
    return found
