"""Times that mentors give: which there are, who may see them, and whether somebody is free then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from lti_tool.models import Enrolment
from lti_tool.pages import local_time
from mentoring.mentorships import requesting
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.sections import Look
from mentoring.mentorships.states import STANDING
from mentoring.participants import excluding
from mentoring.participants.models import Participant
from mentoring.programs.models import Cohort
from mentoring.together.meetings.models import LONGEST, Meeting, MeetingState, Occasion

MOST = 100
"""Times to come that one mentor gives, and that one page shows."""
GUIDING = (Part.MENTOR, Part.SUBSTITUTE)
_WITH_PEOPLE = (
    joinedload(Occasion.mentor, innerjoin=True),
    selectinload(Occasion.meetings)
    .joinedload(Meeting.mentorship, innerjoin=True)
    .selectinload(Mentorship.members)
    .joinedload(Membership.participant, innerjoin=True),
)


def in_cohort(cohort: Cohort) -> Select[Occasion]:
    return (
        select(Occasion)
        .join(Participant, Participant.id == Occasion.mentor_id)
        .where(Participant.cohort_id == cohort.id)
        .order_by(Occasion.starts, Occasion.id)
    )


def of_mentor(session: Session, mentor: Participant, at: datetime, *, is_slot: bool) -> Sequence[Occasion]:
    """What they give from two weeks ago on, the next one first, with who comes."""
    return session.scalars(
        select(Occasion)
        .where(
            Occasion.mentor_id == mentor.id,
            Occasion.is_slot == is_slot,
            Occasion.cancelled.is_(None),
            Occasion.starts > at - timedelta(days=14),
        )
        .options(*_WITH_PEOPLE)
        .order_by(Occasion.starts, Occasion.id)
        .limit(MOST)
    ).all()


def seats_left(look: Look) -> Sequence[Occasion]:
    """The meetings with several that the mentor of this mentee gives, and to which they could still come."""
    if not look.can_write or look.part is not Part.MENTEE:
        return []
    found = of_mentor(look.session, look.mentorship.mentor, look.at, is_slot=False)
    return [each for each in found if each.is_open(look.at) and each.free and not is_booked_by(each, look.me)]


def slots_for(session: Session, cohort: Cohort, me: Enrolment, at: datetime) -> Sequence[Occasion]:
    """What I can book: times with a free seat, of mentors who have a place and whom no rule keeps from me, or who are
    my mentor already; and what I have booked."""
    found = session.scalars(
        in_cohort(cohort)
        .where(Occasion.is_slot, Occasion.cancelled.is_(None), Occasion.starts > at)
        .options(*_WITH_PEOPLE)
        .limit(MOST)
    ).all()
    if not found:
        return []
    may = {each.id for each in requesting.who_may_be_asked(session, cohort, me, kinds=cohort.version.kinds, at=at)}
    may |= {mentorship.mentor.id for mentorship in standing_of(session, cohort, me, (Part.MENTEE,))}
    apart = _kept_apart(session, me, at)
    return [
        each
        for each in found
        if is_booked_by(each, me) or (each.free and each.mentor_id in may and each.mentor.enrolment_id not in apart)
    ]


def _kept_apart(session: Session, me: Enrolment, at: datetime) -> set[int]:
    """Whom I am not matched with, whether or not I take part yet."""
    said = excluding.about(session, me)
    return {other.id for exclusion, other in said if exclusion.until is None or exclusion.until > at}


def is_booked_by(occasion: Occasion, me: Enrolment) -> bool:
    return meeting_of(occasion, me) is not None


def meeting_of(occasion: Occasion, me: Enrolment) -> Meeting | None:
    """Mine among those of the occasion."""
    theirs = (meeting for meeting in occasion.coming if me.id in _mentees(meeting))
    return next(theirs, None)


def _mentees(meeting: Meeting) -> set[int]:
    return {member.participant.enrolment_id for member in meeting.mentorship.members if member.part is Part.MENTEE}


def one(session: Session, cohort: Cohort, public_id: str) -> Occasion | None:
    """As the database has it now, with who comes."""
    return session.scalar(
        in_cohort(cohort)
        .where(Occasion.public_id == public_id)
        .options(*_WITH_PEOPLE)
        .execution_options(populate_existing=True)
    )


def held(session: Session, occasion: Occasion) -> Occasion:
    """Held until the caller commits, who holds its mentor: seats are counted one after the other."""
    session.scalar(select(Occasion.id).where(Occasion.id == occasion.id).with_for_update())
    session.expire(occasion)
    # Read only now: what was read while waiting for the lock may be old.
    session.scalars(
        select(Meeting)
        .where(Meeting.occasion_id == occasion.id)
        .options(selectinload(Meeting.entries))
        .execution_options(populate_existing=True)
    ).all()
    return occasion


def standing_of(session: Session, cohort: Cohort, me: Enrolment, parts: Sequence[Part]) -> Sequence[Mentorship]:
    """The mentorships of this run that stand and in which I have one of these parts."""
    return session.scalars(
        select(Mentorship)
        .join(Membership, Membership.mentorship_id == Mentorship.id)
        .join(Membership.participant)
        .where(
            Mentorship.cohort_id == cohort.id,
            Mentorship.state.in_(STANDING),
            Membership.until.is_(None),
            Membership.part.in_(parts),
            Participant.enrolment_id == me.id,
        )
        .options(selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True))
        .order_by(Mentorship.id)
    ).all()


def must_be_free(
    session: Session, person: Participant, starts: datetime, minutes: int, *, but: Occasion | None = None
) -> None:
    """Nothing else is planned for this person then, in whatever course; raises Refusal."""
    ends = starts + timedelta(minutes=minutes)
    near = starts - timedelta(minutes=LONGEST)
    mine = (
        select(Meeting)
        .join(Membership, Membership.mentorship_id == Meeting.mentorship_id)
        .join(Membership.participant)
        .join(Enrolment, Enrolment.id == Participant.enrolment_id)
        .where(
            Enrolment.person_id == person.enrolment.person_id,
            Membership.until.is_(None),
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts > near,
            Meeting.starts < ends,
        )
    )
    given = (
        select(Occasion)
        .join(Participant, Participant.id == Occasion.mentor_id)
        .join(Enrolment, Enrolment.id == Participant.enrolment_id)
        .where(
            Enrolment.person_id == person.enrolment.person_id,
            Occasion.cancelled.is_(None),
            Occasion.starts > near,
            Occasion.starts < ends,
        )
    )
    taken: list[Meeting | Occasion] = [
        each for each in session.scalars(mine) if but is None or each.occasion_id != but.id
    ]
    taken += [each for each in session.scalars(given) if but is None or each.id != but.id]
    for other in taken:
        if other.ends > starts:
            raise Refusal(
                _(
                    "There is something at %(when)s already. Choose another time, or call that off.",
                    when=local_time(other.starts),
                )
            )
