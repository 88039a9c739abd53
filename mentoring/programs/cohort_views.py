"""The pages of a program's runs, and the answer of a newcomer who is asked to take part."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from mentoring.programs import cohorts, newcomers, outcomes, versions, words
from mentoring.programs.choices import FOLLOWING, CohortState
from mentoring.programs.cohort_forms import CohortForm, cohort_form
from mentoring.programs.models import Cohort
from mentoring.programs.panels import asked
from mentoring.programs.starting import newest, plan
from mentoring.programs.versions import NOTHING_YET
from mentoring.programs.views import bp


@bp.get("/courses/<course>/mentoring/program/runs/new")
@open_to(Role.INSTRUCTOR)
def new_run(me: Enrolment) -> ResponseReturnValue:
    return render("programs/new_run.html", me=me, form=cohort_form(cohort=None, today=clock.now()))


@bp.post("/courses/<course>/mentoring/program/runs/new")
@open_to(Role.INSTRUCTOR)
def plan_run(me: Enrolment) -> ResponseReturnValue:
    form = cohort_form(cohort=None, today=clock.now())
    if not form.validate_on_submit():
        return render("programs/new_run.html", me=me, form=form), 422
    cohort = _planned(me, form)
    db.session.commit()
    flash(_("The run is planned. Open it when people may join."), "success")
    return redirect(_address(me, cohort))


def _planned(me: Enrolment, form: CohortForm) -> Cohort:
    at = clock.now()
    version = newest(db.session, me.course)
    if version is None:
        # The simple program is made as it is, with a run to open; that one takes these words.
        versions.save(db.session, me.course, lambda design: design, seen=NOTHING_YET, by=None, at=at)
        [cohort] = cohorts.cohorts_of(db.session, me.course)
    else:
        cohort = plan(db.session, version, starts=form.starts, at=at)
    cohorts.change(db.session, cohort, **_said(form), at=at)
    return cohort


@bp.get("/courses/<course>/mentoring/program/runs/<cohort_id>")
@open_to(Role.INSTRUCTOR)
def run(me: Enrolment, cohort_id: str) -> ResponseReturnValue:
    cohort = cohorts.cohort_of(db.session, me.course, cohort_id) or abort(404)
    return _page(me, cohort, cohort_form(cohort=cohort, today=clock.now()))


@bp.post("/courses/<course>/mentoring/program/runs/<cohort_id>")
@open_to(Role.INSTRUCTOR)
def save_run(me: Enrolment, cohort_id: str) -> ResponseReturnValue:
    cohort = cohorts.cohort_to_change(db.session, me.course, cohort_id) or abort(404)
    form = cohort_form(cohort=cohort, today=clock.now())
    if not form.validate_on_submit():
        return _page(me, cohort, form), 422
    cohorts.change(db.session, cohort, **_said(form), at=clock.now())
    db.session.commit()
    flash(_("The run is saved."), "success")
    return redirect(_address(me, cohort))


@bp.post("/courses/<course>/mentoring/program/runs/<cohort_id>/state")
@open_to(Role.INSTRUCTOR)
def move_run(me: Enrolment, cohort_id: str) -> ResponseReturnValue:
    cohort = cohorts.cohort_to_change(db.session, me.course, cohort_id) or abort(404)
    wanted = request.form.get("to", "")
    to = next((state for state in CohortState if state == wanted), cohort.state)
    obstacle = cohorts.move(db.session, cohort, to, at=clock.now())
    if obstacle:
        db.session.rollback()
        flash(obstacle, "error")
        return redirect(_address(me, cohort))
    db.session.commit()
    flash(str(words.MOVED[to]), "success")
    return redirect(_address(me, cohort))


def _page(me: Enrolment, cohort: Cohort, form: CohortForm) -> str:
    design = versions.design_of(cohort.version)
    return render(
        "programs/run.html",
        me=me,
        cohort=cohort,
        form=form,
        design=design,
        state=words.STATES[cohort.state],
        meaning=words.MEANINGS.get(cohort.state, ""),
        moves=[(to, words.MOVES[to]) for to in FOLLOWING.get(cohort.state, ())],
        standing=cohorts.standing_in(db.session, cohort),
        is_over=cohort.state not in FOLLOWING,
        outcomes_of_run=outcomes.outcomes_of(db.session, me.course).get(cohort.id, ()),
    )


@bp.get("/courses/<course>/mentoring/program/results")
@open_to(Role.INSTRUCTOR)
def results(me: Enrolment) -> ResponseReturnValue:
    """What people say of the program, run by run, beside what its success is measured by."""
    found = outcomes.outcomes_of(db.session, me.course)
    told = [each for each in cohorts.cohorts_of(db.session, me.course) if found.get(each.id)]
    columns = [(f"{cohort.title} · {each.title}".strip(" ·"), each) for cohort in told for each in found[cohort.id]]
    return render(
        "programs/results.html",
        me=me,
        runs=[(each, versions.design_of(each.version).kpis, found[each.id]) for each in told],
        whole=found.get(None, ()),
        columns=columns,
        rows=outcomes.side_by_side([each for _name, each in columns]),
    )


def _said(form: CohortForm) -> dict[str, Any]:
    return {
        "title": form.title.data,
        "starts": form.starts,
        "ends": form.ends,
        "invites_newcomers": form.invites_newcomers.data,
    }


def _address(me: Enrolment, cohort: Cohort) -> str:
    return url_for(".run", course=me.course.public_id, cohort_id=cohort.public_id)


@bp.post("/courses/<course>/mentoring/taking-part")
@open_to(Role.LEARNER)
def answer(me: Enrolment) -> ResponseReturnValue:
    participant, takes_part = asked(db.session, me), request.form.get("answer") == "yes"
    if participant is None:
        flash(_("You have answered already, or nobody asks you any more. This page says how things stand."), "info")
        return redirect(url_for("courses.home", course=me.course.public_id))
    newcomers.answer(db.session, participant, takes_part=takes_part, at=clock.now())
    db.session.commit()
    if takes_part:
        flash(_("You take part. We look for a mentor for you."), "success")
    else:
        flash(_("You do not take part for now. You can change your mind on this page at any time."), "success")
    return redirect(url_for("courses.home", course=me.course.public_id))
