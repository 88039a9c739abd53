"""Which places are taken, while pairs are made: everybody concerned is held, so what it says stays true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship, Place
from mentoring.pairing.rules import Situation
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_here
from mentoring.programs.models import MentorKind


@dataclass(frozen=True)
class Pair:
    """Who is to mentor whom, as which kind of mentor."""

    mentee: Enrolment
    mentor: Enrolment
    kind: MentorKind


class Taken(NamedTuple):
    """A taken place, by participant ids and the kind's key: a newer version of the program has kinds of its own."""

    mentorship: int
    mentor: int | None
    """Nobody, in a circle."""
    mentee: int
    kind: str
    nth: int


def taken_by(session: Session, participants: Iterable[Participant]) -> list[Taken]:
    """The places in which one of these is a mentor or a mentee."""
    ids = [participant.id for participant in participants]
    rows = session.execute(
        select(Place.mentorship_id, Place.mentor_id, Place.mentee_id, MentorKind.key, Place.nth)
        .join(Place.kind)
        .where(or_(Place.mentor_id.in_(ids), Place.mentee_id.in_(ids)))
    )
    return [Taken(*row) for row in rows]


def placed_among(session: Session, participants: Iterable[Participant]) -> set[int]:
    """The ids of those among these who have a mentor or a circle already; whoever only mentors has none."""
    ids = {participant.id for participant in participants}
    return set(session.scalars(select(Place.mentee_id).where(Place.mentee_id.in_(ids))))


@dataclass
class Ledger:
    """Who is held, by enrolment id, and which places are taken, kept up to date while pairs are made."""

    held: dict[int, Participant]
    places: list[Taken]

    def without(self, mentorship: Mentorship) -> Ledger:
        """The same as if this one had no place."""
        return Ledger(self.held, [place for place in self.places if place.mentorship != mentorship.id])

    def situation(self, pair: Pair) -> Situation:
        mentee, mentor = self.held.get(pair.mentee.id), self.held.get(pair.mentor.id)
        both = (mentor.id if mentor else None, mentee.id if mentee else None)
        return Situation(
            is_same_person=pair.mentee.id == pair.mentor.id,
            is_mentee_here=mentee is not None and is_here(mentee.enrolment),
            is_mentor_here=is_here(mentor.enrolment if mentor else pair.mentor),
            is_paired=any((place.mentor, place.mentee) == both for place in self.places),
            mentors_of_kind=len(self.filled(both[1], pair.kind)),
            needed=pair.kind.needed,
            load=self.load(both[0]),
            capacity=mentor.capacity if mentor else 0,
        )

    def load(self, mentor: int | None) -> int:
        return sum(place.mentor == mentor for place in self.places)

    def filled(self, mentee: int | None, kind: MentorKind) -> set[int]:
        """Which of the mentors of this kind the mentee has."""
        return {place.nth for place in self.places if (place.mentee, place.kind) == (mentee, kind.key)}

    def take(self, mentorship: Mentorship, mentee: Participant, mentor: Participant) -> int:
        """Note one more place as taken; which of the mentee's mentors of this kind it is."""
        kind = mentorship.kind
        nth = min(set(range(1, kind.needed + 1)) - self.filled(mentee.id, kind))
        self.places.append(Taken(mentorship.id or 0, mentor.id, mentee.id, kind.key, nth))
        return nth
