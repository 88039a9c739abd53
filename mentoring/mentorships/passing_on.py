"""An ask that was declined or not answered goes on to the mentee's next choice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from lti_tool.models import Enrolment
from mentoring.mentorships.barring import Bars
from mentoring.mentorships.choosing import Choice, next_choice
from mentoring.mentorships.ledger import Pair
from mentoring.mentorships.models import Membership, Mentorship, Origin, Part
from mentoring.mentorships.proposing import Story, propose_as
from mentoring.participants.models import Participant, Wish
from mentoring.participants.queries import is_here, loads
from mentoring.programs.models import MentorKind


def pass_on(
    session: Session, asked: Mentorship, *, by: Enrolment | None, at: datetime, bars: Bars
) -> Mentorship | None:
    """Ask the mentee's next choice instead, in the same words; None if there is nobody. The caller holds the people."""
    mentee = asked.mentee
    if not is_here(mentee.enrolment):
        return None
    wished = _wished(session, mentee)
    mentors = {mentor.id: mentor for _rank, mentor in wished}
    found = next_choice(
        _choices(session, asked, wished),
        is_barred=lambda id: bool(bars(session, mentee, [mentors[id]], asked.kind.key, at)),
    )
    if found is None:
        return None
    mentor = mentors[found]
    story = Story(
        # What the program began it also goes on with; by hand or from a run makes no difference any more.
        origin=asked.origin,
        run_id=asked.run_id,
        case_text=asked.case_text if asked.origin is Origin.REQUEST else "",
        passed_on_from=asked,
    )
    pair = Pair(mentee.enrolment, mentor.enrolment, asked.kind)
    return next(iter(propose_as(session, asked.cohort, [pair], story, by=by, at=at, bars=bars).made), None)


def _wished(session: Session, mentee: Participant) -> Sequence[tuple[int, Participant]]:
    """Whom the mentee has named, with the rank of each."""
    rows = session.execute(
        select(Wish.rank, Participant)
        .join(Participant, (Participant.enrolment_id == Wish.whom_id) & (Participant.cohort_id == mentee.cohort_id))
        .where(Wish.participant_id == mentee.id)
        .options(joinedload(Participant.offer))
    )
    return [(rank, mentor) for rank, mentor in rows]


def _choices(session: Session, asked: Mentorship, wished: Sequence[tuple[int, Participant]]) -> list[Choice]:
    taken = loads(session, [mentor for _rank, mentor in wished])
    known = _asked_before(session, asked)
    return [
        Choice(
            mentor=mentor.id,
            rank=rank,
            free=mentor.capacity - taken[mentor.id] if is_here(mentor.enrolment) else 0,
            was_asked=mentor.id in known,
        )
        for rank, mentor in wished
    ]


def _asked_before(session: Session, asked: Mentorship) -> set[int]:
    """Every mentor this mentee was ever asked with or has had, for this kind."""
    mine, theirs = aliased(Membership), aliased(Membership)
    return set(
        session.scalars(
            select(theirs.participant_id)
            .join(mine, mine.mentorship_id == theirs.mentorship_id)
            .join(Mentorship, Mentorship.id == mine.mentorship_id)
            .join(Mentorship.kind)
            .where(
                mine.participant_id == asked.mentee.id,
                mine.part == Part.MENTEE,
                theirs.part != Part.MENTEE,
                MentorKind.key == asked.kind.key,
            )
        )
    )
