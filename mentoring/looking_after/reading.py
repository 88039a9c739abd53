"""How it goes for mentors: read for all of them by as many statements as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.models import Enrolment
from mentoring.looking_after.load import Spell, by_month
from mentoring.looking_after.warning import Signs, Warning, middle, warnings
from mentoring.mentorships.agreement.models import Agreement
from mentoring.mentorships.models import Membership, Mentorship, Part, Place, Transition
from mentoring.mentorships.states import OPEN, STANDING, MentorshipState
from mentoring.names import alphabetically
from mentoring.participants.models import Participant
from mentoring.participants.queries import loads, of_one_course
from mentoring.programs.models import Cohort
from mentoring.together.meetings.models import Meeting, MeetingState
from mentoring.training import gate
from mentoring.training.gate import Step

GUIDES = (Part.MENTOR, Part.CO_MENTOR, Part.SUBSTITUTE)
MONTHS = 12
"""That are looked back on."""
SOON = timedelta(days=30)
"""So long before a training has to be done anew it is said."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One mentorship in which they mentor now."""

    mentorship: int
    since: datetime
    is_paused: bool


@dataclass(frozen=True, kw_only=True)
class HowItGoes:
    """What a mentor carries."""

    mentor: Participant
    load: int
    """Places taken now."""
    months: Sequence[tuple[date, int]]
    replies: Sequence[timedelta]
    held: int
    due: int
    """Mentorships in which a meeting is overdue by their rhythm, and none is planned."""
    to_learn: Sequence[Step]
    """Training to be done, or to be done anew."""
    expiring: Sequence[Step]
    """Training that has to be done anew soon."""
    warnings: Sequence[Warning]

    @property
    def places(self) -> int:
        return self.mentor.capacity

    @property
    def reply(self) -> timedelta | None:
        """The median."""
        return middle(self.replies) if self.replies else None

    @property
    def most(self) -> int:
        """Of all months."""
        return max((number for _month, number in self.months), default=0)


def everybody(session: Session, cohort: Cohort, *, at: datetime) -> list[HowItGoes]:
    """Everybody who mentors in this run: those with a warning first, then by name."""
    found = _of(session, cohort, _mentors(session, cohort), at)
    return sorted(found, key=lambda each: (not each.warnings, alphabetically(each.mentor.enrolment)))


def one(session: Session, cohort: Cohort, mentor: Enrolment, *, at: datetime) -> HowItGoes | None:
    """The same of one of them; None of somebody who does not mentor."""
    found = _of(session, cohort, _mentors(session, cohort, mentor), at)
    return found[0] if found else None


def _mentors(session: Session, cohort: Cohort, mentor: Enrolment | None = None) -> Sequence[Participant]:
    mentors = (
        select(Participant)
        .join(Participant.enrolment)
        .where(
            Participant.cohort_id == cohort.id,
            Enrolment.is_active,
            or_(Participant.as_mentor, Participant.id.in_(select(Place.mentor_id).where(Place.mentor_id.is_not(None)))),
        )
        .options(joinedload(Participant.offer), *of_one_course(), *gate.WITH_TRAINING)
    )
    if mentor is not None:
        mentors = mentors.where(Participant.enrolment_id == mentor.id)
    return session.scalars(mentors).all()


def _of(session: Session, cohort: Cohort, mentors: Sequence[Participant], at: datetime) -> list[HowItGoes]:
    ids = [mentor.enrolment_id for mentor in mentors]
    taken, spells = loads(session, mentors), _spells(session, ids)
    standing, replies = _standing(session, ids), _replies(session, ids)
    held, last, planned = _meetings(session, ids, at)
    rhythms = _rhythms(session, [each.mentorship for theirs in standing.values() for each in theirs])
    usual = timedelta(days=cohort.version.meeting_days)
    found = []
    for mentor in mentors:
        id = mentor.enrolment_id
        steps = gate.steps(cohort.version, mentor, Part.MENTOR, at)
        signs = Signs(spells=spells[id], places=mentor.capacity, length=cohort.version.length, replies=replies[id])
        found.append(
            HowItGoes(
                mentor=mentor,
                load=taken[mentor.id],
                months=_since_they_began(by_month(spells[id], at, MONTHS)),
                replies=replies[id],
                held=held[id],
                due=sum(
                    _is_due(each, last.get((id, each.mentorship)), rhythms.get(each.mentorship, usual), at)
                    for each in standing[id]
                    if (id, each.mentorship) not in planned
                ),
                to_learn=[step for step in steps if not step.is_done],
                expiring=[step for step in steps if step.is_done and step.expires and step.expires <= at + SOON],
                warnings=warnings(signs, at),
            )
        )
    return found


