"""An instructor gives mentees their mentors, several at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from mentoring.events import MentorAssigned
from mentoring.mentorships.models import Membership, Mentorship, Part, Place
from mentoring.mentorships.states import MentorshipState
from mentoring.pairing.rules import Rule, Situation, obstacle
from mentoring.participants.joining import hold, join
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_here
from mentoring.programs.models import Cohort, MentorKind


@dataclass(frozen=True)
class Pair:
    """Who is to mentor whom, as which kind of mentor."""

    mentee: Enrolment
    mentor: Enrolment
    kind: MentorKind


@dataclass(frozen=True)
class Refused:
    """A pair that was not made, and the rule that stood in the way."""

    pair: Pair
    rule: Rule


@dataclass
class Assigned:
    """What became of the pairs: each is in exactly one of the two."""

    made: list[Mentorship] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def assign(session: Session, cohort: Cohort, pairs: Sequence[Pair], *, by: Enrolment, at: datetime) -> Assigned:
    """Make every pair that no rule forbids and announce it; the caller commits.

    Everybody concerned is held meanwhile, so two instructors can never give away the same place, and a pair
    is made as a whole or not at all. Pairs are taken in the order given: the first gets the last place.
    """
    people = [person for pair in pairs for person in (pair.mentee, pair.mentor)]
    join(session, cohort, [pair.mentee for pair in pairs if is_here(pair.mentee)], at=at)
    held = hold(session, cohort, people)
    ledger = _Ledger(held, _taken(session, held.values()))
    result = Assigned()
    for pair in pairs:
        rule = obstacle(ledger.situation(pair))
        if rule is not None:
            result.refused.append(Refused(pair, rule))
            continue
        mentorship = _make(cohort, pair, ledger, by=by, at=at)
        session.add(mentorship)
        result.made.append(mentorship)
    session.flush()
    for mentorship in result.made:
        outbox.announce(session, _told(mentorship, by, at))
    return result


class _Taken(NamedTuple):
    """A taken place, by participant ids."""

    mentor: int
    mentee: int
    kind: int
    nth: int


def _taken(session: Session, held: Iterable[Participant]) -> list[_Taken]:
    ids = [participant.id for participant in held]
    rows = session.execute(
        select(Place.mentor_id, Place.mentee_id, Place.kind_id, Place.nth).where(
            or_(Place.mentor_id.in_(ids), Place.mentee_id.in_(ids))
        )
    )
    return [_Taken(*row) for row in rows]


@dataclass
class _Ledger:
    """Who is held and which places are taken, kept up to date while pairs are made."""

    held: dict[int, Participant]
    places: list[_Taken]

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
            load=sum(place.mentor == both[0] for place in self.places),
            capacity=mentor.capacity if mentor else 0,
        )

    def filled(self, mentee: int | None, kind: MentorKind) -> set[int]:
        """Which of the mentors of this kind the mentee has."""
        return {place.nth for place in self.places if (place.mentee, place.kind) == (mentee, kind.id)}

    def take(self, mentee: Participant, mentor: Participant, kind: MentorKind) -> int:
        """Note one more place as taken; which of the mentee's mentors of this kind it is."""
        nth = min(set(range(1, kind.needed + 1)) - self.filled(mentee.id, kind))
        self.places.append(_Taken(mentor.id, mentee.id, kind.id, nth))
        return nth


def _make(cohort: Cohort, pair: Pair, ledger: _Ledger, *, by: Enrolment, at: datetime) -> Mentorship:
    mentee, mentor = ledger.held[pair.mentee.id], ledger.held[pair.mentor.id]
    nth = ledger.take(mentee, mentor, pair.kind)
    mentee.as_mentee = True
    mentorship = Mentorship(
        cohort=cohort,
        kind=pair.kind,
        state=MentorshipState.ACCEPTED,
        started=at,
        planned_end=at + cohort.version.length,
        created=at,
        members=[
            Membership(participant=mentor, part=Part.MENTOR, since=at),
            Membership(participant=mentee, part=Part.MENTEE, since=at),
        ],
        places=[Place(mentor=mentor, mentee=mentee, kind=pair.kind, nth=nth, since=at)],
    )
    mentorship.begin(by=by, at=at)
    return mentorship


def _told(mentorship: Mentorship, by: Enrolment, at: datetime) -> MentorAssigned:
    program = mentorship.cohort.program
    return MentorAssigned(
        at=at,
        mentee=mentorship.person(Part.MENTEE).enrolment.who,
        mentor=mentorship.person(Part.MENTOR).enrolment.who,
        by=by.who,
        where=by.course.where,
        mentorship=mentorship.public_id,
        kind=mentorship.kind.label,
        program=program.public_id,
        program_title=program.title,
    )
