"""The resources of a mentorship: all of them, sharing one, taking one away, and its file."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import uploads
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.mentorships.blueprint import held_as_mine, held_to_look, look_at, mine, once_shown
from mentoring.mentorships.naming import title_of
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.sections import Look
from mentoring.together.resources import queries, sharing
from mentoring.together.resources.blueprint import OF_MENTORSHIP, ONE_OF_MENTORSHIP, bp, handed_out, resource_in
from mentoring.together.resources.forms import ShareForm
from mentoring.together.resources.showing import WORDS, names_in
from mentoring.together.resources.telling import page_of


@bp.get(OF_MENTORSHIP)
@open_to(*MEMBERS)
def of_mentorship(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    """Also of one that is over: what was shared stays for whoever was in it to the last."""
    return _page(_seen(me, mentorship_id), ShareForm(formdata=None))


@bp.post(OF_MENTORSHIP)
@open_to(*MEMBERS)
@uploads.takes_a_file
def share(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look, form = held_as_mine(me, mentorship_id), ShareForm()
    if not form.validate_on_submit():
        return _page(look, form), 422
    try:
        _share(look, form.found())
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _page(mine(me, mentorship_id), form), 422
    flash(_("Shared. The others are told that there is something new."), "success")
    return redirect(page_of(look.mentorship))


def _share(look: Look, found: sharing.Found) -> None:
    """Once, however often the form is sent."""
    assert look.mine is not None
    if sharing.shared_before(db.session, found, look.me) is not None:
        return
    with sharing.laid_down(found) as file:
        sharing.share_with(db.session, look.mentorship, found, file=file, by=look.mine, at=look.at)
        db.session.commit()


@bp.post(f"{ONE_OF_MENTORSHIP}/remove")
@open_to(*MEMBERS)
def remove(me: Enrolment, mentorship_id: str, resource_id: str) -> ResponseReturnValue:
    """For whoever shared it, and for instructors; also when the mentorship is over."""
    look = look_at(me, held_to_look(me, mentorship_id))
    resource = resource_in(queries.of_mentorship(look.mentorship), resource_id)
    if not me.is_instructor and (look.mine is None or resource.by_id != me.id):
        abort(404)
    file = sharing.take_away(db.session, resource)
    db.session.commit()
    if file:
        uploads.remove(file)
    flash(_("It is taken away, for everybody."), "success")
    return redirect(page_of(look.mentorship))


@bp.get(f"{ONE_OF_MENTORSHIP}/file")
@open_to(*MEMBERS)
def file(me: Enrolment, mentorship_id: str, resource_id: str) -> ResponseReturnValue:
    mentorship = _seen(me, mentorship_id).mentorship
    return handed_out(resource_in(queries.of_mentorship(mentorship), resource_id), back=page_of(mentorship))


def _seen(me: Enrolment, mentorship_id: str) -> Look:
    look = look_at(me, once_shown(me, mentorship_id))
    return look if not look.mentorship.is_open else abort(404)


def _page(look: Look, form: ShareForm) -> str:
    program = queries.program_for(db.session, look.me)
    place = {"course": look.me.course.public_id, "mentorship_id": look.mentorship.public_id}
    back = "mentorships.mentorship" if look.me.is_instructor or look.mentorship.is_standing else None
    return render(
        "resources/of_mentorship.html",
        me=look.me,
        look=look,
        mentorship=look.mentorship,
        title=title_of(look.mentorship),
        resources=queries.all_of(db.session, queries.of_mentorship(look.mentorship)),
        of_program=queries.all_of(db.session, queries.of_program(program)) if program else (),
        names=names_in(look),
        form=form,
        back=url_for(back, **place) if back else url_for("resources.index", course=look.me.course.public_id),  # type: ignore[arg-type]
        words=WORDS,
    )
