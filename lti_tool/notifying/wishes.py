"""What people wish: which notices they want by mail, and when they are not to be disturbed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from lti_tool.access import is_let_in
from lti_tool.db import find_or_create
from lti_tool.models import Enrolment, Person
from lti_tool.notifying.kinds import NoticeKind, all_kinds
from lti_tool.notifying.models import QUIET_FROM, QUIET_UNTIL, MailingChoice, MailingHours
from lti_tool.notifying.quiet import QuietHours
from lti_tool.outgoing.mail_settings import mail_address
from lti_tool.pages import zone_of


@dataclass(frozen=True)
class Wish:
    """Whether a notice is to be mailed, and the hours in which it must wait."""

    is_mailed: bool
    hours: QuietHours | None

    def quiet_until(self, at: datetime) -> datetime | None:
        return self.hours.ends_after(at) if self.hours else None


NO_MAIL = Wish(False, None)


def can_be_mailed(to: Enrolment) -> bool:
    """Whether mail may go to them at all: their LMS has them in the course, lets us in and gave us an address."""
    is_here = to.is_active and not to.is_test and is_let_in(to.course.deployment)
    return is_here and mail_address(to.person.email) is not None


def wish_of(session: Session, to: Enrolment, kind: NoticeKind) -> Wish:
    if not can_be_mailed(to):
        return NO_MAIL
    wanted = (
        select(MailingHours, MailingChoice)
        .select_from(Person)
        .outerjoin(MailingHours, MailingHours.person_id == Person.id)
        .outerjoin(MailingChoice, and_(MailingChoice.person_id == Person.id, MailingChoice.kind == kind.key))
        .where(Person.id == to.person_id)
        .execution_options(populate_existing=True)
    )
    hours, choice = session.execute(wanted).one()
    return Wish(_is_wanted(kind, hours, choice), _quiet(to.person, hours))


def _is_wanted(kind: NoticeKind, hours: MailingHours | None, choice: MailingChoice | None) -> bool:
    if choice is not None:
        return choice.is_mailed
    return kind.is_mailed and (hours is None or hours.wants_mail)


def _quiet(person: Person, hours: MailingHours | None) -> QuietHours | None:
    if hours is None:
        return QuietHours(QUIET_FROM, QUIET_UNTIL, zone_of(person))
    return QuietHours(hours.quiet_from, hours.quiet_until, zone_of(person)) if hours.is_quiet else None


@dataclass(frozen=True)
class Choices:
    """All that a person has chosen, or what holds until they do."""

    mailed: Collection[str]
    """The kinds that are mailed, by their keys."""
    is_quiet: bool
    quiet_from: time
    quiet_until: time
    time_zone: str
    """Empty to go by what their learning platform says."""


def choices_of(session: Session, person: Person) -> Choices:
    hours = session.scalar(select(MailingHours).where(MailingHours.person_id == person.id))
    chosen = {each.kind: each for each in session.scalars(_choices(person))}
    return Choices(
        mailed=[kind.key for kind in all_kinds() if _is_wanted(kind, hours, chosen.get(kind.key))],
        is_quiet=hours.is_quiet if hours else True,
        quiet_from=hours.quiet_from if hours else QUIET_FROM,
        quiet_until=hours.quiet_until if hours else QUIET_UNTIL,
        time_zone=person.own_time_zone or "",
    )


def choose(session: Session, person: Person, choices: Choices) -> None:
    """Keep what they have chosen; the caller commits."""
    hours = _hours(session, person)
    hours.is_quiet, hours.quiet_from, hours.quiet_until = choices.is_quiet, choices.quiet_from, choices.quiet_until
    hours.wants_mail = bool(choices.mailed)
    person.own_time_zone = choices.time_zone or None
    for kind in all_kinds():
        _choose(session, person, kind.key, is_mailed=kind.key in choices.mailed)


def stop_mail(session: Session, person: Person, kind: str) -> None:
    """No more mail of this kind; the caller commits."""
    _choose(session, person, kind, is_mailed=False)


def stop_all_mail(session: Session, person: Person) -> None:
    """No more mail, of kinds that are still to come either; the caller commits."""
    _hours(session, person).wants_mail = False
    for each in session.scalars(_choices(person)):
        each.is_mailed = False


def _choices(person: Person) -> Select[MailingChoice]:
    return select(MailingChoice).where(MailingChoice.person_id == person.id)


def _hours(session: Session, person: Person) -> MailingHours:
    row, _is_new = find_or_create(session, MailingHours, {"person_id": person.id})
    return row


def _choose(session: Session, person: Person, kind: str, *, is_mailed: bool) -> None:
    key = {"person_id": person.id, "kind": kind}
    row, _is_new = find_or_create(session, MailingChoice, key, is_mailed=is_mailed)
    row.is_mailed = is_mailed
