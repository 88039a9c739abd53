"""Which mentors a rule keeps from a mentee: what is asked before anybody is asked.

Places and people who left are counted in the ledger; this is about the rest, and it is handed in as a callable, so
that whoever knows more rules can hand in more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from mentoring.mentorships.models import Mentorship
from mentoring.pairing.judging import rules_against_each
from mentoring.pairing.pooling import pool_of
from mentoring.pairing.rules import Rule
from mentoring.participants.excluding import are_kept_apart
from mentoring.participants.models import Participant, ParticipantState

Bars = Callable[[Session, Participant, Sequence[Participant], str, datetime], Mapping[int, Rule]]
"""Session, mentee, mentors, the kind's key, the moment; the mentors who are barred, by participant id, and why."""


def usual_bars(
    session: Session, mentee: Participant, mentors: Sequence[Participant], kind: str, at: datetime
) -> Mapping[int, Rule]:
    """Every hard rule of the program, as a run of the engine judges it; the first that is broken.

    Of a mentor who takes a break it is said that they do not mentor at present, which is more than that they cannot be
    matched.
    """
    found = {mentor.id: Rule.NO_OFFER for mentor in mentors if mentor.offer is None or not _takes_part(mentor)}
    offering = [mentor for mentor in mentors if mentor.id not in found]
    if not offering:
        return found
    pool = pool_of(session, mentee, offering, at=at)
    rules = rules_against_each(pool, [(pool.mentees[0], mentor, kind) for mentor in pool.mentors])
    return found | {mentor.id: broken[0] for mentor, broken in zip(offering, rules, strict=True) if broken}


def is_of_kept_apart(session: Session, mentorship: Mentorship, at: datetime) -> bool:
    """Whether the two of a pair that stands are kept apart meanwhile: nobody asks them to meet."""
    if mentorship.is_circle:
        return False
    mentee, mentor = mentorship.mentee.enrolment, mentorship.mentor.enrolment
    return are_kept_apart(session, mentee, mentor, at=at)


def _takes_part(mentor: Participant) -> bool:
    return mentor.state is ParticipantState.TAKING_PART
