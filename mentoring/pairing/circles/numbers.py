"""Circles in numbers, for a home page: counted from a few columns of everybody, without their rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship, Place
from mentoring.mentorships.states import STANDING
from mentoring.pairing.circles.peering import sizes_of
from mentoring.pairing.numbers import people_of
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_here, is_seeking
from mentoring.programs.models import Cohort


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What the board of a cohort of peers comes to (see `board.Board`)."""

    circles: int
    seeking: int
    without: int
    away: int
    """How many people of circles have left the course, and may still come back."""
    smallest: int

    @property
    def placed(self) -> int:
        return self.seeking - self.without

    @property
    def can_suggest(self) -> bool:
        return self.without >= self.smallest


_PLACES = (
    select(Place.mentorship_id, Place.mentee_id, Enrolment.is_active)
    .join(Mentorship, Mentorship.id == Place.mentorship_id)
    .join(Participant, Participant.id == Place.mentee_id)
    .join(Enrolment, Enrolment.id == Participant.enrolment_id)
    .where(Mentorship.cohort_id == bindparam("cohort"), Mentorship.state.in_(STANDING))
)


def numbers_of(session: Session, cohort: Cohort) -> Numbers:
    places = session.execute(_PLACES, {"cohort": cohort.id}).all()
    placed = {place.mentee_id for place in places}
    people = [each for each in people_of(session, cohort.course, cohort) if is_here(each)]
    seeking = [each for each in people if is_seeking(each, each if each.participant else None)]
    return Numbers(
        circles=len({place.mentorship_id for place in places}),
        seeking=len(seeking),
        without=sum(each.participant not in placed for each in seeking),
        away=sum(not place.is_active for place in places),
        smallest=sizes_of(cohort.version).smallest,
    )
