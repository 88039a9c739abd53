"""From rows to what the engine is told of peers: who of a cohort is to be in a circle, and what each has said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from mentoring.mentorships.models import Part
from mentoring.pairing.knowing import Known, known_of
from mentoring.pairing.matching.gathering import MOST_IN_CIRCLE
from mentoring.pairing.matching.peers import Sizes
from mentoring.pairing.matching.people import Design, Peer
from mentoring.pairing.pooling import design_of, is_ready, someone
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_here, is_seeking
from mentoring.programs.models import Cohort, ProgramVersion


@dataclass(frozen=True)
class Gathered:
    """Everybody of a cohort who is to be in a circle, in the engine's words and in ours."""

    cohort: Cohort
    design: Design
    peers: Sequence[Peer]
    participants: Mapping[str, Participant]
    """Everybody who takes part, by public id, which is the engine's key; those who have a circle, too."""

    placed: Collection[str]
    """Keys of those who have a circle, or a mentor from before the program was one of peers."""

    @property
    def sizes(self) -> Sizes:
        return sizes_of(self.cohort.version)

    @cached_property
    def pool(self) -> Mapping[str, Peer]:
        """Who is to be in a circle, by key."""
        return {each.key: each for each in self.peers}

    def is_here(self, participant: Participant) -> bool:
        return is_ready(participant, self.cohort.version)


def gather(session: Session, cohort: Cohort, *, at: datetime, weights: Mapping[str, int] | None = None) -> Gathered:
    """The cohort as it stands, read in the same few queries however many people there are.

    Learners who are no participants yet are not part of it: let them join first (`joining.join`).
    """
    known = known_of(session, cohort, at)
    mentees = {place.mentee_id for place in known.places}
    placed = {each.public_id for each in known.participants if each.id in mentees}
    seeking = [each for each in known.participants if each.public_id not in placed and _seeks(each)]
    return Gathered(
        cohort,
        design_of(cohort.version, weights),
        [_peer(each, known, cohort.version) for each in seeking],
        {each.public_id: each for each in known.participants},
        placed,
    )


def peers_of(session: Session, cohort: Cohort, people: Sequence[Participant], *, at: datetime) -> list[Peer]:
    """These people of a cohort in the engine's words, whether they have a circle or not."""
    known = known_of(session, cohort, at, only=[each.id for each in people])
    by_id = {each.id: each for each in known.participants}
    return [_peer(by_id[each.id], known, cohort.version) for each in people]


def sizes_of(version: ProgramVersion) -> Sizes:
    """How many a circle has, within what the engine can do."""
    smallest = min(max(version.smallest_group, 2), MOST_IN_CIRCLE)
    return Sizes(smallest, min(max(version.largest_group, smallest), MOST_IN_CIRCLE))


def _seeks(participant: Participant) -> bool:
    return is_here(participant.enrolment) and is_seeking(participant.enrolment, participant)


def _peer(participant: Participant, known: Known, version: ProgramVersion) -> Peer:
    need, offer = participant.need, participant.offer
    return Peer(
        **someone(participant, known, version, Part.MENTEE),
        wanted=frozenset(need.skills) if need else frozenset(),
        skills=frozenset(offer.skills) if offer else frozenset(),
        goals=frozenset(need.topics) if need else frozenset(),
        has=known.named(known.has[participant.id]),
        conflicts=known.named(known.conflicts[participant.enrolment_id]),
        good_before=known.named(known.good_before[participant.enrolment_id]),
        has_waited=participant.enrolment.public_id in known.waited,
    )
