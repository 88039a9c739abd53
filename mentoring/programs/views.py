"""The pages on which instructors design the program: read it, begin from a ready-made one, change it by sections."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from mentoring.programs import quizzes, telling, versions
from mentoring.programs.choices import EvaluationPoint
from mentoring.programs.cohorts import cohorts_of
from mentoring.programs.design import ProgramDesign
from mentoring.programs.forms import SectionForm, SettingsForm, section_form, template_form
from mentoring.programs.models import ProgramVersion
from mentoring.programs.ready_made import READY_MADE
from mentoring.programs.starting import current, ensure, newest
from mentoring.programs.versions import Saved

bp = Blueprint("programs", __name__, template_folder="templates")


@bp.get("/courses/<course>/mentoring/program")
@open_to(Role.INSTRUCTOR)
def program(me: Enrolment) -> ResponseReturnValue:
    version = newest(db.session, me.course)
    design = versions.design_for(db.session, me.course)
    return render(
        "programs/program.html",
        me=me,
        version=version,
        sentence=telling.in_a_sentence(design),
        design=design,
        facts=telling.facts(design),
        cohort=current(db.session, me.course),
        cohorts=cohorts_of(db.session, me.course),
        observers=version is not None and version.program.observers_may_follow,
    )


@bp.get("/courses/<course>/mentoring/program/versions")
@open_to(Role.INSTRUCTOR)
def history(me: Enrolment) -> ResponseReturnValue:
    found = versions.history(db.session, me.course)
    told = [(version, _changes(version, before)) for version, before in zip(found, [*found[1:], None], strict=True)]
    return render("programs/versions.html", me=me, told=told)


def _changes(version: ProgramVersion, before: ProgramVersion | None) -> list[str]:
    if before is None or before.program_id != version.program_id:
        return []
    return telling.differences(versions.design_of(before), versions.design_of(version))


@bp.get("/courses/<course>/mentoring/program/templates")
@open_to(Role.INSTRUCTOR)
def templates(me: Enrolment) -> ResponseReturnValue:
    version = newest(db.session, me.course)
    return render("programs/templates.html", me=me, ready_made=READY_MADE.values(), version=version)


@bp.get("/courses/<course>/mentoring/program/templates/<ready_made>")
@open_to(Role.INSTRUCTOR)
def begin(me: Enrolment, ready_made: str) -> ResponseReturnValue:
    chosen = READY_MADE.get(ready_made) or abort(404)
    design = _fitting(me, chosen.design())
    form = template_form(design=design, seen=versions.stamp(newest(db.session, me.course)))
    return _template_page(me, ready_made, form, design)


@bp.post("/courses/<course>/mentoring/program/templates/<ready_made>")
@open_to(Role.INSTRUCTOR)
def take(me: Enrolment, ready_made: str) -> ResponseReturnValue:
    chosen = READY_MADE.get(ready_made) or abort(404)
    design = _fitting(me, chosen.design())
    form = template_form(design=design, seen=versions.stamp(newest(db.session, me.course)))
    if not form.validate_on_submit():
        return _template_page(me, ready_made, form, design), 422
    saved = versions.save(
        db.session,
        me.course,
        lambda _before: quizzes.settled(form.changed(design), me.course),
        seen=form.seen.data,
        by=me,
        at=clock.now(),
    )
    if saved.problems or saved.was_overtaken:
        return _template_page(me, ready_made, form, design, saved), 422
    db.session.commit()
    _tell(saved)
    return redirect(url_for(".program", course=me.course.public_id))


def _fitting(me: Enrolment, design: ProgramDesign) -> ProgramDesign:
    """The ready-made design as far as an open run can still take it over: what it is measured by stays."""
    if not versions.is_run_open(db.session, me.course):
        return design
    before = versions.design_for(db.session, me.course)
    if before.kpis:
        design = replace(design, kpis=before.kpis)
    if before.evaluations:
        return replace(design, evaluations=before.evaluations, evaluation_days=before.evaluation_days)
    return design.without(EvaluationPoint.BASELINE)


def _template_page(
    me: Enrolment, ready_made: str, form: SectionForm, design: ProgramDesign, saved: Saved | None = None
) -> str:
    changes = [] if saved is None else _refuse(me, form, saved, form.changed(design))
    return render(
        "programs/template.html",
        me=me,
        form=form,
        ready_made=ready_made,
        changes=changes,
        sentence=telling.in_a_sentence(design),
        facts=telling.facts(design),
        is_run_open=versions.is_run_open(db.session, me.course),
        version=newest(db.session, me.course),
    )


@bp.get("/courses/<course>/mentoring/program/edit/<section>")
@open_to(Role.INSTRUCTOR)
def edit(me: Enrolment, section: str) -> ResponseReturnValue:
    return _section_page(me, section, _form(me, section))


@bp.post("/courses/<course>/mentoring/program/edit/<section>")
@open_to(Role.INSTRUCTOR)
def save(me: Enrolment, section: str) -> ResponseReturnValue:
    form = _form(me, section)
    if "more" in request.form:
        form.one_more(request.form["more"])
        return _section_page(me, section, form)
    if not form.validate_on_submit():
        return _section_page(me, section, form), 422
    saved = versions.save(
        db.session,
        me.course,
        lambda before: quizzes.settled(form.changed(before), me.course),
        seen=form.seen.data,
        by=me,
        at=clock.now(),
    )
    if saved.problems or saved.was_overtaken:
        return _section_page(me, section, form, saved), 422
    db.session.commit()
    _tell(saved)
    return redirect(url_for(".program", course=me.course.public_id))


def _form(me: Enrolment, section: str) -> SectionForm:
    if section not in telling.SECTIONS:
        abort(404)
    offered = quizzes.activities_of(me.course)
    return section_form(
        section,
        design=versions.design_for(db.session, me.course),
        seen=versions.stamp(newest(db.session, me.course)),
        quizzes=quizzes.only_quizzes(offered),
        activities=offered,
    )


def _section_page(me: Enrolment, section: str, form: SectionForm, saved: Saved | None = None) -> str:
    changes = []
    if saved is not None:
        design = versions.design_for(db.session, me.course)
        changes = _refuse(me, form, saved, form.changed(design))
    return render(
        f"programs/sections/{section}.html",
        me=me,
        form=form,
        section=section,
        changes=changes,
        version=newest(db.session, me.course),
        is_run_open=versions.is_run_open(db.session, me.course),
        design=versions.design_for(db.session, me.course),
    )


def _refuse(me: Enrolment, form: SectionForm, saved: Saved, wanted: ProgramDesign) -> list[str]:
    """Say why it was not saved. Who was overtaken sees what their saving would change now, and may save again."""
    db.session.rollback()
    form.refuse(saved.problems)
    if not saved.was_overtaken:
        return []
    version = newest(db.session, me.course)
    form.seen.data = versions.stamp(version)
    form.form_errors.append(
        _(
            "Somebody else has saved the program while you were writing, so yours is not saved yet."
            " Look at what it would change now, and save again if that is right."
        )
    )
    return telling.differences(versions.design_for(db.session, me.course), wanted)


def _tell(saved: Saved) -> None:
    assert saved.version is not None
    if not saved.has_changed:
        flash(_("Nothing was changed, so there was nothing to save."), "info")
    elif saved.is_new_version and saved.version.number > 1:
        flash(
            _(
                "Saved as version %(number)d. Pairs that stand keep what they were promised.",
                number=saved.version.number,
            ),
            "success",
        )
    else:
        flash(_("The program is saved."), "success")


@bp.get("/courses/<course>/mentoring/settings")
@open_to(Role.INSTRUCTOR)
def settings(me: Enrolment) -> ResponseReturnValue:
    version = newest(db.session, me.course)
    form = SettingsForm(observers=version is not None and version.program.observers_may_follow)
    return render("programs/settings.html", me=me, form=form)


@bp.post("/courses/<course>/mentoring/settings")
@open_to(Role.INSTRUCTOR)
def save_settings(me: Enrolment) -> ResponseReturnValue:
    form = SettingsForm()
    if not form.validate_on_submit():
        return render("programs/settings.html", me=me, form=form), 422
    version = newest(db.session, me.course) or ensure(db.session, me.course, at=clock.now()).version
    version.program.observers_may_follow = form.observers.data
    db.session.commit()
    if form.observers.data:
        flash(_("Saved. Observers see how far the learners they are linked to have come."), "success")
    else:
        flash(_("Saved. Observers see nothing of anybody."), "success")
    return redirect(url_for(".settings", course=me.course.public_id))
