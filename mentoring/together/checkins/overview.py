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
from mentoring.together.checkins.models import (
    AskedAs,
    CheckInConsent,
    CheckInContact,
    CheckInOwnRhythm,
    CheckInRhythm,
)
from mentoring.together.checkins.standing import (
    Arrangement,
    Said,
    arranged,
    asked_in,
    weeks_of,
    who_stopped,
    whom_of,
)

MOST = 500
"""Pairs that the page names, by the mentee's name."""


def everybody_asked(session: Session, cohort: Cohort, rhythm: CheckInRhythm | None) -> Sequence[Arrangement]:
    """Those of the pairs that stand: one for each who is asked, or would be."""
    pairs = _pairs(session, cohort)
    links = links_of(session, cohort.course)
    said = _said(session, cohort, rhythm, pairs)
    concerned = [whom_of(said[pair.id].contact, links.get(pair.mentee.enrolment_id)) for pair in pairs]
    stopped = who_stopped(session, [whom for each in concerned for whom in each])
    return [
        each
        for pair in pairs
        for each in asked_in(arranged(pair, said[pair.id], links.get(pair.mentee.enrolment_id), stopped))
    ]


def _said(
    session: Session, cohort: Cohort, rhythm: CheckInRhythm | None, pairs: Sequence[Mentorship]
) -> dict[int, Said]:
    ours = select(Mentorship.id).where(Mentorship.cohort_id == cohort.id)
    own = session.scalars(select(CheckInOwnRhythm).where(CheckInOwnRhythm.mentorship_id.in_(ours)))
    contacts = session.scalars(select(CheckInContact).where(CheckInContact.mentorship_id.in_(ours)))
    rhythms, others = {each.mentorship_id: each for each in own}, {each.mentorship_id: each for each in contacts}
    consents: dict[int, dict[AskedAs, CheckInConsent]] = {}
    for consent in session.scalars(select(CheckInConsent).where(CheckInConsent.mentorship_id.in_(ours))):
        consents.setdefault(consent.mentorship_id, {})[consent.asked_as] = consent
    return {
        pair.id: Said(
            weeks=weeks_of(rhythm, rhythms.get(pair.id)),
            contact=others.get(pair.id),
            consents=consents.get(pair.id, {}),
        )
        for pair in pairs
    }


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
