"""Who manages whom, for instructors; and everybody's own manager."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.contacts.forms import ManagerForm, OutsiderForm, manager_form, my_manager_form
from lti_tool.contacts.models import Manager, ManagerLink
from lti_tool.contacts.queries import links_of, manager_of
from lti_tool.contacts.recording import Wish, hold, record
from lti_tool.db import db
from lti_tool.members import people_of
from lti_tool.models import Enrolment, Role
from lti_tool.names import answers_to, in_sentence
from lti_tool.pages import render
from lti_tool.paging import searched
from lti_tool.roster import groups
from lti_tool.roster.people import bp as people

bp = Blueprint("my_manager", __name__)


@people.get("/courses/<course>/people/managers")
@open_to(Role.INSTRUCTOR)
def managers(me: Enrolment) -> ResponseReturnValue:
    choice = groups.choice_of(db.session, me.course, request.args.get("group", ""))
    search = searched()
    everybody = people_of(db.session, me.course)
    shown = [person for person in everybody if choice.shows(person.id) and answers_to(person, search)]
    links = links_of(db.session, me.course)
    return render(
        "contacts/managers.html",
        me=me,
        lines=[(person, links.get(person.id)) for person in shown],
        known=sum(person.id in links for person in everybody),
        people=len(everybody),
        choice=choice,
        search=search,
    )


@people.get("/courses/<course>/people/managers/<person_id>")
@open_to(Role.INSTRUCTOR)
def manager(me: Enrolment, person_id: str) -> ResponseReturnValue:
    person = _person(me, person_id)
    link = manager_of(db.session, person)
    return _page(me, person, link, _form(person, link))


@people.post("/courses/<course>/people/managers/<person_id>")
@open_to(Role.INSTRUCTOR)
def save_manager(me: Enrolment, person_id: str) -> ResponseReturnValue:
    person = _person(me, person_id)
    link = manager_of(db.session, person)
    form = _form(person, link)
    if not form.validate_on_submit() or not _is_recorded(form, person, form.wanted(), by=me):
        return _page(me, person, link, form), 422
    db.session.commit()
    _tell(person)
    return redirect(url_for(".managers", course=me.course.public_id))


@bp.get("/courses/<course>/my-manager")
@open_to(*MEMBERS)
def show(me: Enrolment) -> ResponseReturnValue:
    link = manager_of(db.session, me)
    return render("contacts/mine.html", me=me, link=link, form=my_manager_form(link=link), may_say=_may_say(link))


@bp.post("/courses/<course>/my-manager")
@open_to(*MEMBERS)
def say(me: Enrolment) -> ResponseReturnValue:
    link = _mine(me)
    form = my_manager_form(link=link)
    if not (_may_say(link) and form.validate_on_submit() and _is_recorded(form, me, form.outsider(), by=me)):
        return render("contacts/mine.html", me=me, link=link, form=form, may_say=_may_say(link)), 422
    db.session.commit()
    flash(_("Saved. Your instructors see it, and that you said so."), "success")
    return redirect(url_for(".show", course=me.course.public_id))


@bp.post("/courses/<course>/my-manager/forget")
@open_to(*MEMBERS)
def forget(me: Enrolment) -> ResponseReturnValue:
    link = _mine(me)
    if not _may_say(link):
        form = my_manager_form(link=link)
        return render("contacts/mine.html", me=me, link=link, form=form, may_say=False), 422
    record(db.session, me.course, [Wish(me, None)], by=me, at=clock.now())
    db.session.commit()
    flash(_("Nobody is recorded as your manager now."), "success")
    return redirect(url_for(".show", course=me.course.public_id))


def _mine(me: Enrolment) -> ManagerLink | None:
    """My own manager, held: no instructor records another until I am done."""
    hold(db.session, me.course)
    return manager_of(db.session, me)


def _person(me: Enrolment, person_id: str) -> Enrolment:
    """Somebody who takes part in my course, or a 404."""
    person = db.session.scalar(
        select(Enrolment).where(
            Enrolment.course_id == me.course_id,
            Enrolment.public_id == person_id,
            Enrolment.is_active,
            ~Enrolment.is_test,
            Enrolment.role.in_(MEMBERS),
        )
    )
    return person or abort(404)


def _form(person: Enrolment, link: ManagerLink | None) -> ManagerForm:
    others = [each for each in people_of(db.session, person.course) if each.id != person.id]
    return manager_form(people=others, link=link)


def _page(me: Enrolment, person: Enrolment, link: ManagerLink | None, form: ManagerForm) -> str:
    return render("contacts/manager.html", me=me, person=person, link=link, form=form)


def _is_recorded(form: OutsiderForm, person: Enrolment, wanted: Manager | None, *, by: Enrolment) -> bool:
    """Record it; if that cannot be, the form says why."""
    refused = record(db.session, person.course, [Wish(person, wanted)], by=by, at=clock.now())
    for each in refused:
        form.refuse(each.sentence)
    return not refused


def _may_say(link: ManagerLink | None) -> bool:
    """What an instructor recorded stands until an instructor changes it."""
    return link is None or link.is_said_by_themselves


def _tell(person: Enrolment) -> None:
    link, name = manager_of(db.session, person), in_sentence(person.name)
    if link is None:
        flash(_("Nobody is recorded as the manager of %(name)s now.", name=name), "success")
    else:
        flash(_("%(manager)s is the manager of %(name)s.", manager=in_sentence(link.name), name=name), "success")
