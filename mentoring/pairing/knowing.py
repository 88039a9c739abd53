"""What the database says of a cohort that is to be matched, read in the same few queries however large it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session, selectinload

from lti_tool.contacts.queries import managers_of
from lti_tool.roster.groups import CourseGroup, GroupMembership
from mentoring.mentorships.models import Membership, Mentorship, Part, Place
from mentoring.mentorships.states import MentorshipState
from mentoring.pairing.models import MatchRun, RunState
from mentoring.participants import excluding, hours, suggesting
from mentoring.participants.models import ExclusionSource, Participant, ParticipantState
from mentoring.participants.queries import of_one_course
from mentoring.programs.models import Cohort, ProgramVersion
from mentoring.training.gate import WITH_TRAINING

CONFLICTS = (ExclusionSource.GRADER, ExclusionSource.PAST_END)
"""Exclusions that come from another relation (R5); the others are somebody's wish (R4)."""
WEEKS = 26
"""Coming weeks in which the clocks may change."""


@dataclass
class Known:
    """What the database says, looked up once."""

    at: datetime
    participants: Sequence[Participant]
    places: Sequence[Place]
    zones: Mapping[int, str]
    """The time zone each participant's hours are in, by participant id."""
    weeks: Sequence[date]
    refused: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """R4, by enrolment id, both ways."""
    conflicts: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """R5, by enrolment id, both ways."""
    sections: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    good_before: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    waited: Collection[str] = ()

    def __post_init__(self) -> None:
        self.people = {each.enrolment_id: each.enrolment.public_id for each in self.participants}
        self.load = Counter(place.mentor_id for place in self.places if place.mentor_id is not None)
        self.has: dict[int, set[int]] = defaultdict(set)
        """By participant id, the mentors somebody has, and the others of their circle, by enrolment id."""
        self.had: Counter[tuple[int, str]] = Counter()
        enrolments = {each.id: each.enrolment_id for each in self.participants}
        circles: dict[int, set[int]] = defaultdict(set)
        for place in self.places:
            self.had[place.mentee_id, place.kind.key] += 1
            if place.mentor is not None:
                self.has[place.mentee_id].add(place.mentor.enrolment_id)
            elif place.mentee_id in enrolments:
                circles[place.mentorship_id].add(place.mentee_id)
        for circle in circles.values():
            for member in circle:
                self.has[member] |= {enrolments[other] for other in circle - {member}}

    def named(self, enrolments: Collection[int]) -> frozenset[str]:
        """The public ids of those among them who take part."""
        return frozenset(self.people[each] for each in enrolments if each in self.people)


def known_of(session: Session, cohort: Cohort, at: datetime, *, only: Collection[int] | None = None) -> Known:
    """What is to be known of a cohort; of some participants of it only, whoever they are, if their ids are given."""
    wanted = Participant.state != ParticipantState.LEFT if only is None else Participant.id.in_(only)
    participants = session.scalars(
        select(Participant)
        .where(Participant.cohort_id == cohort.id, wanted)
        .options(*(selectinload(part) for part in (Participant.offer, Participant.need, Participant.wishes)))
        .options(*WITH_TRAINING, *of_one_course())
        .order_by(Participant.id)
    ).all()
    ids = [each.id for each in participants]
    places = session.scalars(
        select(Place)
        .join(Place.mentee)
        .where(Participant.cohort_id == cohort.id)
        .where(true() if only is None else or_(Place.mentor_id.in_(only), Place.mentee_id.in_(only)))
        .options(selectinload(Place.mentor), selectinload(Place.kind))
        .order_by(Place.id)
    ).all()
    usual = suggesting.course_zone(session, cohort.course)
    zones = {each.id: suggesting.zone_of(each, usual) for each in participants}
    known = Known(at, participants, places, zones, _weeks_that_differ(zones.values(), at))
    _read_exclusions(session, cohort, known)
    _read_managers(session, cohort, known)
    _read_sections(session, cohort, known)
    _read_past(session, ids, known)
    known.waited = _left_over_last_time(session, cohort)
    return known


def _weeks_that_differ(zones: Collection[str], at: datetime) -> list[date]:
    """The Mondays of the coming weeks, without those in which all clocks go as in a week before."""
    monday = at.date() - timedelta(days=at.weekday())
    found: dict[tuple[int, ...], date] = {}
    for number in range(WEEKS):
        begins = [datetime.combine(monday + timedelta(weeks=number + later), time(), UTC) for later in (0, 1)]
        found.setdefault(
            tuple(hours.clock(zone, begin) for zone in sorted(set(zones)) for begin in begins), begins[0].date()
        )
    return list(found.values())


def _read_exclusions(session: Session, cohort: Cohort, known: Known) -> None:
    for row in excluding.barred(session, cohort.course, at=known.at):
        kept_apart = known.conflicts if row.source in CONFLICTS else known.refused
        kept_apart[row.one_id].add(row.other_id)
        kept_apart[row.other_id].add(row.one_id)


def _read_managers(session: Session, cohort: Cohort, known: Known) -> None:
    """R5: nobody is matched with their manager or their manager's manager, nor, if set, with who has the same one."""
    manager_of = managers_of(session, cohort.course)
    for person, manager in manager_of.items():
        _keep_apart(known, person, manager)
        above = manager_of.get(manager)
        if above is not None and above != person:
            _keep_apart(known, person, above)
    if cohort.version.bars_same_manager:
        teams: dict[int, set[int]] = defaultdict(set)
        for person, manager in manager_of.items():
            teams[manager].add(person)
        for team in teams.values():
            for person in team:
                known.conflicts[person] |= team - {person}


def _keep_apart(known: Known, one: int, other: int) -> None:
    known.conflicts[one].add(other)
    known.conflicts[other].add(one)


def _read_sections(session: Session, cohort: Cohort, known: Known) -> None:
    rows = session.execute(
        select(GroupMembership.enrolment_id, CourseGroup.public_id)
        .join(CourseGroup, CourseGroup.id == GroupMembership.group_id)
        .where(CourseGroup.course_id == cohort.course.id)
    )
    for enrolment, group in rows:
        known.sections[enrolment].add(group)


def _read_past(session: Session, participants: Sequence[int], known: Known) -> None:
    """Who has completed a mentorship with whom in this course, in whatever cohort."""
    enrolments = list(known.people)
    rows = session.execute(
        select(Membership.mentorship_id, Membership.part, Participant.enrolment_id)
        .join(Membership.participant)
        .join(Membership.mentorship)
        .where(Mentorship.state == MentorshipState.COMPLETED, Participant.enrolment_id.in_(enrolments))
    )
    members: dict[int, list[tuple[Part, int]]] = defaultdict(list)
    for mentorship, part, enrolment in rows:
        members[mentorship].append((part, enrolment))
    for together in members.values():
        for part, enrolment in together:
            if part in (Part.MENTEE, Part.PEER):
                known.good_before[enrolment] |= {other for as_, other in together if as_ != Part.MENTEE} - {enrolment}


def _left_over_last_time(session: Session, cohort: Cohort) -> Collection[str]:
    """The people the last published run of this course's program left over, by public id of the enrolment."""
    outcome = session.scalar(
        select(MatchRun.outcome)
        .join(MatchRun.cohort)
        .where(Cohort.version.has(ProgramVersion.program_id == cohort.program.id))
        .where(MatchRun.state == RunState.PUBLISHED)
        .order_by(MatchRun.published.desc())
        .limit(1)
    )
    return {each["person"] for each in (outcome or {}).get("leftovers", ())}
