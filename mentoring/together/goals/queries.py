"""Which goals somebody sees, what was last done for them, and which have rested."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.models import Enrolment
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.mentorships.sections import Look
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.models import Participant
from mentoring.together.goals.models import Goal, GoalState, GoalStep, StepKind
from mentoring.together.since import reads_from


@dataclass(frozen=True)
class Standing:
    """A goal, and the last that somebody said was done for it."""

    goal: Goal
    last: GoalStep | None


def may_set(look: Look) -> bool:
    """Whether this visitor sets goals here: the mentee of a pair, in a circle everybody for themselves."""
    return look.can_write and look.part in (Part.MENTEE, Part.PEER)


EARLIER = "goals"
"""What a new mentor reads of before they came only if their mentee lets them."""


def reader(look: Look) -> Callable[[GoalStep], bool]:
    """Whether the words of a step are for this visitor.

    A goal is read by everybody of its mentorship. What was written about it before somebody came into it, a substitute
    or one more of a circle, was not written to them.
    """
    me, since = look.mine, reads_from(look, EARLIER)
    if me is None or since is None or look.me.is_instructor:
        return lambda _step: True
    return lambda step: step.by_id == me.id or step.at >= since


def seen_in(look: Look) -> Select[Goal]:
    """The goals of this mentorship that this visitor knows of: of those who belong to it, and for an instructor also
    of those who did."""
    found = select(Goal).where(Goal.mentorship_id == look.mentorship.id)
    if look.me.is_instructor:
        return found
    return found.where(Goal.participant_id.in_([person.id for person in look.mentorship.people]))


def one(look: Look, public_id: str) -> Goal | None:
    return look.session.scalar(
        seen_in(look).where(Goal.public_id == public_id).execution_options(populate_existing=True)
    )


_LAST = (
    select(func.max(GoalStep.id))
    .where(GoalStep.goal_id == Goal.id, GoalStep.kind == StepKind.PROGRESS)
    .correlate(Goal)
    .scalar_subquery()
)


def standing(look: Look) -> list[Standing]:
    """The open goals with what was last done for them, the one that is due first on top; in one statement."""
    rows = look.session.execute(
        seen_in(look)
        .where(Goal.state == GoalState.OPEN)
        .add_columns(GoalStep)
        .outerjoin(GoalStep, GoalStep.id == _LAST)
        .order_by(Goal.due, Goal.id)
    )
    return [Standing(goal, last) for goal, last in rows]


def closed(look: Look, most: int, first: int = 0) -> Sequence[Goal]:
    """Those that were reached or given up, the newest first."""
    return look.session.scalars(
        _closed(look).order_by(Goal.closed.desc(), Goal.id.desc()).limit(most).offset(first)
    ).all()


def count_of_closed(look: Look) -> int:
    return look.session.scalar(select(func.count()).select_from(_closed(look).subquery())) or 0


def closed_states(look: Look) -> set[tuple[int, GoalState]]:
    """Whose goals were closed, and as what."""
    rows = look.session.execute(_closed(look).with_only_columns(Goal.participant_id, Goal.state).distinct())
    return {(row.participant_id, row.state) for row in rows}


def _closed(look: Look) -> Select[Goal]:
    return seen_in(look).where(Goal.state != GoalState.OPEN)


def count_of_open(session: Session, mentorship: Mentorship, whose: Participant) -> int:
    counted = select(func.count()).where(
        Goal.mentorship_id == mentorship.id, Goal.participant_id == whose.id, Goal.state == GoalState.OPEN
    )
    return session.scalar(counted) or 0


def same_open(session: Session, mentorship: Mentorship, whose: Participant, statement: str) -> Goal | None:
    """An open goal of theirs in these words."""
    return session.scalar(
        select(Goal)
        .where(Goal.mentorship_id == mentorship.id, Goal.participant_id == whose.id)
        .where(Goal.state == GoalState.OPEN, Goal.statement == statement)
        .limit(1)
    )


def last_progress(session: Session, goal: Goal) -> GoalStep | None:
    return session.scalar(
        select(GoalStep)
        .where(GoalStep.goal_id == goal.id, GoalStep.kind == StepKind.PROGRESS)
        .order_by(GoalStep.id.desc())
        .limit(1)
    )


def steps(look: Look, goal: Goal, most: int, first: int = 0) -> Sequence[GoalStep]:
    """What happened to it, the newest first."""
    return look.session.scalars(
        select(GoalStep)
        .where(GoalStep.goal_id == goal.id)
        .order_by(GoalStep.id.desc())
        .limit(most)
        .offset(first)
        .options(
            joinedload(GoalStep.by, innerjoin=True)
            .joinedload(Participant.enrolment, innerjoin=True)
            .joinedload(Enrolment.person, innerjoin=True)
        )
    ).all()


def count_of_steps(look: Look, goal: Goal) -> int:
    return look.session.scalar(select(func.count()).where(GoalStep.goal_id == goal.id)) or 0


def last_moved(session: Session, mentorship_ids: Collection[int]) -> dict[int, datetime]:
    """Of the mentorships with open goals of people who belong to them, when the goal that has rested longest was set,
    opened again or last told of; in one statement, so not for more than ten thousand at once."""
    rows = session.execute(
        select(Goal.mentorship_id, func.min(Goal.moved, type_=Goal.__table__.c.moved.type).label("moved"))
        .join(
            Membership,
            (Membership.mentorship_id == Goal.mentorship_id) & (Membership.participant_id == Goal.participant_id),
        )
        .where(Goal.mentorship_id.in_(mentorship_ids), Goal.state == GoalState.OPEN, Membership.until.is_(None))
        .group_by(Goal.mentorship_id)
    )
    return {row.mentorship_id: row.moved for row in rows}


# Put together once: home pages ask.
_HAS_ANY = (
    select(Goal.id)
    .where(Goal.mentorship_id == Mentorship.id, Goal.participant_id == Membership.participant_id)
    .where(Goal.state != GoalState.DROPPED)
    .correlate(Mentorship, Membership)
    .exists()
)
_OF_MINE = (
    select(Mentorship, Goal, _HAS_ANY)
    .join(Membership, Membership.mentorship_id == Mentorship.id)
    .join(Membership.participant)
    .outerjoin(
        Goal,
        (Goal.mentorship_id == Mentorship.id)
        & (Goal.participant_id == Membership.participant_id)
        & (Goal.state == GoalState.OPEN),
    )
    .where(
        Participant.enrolment_id == bindparam("me"),
        Membership.until.is_(None),
        Membership.part.in_((Part.MENTEE, Part.PEER)),
        Mentorship.state.in_((MentorshipState.ACCEPTED, MentorshipState.ACTIVE)),
    )
    .order_by(Mentorship.id, Goal.due, Goal.id)
)


@dataclass(frozen=True)
class Mine:
    """A mentorship in which I set goals, on my home page."""

    mentorship: Mentorship
    goals: Sequence[Goal]
    """Those that are open, the one that is due first on top."""
    has_any: bool
    """Whether there is one, open or reached."""


def of_mine(session: Session, me: Enrolment) -> list[Mine]:
    """My goals in the mentorships that go on now, not in those that rest; in one statement."""
    found: dict[int, tuple[Mentorship, list[Goal], bool]] = {}
    for mentorship, goal, has_any in session.execute(_OF_MINE, {"me": me.id}):
        found.setdefault(mentorship.id, (mentorship, [], has_any))[1].extend([goal] if goal else [])
    return [Mine(*each) for each in found.values()]
