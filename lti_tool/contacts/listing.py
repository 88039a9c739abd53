"""Managers by a table: what each row would do, looked at first, then saved. It adds and never takes away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool.contacts.models import Manager, ManagerLink, Outsider, is_mail
from lti_tool.contacts.queries import links_of
from lti_tool.contacts.recording import Wish, hold, record, refusals
from lti_tool.members import people_of
from lti_tool.models import Course, Enrolment
from lti_tool.names import in_sentence
from lti_tool.tables.finding import PERSON, WANTS_PERSON, Directory
from lti_tool.tables.previews import Fate, Planned, Preview, notes_of, plan, refused
from lti_tool.tables.reading import Column, Row, read
from lti_tool.tables.writing import written

MANAGER = (
    Column("manager", ("manager",)),
    Column("manager_mail", ("manager mail", "manager email", "manager e-mail")),
    Column("manager_name", ("manager name",)),
)
COLUMNS = (*PERSON, *MANAGER)
WANTS = (WANTS_PERSON, tuple(column.key for column in MANAGER))


@dataclass(frozen=True)
class Reporting:
    """The people of a course and their managers, as a table is judged by."""

    people: Mapping[str, Enrolment]
    """By public id."""
    links: Mapping[int, ManagerLink]
    """By enrolment id."""

    @classmethod
    def of(cls, session: Session, course: Course) -> Reporting:
        people = {person.public_id: person for person in people_of(session, course)}
        return cls(people, links_of(session, course))


def look(session: Session, content: bytes, *, by: Enrolment) -> Preview:
    """What saving this table would do; raises `Unreadable`."""
    table = read(content, COLUMNS, wants=WANTS)
    reporting = Reporting.of(session, by.course)
    directory = Directory(reporting.people.values())

    def judge(row: Row, person: Enrolment) -> Planned:
        manager = _manager_in(row.cells, directory)
        if isinstance(manager, str):
            return refused(row.number, person.name, manager)
        return _planned(row.number, person, manager, reporting)

    rows = plan(table, directory, judge)
    return Preview(_without_circles(session, rows, reporting, by), notes_of(table))


def _manager_in(cells: Mapping[str, str], directory: Directory) -> Manager | str:
    """Whom a row names as the manager, or what is wrong with it."""
    either = cells["manager"]
    mail = cells["manager_mail"] or (either if "@" in either else "")
    name = cells["manager_name"] or ("" if "@" in either else either)
    if not (mail or name):
        return str(_("It names no manager. Fill in the manager's mail or full name, or leave the row out."))
    found = directory.find(mail=mail, name=name)
    if found.person is not None:
        return found.person
    if not mail:
        return f"{found.sentence} {_('If the manager is not in the course, write their mail as well.')}"
    if not is_mail(mail):
        return str(_("%(mail)s is no mail address. Write one such as name@example.org.", mail=mail))
    if not name:
        return str(_("Nobody in this course has the mail %(mail)s. Write the manager's name as well.", mail=mail))
    return Outsider(name, mail)


def _planned(number: int, person: Enrolment, manager: Manager, reporting: Reporting) -> Planned:
    link = reporting.links.get(person.id)
    was = _as_said(link.manager_enrolment or Outsider(link.name, link.mail)) if link else []
    wanted = _as_said(manager)
    words = {"manager": _words(manager), "was": in_sentence(link.name) if link else ""}
    if was == wanted:
        return Planned(number, person.name, Fate.SAME, _("Nothing changes: managed by %(manager)s.", **words))
    change = (number, person.public_id, was, wanted)
    if link is None:
        return Planned(number, person.name, Fate.NEW, _("Managed by %(manager)s.", **words), change)
    sentence = _("Managed by %(manager)s. Until now it was %(was)s.", **words)
    return Planned(number, person.name, Fate.CHANGED, sentence, change)


def _as_said(manager: Manager) -> list[str]:
    """The manager as JSON can say it."""
    return [manager.public_id] if isinstance(manager, Enrolment) else [manager.name, manager.mail.casefold()]


def _words(manager: Manager) -> str:
    name = in_sentence(manager.name)
    if isinstance(manager, Enrolment):
        return str(_("%(name)s of this course", name=name))
    return str(_("%(name)s (%(mail)s), who is not in the course", name=name, mail=manager.mail))


def _without_circles(session: Session, rows: Sequence[Planned], reporting: Reporting, by: Enrolment) -> list[Planned]:
    wishes = {row.change[1]: wish for row in rows if row.change and (wish := _wish(row.change, reporting))}
    sentences = {
        each.wish.person.public_id: each.sentence for each in refusals(session, by.course, list(wishes.values()), by=by)
    }
    return [
        refused(row.number, row.whom, sentences[row.change[1]]) if row.change and row.change[1] in sentences else row
        for row in rows
    ]


def _wish(change: Sequence[Any], reporting: Reporting) -> Wish | None:
    """What a row of a preview wants; None if somebody in it is no longer in the course."""
    _number, public_id, _was, wanted = change
    person = reporting.people.get(public_id)
    manager = Outsider(*wanted) if len(wanted) == 2 else reporting.people.get(wanted[0])
    return Wish(person, manager) if person is not None and manager is not None else None


def save(session: Session, changes: Sequence[Sequence[Any]], *, by: Enrolment, at: datetime) -> Preview:
    """Save what a preview showed; the caller commits if it is still of these changes.

    The course is held while all is looked at once more. If anything is no longer as it was shown, nothing is saved,
    and the preview that comes back says how it stands now.
    """
    hold(session, by.course)
    reporting = Reporting.of(session, by.course)
    rows = [_again(change, reporting) for change in changes]
    preview = Preview(_without_circles(session, rows, reporting, by))
    if preview.is_of(changes):
        wishes = [wish for change in changes if (wish := _wish(change, reporting))]
        refused_after_all = record(session, by.course, wishes, by=by, at=at)
        assert not refused_after_all
    return preview


def _again(change: Sequence[Any], reporting: Reporting) -> Planned:
    number, public_id, _was, _wanted = change
    wish = _wish(change, reporting)
    if wish is None or wish.manager is None:
        person = reporting.people.get(public_id)
        sentence = _("Somebody in this row is no longer in the course. Leave the row out, or name somebody else.")
        return refused(number, person.name if person else _("Somebody"), sentence)
    return _planned(number, wish.person, wish.manager, reporting)


def as_table(reporting: Reporting) -> bytes:
    """Everybody with their managers, as a table that can be changed and brought back."""
    header = ["name", "mail", "manager name", "manager mail"]
    return written(header, (_line(person, reporting.links.get(person.id)) for person in reporting.people.values()))


def _line(person: Enrolment, link: ManagerLink | None) -> list[str]:
    return [person.name, person.person.email, *([link.name, link.mail] if link else ["", ""])]
