"""A Launch becomes rows: course, person, enrolment and placement, found or made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import bindparam, update

from lti_tool import happenings, notice_handlers, observing, outbox
from lti_tool.arrivals.seen import CourseSeen, EnrolmentSeen, Kind, PersonSeen, PlacementSeen, Seen, look
from lti_tool.arrivals.verifying import Verified
from lti_tool.claims import DEEP_LINKING_REQUEST, GradebookClaim, Launch, PersonClaim
from lti_tool.db import Base, db, new_public_id, table
from lti_tool.events import ActedAs, CourseEntered, PersonReturned, Where, Who
from lti_tool.models import Course, Enrolment, Person, Placement, Platform, Role
from lti_tool.prepared import Here, Prepared, insert_into
from lti_tool.roster import groups

_COURSE, _ENROLMENT = table(Course), table(Enrolment)
_NEW_COURSE = insert_into(
    Course,
    *("public_id", "deployment_id", "context_id", "title", "label", "line_item_scopes", "next_number", "created"),
    unless_there=True,
)
_NEW_PERSON = insert_into(
    Person,
    *("public_id", "platform_id", "subject", "name", "given_name", "email", "locale", "time_zone", "created"),
    gives="id",
    unless_there=True,
)
_NEW_ENROLMENT = insert_into(
    Enrolment,
    *("public_id", "course_id", "person_id", "role", "number", "is_active", "is_test", "last_launch", "created"),
    gives="id",
    unless_there=True,
)
_NEW_PLACEMENT = insert_into(
    Placement,
    *("public_id", "deployment_id", "course_id", "resource_link_id", "title"),
    *("activity", "reference", "resource", "is_graded", "created"),
    gives="id",
    unless_there=True,
)
_NEXT_NUMBER = Prepared(
    update(_COURSE)
    .where(_COURSE.c.id == bindparam("course"))
    .values(next_number=_COURSE.c.next_number + 1)
    .returning(_COURSE.c.next_number)
)
_LAUNCHED = Prepared(
    update(_ENROLMENT)
    .where(_ENROLMENT.c.id == bindparam("enrolment"))
    .values(last_launch=bindparam("at", type_=_ENROLMENT.c.last_launch.type))
)


_NAME_FAMILY = Prepared(
    update(table(Platform))
    .where(table(Platform).c.id == bindparam("platform"))
    .values(family=bindparam("family", type_=table(Platform).c.family.type))
)


@dataclass(frozen=True)
class Arrival:
    """Where somebody has arrived, and by which link."""

    course: CourseSeen
    person: PersonSeen
    enrolment: EnrolmentSeen
    placement: PlacementSeen | None
    is_first: bool
    has_returned: bool
    """Whether an earlier roster had struck this person off."""
    is_gradebook_new: bool
    """Whether the launch tells something new of the gradebook: another address, other rights."""

    @cached_property
    def me(self) -> Enrolment:
        """The whole row, for whoever has more to do than to let somebody in."""
        return db.session.get_one(Enrolment, self.enrolment.id, populate_existing=True)

    @cached_property
    def link(self) -> Placement | None:
        """The same of the placement."""
        return db.session.get_one(Placement, self.placement.id, populate_existing=True) if self.placement else None


def welcome(here: Here, verified: Verified, *, at: datetime) -> Arrival:
    """Bring the rows up to what the launch says and announce the visit; the caller commits."""
    launch, platform = verified.launch, verified.platform
    seen = _present(here, verified, at)
    if launch.family and launch.family != seen.family:
        _NAME_FAMILY.run(here, platform=platform.id, family=launch.family)
    arrival = _brought_up(here, seen, launch, at)
    if arrival.enrolment.last_launch != at:
        _LAUNCHED.run(here, enrolment=arrival.enrolment.id, at=at)
    groups.take_over_launch(here, arrival.enrolment.id, course_id=arrival.course.id, custom=launch.custom)
    _tell(here, arrival, verified, at)
    if launch.role == Role.OBSERVER:
        observing.note(db.session, arrival.me, launch.observes)
    notice_handlers.hear(here, launch, verified.deployment.id, platform=platform.public_id, at=at)
    return arrival


def person_of(here: Here, verified: Verified, *, at: datetime) -> int:
    """The id of whoever is launching, found or made: for launches without a course."""
    seen = _look(here, verified)
    person = seen.person or _make_person(here, verified, at) or _look(here, verified).person
    assert person is not None
    return _person(here, person, verified.launch.person).id


def _tell(here: Here, arrival: Arrival, verified: Verified, at: datetime) -> None:
    launch, platform = verified.launch, verified.platform
    who = Who(platform=platform.public_id, issuer=platform.issuer, subject=launch.person.subject)
    where, role = Where(course=arrival.course.public_id, title=arrival.course.title), launch.role.value
    if arrival.has_returned:
        outbox.announce(here, PersonReturned(at=at, who=who, where=where, role=role))
    if launch.acted_by:
        outbox.announce(here, ActedAs(at=at, who=who, where=where, by=launch.acted_by))
    elif not launch.is_test:
        entered = CourseEntered(at=at, who=who, where=where, role=role, is_first=arrival.is_first)
        happenings.announce_soon(here, entered)


def _look(here: Here, verified: Verified) -> Seen:
    launch = verified.launch
    return look(
        here,
        deployment=verified.deployment.id,
        context=launch.course.id if launch.course else "",
        subject=launch.person.subject,
        link=launch.placement.id if _is_placed(launch) and launch.placement else "",
    )


def _is_placed(launch: Launch) -> bool:
    """Whether it came by a link in the course page; whoever places one has come by none."""
    return launch.placement is not None and launch.message_type != DEEP_LINKING_REQUEST


def _present(here: Here, verified: Verified, at: datetime) -> Seen:
    """Everything the launch names, made where it was not there; of two who make it at once, both find one row."""
    seen, launch = _look(here, verified), verified.launch
    if seen.course is None:
        _make_course(here, verified, at)
        seen = _look(here, verified)
    assert seen.course is not None
    person = seen.person or _make_person(here, verified, at)
    enrolment = seen.enrolment
    if enrolment is None and person is not None:
        enrolment = _make_enrolment(here, seen.course, person, launch, at)
    placement = seen.placement or (_make_placement(here, seen.course, verified, at) if _is_placed(launch) else None)
    if person is None or enrolment is None or (placement is None and _is_placed(launch)):
        return _present(here, verified, at)  # Somebody else has made one of them in this very moment.
    return Seen(family=seen.family, course=seen.course, person=person, enrolment=enrolment, placement=placement)


def _make_course(here: Here, verified: Verified, at: datetime) -> None:
    claim = verified.launch.course
    assert claim is not None, "A launch without a course has no place to arrive at"
    _NEW_COURSE.run(
        here,
        public_id=new_public_id(),
        deployment_id=verified.deployment.id,
        context_id=claim.id,
        title=claim.title,
        label=claim.label,
        line_item_scopes=[],
        next_number=1,
        created=at,
    )


def _make_person(here: Here, verified: Verified, at: datetime) -> PersonSeen | None:
    claim = verified.launch.person
    said = {
        "name": claim.name,
        "given_name": claim.given_name,
        "email": claim.email,
        "locale": claim.locale,
        "time_zone": claim.time_zone,
    }
    made = _NEW_PERSON.one(
        here,
        public_id=new_public_id(),
        platform_id=verified.platform.id,
        subject=claim.subject,
        created=at,
        **said,
    )
    return PersonSeen(id=made[0], **said) if made else None


def _make_enrolment(
    here: Here, course: CourseSeen, person: PersonSeen, launch: Launch, at: datetime
) -> EnrolmentSeen | None:
    """With the course's next number."""
    number = _NEXT_NUMBER.one(here, course=course.id)
    assert number is not None
    made = _NEW_ENROLMENT.one(
        here,
        public_id=new_public_id(),
        course_id=course.id,
        person_id=person.id,
        role=launch.role,
        number=number[0] - 1,
        is_active=True,
        is_test=launch.is_test,
        last_launch=at,
        created=at,
    )
    if made is None:
        return None
    return EnrolmentSeen(
        id=made[0],
        role=launch.role,
        roster_role=None,
        is_test=launch.is_test,
        is_active=True,
        left=None,
        last_launch=at,
    )


