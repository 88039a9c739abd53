"""A roster that arrived whole becomes enrolments, all at once.

Who has which role: the newest launch decides for whoever has launched, up and down. A roster says the role of those
who have never launched, and follows the LMS up and down as long as they have not. It never changes the role of
somebody who has: Moodle lists non-editing teachers as learners whom it launches as instructors, and a teacher who
looks at the course as a student does not become one for good. Where a roster calls somebody an instructor whose
last launch was a learner's, they stay a learner here until they launch again; the People page shows what the roster
says (`Enrolment.roster_role`).

Who is here: everybody the roster lists as active. Whoever it lists otherwise, or not at all any more, has left at
once; except who launched after the reading began (the LMS let them in meanwhile) and, for a day after their launch,
people no roster has ever named: site administrators are in no roster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, String, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import table, transaction
from lti_tool.events import PersonJoinedCourse, PersonLeftCourse, PersonReturned, Who
from lti_tool.models import Course, Enrolment, Person, Role
from lti_tool.roster.asking import Member
from lti_tool.roster.readings import Change, RosterChange, RosterReading

BATCH = 500
"""People found or made in one transaction: short enough for launches to slip in between."""
STRANGERS_STAY = timedelta(days=1)
"""How long after their launch people stay whom no roster has ever named."""

Members = Mapping[str, Member]


@dataclass(frozen=True)
class Refreshed:
    """What a reading changed, without preview students."""

    members: int
    joined: int
    left: int
    returned: int = 0


@dataclass(frozen=True)
class People:
    """The members as people: their ids by subject, and whose name is a new one."""

    ids: Mapping[str, int]
    renamed: frozenset[int]


def people_of(course: Course, members: Members, *, at: datetime) -> People:
    """Find or make everybody, with the names of today; commits.

    In transactions before the one that holds the course, and in one order for everybody: so neither a launch nor
    another course's roster can wait for us while we wait for it.
    """
    ids: dict[str, int] = {}
    renamed: set[int] = set()
    platform_id = course.platform.id
    for batch in _batches(sorted(members.values(), key=lambda member: member.subject)):
        with transaction() as session:
            known = _known(session, platform_id, batch)
            missing = [member for member in batch if member.subject not in known and member.is_active]
            if missing:
                _make(session, platform_id, missing, at)
                known |= _known(session, platform_id, missing)
            renamed |= _rename(session, batch, known)
        ids |= {subject: row.id for subject, row in known.items()}
    return People(ids, frozenset(renamed))


def _batches(members: Sequence[Member]) -> Iterator[Sequence[Member]]:
    for start in range(0, len(members), BATCH):
        yield members[start : start + BATCH]


class _Known(NamedTuple):
    """A person's row."""

    id: int
    subject: str
    name: str
    given_name: str
    email: str


def _known(session: Session, platform_id: int, members: Sequence[Member]) -> dict[str, _Known]:
    rows = session.execute(
        select(Person.id, Person.subject, Person.name, Person.given_name, Person.email).where(
            Person.platform_id == platform_id, _is_one_of(session, [member.subject for member in members])
        )
    )
    return {row.subject: _Known(*row) for row in rows}


def _is_one_of(session: Session, subjects: Sequence[str]) -> ColumnElement[bool]:
    """PostgreSQL would hold every row against each of a list; with the rows of an array it makes a join of it."""
    if session.get_bind().dialect.name == "postgresql":
        return Person.subject.in_(select(func.unnest(literal(subjects, ARRAY(String)))))
    return Person.subject.in_(subjects)


def _make(session: Session, platform_id: int, members: Sequence[Member], at: datetime) -> None:
    """Somebody who launches in this very moment may be quicker: then theirs is the row."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(table(Person)).on_conflict_do_nothing(),
        [
            {
                "platform_id": platform_id,
                "subject": member.subject,
                "name": member.name,
                "given_name": member.given_name,
                "email": member.email,
                "created": at,
            }
            for member in members
        ],
    )


def _rename(session: Session, members: Sequence[Member], known: Mapping[str, _Known]) -> set[int]:
    """Take over names that differ; one the LMS withholds today does not erase what it said before."""
    changed: list[dict[str, Any]] = []
    renamed = set()
    for member in members:
        if (row := known.get(member.subject)) is None:
            continue
        now = (member.name or row.name, member.given_name or row.given_name, member.email or row.email)
        if now != (row.name, row.given_name, row.email):
            changed.append({"id": row.id, "name": now[0], "given_name": now[1], "email": now[2]})
        if now[0] != row.name:
            renamed.add(row.id)
    if changed:
        session.execute(update(Person), changed)
        session.expire_all()
    return renamed


def apply(
    session: Session, course: Course, members: Members, people: People, reading: RosterReading, *, asked: datetime
) -> Refreshed:
    """Bring the enrolments up to a roster that was asked for at `asked`, and note the reading; the caller commits."""
    session.execute(select(Course.id).where(Course.id == course.id).with_for_update(of=Course))
    session.add(reading)
    session.flush()
    plan = _plan(session, course, members, people, reading.at, asked)
    if plan.updates:
        session.execute(update(Enrolment), plan.updates)
    _enrol(session, course, plan, people, reading)
    _tell_apart(session, course)
    _note(session, plan, reading)
    session.execute(update(Course).where(Course.id == course.id).values(roster_read=reading.at))
    session.expire_all()
    _announce(session, course, plan, reading)
    return Refreshed(
        members=reading.members,
        joined=sum(not member.is_test for member in plan.joining),
        left=len(plan.gone),
        returned=len(plan.back),
    )


def _tell_apart(session: Session, course: Course) -> None:
    """Those of the course who have the same name are called with their numbers, and nobody else is."""
    of_course = select(Enrolment.id, Enrolment.is_namesake).where(Enrolment.course_id == course.id).join(Person)
    shared = (
        select(Person.name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course.id, Person.name != "", ~Enrolment.is_test)
        .group_by(Person.name)
        .having(func.count() > 1)
    )
    is_shared = Person.name.in_(shared) & ~Enrolment.is_test
    changed = session.execute(of_course.where(Enrolment.is_namesake != is_shared)).all()
    if changed:
        session.execute(update(Enrolment), [{"id": id, "is_namesake": not was} for id, was in changed])


class _Seat(NamedTuple):
    """Somebody's enrolment as it stands."""

    id: int
    person_id: int
    subject: str
    role: Role
    roster_role: Role | None
    is_active: bool
    is_test: bool
    left: datetime | None
    last_launch: datetime | None


