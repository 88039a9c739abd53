"""The page of a mentorship's agreement: reading it, writing the next version, signing."""

from __future__ import annotations

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.mentorships.agreement import signing
from mentoring.mentorships.agreement.forms import AgreementForm, agreement_form
from mentoring.mentorships.agreement.section import page_of, words_about
from mentoring.mentorships.agreement.standing import Agreed, agreed, reader, terms_to_begin_with
from mentoring.mentorships.blueprint import ONE, bp, held_as_mine, look_at, mine, shown
from mentoring.mentorships.naming import title_of
from mentoring.mentorships.sections import Look


@bp.get(f"{ONE}/agreement")
@open_to(*MEMBERS)
def agreement(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    """All of it for its people; for an instructor whether it is signed, and the terms."""
    look = look_at(me, shown(me, mentorship_id))
    if look.mentorship.is_open:
        abort(404)
    return _page("mentorships/agreement.html", look, agreed(db.session, look.mentorship))


@bp.get(f"{ONE}/agreement/next")
@open_to(*MEMBERS)
def draft(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = mine(me, mentorship_id)
    if not look.can_write:
        abort(404)
    so_far = agreed(db.session, look.mentorship)
    return _page("mentorships/agreement_draft.html", look, so_far, form=_form(look, so_far))


@bp.post(f"{ONE}/agreement")
@open_to(*MEMBERS)
def propose(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    so_far = agreed(db.session, look.mentorship)
    form = _form(look, so_far)
    if not form.validate_on_submit():
        return _page("mentorships/agreement_draft.html", look, so_far, form=form), 422
    if form.seen.data != str(so_far.number):
        return _overtaken(look, so_far, form), 409
    person = look.mine
    assert person is not None
    signing.propose(db.session, look.mentorship, form.terms(), by=person, at=look.at)
    db.session.commit()
    flash(_("It is written down, and you have signed it. It holds as soon as all of you have."), "success")
    return _back(look)


def _overtaken(look: Look, so_far: Agreed, form: AgreementForm) -> str:
    """Somebody was quicker: what was typed stays, and is sent anew by whoever has read the other version."""
    form.form_errors.append(
        _("Somebody has written a version meanwhile, so yours is not kept yet. Read theirs, then send yours again.")
    )
    form.seen.data = str(so_far.number)
    return _page("mentorships/agreement_draft.html", look, so_far, form=form)


@bp.post(f"{ONE}/agreement/sign")
@open_to(*MEMBERS)
def sign(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    person = look.mine
    assert person is not None
    seen = request.form.get("seen", type=int, default=0)
    version = signing.sign(db.session, look.mentorship, seen=seen, by=person, at=look.at)
    db.session.commit()
    flash(
        _("Signed. It holds from now on.") if version.signed else _("Signed. It holds as soon as all of you have."),
        "success",
    )
    return _back(look)


def _form(look: Look, so_far: Agreed) -> AgreementForm:
    terms = terms_to_begin_with(look.mentorship, so_far, at=look.at)
    if so_far.is_withheld_from(look.mine):
        terms = terms.without_words()
    return agreement_form(terms=terms, seen=so_far.number, is_circle=look.mentorship.is_circle, at=look.at)


def _page(template: str, look: Look, so_far: Agreed, form: AgreementForm | None = None) -> str:
    return render(
        template,
        me=look.me,
        look=look,
        mentorship=look.mentorship,
        title=title_of(look.mentorship),
        form=form,
        reads=reader(look),
        **words_about(look.mentorship, so_far),
    )


def _back(look: Look) -> ResponseReturnValue:
    return redirect(page_of(look.me, look.mentorship))
