"""Who belongs to a rater group without anybody naming them: oneself, the manager, mentors and mentees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload

from lti_tool.access import MEMBERS
from lti_tool.contacts.models import Contact, ManagerLink
from lti_tool.models import Course, Enrolment, Person
from mentoring.mentorships.models import Mentorship, Place
from mentoring.mentorships.states import STANDING
from mentoring.participants.models import Participant
from reviews.campaigns.rules import MANAGER, MENTEE, MENTOR
from reviews.instruments.content import SELF


@dataclass(frozen=True)
class Rater:
    """Somebody to be asked: a person of the course, or somebody outside."""

    enrolment: Enrolment | None = None
    name: str = ""
    mail: str | None = None


def raters_of_all(session: Session, group: str, people: Collection[Enrolment]) -> Mapping[int, Sequence[Rater]]:
    """Who belongs to this group around each person, by the id of their enrolment; nobody where somebody names them."""
    if group == SELF:
        return {person.id: [Rater(person)] for person in people}
    if group == MANAGER:
        return _managers(session, people)
    if group in (MENTOR, MENTEE):
        return _around(session, people, is_mentor=group == MENTOR)
    return {}


def with_mail(session: Session, course: Course, mail: str) -> Enrolment | None:
    """Whoever takes part in the course and has this mail, however it is written."""
    return session.scalar(
        select(Enrolment)
        .join(Enrolment.person)
        .where(
            Enrolment.course_id == course.id,
            Enrolment.is_active,
            ~Enrolment.is_test,
            Enrolment.role.in_(MEMBERS),
            func.lower(Person.email) == mail.casefold(),
        )
        .order_by(Enrolment.id)
        .limit(1)
    )


def _managers(session: Session, people: Collection[Enrolment]) -> dict[int, list[Rater]]:
    links = session.scalars(
        select(ManagerLink)
        .where(ManagerLink.enrolment_id.in_([person.id for person in people]))
        .options(joinedload(ManagerLink.manager_enrolment), joinedload(ManagerLink.contact))
    )
    return {link.enrolment_id: list(_manager(session, link)) for link in links}


def _manager(session: Session, link: ManagerLink) -> Iterator[Rater]:
    if not isinstance(link.manager, Contact):
        if link.manager.is_active:
            yield Rater(link.manager)
        return
    in_course = with_mail(session, link.enrolment.course, link.mail)
    yield Rater(in_course) if in_course is not None else Rater(name=link.name, mail=link.mail)


def _around(session: Session, people: Collection[Enrolment], *, is_mentor: bool) -> dict[int, list[Rater]]:
    """The mentors of each person, or their mentees, of mentorships that stand."""
    mentors, mentees = aliased(Participant), aliased(Participant)
    wanted, given = (mentors, mentees) if is_mentor else (mentees, mentors)
    found = (
        select(given.enrolment_id, Enrolment)
        .select_from(Enrolment)
        .join(wanted, wanted.enrolment_id == Enrolment.id)
        .join(Place, (Place.mentor_id if is_mentor else Place.mentee_id) == wanted.id)
        .join(Mentorship, Place.mentorship_id == Mentorship.id)
        .join(given, (Place.mentee_id if is_mentor else Place.mentor_id) == given.id)
        .where(
            given.enrolment_id.in_([person.id for person in people]),
            Mentorship.state.in_(STANDING),
            Enrolment.is_active,
        )
        .order_by(Enrolment.id)
    )
    around: dict[int, list[Rater]] = defaultdict(list)
    for person, enrolment in session.execute(found).unique():
        if Rater(enrolment) not in around[person]:
            around[person].append(Rater(enrolment))
    return around
