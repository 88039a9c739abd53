"""Whom I would like, whom I would rather not be matched with, and whom I suggest as a mentor."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.members import people_of
from lti_tool.models import Enrolment
from lti_tool.pages import render
from lti_tool.paging import searched
from mentoring.names import in_sentence
from mentoring.participants import wishing
from mentoring.participants.directory import listed
from mentoring.participants.excluding import asked_by, exclude, to_take_back
from mentoring.participants.finding import find
from mentoring.participants.joining_forms import AvoidForm, avoid_form
from mentoring.participants.models import Came
from mentoring.participants.nominating import nominate, nominated_by
from mentoring.participants.own_views import bp, cohort_of, not_in_preview
from mentoring.participants.queries import is_here, joinable, part_of, person_of
from mentoring.participants.taking_part import enter
from mentoring.participants.words import obstacle_sentence

MENTORS_SHOWN = 20


@bp.get("/courses/<course>/mentoring/mine/wishes")
@open_to(*MEMBERS)
def wishes(me: Enrolment) -> ResponseReturnValue:
    cohort = joinable(db.session, me.course)
    participant = part_of(db.session, cohort, me)
    wished = [wish.whom for wish in participant.wishes] if participant else []
    taken = {me.id, *(person.id for person in wished)}
    mentors = [each.enrolment for each in listed(db.session, cohort, me)] if cohort and not searched() else []
    found = find(db.session, me.course, searched(), without=taken) if searched() else mentors
    return render(
        "participants/wishes.html",
        me=me,
        wishes=wished,
        is_full=len(wished) >= wishing.MOST,
        found=[each for each in found if each.id not in taken][:MENTORS_SHOWN],
        search=searched(),
    )


@bp.post("/courses/<course>/mentoring/mine/wishes")
@open_to(*MEMBERS)
@not_in_preview
def save_wish(me: Enrolment) -> ResponseReturnValue:
    whom = person_of(db.session, me.course, request.form.get("whom", ""))
    if whom is None:
        flash(_("Choose somebody from the list, then add them."), "error")
        return _to("wishes", me)
    participant = enter(db.session, cohort_of(me), me, came=Came.JOINED, at=clock.now())
    name, move = in_sentence(whom.name), request.form.get("move", "")
    if move in list(wishing.Move):
        wishing.move(db.session, participant, whom, wishing.Move(move))
        flash(_("Saved. The first of your list is the one you would like most."), "success")
    elif is_here(whom) and wishing.wish(db.session, participant, whom):
        flash(_("%(name)s stands on your list.", name=name), "success")
    else:
        flash(_("%(name)s was not added: five people fit on your list, each once.", name=name), "error")
    db.session.commit()
    return _to("wishes", me)


@bp.get("/courses/<course>/mentoring/mine/not-with")
@open_to(*MEMBERS)
def avoided(me: Enrolment) -> ResponseReturnValue:
    return _avoid_page(me, avoid_form(people=_to_avoid(me)))


@bp.post("/courses/<course>/mentoring/mine/not-with")
@open_to(*MEMBERS)
@not_in_preview
def avoid(me: Enrolment) -> ResponseReturnValue:
    form = avoid_form(people=[each for each in people_of(db.session, me.course) if each.id != me.id])
    if not form.validate_on_submit():
        form["whom"].choices = avoid_form(people=_to_avoid(me))["whom"].choices  # Whom the search shows, not the class.
        return _avoid_page(me, form), 422
    whom = person_of(db.session, me.course, form["whom"].data) or abort(404)
    reason = (form["reason"].data or "").strip()
    exclude(db.session, me, whom, by=me, at=clock.now(), reason=reason)
    db.session.commit()
    flash(_("Saved. You will not be matched with %(name)s.", name=in_sentence(whom.name)), "success")
    return _to("avoided", me)


@bp.post("/courses/<course>/mentoring/not-with/<exclusion_id>/remove")
@open_to(*MEMBERS)
def take_back(me: Enrolment, exclusion_id: str) -> ResponseReturnValue:
    exclusion = to_take_back(db.session, me, exclusion_id) or abort(404)
    is_mine, person = exclusion.said_by_id == me.id, exclusion.one
    other = exclusion.other if person.id == me.id else person
    db.session.delete(exclusion)
    db.session.commit()
    flash(_("Taken back. The two may be matched again."), "success")
    back_to = request.form.get("person", "")
    if me.is_instructor and (back_to or not is_mine):
        course, person_id = me.course.public_id, back_to or other.public_id
        return redirect(url_for("participants.person", course=course, person_id=person_id))
    return _to("avoided", me)


@bp.get("/courses/<course>/mentoring/mine/nominate")
@open_to(*MEMBERS)
def nominations(me: Enrolment) -> ResponseReturnValue:
    cohort = joinable(db.session, me.course)
    made = nominated_by(db.session, cohort, me) if cohort else ()
    known = {me.id, *(each.whom_id for each in made)}
    return render(
        "participants/nominate.html",
        me=me,
        made=made,
        found=find(db.session, me.course, searched(), without=known),
        search=searched(),
    )


@bp.post("/courses/<course>/mentoring/mine/nominate")
@open_to(*MEMBERS)
@not_in_preview
def save_nomination(me: Enrolment) -> ResponseReturnValue:
    whom = person_of(db.session, me.course, request.form.get("whom", ""))
    if whom is None:
        flash(_("Find and choose the person first."), "error")
        return _to("nominations", me)
    obstacle = nominate(db.session, cohort_of(me), whom, by=me, at=clock.now())
    db.session.commit()
    name = in_sentence(whom.name)
    if obstacle is None:
        flash(_("%(name)s is asked on their home page, and decides.", name=name), "success")
    else:
        flash(obstacle_sentence(obstacle, name), "error")
    return _to("nominations", me)


def _to(page: str, me: Enrolment) -> ResponseReturnValue:
    return redirect(url_for(f"taking_part.{page}", course=me.course.public_id))


def _to_avoid(me: Enrolment) -> list[Enrolment]:
    known = {me.id, *(other.id for _exclusion, other in asked_by(db.session, me))}
    return find(db.session, me.course, searched(), without=known)


def _avoid_page(me: Enrolment, form: AvoidForm) -> str:
    return render(
        "participants/not_with.html",
        me=me,
        form=form,
        found=_to_avoid(me),
        avoided=asked_by(db.session, me),
        search=searched(),
    )
