"""The facts of many mentorships at once, in the same few statements however many they are: columns, no objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.models import Enrolment, Person
from lti_tool.pages import zone_of
from mentoring.mentorships.agreement.models import Agreement, Signature
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.timeline.models import Step, TimelineEntry
from mentoring.participants.models import Exclusion, Participant, ParticipantState
from mentoring.programs.choices import CURRENT, MentoringType
from mentoring.programs.models import Cohort, ProgramVersion
from mentoring.together.meetings.models import LONGEST, Meeting, MeetingEntry, MeetingState
from mentoring.together.nudges import signs_of_life
from mentoring.together.nudges.facts import Facts, Open, Someone, Unlogged, Unsigned
from mentoring.together.nudges.models import NudgeRest, NudgeSwitch
from mentoring.together.nudges.rules import Rule

AHEAD = timedelta(hours=26)
"""How far ahead is looked: until the next night's sweep has surely come."""
TO_LOOK_BACK = timedelta(days=14)
"""For how long it is asked how a meeting was."""
UNREACHABLE = (ParticipantState.PAUSED, ParticipantState.LEFT)
LASTS = timedelta(minutes=LONGEST)
UNDER_WAY = (MentorshipState.ACCEPTED, MentorshipState.ACTIVE)

Value = TypeVar("Value")


def nudged_at_all(at: datetime) -> Select[int]:
    """The mentorships whose people are reminded of anything: under way, in a run that goes on, not at rest, and not of
    two who are to be kept apart: nobody is asked to meet whom they have blocked."""
    return (
        select(Mentorship.id)
        .join(Cohort, Cohort.id == Mentorship.cohort_id)
        .join(ProgramVersion, ProgramVersion.id == Cohort.version_id)
        .outerjoin(NudgeRest, and_(NudgeRest.mentorship_id == Mentorship.id, NudgeRest.until > at))
        .outerjoin(NudgeSwitch, NudgeSwitch.program_id == ProgramVersion.program_id)
        .where(
            Mentorship.state.in_(UNDER_WAY),
            Mentorship.grace_ends.is_(None),
            Cohort.state.in_(CURRENT),
            NudgeRest.id.is_(None),
            func.coalesce(NudgeSwitch.is_on, True),
            Mentorship.id.not_in(_kept_apart(at)),
        )
    )


def _kept_apart(at: datetime) -> Select[int]:
    """The pairs whose two are excluded from one another now."""
    one, other, i, they = aliased(Membership), aliased(Membership), aliased(Participant), aliased(Participant)
    return (
        select(one.mentorship_id)
        .select_from(Exclusion)
        .join(i, i.enrolment_id == Exclusion.one_id)
        .join(one, one.participant_id == i.id)
        .join(they, they.enrolment_id == Exclusion.other_id)
        .join(other, and_(other.participant_id == they.id, other.mentorship_id == one.mentorship_id))
        .where(
            one.until.is_(None),
            other.until.is_(None),
            one.part != Part.PEER,
            or_(Exclusion.until.is_(None), Exclusion.until > at),
        )
    )


def facts_of(session: Session, ids: Collection[int], rules: Iterable[Rule], at: datetime) -> list[Facts]:
    """Of those of these mentorships that are reminded of anything, in the order of their rows."""
    rows = session.execute(
        nudged_at_all(at)
        .with_only_columns(
            Mentorship.id,
            Mentorship.state,
            Mentorship.started,
            Mentorship.created,
            Mentorship.nudged,
            ProgramVersion.meeting_days,
            ProgramVersion.reply_days,
            ProgramVersion.mentoring_type,
        )
        .where(Mentorship.id.in_(ids))
        .order_by(Mentorship.id)
    ).all()
    found = [row.id for row in rows]
    people, meetings, unlogged = _people(session, found), _meetings(session, found, at), _unlogged(session, found, at)
    opened, (rhythms, unsigned) = _open(session, found, at), _agreements(session, found, people)
    signs = signs_of_life.newest(session, found)
    known = {rule.key: rule.reads(session, found) for rule in rules if rule.reads is not None}
    return [
        _facts(
            row,
            at,
            people=people[row.id],
            met=meetings.get(row.id, (None, False)),
            unlogged=unlogged[row.id],
            opened=opened[row.id],
            rhythm=rhythms.get(row.id, row.meeting_days),
            unsigned=unsigned.get(row.id),
            signs=signs.get(row.id),
            known={key: moments[row.id] for key, moments in known.items() if row.id in moments},
        )
        for row in rows
    ]


def _facts(
    row: Any,
    at: datetime,
    *,
    people: Sequence[Someone],
    met: tuple[datetime | None, bool],
    unlogged: Sequence[Unlogged],
    opened: Sequence[Open],
    rhythm: int,
    unsigned: Unsigned | None,
    signs: datetime | None,
    known: Mapping[str, datetime],
) -> Facts:
    started = row.started or row.created
    last_met, is_booked = met
    moments = [started, *(each for each in (last_met, signs) if each is not None), *known.values()]
    return Facts(
        at=at,
        mentorship=row.id,
        has_begun=row.state == MentorshipState.ACTIVE,
        is_once=row.mentoring_type == MentoringType.FLASH,
        started=started,
        reminded_to_begin=row.nudged if row.state == MentorshipState.ACCEPTED else None,
        rhythm=timedelta(days=rhythm),
        reply_time=timedelta(days=row.reply_days),
        people=people,
        last_met=last_met,
        is_booked=is_booked,
        unlogged=unlogged,
        open=opened,
        unsigned=unsigned,
        last_sign=max(moments),
        known=known,
    )


