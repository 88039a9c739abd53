"""A mentee asks a mentor themselves: a case in their own words, for one kind of mentor, at most five at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lti_tool.models import Enrolment
from mentoring.mentorships.barring import Bars, usual_bars
from mentoring.mentorships.ledger import Pair
from mentoring.mentorships.models import Mentorship, Origin, Part
from mentoring.mentorships.proposing import propose
from mentoring.mentorships.refusing import Refusal, barred
from mentoring.mentorships.superseding import open_asks_of
from mentoring.names import alphabetically
from mentoring.participants.joining import hold, join
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_here, loads
from mentoring.programs.models import Cohort, MentorKind

AT_ONCE = 5
"""How many asks of a mentee may be open at a time, so that nobody hoards mentors."""


def request(
    session: Session,
    cohort: Cohort,
    mentor: Enrolment,
    kind: MentorKind,
    case: str,
    *,
    by: Enrolment,
    at: datetime,
    bars: Bars = usual_bars,
) -> Mentorship:
    """Ask this mentor; raises Refusal where that may not be. The caller commits."""
    if not cohort.version.takes_requests:
        raise Refusal(_("In this program mentors are not asked by mentees. Your instructor pairs people."))
    if is_here(by):
        join(session, cohort, [by], at=at)
    held = hold(session, cohort, [by, mentor])
    if by.id in held and len(open_asks_of(session, held[by.id], Part.MENTEE)) >= AT_ONCE:
        raise Refusal(
            ngettext(
                "You have %(num)d question open. Wait for an answer, or take it back, before you ask somebody else.",
                "You have %(num)d questions open. Wait for an answer, or take one back, before you ask somebody else.",
                AT_ONCE,
            )
        )
    pair = Pair(by, mentor, kind)
    result = propose(session, cohort, [pair], by=by, at=at, origin=Origin.REQUEST, case_text=case, bars=bars)
    for refused in result.refused:
        raise barred(refused.rule, by, mentor)
    [made] = result.made
    return made


def who_may_be_asked(
    session: Session,
    cohort: Cohort,
    me: Enrolment,
    *,
    kinds: Sequence[MentorKind],
    at: datetime,
    bars: Bars = usual_bars,
) -> Sequence[Participant]:
    """The mentors of the cohort with a free place whom no rule keeps from me for all of these kinds, by name."""
    mentors = session.scalars(
        select(Participant)
        .where(Participant.cohort_id == cohort.id, Participant.as_mentor, Participant.enrolment_id != me.id)
        .options(joinedload(Participant.offer))
    ).all()
    taken = loads(session, mentors)
    free = [each for each in mentors if is_here(each.enrolment) and each.capacity > taken[each.id]]
    mine = session.scalar(
        select(Participant).where(Participant.cohort_id == cohort.id, Participant.enrolment_id == me.id)
    )
    by_kind = [set(bars(session, mine, free, kind.key, at)) for kind in kinds] if mine else []
    barred_for_all = set.intersection(*by_kind) if by_kind else set()
    found = [each for each in free if each.id not in barred_for_all]
    return sorted(found, key=lambda each: alphabetically(each.enrolment))
