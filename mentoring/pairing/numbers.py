"""The pairing in numbers, for a home page: counted from a few columns of everybody, without their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from lti_tool.models import Course, Enrolment
from mentoring.mentorships.models import Mentorship, Place
from mentoring.mentorships.states import OPEN, STANDING
from mentoring.participants.models import OUTSIDE, MentorOffer, Participant
from mentoring.participants.queries import is_here, is_seeking
from mentoring.programs.models import Cohort, MentorKind
from mentoring.programs.starting import current


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What the board of a cohort comes to (see `board.Board`)."""

    mentors: int
    with_free_places: int
    free: int
    pairs: int
    asked: int
    """How many places are held for pairs that have not agreed yet."""
    seeking: int
    complete: int
    in_grace: int
    """How many pairs wait for somebody who has left the course."""

    @property
    def without(self) -> int:
        return self.seeking - self.complete

    @property
    def is_short(self) -> bool:
        """Whether fewer places are free than people need one."""
        return bool(self.mentors) and self.free < self.without


def numbers_of(session: Session, course: Course) -> Numbers:
    cohort = current(session, course)
    people = people_of(session, course, cohort)
    places = _places(session, cohort)
    taken = Counter(place.mentor_id for place in places)
    had = Counter((place.mentee, place.kind) for place in places)
    mentors = [each for each in people if taken[each.participant] or (is_here(each) and _capacity(each))]
    free = [max(_capacity(each) - taken[each.participant], 0) if is_here(each) else 0 for each in mentors]
    seeking = [each for each in people if is_here(each) and is_seeking(each, each if each.participant else None)]
    kinds = cohort.version.kinds if cohort else ()
    return Numbers(
        mentors=len(mentors),
        with_free_places=sum(each > 0 for each in free),
        free=sum(free),
        pairs=sum(place.state in STANDING for place in places if place.mentor_id is not None),
        asked=sum(place.state in OPEN for place in places),
        seeking=len(seeking),
        complete=sum(_has_all(each, had, kinds) for each in seeking) if cohort else 0,
        in_grace=sum(place.grace_ends is not None for place in places),
    )


# Put together once: that takes longer than running them.
_PEOPLE = (
    select(
        Enrolment.id,
        Enrolment.role,
        Enrolment.is_active,
        Enrolment.is_test,
        Participant.id.label("participant"),
        Participant.as_mentor,
        Participant.as_mentee,
        Participant.state,
        case(
            (Participant.as_mentor & Participant.state.not_in(OUTSIDE), func.coalesce(MentorOffer.capacity, 0)),
            else_=0,
        ).label("capacity"),
        bindparam("among_peers", type_=Boolean()).label("is_peer"),
    )
    .outerjoin(
        Participant,
        (Participant.enrolment_id == Enrolment.id) & (Participant.cohort_id == bindparam("cohort")),
    )
    .outerjoin(MentorOffer, MentorOffer.participant_id == Participant.id)
    .where(Enrolment.course_id == bindparam("course"))
)
_MENTEE = aliased(Participant)
_PLACES = (
    select(
        Place.mentor_id,
        MentorKind.key.label("kind"),
        _MENTEE.enrolment_id.label("mentee"),
        Mentorship.state,
        Mentorship.grace_ends,
    )
    .join(MentorKind, MentorKind.id == Place.kind_id)
    .join(_MENTEE, _MENTEE.id == Place.mentee_id)
    .join(Mentorship, Mentorship.id == Place.mentorship_id)
    .where(_MENTEE.cohort_id == bindparam("cohort"))
)


def people_of(session: Session, course: Course, cohort: Cohort | None) -> Sequence[Any]:
    """Everybody who was ever in the course, with what they are in the cohort."""
    among_peers = cohort is not None and cohort.version.is_of_peers
    told = {"course": course.id, "cohort": cohort.id if cohort else None, "among_peers": among_peers}
    return session.execute(_PEOPLE, told).all()


def _places(session: Session, cohort: Cohort | None) -> Sequence[Any]:
    return session.execute(_PLACES, {"cohort": cohort.id}).all() if cohort else ()


def _capacity(each: Any) -> int:
    return int(each.capacity or 0)


def _has_all(each: Any, had: Counter[tuple[int, str]], kinds: Sequence[MentorKind]) -> bool:
    return all(had[each.id, kind.key] >= kind.needed for kind in kinds)
