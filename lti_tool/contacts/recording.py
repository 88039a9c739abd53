"""Recording who somebody's manager is: nobody is their own, and no chain goes round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.contacts.circles import circles
from lti_tool.contacts.models import Contact, Manager, ManagerLink, Outsider
from lti_tool.contacts.queries import links_of, managers_of
from lti_tool.db import find_or_create
from lti_tool.members import people_of
from lti_tool.models import Course, Enrolment
from lti_tool.names import in_sentence
from lti_tool.tables.finding import Directory


@dataclass(frozen=True)
class Wish:
    """That this be somebody's manager; None that nobody be recorded."""

    person: Enrolment
    manager: Manager | None


@dataclass(frozen=True)
class RefusedWish:
    """A wish that cannot be, and what would put it right."""

    wish: Wish
    sentence: str


def hold(session: Session, course: Course) -> None:
    """Nobody else records managers of this course until the caller commits; on SQLite a writer is alone anyway."""
    session.execute(select(Course.id).where(Course.id == course.id).with_for_update(of=Course))


def record(
    session: Session, course: Course, wishes: Sequence[Wish], *, by: Enrolment, at: datetime
) -> list[RefusedWish]:
    """Record these managers, one a person; the caller commits if nothing was refused.

    If one of them is refused nothing changes at all. Somebody whose mail is that of a person of the course is that
    person. A contact whom nobody has as a manager any more is forgotten.
    """
    hold(session, course)
    directory = Directory(people_of(session, course))
    wishes = [Wish(wish.person, recognized(wish.manager, directory)) for wish in wishes]
    if refused := refusals(session, course, wishes, by=by):
        return refused
    links = links_of(session, course)
    for wish in wishes:
        _write(session, wish, links.get(wish.person.id), by, at)
    session.flush()
    _forget_unneeded(session, course)
    return []


def recognized(manager: Manager | None, directory: Directory) -> Manager | None:
    """The person of the course who has this mail, rather than a contact beside them."""
    if isinstance(manager, Outsider):
        return directory.with_mail(manager.mail) or manager
    return manager


def refusals(session: Session, course: Course, wishes: Sequence[Wish], *, by: Enrolment) -> list[RefusedWish]:
    """Which of these wishes cannot be, all of them being granted at once."""
    managers = managers_of(session, course)
    for wish in wishes:
        managers.pop(wish.person.id, None)
        if isinstance(wish.manager, Enrolment):
            managers[wish.person.id] = wish.manager.id
    around = circles(managers)
    names = _names(session, {person for circle in around.values() for person in circle})
    return [
        RefusedWish(wish, _sentence(wish.person, around[wish.person.id], names, by))
        for wish in wishes
        if wish.person.id in around
    ]


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    found = session.scalars(select(Enrolment).where(Enrolment.id.in_(ids))) if ids else ()
    return {person.id: person.name for person in found}


def _sentence(person: Enrolment, circle: Sequence[int], names: Mapping[int, str], by: Enrolment) -> str:
    """Names everybody to an instructor; somebody who speaks of themselves hears of nobody's manager but their own."""
    mine = circle.index(person.id)
    around = [in_sentence(names[each]) for each in (*circle[mine:], *circle[:mine])]
    if len(circle) == 1:
        return str(_("Nobody is their own manager. Choose somebody else for %(name)s.", name=around[0]))
    if by.id == person.id and not by.is_instructor:
        return str(
            _(
                "%(name)s is recorded as managed by you, directly or through others. Ask your instructor.",
                name=around[1],
            )
        )
    everybody = format_list(around, locale=get_locale() or "en")
    return str(
        _("%(names)s would manage one another in a circle. Correct the manager of one of them first.", names=everybody)
    )


def _write(session: Session, wish: Wish, link: ManagerLink | None, by: Enrolment, at: datetime) -> None:
    if wish.manager is None:
        if link is not None:
            session.delete(link)
        return
    inside = wish.manager if isinstance(wish.manager, Enrolment) else None
    contact = (
        _contact(session, wish.person.course, wish.manager, by, at) if isinstance(wish.manager, Outsider) else None
    )
    if link is None:
        link = ManagerLink(enrolment=wish.person)
        session.add(link)
    link.manager_enrolment, link.contact, link.said_by, link.at = inside, contact, by, at


def _contact(session: Session, course: Course, outsider: Outsider, by: Enrolment, at: datetime) -> Contact:
    key = {"course_id": course.id, "mail": outsider.mail.casefold()}
    contact, _new = find_or_create(session, Contact, key, name=outsider.name, created=at)
    if by.is_instructor:
        contact.name = outsider.name
    return contact


def _forget_unneeded(session: Session, course: Course) -> None:
    needed = select(ManagerLink.id).where(ManagerLink.contact_id == Contact.id)
    session.execute(
        delete(Contact)
        .where(Contact.course_id == course.id, ~needed.exists())
        .execution_options(synchronize_session="fetch")
    )
