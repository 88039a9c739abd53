"""Mentors who let asks go by: how often in a row, so that they are offered a break instead of being asked again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import takewhile

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.models import Participant

TOO_OFTEN = 3
"""As many in a row, and a break is offered."""
SILENT = "mentor_silent"
_SAYS_NOTHING = (MentorshipState.WITHDRAWN, MentorshipState.SUPERSEDED)
"""How asks end that the mentor had no say in."""


def silences_in_a_row(session: Session, mentor: Participant) -> int:
    return silences_of(session, [mentor.id]).get(mentor.id, 0)


def silences_of(session: Session, mentors: Collection[int]) -> dict[int, int]:
    """How many of the newest asks of each of these mentors they let go by without a word, by participant id."""
    told = func.coalesce(Mentorship.mentor_agreed, Mentorship.ended)
    rows = session.execute(
        select(Membership.participant_id, Mentorship.end_reason)
        .join(Membership.mentorship)
        .where(
            Membership.participant_id.in_(mentors),
            Membership.part == Part.MENTOR,
            told.is_not(None),
            Mentorship.asked.is_not(None) | Mentorship.mentor_agreed.is_not(None),
            Mentorship.state.not_in(_SAYS_NOTHING),
        )
        .order_by(told.desc(), Mentorship.id.desc())
    )
    ends = defaultdict(list)
    for mentor, reason in rows:
        ends[mentor].append(reason)
    return {mentor: sum(1 for _ in takewhile(lambda end: end == SILENT, found)) for mentor, found in ends.items()}


def silent_mentors(session: Session, cohort_id: int) -> list[tuple[Participant, int]]:
    """Who has let so many asks go by that a break was offered, with how many."""
    suspects = (
        select(Membership.participant_id)
        .join(Membership.mentorship)
        .where(
            Mentorship.cohort_id == cohort_id,
            Mentorship.end_reason == SILENT,
            Membership.part == Part.MENTOR,
        )
        .group_by(Membership.participant_id)
        .having(func.count() >= TOO_OFTEN)
    )
    if not (found := session.scalars(suspects).all()):
        return []
    counted = silences_of(session, found)
    silent = {mentor: number for mentor, number in counted.items() if number >= TOO_OFTEN}
    mentors = session.scalars(select(Participant).where(Participant.id.in_(list(silent))).order_by(Participant.id))
    return [(mentor, silent[mentor.id]) for mentor in mentors]
