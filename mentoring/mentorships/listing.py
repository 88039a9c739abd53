"""All mentorships of a cohort as a list that can be filtered, in the same few queries however many there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, selectinload

from lti_tool.models import Enrolment
from lti_tool.paging import searched
from mentoring.mentorships.models import Membership, Mentorship, Part, Transition
from mentoring.mentorships.states import OPEN, STANDING, MentorshipState
from mentoring.names import answers_to
from mentoring.participants.models import Participant
from mentoring.participants.queries import of_one_course
from mentoring.programs.models import Cohort, MentorKind

AT_ONCE = 100
"""How many the page lists before it asks to be filtered."""
S = MentorshipState


class Which(StrEnum):
    """Parts of the list."""

    CURRENT = "current"
    ASKED = "asked"
    NOT_MET = "not_met"
    UNDER_WAY = "under_way"
    PAUSED = "paused"
    OVER = "over"
    EVERYTHING = "everything"


WHICH: dict[Which, tuple[LazyString, Collection[MentorshipState]]] = {
    Which.CURRENT: (_l("Current"), OPEN | STANDING),
    Which.ASKED: (_l("Asked, waiting for an answer"), OPEN),
    Which.NOT_MET: (_l("Not met yet"), {S.ACCEPTED}),
    Which.UNDER_WAY: (_l("Under way"), {S.ACTIVE}),
    Which.PAUSED: (_l("Paused"), {S.PAUSED}),
    Which.OVER: (_l("Over"), set(S) - OPEN - STANDING),
    Which.EVERYTHING: (_l("All of them"), set(S)),
}


@dataclass(frozen=True)
class Filter:
    """What of the list is wanted."""

    which: Which
    search: str

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Filter:
        said = args.get("which", "")
        return cls(Which(said) if said in set(Which) else Which.CURRENT, searched(args))

    @property
    def choices(self) -> Sequence[tuple[str, LazyString]]:
        return [(which.value, label) for which, (label, _states) in WHICH.items()]


@dataclass(frozen=True)
class Row:
    """One mentorship and since when it has been in its state."""

    mentorship: Mentorship
    since: datetime


def _with_people(query: Select[Mentorship]) -> Select[Mentorship]:
    return query.options(
        *of_one_course(selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True))
    )


def listed(session: Session, cohort: Cohort, wanted: Filter) -> tuple[list[Row], int]:
    """The first of those that are wanted, whoever waits longest first, and how many there are."""
    found = session.scalars(
        _with_people(
            select(Mentorship)
            .where(Mentorship.cohort_id == cohort.id, Mentorship.state.in_(WHICH[wanted.which][1]))
            .order_by(case((Mentorship.state.in_(OPEN), 0), else_=1), Mentorship.asked, Mentorship.id)
        )
    ).all()
    answering = [each for each in found if _answers(each, wanted.search)]
    first = answering[:AT_ONCE]
    since = _since(session, [each.id for each in first])
    return [Row(each, since.get(each.id, each.created)) for each in first], len(answering)


def _answers(mentorship: Mentorship, search: str) -> bool:
    people = (member.participant.enrolment for member in mentorship.members)
    return not search or any(answers_to(person, search) for person in people)


def _since(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    """When each came into the state it is in."""
    rows = session.execute(
        select(Transition.mentorship_id, func.max(Transition.at))
        .where(
            Transition.mentorship_id.in_(ids),
            or_(Transition.from_state.is_(None), Transition.from_state != Transition.to_state),
        )
        .group_by(Transition.mentorship_id)
    )
    return dict(iter(rows))


STALLED_AT_ONCE = 10
"""How many of those who wait a home page names before it says how many more there are."""


def _first_and_all(session: Session, query: Select[Mentorship], **values: object) -> tuple[list[Mentorship], int]:
    """The first few of what is asked for, with the people in them, and how many there are of it altogether."""
    counted = _with_people(query).add_columns(func.count().over()).limit(STALLED_AT_ONCE)
    rows = session.execute(counted, values).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


_STALLED = (
    select(Mentorship)
    .where(
        Mentorship.cohort_id == bindparam("cohort"),
        Mentorship.state.in_(OPEN),
        or_(Mentorship.nudged.is_not(None), Mentorship.reply_by <= bindparam("at")),
    )
    .order_by(Mentorship.asked, Mentorship.id)
)


def stalled(session: Session, cohort: Cohort, *, at: datetime) -> tuple[list[Mentorship], int]:
    """Where somebody has waited for an answer so long that a reminder went out, and none came; the longest first.

    Only the first few are read, and how many there are.
    """
    return _first_and_all(session, _STALLED, cohort=cohort.id, at=at)


_IS_CURRENT = case((Mentorship.state.in_(OPEN | STANDING), 1), else_=0)
_NEWEST = (
    select(func.max(Mentorship.id))
    .join(Membership, (Membership.mentorship_id == Mentorship.id) & (Membership.part == Part.MENTEE))
    .join(Mentorship.kind)
    .where(Mentorship.cohort_id == bindparam("cohort"))
    .group_by(Membership.participant_id, MentorKind.key)
    .having(func.sum(_IS_CURRENT) == 0)
)
_IS_HERE = (
    select(Membership.id)
    .join(Membership.participant)
    .join(Participant.enrolment)
    .where(Membership.mentorship_id == Mentorship.id, Membership.part == Part.MENTEE, Enrolment.is_active)
    .exists()
)
_LEFT_OVER = (
    select(Mentorship)
    .where(Mentorship.id.in_(_NEWEST), Mentorship.state.in_((S.DECLINED, S.EXPIRED)), _IS_HERE)
    .order_by(Mentorship.ended, Mentorship.id)
)


def left_over(session: Session, cohort: Cohort) -> tuple[list[Mentorship], int]:
    """The newest asks, declined or not answered, of mentees who have nobody of that kind since; and how many.

    Only the first few are read. A mentee who has left the course is not among them.
    """
    return _first_and_all(session, _LEFT_OVER, cohort=cohort.id)
