"""The resources of the course's program: kept by its instructors, seen by whoever takes part."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock, uploads
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from mentoring.mentorships.naming import title_of
from mentoring.mentorships.refusing import Refusal
from mentoring.programs.models import Program
from mentoring.programs.starting import ensure
from mentoring.together.resources import queries, sharing
from mentoring.together.resources.blueprint import OF_PROGRAM, ONE_OF_PROGRAM, bp, handed_out, resource_in
from mentoring.together.resources.forms import ShareForm
from mentoring.together.resources.showing import WORDS


@bp.get(OF_PROGRAM)
@open_to(*MEMBERS)
def index(me: Enrolment) -> ResponseReturnValue:
    """The program's, and where those of one's mentorships are, of those that are over as well."""
    return _page(me, ShareForm(formdata=None))


@bp.post(OF_PROGRAM)
@open_to(Role.INSTRUCTOR)
@uploads.takes_a_file
def share_in_program(me: Enrolment) -> ResponseReturnValue:
    form = ShareForm()
    if not form.validate_on_submit():
        return _page(me, form), 422
    try:
        _share(me, form.found())
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _page(me, form), 422
    flash(_("Shared with everybody who takes part."), "success")
    return redirect(_address(me))


def _share(me: Enrolment, found: sharing.Found) -> None:
    """Once, however often the form is sent; a course without a program gets one, as for anything else."""
    at = clock.now()
    program = queries.program_for(db.session, me) or ensure(db.session, me.course, at=at).program
    queries.held_program(db.session, program)
    if sharing.shared_before(db.session, found, me) is not None:
        return
    with sharing.laid_down(found) as file:
        sharing.share_in(db.session, program, found, file=file, by=me, at=at)
        db.session.commit()


@bp.post(f"{ONE_OF_PROGRAM}/remove")
@open_to(Role.INSTRUCTOR)
def remove_from_program(me: Enrolment, program_resource_id: str) -> ResponseReturnValue:
    resource = resource_in(queries.of_program(_program(me)), program_resource_id)
    file = sharing.take_away(db.session, resource)
    db.session.commit()
    if file:
        uploads.remove(file)
    flash(_("It is taken away, for everybody."), "success")
    return redirect(_address(me))


@bp.get(f"{ONE_OF_PROGRAM}/file")
@open_to(*MEMBERS)
def program_file(me: Enrolment, program_resource_id: str) -> ResponseReturnValue:
    return handed_out(resource_in(queries.of_program(_program(me)), program_resource_id), back=_address(me))


def _program(me: Enrolment) -> Program:
    return queries.program_for(db.session, me) or abort(404)


def _address(me: Enrolment) -> str:
    return url_for("resources.index", course=me.course.public_id)


def _page(me: Enrolment, form: ShareForm) -> str:
    program = queries.program_for(db.session, me)
    own = () if me.is_instructor else queries.mentorships_of(db.session, me)
    return render(
        "resources/of_program.html",
        me=me,
        program=program,
        resources=queries.all_of(db.session, queries.of_program(program)) if program else (),
        mentorships=[(each, title_of(each)) for each in own],
        form=form,
        words=WORDS,
    )
