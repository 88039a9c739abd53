"""An instructor gives mentees their mentors by hand, several at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from mentoring.mentorships.barring import usual_bars
from mentoring.mentorships.ledger import Pair
from mentoring.mentorships.models import Origin
from mentoring.mentorships.proposing import Assigned, Refused, propose
from mentoring.programs.models import Cohort

__all__ = ["Assigned", "Pair", "Refused", "assign"]


def assign(session: Session, cohort: Cohort, pairs: Sequence[Pair], *, by: Enrolment, at: datetime) -> Assigned:
    """Make, or propose, every pair that no rule forbids, those of the program included; see `proposing.propose`."""
    return propose(session, cohort, pairs, by=by, at=at, origin=Origin.ASSIGNED, bars=usual_bars)