def _make_placement(here: Here, course: CourseSeen, verified: Verified, at: datetime) -> PlacementSeen | None:
    claim = verified.launch.placement
    assert claim is not None
    said: dict[str, Any] = {
        "course_id": course.id,
        "title": claim.title,
        "activity": "",
        "resource": "",
        "is_graded": True,
    }
    made = _NEW_PLACEMENT.one(
        here,
        public_id=new_public_id(),
        deployment_id=verified.deployment.id,
        resource_link_id=claim.id,
        reference="",
        created=at,
        **said,
    )
    return PlacementSeen(id=made[0], line_item=None, **said) if made else None


def _brought_up(here: Here, seen: Seen, launch: Launch, at: datetime) -> Arrival:
    """The rows with what the launch says of them, written where that is news."""
    assert seen.course is not None
    assert seen.person is not None
    assert seen.enrolment is not None
    course = _course(here, seen.course, launch)
    placement = _placement(here, seen.placement, course, launch) if seen.placement else None
    enrolment = _with(
        here, Enrolment, seen.enrolment, role=launch.role, is_test=launch.is_test, is_active=True, left=None
    )  # Whoever the LMS lets in is in the course, whatever an earlier roster said.
    told = _with_gradebook(here, course, placement, launch.gradebook)
    return Arrival(
        course=told[0],
        person=_person(here, seen.person, launch.person),
        enrolment=enrolment,
        placement=told[1],
        is_first=seen.enrolment.last_launch in (None, at),
        has_returned=not (seen.enrolment.is_active or seen.enrolment.is_test),
        is_gradebook_new=told != (course, placement),
    )


