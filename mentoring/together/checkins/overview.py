"""For instructors: how things stand with the check-ins of everybody in a cohort, asked with a few statements."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lti_tool.contacts.queries import links_of
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.mentorships.states import STANDING
from mentoring.names import alphabetically
from mentoring.programs.models import Cohort
from mentoring.together.checkins.models import CheckInConsent, CheckInRhythm
from mentoring.together.checkins.standing import Arrangement, who_stopped, whom

MOST = 500
"""Pairs that the page names, by the mentee's name."""


def arrangements_of(session: Session, cohort: Cohort, rhythm: CheckInRhythm) -> Sequence[Arrangement]:
    """Those of the pairs that stand."""
    pairs = _pairs(session, cohort)
    links = links_of(session, cohort.course)
    consents = {
        each.mentorship_id: each
        for each in session.scalars(
            select(CheckInConsent)
            .join(Mentorship, Mentorship.id == CheckInConsent.mentorship_id)
            .where(Mentorship.cohort_id == cohort.id)
        )
    }
    managers = {pair.id: links.get(pair.mentee.enrolment_id) for pair in pairs}
    stopped = who_stopped(session, [whom(link) for link in managers.values() if link is not None])
    return [
        Arrangement(
            mentorship=pair,
            rhythm=rhythm,
            consent=consents.get(pair.id),
            manager=link,
            is_stopped=link is not None and whom(link) in stopped,
        )
        for pair in pairs
        for link in [managers[pair.id]]
    ]


def _pairs(session: Session, cohort: Cohort) -> list[Mentorship]:
    peers = select(Membership.mentorship_id).where(Membership.part == Part.PEER)
    found = session.scalars(
        select(Mentorship)
        .where(Mentorship.cohort_id == cohort.id, Mentorship.state.in_(STANDING), Mentorship.id.not_in(peers))
        .options(selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True))
        .order_by(Mentorship.id)
        .limit(MOST)
    )
    return sorted(found, key=lambda pair: alphabetically(pair.mentee.enrolment))
