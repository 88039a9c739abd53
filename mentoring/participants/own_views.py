"""My part in mentoring: taking part, leaving, and what I offer and need."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import MEMBERS, Page, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.participants import taking_part
from mentoring.participants.again import last_part, say_again
from mentoring.participants.facts import need_facts, offer_facts
from mentoring.participants.joining_forms import TakePartForm
from mentoring.participants.models import Came, Participant, ParticipantState
from mentoring.participants.nominating import waiting_for
from mentoring.participants.part_pages import need_form_for, offer_form_for, refuse, show
from mentoring.participants.queries import is_here, is_seeking, joinable, loads, part_of
from mentoring.participants.saying import TooFewPlaces, lists_of, say_need, say_offer
from mentoring.participants.words import state_of
from mentoring.programs.models import Cohort
from mentoring.programs.starting import ensure

bp = Blueprint("taking_part", __name__, template_folder="templates")

Rest = ParamSpec("Rest")


def not_in_preview(page: Page[Rest]) -> Callable[..., ResponseReturnValue]:
    """A preview student sees what a learner sees, and takes no part."""

    @wraps(page)
    def checked(me: Enrolment, *args: Rest.args, **rest: Rest.kwargs) -> ResponseReturnValue:
        if not is_here(me):
            flash(_("This is a preview: nothing was changed. Learners can do this."), "warning")
            return to_mine(me)
        return page(me, *args, **rest)

    return checked


@bp.get("/courses/<course>/mentoring/mine")
@open_to(*MEMBERS)
def mine(me: Enrolment) -> ResponseReturnValue:
    participant = part_of(db.session, joinable(db.session, me.course), me)
    form = TakePartForm(
        mentors=participant is not None and participant.as_mentor,
        seeks=is_seeking(me, participant),
        consents=participant is not None and participant.consented is not None,
    )
    return _page(me, form)


@bp.post("/courses/<course>/mentoring/mine")
@open_to(*MEMBERS)
@not_in_preview
def take_part(me: Enrolment) -> ResponseReturnValue:
    form = TakePartForm()
    if not form.validate_on_submit():
        return _page(me, form), 422
    words = {"mentors": form.mentors.data, "seeks": form.seeks.data, "consents": form.consents.data}
    participant = taking_part.take_part(db.session, cohort_of(me), me, **words, at=clock.now())
    db.session.commit()
    _tell(participant)
    return redirect(_next_page(me, participant))


@bp.post("/courses/<course>/mentoring/mine/leave")
@open_to(*MEMBERS)
@not_in_preview
def leave(me: Enrolment) -> ResponseReturnValue:
    cohort = cohort_of(me)
    participant = taking_part.enter(db.session, cohort, me, came=Came.JOINED, at=clock.now())
    taking_part.leave(db.session, participant)
    db.session.commit()
    flash(_("You take no part in mentoring any more. You can come back at any time; what you said is kept."), "success")
    return to_mine(me)


@bp.post("/courses/<course>/mentoring/mine/again")
@open_to(*MEMBERS)
@not_in_preview
def say_the_same(me: Enrolment) -> ResponseReturnValue:
    cohort = cohort_of(me)
    last = last_part(db.session, cohort, me)
    if last is None:
        flash(_("There is nothing from an earlier term to take over."), "info")
        return to_mine(me)
    try:
        say_again(db.session, cohort, me, last, at=clock.now())
    except TooFewPlaces:
        db.session.rollback()
        flash(_("You have more mentees now than you had places then. Say anew how many places you have."), "error")
        return redirect(url_for(".offer", course=me.course.public_id))
    db.session.commit()
    flash(_("The same as last term. Look it over, and change what is different now."), "success")
    return to_mine(me)


@bp.post("/courses/<course>/mentoring/mine/accept")
@open_to(*MEMBERS)
@not_in_preview
def accept(me: Enrolment) -> ResponseReturnValue:
    participant = taking_part.accept(db.session, cohort_of(me), me, at=clock.now())
    db.session.commit()
    if participant is None:
        flash(_("Nobody is waiting for this answer any more."), "info")
        return to_mine(me)
    flash(_("You mentor. Say next what you offer."), "success")
    return redirect(_next_page(me, participant))


@bp.post("/courses/<course>/mentoring/mine/decline")
@open_to(*MEMBERS)
@not_in_preview
def decline(me: Enrolment) -> ResponseReturnValue:
    was_asked = taking_part.decline(db.session, cohort_of(me), me, at=clock.now())
    db.session.commit()
    if was_asked:
        flash(_("Not now, then. You can offer to mentor at any time on this page."), "success")
    else:
        flash(_("Nobody is waiting for this answer any more."), "info")
    return to_mine(me)


@bp.get("/courses/<course>/mentoring/mine/offer")
@open_to(*MEMBERS)
def offer(me: Enrolment) -> ResponseReturnValue:
    return show(offer_form_for(me, by=me), me, me=me, **_addresses(me, "save_offer"))


@bp.post("/courses/<course>/mentoring/mine/offer")
@open_to(*MEMBERS)
@not_in_preview
def save_offer(me: Enrolment) -> ResponseReturnValue:
    cohort, form = cohort_of(me), offer_form_for(me, by=me)
    if not form.validate_on_submit():
        return show(form, me, me=me, **_addresses(me, "save_offer")), 422
    taking_part.enter(db.session, cohort, me, came=Came.JOINED, at=clock.now())
    try:
        say_offer(db.session, cohort, me, form.said(), form.about(), at=clock.now())
    except TooFewPlaces as few:
        db.session.rollback()
        refuse(form, few, is_own=True)
        return show(form, me, me=me, **_addresses(me, "save_offer")), 422
    db.session.commit()
    flash(_("Saved. This is what you offer."), "success")
    return to_mine(me)


@bp.get("/courses/<course>/mentoring/mine/need")
@open_to(*MEMBERS)
def need(me: Enrolment) -> ResponseReturnValue:
    return show(need_form_for(me), me, me=me, **_addresses(me, "save_need"))


@bp.post("/courses/<course>/mentoring/mine/need")
@open_to(*MEMBERS)
@not_in_preview
def save_need(me: Enrolment) -> ResponseReturnValue:
    cohort, form = cohort_of(me), need_form_for(me)
    if not form.validate_on_submit():
        return show(form, me, me=me, **_addresses(me, "save_need")), 422
    taking_part.enter(db.session, cohort, me, came=Came.JOINED, at=clock.now())
    say_need(db.session, cohort, me, form.said(), form.about(), at=clock.now())
    db.session.commit()
    flash(_("Saved. This is what you look for."), "success")
    return to_mine(me)


def cohort_of(me: Enrolment) -> Cohort:
    """The cohort I take part in, made on first need."""
    return joinable(db.session, me.course) or ensure(db.session, me.course, at=clock.now())


def to_mine(me: Enrolment) -> ResponseReturnValue:
    return redirect(url_for("taking_part.mine", course=me.course.public_id))


def _page(me: Enrolment, form: TakePartForm) -> str:
    cohort = joinable(db.session, me.course)
    participant = part_of(db.session, cohort, me)
    lists = lists_of(cohort.version if cohort else None)
    has_said = participant is not None and (participant.offer is not None or participant.need is not None)
    return render(
        "participants/mine.html",
        me=me,
        form=form,
        participant=participant,
        state=state_of(participant) if participant and participant.state != ParticipantState.TAKING_PART else None,
        is_waiting=participant is not None and participant.state == ParticipantState.WAITING_LIST,
        has_left=participant is not None and participant.state == ParticipantState.LEFT,
        needs_consent=cohort is not None and cohort.version.needs_consent,
        among_peers=cohort is not None and cohort.version.is_of_peers,
        asked=waiting_for(db.session, cohort, me) if cohort else (),
        offered=offer_facts(participant, lists) if participant else [],
        needed=need_facts(participant, lists) if participant else [],
        has_said_offer=participant is not None and participant.has_said_offer,
        load=loads(db.session, [participant])[participant.id] if participant else 0,
        can_repeat=not has_said and last_part(db.session, cohort, me) is not None,
    )


def _tell(participant: Participant) -> None:
    if participant.state == ParticipantState.WAITING_LIST:
        flash(_("Saved. You stand on the waiting list; your instructor lets people in."), "success")
    else:
        flash(_("Saved. You take part."), "success")


def _next_page(me: Enrolment, participant: Participant) -> str:
    """Where there is still something to say."""
    page = "mine"
    if participant.as_mentor and not participant.has_said_offer:
        page = "offer"
    elif participant.as_mentee and participant.need is None:
        page = "need"
    return url_for(f".{page}", course=me.course.public_id)


def _addresses(me: Enrolment, save: str) -> dict[str, str]:
    return {
        "action": url_for(f".{save}", course=me.course.public_id),
        "back": url_for(".mine", course=me.course.public_id),
    }