@dataclass
class _Plan:
    """What is to be written."""

    joining: list[Member] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    changes: list[tuple[int, Change]] = field(default_factory=list)
    gone: list[_Seat] = field(default_factory=list)
    back: list[_Seat] = field(default_factory=list)


def _plan(session: Session, course: Course, members: Members, people: People, at: datetime, asked: datetime) -> _Plan:
    plan = _Plan()
    enrolled = set()
    for row in session.execute(
        select(
            Enrolment.id,
            Enrolment.person_id,
            Person.subject,
            Enrolment.role,
            Enrolment.roster_role,
            Enrolment.is_active,
            Enrolment.is_test,
            Enrolment.left,
            Enrolment.last_launch,
        )
        .join(Enrolment.person)
        .where(Enrolment.course_id == course.id)
        .order_by(Enrolment.id)
    ):
        seat = _Seat(*row)
        enrolled.add(seat.subject)
        _meet(plan, seat, members.get(seat.subject), at=at, asked=asked)
        if seat.person_id in people.renamed:
            plan.changes.append((seat.id, Change.RENAMED))
    plan.joining = [each for each in members.values() if each.is_active and each.subject not in enrolled]
    return plan


def _meet(plan: _Plan, seat: _Seat, member: Member | None, *, at: datetime, asked: datetime) -> None:
    """What a roster that names somebody so, or not at all, means for their enrolment."""
    is_here = _is_here(seat, member, at=at, asked=asked)
    now = {
        "role": member.role if member and seat.last_launch is None else seat.role,
        "roster_role": member.role if member else seat.roster_role,
        "is_active": is_here,
        "is_test": seat.is_test or bool(member and member.is_test),
        "left": None if is_here else seat.left or at,
    }
    if any(getattr(seat, name) != value for name, value in now.items()):
        plan.updates.append({"id": seat.id, **now})
    if is_here != seat.is_active:
        plan.changes.append((seat.id, Change.RETURNED if is_here else Change.LEFT))
        if not now["is_test"]:
            (plan.back if is_here else plan.gone).append(seat)
    if is_here and now["role"] != seat.role:
        plan.changes.append((seat.id, Change.ROLE))


def _is_here(seat: _Seat, member: Member | None, *, at: datetime, asked: datetime) -> bool:
    if member is not None and member.is_active:
        return True
    if seat.last_launch is not None and seat.is_active:
        has_launched_meanwhile = seat.last_launch >= asked
        is_stranger = member is None and seat.roster_role is None
        return has_launched_meanwhile or (is_stranger and seat.last_launch > at - STRANGERS_STAY)
    return False


def _enrol(session: Session, course: Course, plan: _Plan, people: People, reading: RosterReading) -> None:
    """Everybody new, with the course's next numbers in the order of the roster."""
    first = session.scalars(select(Course.next_number).where(Course.id == course.id)).one()
    if plan.joining:
        session.execute(
            insert(table(Enrolment)),
            [
                {
                    "course_id": course.id,
                    "person_id": people.ids[member.subject],
                    "role": member.role,
                    "roster_role": member.role,
                    "number": number,
                    "is_active": True,
                    "is_test": member.is_test,
                    "created": reading.at,
                }
                for number, member in enumerate(plan.joining, start=first)
            ],
        )
        ended = first + len(plan.joining)
        session.execute(update(Course).where(Course.id == course.id).values(next_number=ended))
    reading.members = session.scalars(
        select(func.count()).where(Enrolment.course_id == course.id, Enrolment.is_active, ~Enrolment.is_test)
    ).one()
    if plan.joining and not reading.is_first:
        new = select(Enrolment.id).where(Enrolment.course_id == course.id, Enrolment.number >= first)
        in_order = session.scalars(new.order_by(Enrolment.number))
        plan.changes += [(enrolment, Change.JOINED) for enrolment in in_order]


def _note(session: Session, plan: _Plan, reading: RosterReading) -> None:
    if plan.changes:
        session.execute(
            insert(table(RosterChange)),
            [
                {"reading_id": reading.id, "enrolment_id": enrolment, "change": change}
                for enrolment, change in plan.changes
            ],
        )


def _announce(session: Session, course: Course, plan: _Plan, reading: RosterReading) -> None:
    platform, where, at = course.platform, course.where, reading.at
    for member in [] if reading.is_first else plan.joining:
        if not member.is_test:
            who = Who(platform=platform.public_id, issuer=platform.issuer, subject=member.subject)
            outbox.announce(session, PersonJoinedCourse(at=at, who=who, where=where, role=member.role.value))
    for seats, event in ((plan.gone, PersonLeftCourse), (plan.back, PersonReturned)):
        for seat in seats:
            who = Who(platform=platform.public_id, issuer=platform.issuer, subject=seat.subject)
            outbox.announce(session, event(at=at, who=who, where=where, role=seat.role.value))
