"""The mentee's page of what their new mentor may read, and the mentor's of what they were given from before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.fields import ticked
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.mentorships.blueprint import ONE, bp, held_as_mine, look_at, mine
from mentoring.mentorships.earlier.kinds import EarlierKind
from mentoring.mentorships.earlier.reading import answers, choose, kinds_in, replaced
from mentoring.mentorships.models import Part
from mentoring.mentorships.sections import Look


class EarlierForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `_form` makes."""

    given: Any


@bp.get(f"{ONE}/earlier")
@open_to(*MEMBERS)
def earlier(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = mine(me, mentorship_id)
    _must_be_asked(look)
    return _page(look, _form(look, answers(db.session, look.mentorship)))


@bp.post(f"{ONE}/earlier")
@open_to(*MEMBERS)
def choose_earlier(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    _must_be_asked(look)
    form = _form(look, {})
    if not form.validate_on_submit():
        return _page(look, form), 422
    choose(db.session, look.mentorship, form.given.data or (), at=look.at)
    db.session.commit()
    flash(_("Kept. Nobody is told; you can change it here at any time."), "success")
    return redirect(
        url_for("mentorships.mentorship", course=me.course.public_id, mentorship_id=look.mentorship.public_id)
    )


@bp.get(f"{ONE}/earlier/read")
@open_to(*MEMBERS)
def read_earlier(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    """What the mentee lets me read of the mentorship that this one follows; a 404 where that is nothing."""
    look = mine(me, mentorship_id)
    cards = _given(look) if look.part is Part.MENTOR and look.can_write else []
    if not cards:
        abort(404)
    return render("mentorships/earlier_read.html", me=me, mentorship=look.mentorship, sections=cards)


def _given(look: Look) -> list[tuple[str, Any]]:
    before = replaced(look.session, look.mentorship)
    if before is None:
        return []
    said = answers(look.session, look.mentorship)
    as_mentee = look_at(look.mentorship.mentee.enrolment, before)
    filled = [(kind.key, kind.show(as_mentee)) for kind in _shown(look) if kind.show and said.get(kind.key)]
    return [(key, card) for key, card in filled if card is not None]


def _shown(look: Look) -> list[EarlierKind]:
    return [kind for kind in kinds_in(look.mentorship) if kind.show is not None]


def _must_be_asked(look: Look) -> None:
    """Only the mentee is, and only where a new mentor has come."""
    if look.part is not Part.MENTEE or not look.can_write or not kinds_in(look.mentorship):
        abort(404)


def _form(look: Look, said: Mapping[str, bool]) -> EarlierForm:
    """With what they have said so far; sent, it holds what was ticked and nothing else."""
    words = {kind.key: kind.label for kind in kinds_in(look.mentorship)}
    fields = {"given": ticked(_l("They may read"), words)}
    form = type("EarlierForm", (EarlierForm,), fields)(data={"given": [kind for kind, yes in said.items() if yes]})
    assert isinstance(form, EarlierForm)
    return form


def _page(look: Look, form: EarlierForm) -> str:
    return render("mentorships/earlier.html", me=look.me, mentorship=look.mentorship, form=form)
