"""The pairing board: who lacks a mentor, who has places, and who is paired."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from lti_tool.access import MEMBERS
from lti_tool.members import people_of
from lti_tool.models import Course, Enrolment, Role
from lti_tool.roster.groups import Choice
from mentoring.mentorships.models import Place
from mentoring.names import alphabetically, answers_to
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_here, is_seeking, participants_of
from mentoring.programs.models import Cohort, MentorKind
from mentoring.programs.starting import current


@dataclass(frozen=True)
class Gap:
    """A mentor of one kind that somebody lacks."""

    mentee: Enrolment
    kind: MentorKind
    is_extra: bool = False
    """Whether the mentee mentors others and need not have a mentor, but may."""

    @property
    def key(self) -> str:
        return f"{self.mentee.public_id}-{self.kind.key}"


@dataclass(frozen=True)
class MentorPlaces:
    """Somebody who mentors, with their places."""

    person: Enrolment
    capacity: int
    taken: Sequence[Place]

    @property
    def load(self) -> int:
        return len(self.taken)

    @property
    def free(self) -> int:
        return max(self.capacity - self.load, 0) if self.is_here else 0

    @property
    def is_here(self) -> bool:
        return is_here(self.person)


@dataclass(frozen=True)
class Board:
    """The pairing of one cohort as it stands."""

    cohort: Cohort | None
    gaps: Sequence[Gap]
    mentors: Sequence[MentorPlaces]
    seeking: int
    """How many people are to have mentors."""
    complete: int
    """How many of them have every mentor they need, or were found one who is asked."""

    @property
    def free(self) -> int:
        return sum(mentor.free for mentor in self.mentors)

    @property
    def pairs(self) -> int:
        return sum(place.mentorship.is_standing for mentor in self.mentors for place in mentor.taken)

    @property
    def asked(self) -> int:
        """How many places are held for pairs that have not agreed yet."""
        return sum(place.mentorship.is_open for mentor in self.mentors for place in mentor.taken)

    @property
    def with_free_places(self) -> int:
        return sum(mentor.free > 0 for mentor in self.mentors)

    @property
    def without(self) -> int:
        return self.seeking - self.complete

    @property
    def is_short(self) -> bool:
        """Whether fewer places are free than people need one."""
        return bool(self.mentors) and self.free < self.without

    @property
    def kinds(self) -> Sequence[MentorKind]:
        return self.cohort.version.kinds if self.cohort else ()

    @property
    def in_grace(self) -> int:
        """How many pairs wait for somebody who has left the course."""
        return sum(place.mentorship.grace_ends is not None for mentor in self.mentors for place in mentor.taken)

    def within(self, choice: Choice) -> Board:
        """The same board with only the people of a group, and mentors who have some of them; numbers stay."""
        if choice.chosen is None:
            return self
        return replace(
            self,
            gaps=[gap for gap in self.gaps if choice.shows(gap.mentee.id)],
            mentors=[mentor for mentor in self.mentors if _is_of(mentor, choice)],
        )

    def matching(self, wanted: str) -> Board:
        """The same board with only the people whose names answer to the search; numbers stay."""
        if not wanted.strip():
            return self
        return Board(
            self.cohort,
            [gap for gap in self.gaps if answers_to(gap.mentee, wanted)],
            [mentor for mentor in self.mentors if _has(mentor, wanted)],
            self.seeking,
            self.complete,
        )


def _is_of(mentor: MentorPlaces, choice: Choice) -> bool:
    return any(choice.shows(id) for id in (mentor.person.id, *(place.mentee.enrolment_id for place in mentor.taken)))


def _has(mentor: MentorPlaces, wanted: str) -> bool:
    people = [mentor.person, *(place.mentee.enrolment for place in mentor.taken)]
    return any(answers_to(person, wanted) for person in people)


def board_of(session: Session, course: Course) -> Board:
    """The board of the course's cohort, read in the same few queries however many people there are."""
    cohort = current(session, course)
    participants = participants_of(session, cohort)
    people = people_of(session, course)
    places = _places(session, cohort)
    gaps = _gaps(people, participants, places, cohort.version.kinds if cohort else ())
    seeking = [person for person in people if is_seeking(person, participants.get(person.id))]
    lacking = {gap.mentee.id for gap in gaps}
    complete = [person for person in seeking if cohort and person.id not in lacking]
    return Board(cohort, gaps, _mentors(participants, places), len(seeking), len(complete))


def _places(session: Session, cohort: Cohort | None) -> Sequence[Place]:
    if cohort is None:
        return ()
    return session.scalars(
        select(Place)
        .join(Place.mentee)
        .where(Participant.cohort_id == cohort.id)
        .options(
            selectinload(Place.mentor),
            selectinload(Place.mentee),
            selectinload(Place.mentorship),
            joinedload(Place.kind, innerjoin=True),
        )
        .order_by(Place.id)
    ).all()


def _gaps(
    people: Sequence[Enrolment],
    participants: Mapping[int, Participant],
    places: Sequence[Place],
    kinds: Sequence[MentorKind],
) -> list[Gap]:
    had = Counter((place.mentee.enrolment_id, place.kind.key) for place in places)
    gaps: list[Gap] = []
    for person in people:
        participant = participants.get(person.id)
        is_extra = not is_seeking(person, participant)
        if is_extra and not _may_seek(person, participant):
            continue
        lacking = [kind for kind in kinds if had[person.id, kind.key] < kind.needed]
        gaps.extend(Gap(person, kind, is_extra) for kind in lacking)
    return gaps


def _may_seek(person: Enrolment, participant: Participant | None) -> bool:
    return person.role == Role.LEARNER and participant is not None and participant.as_mentor


def _mentors(participants: Mapping[int, Participant], places: Sequence[Place]) -> list[MentorPlaces]:
    """Everybody who offers places in the course, or still has a mentee."""
    taken: dict[int, list[Place]] = defaultdict(list)
    for place in places:
        if place.mentor_id is not None:
            taken[place.mentor_id].append(place)
    found = [
        MentorPlaces(participant.enrolment, participant.capacity, taken[participant.id])
        for participant in participants.values()
        if taken[participant.id] or (participant.capacity and is_here(participant.enrolment))
    ]
    return sorted(found, key=lambda mentor: alphabetically(mentor.person))


def anybody_of(session: Session, course: Course) -> list[Enrolment]:
    """Everybody a stale page may still name: those who have left the course meanwhile included."""
    found = session.scalars(
        select(Enrolment).where(Enrolment.course_id == course.id, ~Enrolment.is_test, Enrolment.role.in_(MEMBERS))
    )
    return sorted(found, key=alphabetically)


def gaps_named(people: Sequence[Enrolment], kinds: Sequence[MentorKind], keys: Collection[str]) -> list[Gap]:
    """The gaps of these people with these keys, whether they are still open or not."""
    everyone = (Gap(person, kind) for person in people for kind in kinds)
    return [gap for gap in everyone if gap.key in keys]
