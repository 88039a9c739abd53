"""The page on which somebody blocks a person: what it does is said before it is done, and it can be taken back."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.mentorships.models import Mentorship
from mentoring.names import in_sentence
from mentoring.together.concerns import blocking
from mentoring.together.concerns.blueprint import BLOCK, bp, only_themselves
from mentoring.together.concerns.forms import BlockForm, block_form
from mentoring.together.concerns.matters import known_to


@bp.get(BLOCK)
@open_to(*MEMBERS)
@only_themselves
def blocking_page(me: Enrolment, other_id: str) -> ResponseReturnValue:
    other = _known(me, other_id)
    return _page(me, other, _form(_shared(me, other), is_sent=False))


@bp.post(BLOCK)
@open_to(*MEMBERS)
def block(me: Enrolment, other_id: str) -> ResponseReturnValue:
    other = _known(me, other_id)
    form = _form(_shared(me, other))
    if not form.validate_on_submit():
        return _page(me, other, form), 422
    blocking.block(db.session, me, other, leaves=form.leaves, at=clock.now())
    db.session.commit()
    flash(_("Done. You and %(name)s are not matched any more.", name=in_sentence(other.name)), "success")
    return redirect(url_for(".blocking_page", course=me.course.public_id, other_id=other.public_id))


def _known(me: Enrolment, other_id: str) -> Enrolment:
    """Somebody I have, or had, a mentorship with, or a 404: nobody finds out here who else there is."""
    return known_to(db.session, me).get(other_id) or abort(404)


def _shared(me: Enrolment, other: Enrolment) -> list[Mentorship]:
    """What stands between the two now."""
    ids = blocking.between(db.session, me, other)
    found = db.session.scalars(select(Mentorship).where(Mentorship.id.in_(ids))) if ids else ()
    return [each for each in found if each.is_standing]


def _form(shared: list[Mentorship], *, is_sent: bool = True) -> BlockForm:
    in_circle = any(each.is_circle for each in shared)
    return block_form(in_pair=any(not each.is_circle for each in shared), in_circle=in_circle, is_sent=is_sent)


def _page(me: Enrolment, other: Enrolment, form: BlockForm) -> str:
    shared = _shared(me, other)
    return render(
        "concerns/block.html",
        me=me,
        other=other,
        form=form,
        shared=shared,
        in_circle=any(each.is_circle for each in shared),
        blocked=blocking.block_of(db.session, me, other),
    )
