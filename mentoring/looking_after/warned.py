"""Who is warned, for home pages: what the rules look at by one statement, a row for each sign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from lti_tool.clock import UTCDateTime
from lti_tool.models import Enrolment
from mentoring.looking_after.load import Spell
from mentoring.looking_after.reading import GUIDES
from mentoring.looking_after.warning import FOR_LONG, IN_A_ROW, LAST_FEW, TO_FINISH, Signs, Warning, warnings
from mentoring.mentorships.models import Membership, Mentorship, Part, Place, Transition
from mentoring.mentorships.states import OPEN
from mentoring.participants.models import OUTSIDE, MentorOffer, Participant
from mentoring.programs.models import Cohort


def of_mentor(session: Session, cohort: Cohort, mentor: Enrolment, *, at: datetime) -> list[Warning]:
    """What somebody who has mentees is warned of."""
    rows = session.execute(_OF_ONE, {"cohort": cohort.id, "mentor": mentor.id})
    return _warned(rows, cohort, at).get(mentor.id, [])


def everybody(session: Session, cohort: Cohort, *, at: datetime) -> Mapping[int, list[Warning]]:
    """Those of this run's mentors who are warned of anything, by enrolment id.

    Only those are read of whom it could be: who had a mentee long ago, several mentorships, or many asks to answer.
    """
    long_ago = at - min(FOR_LONG, cohort.version.length + TO_FINISH)
    return _warned(session.execute(_OF_ALL, {"cohort": cohort.id, "long_ago": long_ago}), cohort, at)


def _warned(rows: Iterable[Any], cohort: Cohort, at: datetime) -> dict[int, list[Warning]]:
    spells: defaultdict[int, list[Spell]] = defaultdict(list)
    replies: defaultdict[int, list[timedelta]] = defaultdict(list)
    places = {}
    for row in rows:
        places[row.mentor] = row.places
        if row.is_reply:
            replies[row.mentor].append(row.until - row.since)
        else:
            spells[row.mentor].append(Spell(max(row.since, row.started), row.until))
    length = cohort.version.length
    found = {
        mentor: warnings(Signs(spells=spells[mentor], places=number, length=length, replies=replies[mentor]), at)
        for mentor, number in places.items()
    }
    return {mentor: said for mentor, said in found.items() if said}


_here, _ever = aliased(Participant), aliased(Participant)
"""What somebody is in this run, and what they are or were in any run of the course."""


def _spells(*columns: Any) -> Select[Any]:
    """When each had whom."""
    return (
        select(*columns)
        .select_from(_ever)
        .join(Membership, Membership.participant_id == _ever.id)
        .join(Mentorship, Mentorship.id == Membership.mentorship_id)
        .where(Membership.part.in_(GUIDES), Mentorship.started.is_not(None))
    )


def _replies(*columns: Any) -> Select[Any]:
    """What each said first to an ask; a row for all that they said."""
    return (
        select(*columns)
        .select_from(_ever)
        .join(Membership, Membership.participant_id == _ever.id)
        .join(Mentorship, Mentorship.id == Membership.mentorship_id)
        .join(Transition, Transition.mentorship_id == Mentorship.id)
        .where(
            Membership.part == Part.MENTOR,
            Transition.actor_id == _ever.enrolment_id,
            Transition.from_state.in_(OPEN),
        )
    )


_MENTOR = _ever.enrolment_id.label("mentor")


def _signs(mentors: Any) -> Select[Any]:
    """The signs of those of this run's mentors whom `mentors` picks; each with the places they offer."""
    spells = _spells(
        _MENTOR,
        literal(0).label("is_reply"),
        Membership.since.label("since"),
        Membership.until.label("until"),
        Mentorship.started.label("started"),
    )
    replies = _replies(_MENTOR, literal(1), Mentorship.created, func.min(Transition.at), Mentorship.created).group_by(
        _ever.enrolment_id, Mentorship.id, Mentorship.created
    )
    found = union_all(*(each.where(_ever.enrolment_id.in_(mentors)) for each in (spells, replies))).subquery()
    offers = and_(_here.as_mentor, _here.state.not_in(OUTSIDE))
    return (
        select(found, case((offers, func.coalesce(MentorOffer.capacity, 0)), else_=0).label("places"))
        .join(_here, and_(_here.enrolment_id == found.c.mentor, _here.cohort_id == bindparam("cohort")))
        .join(Enrolment, Enrolment.id == _here.enrolment_id)
        .outerjoin(MentorOffer, MentorOffer.participant_id == _here.id)
        .where(
            Enrolment.is_active,
            or_(_here.as_mentor, _here.id.in_(select(Place.mentor_id).where(Place.mentor_id.is_not(None)))),
        )
        .order_by(found.c.since)
    )


def _of_whom_it_could_be() -> Any:
    here = select(Participant.enrolment_id).where(Participant.cohort_id == bindparam("cohort"))
    long_ago = bindparam("long_ago", type_=UTCDateTime())
    of_here = _ever.enrolment_id.in_(here)
    carry = _spells(_MENTOR).where(of_here).group_by(_ever.enrolment_id)
    answer = _replies(_MENTOR).where(of_here).group_by(_ever.enrolment_id)
    could_be = or_(func.min(Membership.since) <= long_ago, func.count() >= IN_A_ROW)
    return union_all(carry.having(could_be), answer.having(func.count(Mentorship.id.distinct()) >= 2 * LAST_FEW))


# Put together once: home pages ask.
_OF_ONE = _signs([bindparam("mentor")])
_OF_ALL = _signs(_of_whom_it_could_be())
