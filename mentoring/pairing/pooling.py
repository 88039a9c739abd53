"""From rows to what the engine is told: who of a cohort is to be matched, what each has said, and by which design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from mentoring.mentorships.models import Part
from mentoring.pairing.judging import rules_against
from mentoring.pairing.knowing import Known, known_of
from mentoring.pairing.matching.people import DEFAULT_WEIGHTS, Design, Kind, LevelRule, Mentee, Mentor, Question
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.rules import Rule
from mentoring.participants import hours
from mentoring.participants.models import Participant, ParticipantState
from mentoring.participants.queries import is_here, is_seeking
from mentoring.programs.choices import MentoringType
from mentoring.programs.models import Cohort, ProgramVersion
from mentoring.training.gate import is_trained


@dataclass(frozen=True)
class Gathered:
    """Everybody of a cohort who can be matched, in the engine's words and in ours."""

    cohort: Cohort
    pool: Pool
    participants: Mapping[str, Participant]
    """By public id, which is the engine's key."""

    def participant(self, key: str) -> Participant:
        return self.participants[key]

    def free(self, mentor: str) -> int:
        """The places this mentor, by key, has left."""
        return max(self.mentors[mentor].capacity - self.mentors[mentor].load, 0)

    def is_here(self, participant: Participant) -> bool:
        return is_ready(participant, self.cohort.version)

    def needs(self, mentee: str, kind: str) -> bool:
        """Whether this mentee, by key, still lacks a mentor of this kind."""
        return mentee in self.mentees and self.mentees[mentee].needs.get(kind, 0) > 0

    def rules_against(self, mentee: str, mentor: str, kind: str) -> list[Rule]:
        """The hard rules that forbid this pair, by keys, whatever places there are."""
        return rules_against(self.pool, self.mentees[mentee], self.mentors[mentor], kind)

    @cached_property
    def mentees(self) -> Mapping[str, Mentee]:
        return {each.key: each for each in self.pool.mentees}

    @cached_property
    def mentors(self) -> Mapping[str, Mentor]:
        return {each.key: each for each in self.pool.mentors}


def gather(session: Session, cohort: Cohort, *, at: datetime, weights: Mapping[str, int] | None = None) -> Gathered:
    """The cohort as it stands, read in the same few queries however many people there are.

    Learners who are no participants yet are not part of it: let them join first (`joining.join`).
    """
    known = known_of(session, cohort, at)
    design = design_of(cohort.version, weights)
    mentees = [_mentee(each, known, cohort.version) for each in known.participants if _seeks(each, known)]
    mentors = [_mentor(each, known, cohort.version) for each in known.participants if each.capacity]
    participants = {each.public_id: each for each in known.participants}
    return Gathered(cohort, Pool(design, [each for each in mentees if each.needs], mentors), participants)


def pool_of(session: Session, mentee: Participant, mentors: Sequence[Participant], *, at: datetime) -> Pool:
    """One mentee and these mentors of a cohort, who have offers, whatever the mentee still lacks."""
    cohort = mentee.cohort
    known = known_of(session, cohort, at, only=[mentee.id, *(mentor.id for mentor in mentors)])
    by_id = {each.id: each for each in known.participants}
    return Pool(
        design_of(cohort.version),
        [_mentee(by_id[mentee.id], known, cohort.version)],
        [_mentor(by_id[mentor.id], known, cohort.version) for mentor in mentors],
    )


def design_of(version: ProgramVersion, weights: Mapping[str, int] | None = None) -> Design:
    """What this version says about matching, with these weights in place of its own."""
    chosen = weights or version.weights
    return Design(
        kinds=tuple(Kind(key=kind.key, is_required=kind.is_required) for kind in version.kinds),
        weights={Question(key): int(weight) for key, weight in chosen.items()} if chosen else DEFAULT_WEIGHTS,
        least_minutes=version.least_minutes,
        most_hours_apart=version.most_hours_apart,
        least_experience=version.least_experience,
        level=LevelRule(version.level_rule),
    )


def _seeks(participant: Participant, known: Known) -> bool:
    return is_here(participant.enrolment) and is_seeking(participant.enrolment, participant)


def _mentee(participant: Participant, known: Known, version: ProgramVersion) -> Mentee:
    need = participant.need
    conflicts = known.conflicts[participant.enrolment_id]
    return Mentee(
        **someone(participant, known, version, Part.MENTEE),
        needs=_lacking(participant, known, version),
        wanted=frozenset(need.skills) if need else frozenset(),
        goals=frozenset(need.topics) if need else frozenset(),
        has=known.named(known.has[participant.id]),
        conflicts=known.named(conflicts),
        good_before=known.named(known.good_before[participant.enrolment_id]),
        has_waited=participant.enrolment.public_id in known.waited,
    )


def _lacking(participant: Participant, known: Known, version: ProgramVersion) -> dict[str, int]:
    wanted = participant.need.kinds if participant.need else []
    lacking = {
        kind.key: kind.needed - known.had[participant.id, kind.key]
        for kind in version.kinds
        if not wanted or kind.key in wanted
    }
    return {key: count for key, count in lacking.items() if count > 0}


def _mentor(participant: Participant, known: Known, version: ProgramVersion) -> Mentor:
    offer = participant.offer
    assert offer is not None
    load = known.load[participant.id]
    is_group = version.mentoring_type == MentoringType.GROUP
    return Mentor(
        **someone(participant, known, version, Part.MENTOR),
        kinds=frozenset(offer.kinds or [kind.key for kind in version.kinds]),
        capacity=min(participant.capacity, version.largest_group) if is_group else participant.capacity,
        load=load,
        skills=frozenset(offer.skills),
        goals=frozenset(offer.topics),
        experience=offer.experience,
        smallest_group=max(version.smallest_group - load, 0) if is_group else 0,
    )


def someone(participant: Participant, known: Known, version: ProgramVersion, part: Part) -> dict[str, Any]:
    """What both sides have said."""
    person = participant.enrolment
    zone = known.zones[participant.id]
    return {
        "key": participant.public_id,
        "person": person.public_id,
        "is_ready": is_ready(participant, version) and is_trained(version, participant, part, known.at),
        "languages": frozenset(participant.languages),
        "hours": hours.utc_weeks(participant.hours, zone, known.weeks) if participant.hours else (),
        "clock": hours.clock(zone, known.at),
        "interests": frozenset(participant.interests),
        "values": {key: str(value) for key, value in participant.answers.items()},
        "level": participant.level,
        "sections": frozenset(known.sections[participant.enrolment_id]),
        "team": participant.team,
        "wishes": tuple(known.people[wish.whom_id] for wish in participant.wishes if wish.whom_id in known.people),
        "refuses": known.named(known.refused[participant.enrolment_id]),
    }


def is_ready(participant: Participant, version: ProgramVersion) -> bool:
    """R6: in the course, taking part, and consenting where the program asks for it."""
    return (
        is_here(participant.enrolment)
        and participant.state == ParticipantState.TAKING_PART
        and (participant.consented is not None or not version.needs_consent)
    )