def _grouped(pairs: Iterable[tuple[int, Value]]) -> dict[int, list[Value]]:
    found: dict[int, list[Value]] = defaultdict(list)
    for mentorship, value in pairs:
        found[mentorship].append(value)
    return found


def _people(session: Session, ids: Collection[int]) -> dict[int, list[Someone]]:
    rows = session.execute(
        select(
            Membership.mentorship_id,
            Membership.since,
            Participant.id,
            Participant.state,
            Enrolment.person_id,
            Enrolment.is_active,
            Enrolment.is_test,
            Person.own_time_zone,
            Person.time_zone,
        )
        .join(Participant, Participant.id == Membership.participant_id)
        .join(Enrolment, Enrolment.id == Participant.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Membership.mentorship_id.in_(ids), Membership.until.is_(None))
        .order_by(Membership.id)
    )
    return _grouped(
        (
            row.mentorship_id,
            Someone(
                participant=row.id,
                person=row.person_id,
                since=row.since,
                zone=_zone(row.own_time_zone, row.time_zone),
                is_reachable=row.is_active and not row.is_test and row.state not in UNREACHABLE,
            ),
        )
        for row in rows
    )


@lru_cache(maxsize=1000)
def _zone(own: str | None, said: str) -> ZoneInfo:
    return zone_of(Person(own_time_zone=own, time_zone=said))


def _meetings(session: Session, ids: Collection[int], at: datetime) -> dict[int, tuple[datetime | None, bool]]:
    """When each last met, as far as anybody knows, and whether something is planned or going on."""
    is_over = Meeting.starts <= at - LASTS
    has_met = (Meeting.state == MeetingState.HELD) | ((Meeting.state == MeetingState.PLANNED) & is_over)
    is_ahead = (Meeting.state == MeetingState.PLANNED) & (Meeting.starts > at - LASTS)
    rows = session.execute(
        select(
            Meeting.mentorship_id,
            func.max(case((has_met, Meeting.starts))),
            func.max(case((is_ahead, 1), else_=0)),
        )
        .where(Meeting.mentorship_id.in_(ids), Meeting.state.in_((MeetingState.HELD, MeetingState.PLANNED)))
        .group_by(Meeting.mentorship_id)
    )
    return {mentorship: (last, bool(ahead)) for mentorship, last, ahead in rows}


def _unlogged(session: Session, ids: Collection[int], at: datetime) -> dict[int, list[Unlogged]]:
    said = select(MeetingEntry.id).where(MeetingEntry.meeting_id == Meeting.id)
    rows = session.execute(
        select(Meeting.mentorship_id, Meeting.public_id, Meeting.starts, Meeting.minutes)
        .where(
            Meeting.mentorship_id.in_(ids),
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts > at - TO_LOOK_BACK,
            Meeting.starts <= at,
            ~said.exists(),
        )
        .order_by(Meeting.starts.desc(), Meeting.id)
    )
    over = ((each, each.starts + timedelta(minutes=each.minutes)) for each in rows)
    return _grouped(
        (each.mentorship_id, Unlogged(each.public_id, each.starts, ends)) for each, ends in over if ends <= at
    )


def _open(session: Session, ids: Collection[int], at: datetime) -> dict[int, list[Open]]:
    """What is due until the next sweep has come, or was; and the kick-off, whenever it is."""
    entry = TimelineEntry
    rows = session.execute(
        select(entry.mentorship_id, entry.public_id, entry.step, entry.due, entry.manner, entry.title)
        .where(
            entry.mentorship_id.in_(ids),
            entry.done.is_(None),
            or_(entry.due < at + AHEAD, entry.step == Step.KICK_OFF),
        )
        .order_by(entry.due, entry.id)
    )
    return _grouped(
        (row.mentorship_id, Open(row.public_id, row.step or "", row.due, row.title if row.manner else ""))
        for row in rows
    )


def _agreements(
    session: Session, ids: Collection[int], people: Mapping[int, Sequence[Someone]]
) -> tuple[dict[int, int], dict[int, Unsigned]]:
    """The rhythms that were agreed on, and the newest versions that wait for signatures."""
    rows = session.execute(
        select(
            Agreement.mentorship_id,
            Agreement.id,
            Agreement.public_id,
            Agreement.rhythm_days,
            Agreement.created,
            Agreement.signed,
        )
        .where(Agreement.mentorship_id.in_(ids))
        .order_by(Agreement.mentorship_id, Agreement.number)
    ).all()
    rhythms = {row.mentorship_id: row.rhythm_days for row in rows if row.signed is not None}
    newest = {row.mentorship_id: row for row in rows}
    waiting = {row.id: row for row in newest.values() if row.signed is None}
    signatures = select(Signature.agreement_id, Signature.participant_id).where(Signature.agreement_id.in_(waiting))
    signed = _grouped((agreement, who) for agreement, who in (session.execute(signatures) if waiting else ()))
    return rhythms, {
        row.mentorship_id: Unsigned(
            row.public_id,
            row.created,
            frozenset(each.participant for each in people[row.mentorship_id]) - set(signed[row.id]),
        )
        for row in waiting.values()
    }
