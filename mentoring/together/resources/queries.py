"""Which resources somebody sees."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, selectinload

from lti_tool.models import Enrolment
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.mentorships.queries import once_seen_by
from mentoring.mentorships.sections import Look
from mentoring.mentorships.states import STANDING
from mentoring.participants.models import Participant, ParticipantState
from mentoring.programs.choices import CURRENT
from mentoring.programs.models import Cohort, Program, ProgramVersion
from mentoring.together.resources.models import Resource

_NEWEST_FIRST = (Resource.created.desc(), Resource.id.desc())
TAKING_PART = (ParticipantState.TAKING_PART, ParticipantState.PAUSED)
MOST_MENTORSHIPS = 50


def of_mentorship(mentorship: Mentorship) -> Select[Resource]:
    return select(Resource).where(Resource.mentorship_id == mentorship.id)


def of_program(program: Program) -> Select[Resource]:
    return select(Resource).where(Resource.program_id == program.id)


def all_of(session: Session, wanted: Select[Resource]) -> Sequence[Resource]:
    """The newest first."""
    return session.scalars(wanted.order_by(*_NEWEST_FIRST)).all()


def few_for(look: Look, most: int) -> Sequence[Resource]:
    """The newest of the mentorship, and behind them those of its program, in one question."""
    program = look.mentorship.cohort.version.program_id
    return look.session.scalars(
        select(Resource)
        .where(or_(Resource.mentorship_id == look.mentorship.id, Resource.program_id == program))
        .order_by(Resource.mentorship_id.is_(None), *_NEWEST_FIRST)
        .limit(most)
    ).all()


def program_for(session: Session, me: Enrolment) -> Program | None:
    """The program whose resources I see: I teach the course, take part in a run that goes on, or am in a mentorship."""
    wanted = select(Program).where(Program.course_id == me.course_id).order_by(Program.id.desc()).limit(1)
    return session.scalar(wanted if me.is_instructor else wanted.where(_has_me(me)))


def _has_me(me: Enrolment) -> ColumnElement[bool]:
    stands = (
        select(Membership.id)
        .join(Membership.mentorship)
        .where(
            Membership.participant_id == Participant.id,
            Membership.until.is_(None),
            Mentorship.state.in_(STANDING),
        )
        .exists()
    )
    takes_part = Cohort.state.in_(CURRENT) & Participant.state.in_(TAKING_PART)
    return (
        select(Participant.id)
        .join(Participant.cohort)
        .join(Cohort.version)
        .where(Participant.enrolment_id == me.id, ProgramVersion.program_id == Program.id, takes_part | stands)
        .exists()
    )


def held_program(session: Session, program: Program) -> None:
    """Nobody else shares in it until the caller commits, so that what fits is counted once."""
    session.scalars(select(Program.id).where(Program.id == program.id).with_for_update()).all()


def mentorships_of(session: Session, me: Enrolment) -> Sequence[Mentorship]:
    """Those I am in, and those I was in when they came to their end; the newest first, with their people."""
    return session.scalars(
        once_seen_by(me)
        .where(Mentorship.started.is_not(None))
        .options(selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True))
        .order_by(Mentorship.id.desc())
        .limit(MOST_MENTORSHIPS)
    ).all()


def names_in_use(session: Session, names: Collection[str]) -> Collection[str]:
    """Which of these files a row names."""
    return session.scalars(select(Resource.file).where(Resource.file.in_(names))).all()  # type: ignore[return-value]