def _course(here: Here, seen: CourseSeen, launch: Launch) -> CourseSeen:
    assert launch.course is not None
    return _with(
        here,
        Course,
        seen,
        title=launch.course.title or seen.title,
        label=launch.course.label or seen.label,
        roster_url=launch.roster_url or seen.roster_url,
        groups_url=launch.groups_url or seen.groups_url,
    )


def _person(here: Here, seen: PersonSeen, claim: PersonClaim) -> PersonSeen:
    """What a launch does not say (an administrator may switch off sharing) does not erase what was said before."""
    return _with(
        here,
        Person,
        seen,
        name=claim.name or seen.name,
        given_name=claim.given_name or seen.given_name,
        email=claim.email or seen.email,
        locale=claim.locale or seen.locale,
        time_zone=claim.time_zone or seen.time_zone,
    )


def _placement(here: Here, seen: PlacementSeen, course: CourseSeen, launch: Launch) -> PlacementSeen:
    assert launch.placement is not None
    return _with(
        here,
        Placement,
        seen,
        title=launch.placement.title or seen.title,
        course_id=course.id,
        activity=launch.custom.get("activity", seen.activity)[:64],
        resource=launch.custom.get("resource", seen.resource)[:128],
        is_graded=launch.custom.get("graded") != "no",
    )


def _with_gradebook(
    here: Here, course: CourseSeen, placement: PlacementSeen | None, claim: GradebookClaim | None
) -> tuple[CourseSeen, PlacementSeen | None]:
    """Where the gradebook is and what we may do there."""
    if claim is None:
        return course, placement
    urls = {"line_items_url": claim.line_items or course.line_items_url}
    course = _with(here, Course, course, line_item_scopes=list(claim.scopes), **urls)
    if placement is not None:
        placement = _with(here, Placement, placement, line_item=claim.line_item or placement.line_item)
    return course, placement


def _with(here: Here, model: type[Base], seen: Kind, **said: object) -> Kind:
    news = {name: value for name, value in said.items() if getattr(seen, name) != value}
    if not news:
        return seen
    _change(model, *sorted(news)).run(here, row=seen.id, **news)
    changed: Any = news
    return replace(seen, **changed)


@cache
def _change(model: type[Base], *names: str) -> Prepared:
    """Give one row these columns. Of a whole class that a roster has named already, every launch adds the same few."""
    columns = table(model).c
    values = {name: bindparam(name, type_=columns[name].type) for name in names}
    return Prepared(update(table(model)).where(columns.id == bindparam("row")).values(values))
