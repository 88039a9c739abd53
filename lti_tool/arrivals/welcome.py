"""A Launch becomes rows, and everybody concerned hears of the visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from lti_tool import happenings, notice_handlers, observing, outbox
from lti_tool.arrivals import making, news
from lti_tool.arrivals.seen import CourseSeen, EnrolmentSeen, PersonSeen, PlacementSeen, Seen
from lti_tool.arrivals.verifying import Verified
from lti_tool.claims import Launch
from lti_tool.db import db
from lti_tool.events import ActedAs, CourseEntered, PersonReturned, Where, Who
from lti_tool.models import Enrolment, Placement, Role
from lti_tool.prepared import Here
from lti_tool.roster import groups


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
    seen = making.present(here, verified, at)
    news.of_platform(here, platform.id, seen, launch)
    arrival = _brought_up(here, seen, launch, at)
    groups.take_over_launch(here, arrival.enrolment.id, course_id=arrival.course.id, custom=launch.custom)
    _tell(here, arrival, verified, at)
    if launch.role == Role.OBSERVER:
        observing.note(db.session, arrival.me, launch.observes)
    notice_handlers.hear(here, launch, verified.deployment.id, platform=platform.public_id, at=at)
    return arrival


def person_of(here: Here, verified: Verified, *, at: datetime) -> int:
    """The id of whoever is launching, found or made: for launches without a course."""
    return news.of_person(here, making.person_of(here, verified, at), verified.launch.person).id


def _brought_up(here: Here, seen: Seen, launch: Launch, at: datetime) -> Arrival:
    """The rows with what the launch says of them."""
    assert seen.course is not None
    assert seen.person is not None
    assert seen.enrolment is not None
    course = news.of_course(here, seen.course, launch)
    placement = news.of_placement(here, seen.placement, course, launch) if seen.placement else None
    told = news.of_gradebook(here, course, placement, launch.gradebook)
    return Arrival(
        course=told[0],
        person=news.of_person(here, seen.person, launch.person),
        enrolment=news.of_enrolment(here, seen.enrolment, launch, at),
        placement=told[1],
        # An enrolment that this very launch has made bears its moment.
        is_first=seen.enrolment.last_launch in (None, at),
        has_returned=not (seen.enrolment.is_active or seen.enrolment.is_test),
        is_gradebook_new=told != (course, placement),
    )


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
