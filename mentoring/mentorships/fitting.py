"""Why two people fit, told to one of them: what they share, and nothing that is the other's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from mentoring.mentorships.models import Mentorship, Part
from mentoring.pairing.pooling import pool_of
from mentoring.pairing.reasons import Two, reasons


def why_they_fit(session: Session, mentorship: Mentorship, to: Part | None, *, at: datetime) -> Sequence[str]:
    """What speaks for the two as things stand, to one of them, or to an instructor; nothing once it has ended."""
    mentee, mentor = mentorship.mentee, mentorship.mentor
    if mentorship.has_ended or mentor.offer is None:
        return ()
    pool = pool_of(session, mentee, [mentor], at=at)
    two = Two.of(pool.mentees[0], pool.mentors[0], mentee_name=mentee.name, mentor_name=mentor.name)
    return reasons(two, weights=pool.design.weights, to=to)