def _since_they_began(months: list[tuple[date, int]]) -> list[tuple[date, int]]:
    """Without the months before their first mentee; this one in any case."""
    first = next((place for place, (_month, number) in enumerate(months) if number), len(months) - 1)
    return months[first:]


def _is_due(standing: Standing, last: datetime | None, rhythm: timedelta, at: datetime) -> bool:
    return not standing.is_paused and (last or standing.since) + rhythm < at


Spells = defaultdict[int, list[Spell]]


def _spells(session: Session, ids: Collection[int]) -> Spells:
    """When each had whom, by enrolment: in earlier runs of the course, too."""
    rows = session.execute(
        select(Participant.enrolment_id, Membership.since, Membership.until, Mentorship.started)
        .join(Membership.participant)
        .join(Membership.mentorship)
        .where(Participant.enrolment_id.in_(ids), Membership.part.in_(GUIDES), Mentorship.started.is_not(None))
        .order_by(Membership.since, Membership.id)
    )
    found: Spells = defaultdict(list)
    for enrolment, since, until, started in rows:
        found[enrolment].append(Spell(max(since, started or since), until))
    return found


def _standing(session: Session, ids: Collection[int]) -> defaultdict[int, list[Standing]]:
    rows = session.execute(
        select(Participant.enrolment_id, Mentorship.id, Mentorship.state, Membership.since, Mentorship.started)
        .join(Membership.participant)
        .join(Membership.mentorship)
        .where(
            Participant.enrolment_id.in_(ids),
            Membership.part.in_(GUIDES),
            Membership.until.is_(None),
            Mentorship.state.in_(STANDING),
        )
    )
    found: defaultdict[int, list[Standing]] = defaultdict(list)
    for enrolment, mentorship, state, since, started in rows:
        is_paused = state is MentorshipState.PAUSED
        begun = max(since, started or since)
        found[enrolment].append(Standing(mentorship=mentorship, since=begun, is_paused=is_paused))
    return found


def _replies(session: Session, ids: Collection[int]) -> defaultdict[int, list[timedelta]]:
    """How long each took to say anything to an ask: yes, no, or a question; asks they let go by are not among them."""
    rows = session.execute(
        select(Participant.enrolment_id, Mentorship.created, func.min(Transition.at))
        .join(Membership, Membership.participant_id == Participant.id)
        .join(Membership.mentorship)
        .join(Transition, Transition.mentorship_id == Mentorship.id)
        .where(
            Participant.enrolment_id.in_(ids),
            Membership.part == Part.MENTOR,
            Transition.actor_id == Participant.enrolment_id,
            Transition.from_state.in_(OPEN),
        )
        .group_by(Participant.enrolment_id, Mentorship.id, Mentorship.created)
        .order_by(Mentorship.created, Mentorship.id)
    )
    found: defaultdict[int, list[timedelta]] = defaultdict(list)
    for enrolment, asked, replied in rows:
        found[enrolment].append(replied - asked)
    return found


def _meetings(
    session: Session, ids: Collection[int], at: datetime
) -> tuple[defaultdict[int, int], dict[tuple[int, int], datetime], set[tuple[int, int]]]:
    """How many each has held; by mentor and mentorship when the last one was, and where one is planned."""
    rows = session.execute(
        select(Participant.enrolment_id, Meeting.mentorship_id, Meeting.state, func.count(), func.max(Meeting.starts))
        .join(Membership, Membership.mentorship_id == Meeting.mentorship_id)
        .join(Membership.participant)
        .where(
            Participant.enrolment_id.in_(ids),
            Membership.part.in_(GUIDES),
            Meeting.starts >= Membership.since,
            or_(Membership.until.is_(None), Meeting.starts < Membership.until),
            Meeting.state.in_((MeetingState.HELD, MeetingState.PLANNED)),
        )
        .group_by(Participant.enrolment_id, Meeting.mentorship_id, Meeting.state)
    )
    held: defaultdict[int, int] = defaultdict(int)
    last: dict[tuple[int, int], datetime] = {}
    planned: set[tuple[int, int]] = set()
    for enrolment, mentorship, state, number, newest in rows:
        if state is MeetingState.HELD:
            held[enrolment] += number
            last[enrolment, mentorship] = newest
        elif newest > at:
            planned.add((enrolment, mentorship))
    return held, last, planned


def _rhythms(session: Session, mentorships: Collection[int]) -> dict[int, timedelta]:
    """As agreed, where an agreement holds."""
    rows = session.execute(
        select(Agreement.mentorship_id, Agreement.rhythm_days)
        .where(Agreement.mentorship_id.in_(mentorships), Agreement.signed.is_not(None))
        .order_by(Agreement.number)
    )
    return {mentorship: timedelta(days=days) for mentorship, days in rows}
