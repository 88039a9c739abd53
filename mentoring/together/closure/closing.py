"""Somebody says what comes next for them; and how far they have come with ending it well."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import outbox
from mentoring.events import ClosureAnswered
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.postcards import within
from mentoring.mentorships.sections import Look
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.timeline.models import Step
from mentoring.mentorships.timeline.reaching import entries_of
from mentoring.participants.models import Participant
from mentoring.together.closure.models import ClosureAnswer, Next
from mentoring.together.meetings.models import Meeting, MeetingState
from mentoring.together.thanks.queries import has_written

NEAR = timedelta(days=14)
"""So long before its planned end a mentorship's page begins to speak of it; a meeting since then may be the last."""
S = MentorshipState
BEGUN = frozenset({S.ACTIVE, S.PAUSED, S.COMPLETED, S.ENDED_EARLY})
"""There is something to look back on."""


def is_near(mentorship: Mentorship, at: datetime) -> bool:
    ends = mentorship.planned_end
    return mentorship.state in (S.ACTIVE, S.PAUSED) and ends is not None and at >= ends - NEAR


def answer(
    session: Session, mentorship: Mentorship, wishes: Collection[Next], *, by: Participant, at: datetime
) -> ClosureAnswer:
    """Said, or said anew; the caller holds the mentorship, and commits."""
    said = answer_of(session, mentorship, by)
    if said is None:
        said = ClosureAnswer(mentorship=mentorship, participant=by)
        session.add(said)
    said.wishes, said.changed = [each.value for each in Next if each in wishes], at
    session.flush()
    outbox.announce(session, ClosureAnswered(**within(mentorship, by, at)))
    return said


def answer_of(session: Session, mentorship: Mentorship, person: Participant) -> ClosureAnswer | None:
    return next((each for each in answers(session, mentorship) if each.participant_id == person.id), None)


def answers(session: Session, mentorship: Mentorship) -> Sequence[ClosureAnswer]:
    return session.scalars(
        select(ClosureAnswer).where(ClosureAnswer.mentorship_id == mentorship.id).order_by(ClosureAnswer.id)
    ).all()


def all_carry_on(said: Sequence[ClosureAnswer], mentorship: Mentorship) -> bool:
    """Whether every one of them would stay in touch: only then is it told to any."""
    willing = {each.participant_id for each in said if each.wants(Next.CARRY_ON)}
    return {person.id for person in mentorship.people} <= willing


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one of its people has come with ending it well."""

    has_met: bool
    will_meet: bool
    is_evaluated: bool
    has_thanked: bool
    has_answered: bool


def progress(look: Look, me: Participant, *, has_answered: bool) -> Progress:
    mentorship = look.mentorship
    end = mentorship.ended or min(mentorship.planned_end or look.at, look.at)
    found = set(
        look.session.scalars(
            select(Meeting.state).where(
                Meeting.mentorship_id == mentorship.id,
                Meeting.starts >= end - NEAR,
                Meeting.state.in_((MeetingState.HELD, MeetingState.PLANNED)),
            )
        )
    )
    entries = entries_of(look.session, mentorship)
    return Progress(
        has_met=MeetingState.HELD in found,
        will_meet=MeetingState.PLANNED in found,
        is_evaluated=any(each.step is Step.END_EVALUATION and each.done is not None for each in entries),
        has_thanked=has_written(look.session, mentorship, me),
        has_answered=has_answered,
    )
