"""Announces which mentorships fade, and which do so no longer: every night, each change once.

What the list of `fading` shows an instructor is told to whoever follows mentoring from outside, so that both speak of
the same mentorships.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lti_tool import outbox
from lti_tool.db import db, transaction
from lti_tool.events import Event
from mentoring.events import MentorshipRecovered, MentorshipStalled
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.mentorships.postcards import among
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.queries import of_one_course
from mentoring.programs.models import Cohort
from mentoring.together.nudges import fading

AT_ONCE = 200
_UNDER_WAY = (MentorshipState.ACCEPTED, MentorshipState.ACTIVE)


def sweep(*, at: datetime) -> int:
    """Announce what has changed since the last night; how many mentorships that concerns. Commits bit by bit."""
    under_way = select(Mentorship.id).where(Mentorship.cohort_id == Cohort.id, Mentorship.state.in_(_UNDER_WAY))
    cohorts = db.session.scalars(select(Cohort.id).where(under_way.exists()).order_by(Cohort.id)).all()
    db.session.commit()
    return sum(_of_cohort(each, at) for each in cohorts)


def _of_cohort(cohort_id: int, at: datetime) -> int:
    cohort = db.session.get(Cohort, cohort_id)
    if cohort is None:
        return 0
    now = {each.id for each in fading.every(db.session, cohort, at=at)}
    before = set(
        db.session.scalars(
            select(Mentorship.id).where(Mentorship.cohort_id == cohort_id, Mentorship.stalled.is_not(None))
        )
    )
    db.session.commit()
    changed = sorted(now ^ before)
    for first in range(0, len(changed), AT_ONCE):
        with transaction() as session:
            _tell(session, changed[first : first + AT_ONCE], now, at)
    return len(changed)


def _tell(session: Session, changed: Sequence[int], fades: set[int], at: datetime) -> None:
    rows = session.scalars(
        select(Mentorship)
        .where(Mentorship.id.in_(changed))
        .order_by(Mentorship.id)
        .options(*of_one_course(selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True)))
        .with_for_update(of=Mentorship)
        .execution_options(populate_existing=True)
    ).all()
    news: list[Event] = []
    for each in rows:
        does = each.id in fades
        if each.state not in _UNDER_WAY or does == (each.stalled is not None):
            continue
        each.stalled = at if does else None
        news.append(MentorshipStalled(**among(each, at)) if does else MentorshipRecovered(**among(each, at)))
    outbox.announce_all(session, news)
