"""What people do about who belongs to a circle."""

from __future__ import annotations

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from mentoring.mentorships.allowing import Act
from mentoring.mentorships.blueprint import ONE, back_to, bp, held, shown
from mentoring.mentorships.circles import changing
from mentoring.mentorships.circles.pages import choice, page
from mentoring.mentorships.forms import LeaveForm
from mentoring.mentorships.refusing import Refusal, why_not
from mentoring.names import in_sentence
from mentoring.participants.joining import join
from mentoring.participants.queries import person_of


@bp.post(f"{ONE}/leave")
@open_to(*MEMBERS)
def leave(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    circle = held(me, mentorship_id, Act.LEAVE)
    form = LeaveForm()
    if not form.validate_on_submit():
        return page(me, circle, form), 422
    why = {"reason": form.reason.data, "note": (form.note.data or "").strip()}
    changing.leave(db.session, circle, by=me, at=clock.now(), **why)
    db.session.commit()
    flash(_("You have left the circle. That happens and is nobody's fault; why, only instructors can read."), "success")
    return back_to(circle)


@bp.post(f"{ONE}/put-in")
@open_to(Role.INSTRUCTOR)
def put_in(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    chosen = _chosen(me, mentorship_id, Act.PUT_IN)
    if not isinstance(chosen, Enrolment):
        return chosen
    join(db.session, shown(me, mentorship_id).cohort, [chosen], at=clock.now())
    circle = held(me, mentorship_id, Act.PUT_IN, also=[chosen])
    changing.put_in(db.session, circle, chosen, by=me, at=clock.now())
    db.session.commit()
    flash(_("%(name)s is in the circle from now on.", name=in_sentence(chosen.name)), "success")
    return back_to(circle)


@bp.post(f"{ONE}/take-out")
@open_to(Role.INSTRUCTOR)
def take_out(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    chosen = _chosen(me, mentorship_id, Act.TAKE_OUT)
    if not isinstance(chosen, Enrolment):
        return chosen
    circle = held(me, mentorship_id, Act.TAKE_OUT)
    changing.take_out(db.session, circle, chosen, by=me, at=clock.now())
    db.session.commit()
    name = in_sentence(chosen.name)
    if circle.has_ended:
        flash(_("%(name)s was taken out. Too few were left, so the circle has ended.", name=name), "success")
    else:
        flash(_("%(name)s is not in the circle any more.", name=name), "success")
    return back_to(circle)


def _chosen(me: Enrolment, mentorship_id: str, act: Act) -> Enrolment | ResponseReturnValue:
    """Who was chosen, or the page again; nothing is held yet. A list that has grown old may name somebody who is no
    choice any more: why, is said by the act itself."""
    circle = shown(me, mentorship_id)
    if not circle.is_circle:
        raise Refusal(why_not(circle, act))
    chosen = person_of(db.session, me.course, request.form.get(act.value, ""))
    if chosen is None:
        form = choice(circle, act)
        form.validate()
        return page(me, circle, form), 422
    return chosen
