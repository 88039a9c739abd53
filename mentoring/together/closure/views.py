"""The pages at the end of a mentorship: how to finish it, what comes next, and the summary; they stay afterwards."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.mentorships.allowing import Act, may
from mentoring.mentorships.blueprint import ALL, ONE, held_to_look, look_at, once_shown, refuse
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.mentorships.naming import names_of, title_of
from mentoring.mentorships.queries import of_course
from mentoring.mentorships.refusing import Refusal, seats_of, table_of
from mentoring.mentorships.sections import Look
from mentoring.mentorships.wording import STATES
from mentoring.participants.models import Participant
from mentoring.together.closure import closing as ends
from mentoring.together.closure.evaluating import evaluations_for
from mentoring.together.closure.forms import NextForm, next_form
from mentoring.together.closure.models import Next
from mentoring.together.closure.showing import page_of
from mentoring.together.closure.summaries import as_text
from mentoring.together.summing_up import summary_of
from mentoring.together.thanks.queries import between
from mentoring.together.thanks.thanking import is_open, whom

bp = Blueprint("closure", __name__, template_folder="templates")
bp.register_error_handler(Refusal, refuse)


@bp.get(f"{ONE}/closing")
@open_to(*MEMBERS)
def closing(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = _begun(look_at(me, once_shown(me, mentorship_id)))
    return _page(look)


@bp.post(f"{ONE}/closing")
@open_to(*MEMBERS)
def say_next(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = _begun(look_at(me, held_to_look(me, mentorship_id)))
    form = next_form(look=look, said=None)
    if not form.validate_on_submit():
        return _page(look, form), 422
    ends.answer(db.session, look.mentorship, form.said, by=_me(look), at=look.at)
    db.session.commit()
    flash(_("Kept. You can change it here."), "success")
    return redirect(page_of(look))


@bp.get(f"{ONE}/summary")
@open_to(*MEMBERS)
def summary(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    """For whoever belongs to it, or did to the last, as long as its rows are kept."""
    look = _begun(look_at(me, once_shown(me, mentorship_id)))
    return render(
        "closure/summary.html",
        me=me,
        mentorship=look.mentorship,
        title=title_of(look.mentorship),
        parts=summary_of(look),
        at=look.at,
    )


@bp.get(f"{ONE}/summary.txt")
@open_to(*MEMBERS)
def summary_as_file(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = _begun(look_at(me, once_shown(me, mentorship_id)))
    answer = Response(as_text(look, summary_of(look)), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=mentorship-summary.txt"
    return answer


@bp.get(f"{ALL}/past")
@open_to(*MEMBERS)
def past(me: Enrolment) -> ResponseReturnValue:
    """The mentorships I belonged to until they were over, the newest first."""
    mine = (
        select(Membership.mentorship_id)
        .join(Membership.participant)
        .join(Membership.mentorship)
        .where(Participant.enrolment_id == me.id, Membership.until == Mentorship.ended)
    )
    found = db.session.scalars(
        of_course(me.course)
        .where(Mentorship.id.in_(mine), Mentorship.state.in_(ends.BEGUN), Mentorship.ended.is_not(None))
        .options(
            selectinload(Mentorship.members)
            .joinedload(Membership.participant, innerjoin=True)
            .joinedload(Participant.enrolment, innerjoin=True)
        )
        .order_by(Mentorship.ended.desc(), Mentorship.id.desc())
    ).all()
    lines = [(each, names_of(person for person in each.people if person.enrolment_id != me.id)) for each in found]
    return render("closure/past.html", me=me, lines=lines, states=STATES)


def _begun(look: Look) -> Look:
    """Its people alone, and only where there is something to look back on; for everybody else there is no such page."""
    if look.mine is None or look.mentorship.state not in ends.BEGUN:
        abort(404)
    return look


def _me(look: Look) -> Participant:
    assert look.mine is not None
    return look.mine


def _page(look: Look, form: NextForm | None = None) -> str:
    me, mentorship = _me(look), look.mentorship
    answers = ends.answers(look.session, mentorship)
    said = next((each for each in answers if each.participant_id == me.id), None)
    return render(
        "closure/closing.html",
        me=look.me,
        look=look,
        mentorship=mentorship,
        others=names_of(person for person in mentorship.people if person.id != me.id),
        may_complete=may(Act.COMPLETE, mentorship.state, seats_of(mentorship, look.me), table_of(mentorship)),
        progress=ends.progress(look, me, has_answered=said is not None),
        evaluations=evaluations_for(look),
        may_thank=is_open(mentorship, look.at) and bool(whom(mentorship, me)),
        thanks=between(look),
        form=form or next_form(look=look, said=said),
        wrong=form,
        said=said,
        next=Next,
        carries_on=ends.all_carry_on(answers, mentorship),
    )
