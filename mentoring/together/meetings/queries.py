"""Which meetings somebody sees, and what is planned for people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, selectinload

from lti_tool.models import Enrolment
from mentoring.mentorships.earlier.reading import is_given, may_read_earlier, was_there
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.mentorships.sections import Look
from mentoring.mentorships.states import STANDING
from mentoring.participants.models import Participant
from mentoring.together.meetings.finding import WEEKS, Taken
from mentoring.together.meetings.models import LONGEST, Meeting, MeetingEntry, MeetingState
from mentoring.together.since import reads_from

EARLIER = "meetings"
"""What a new mentor reads of before they came only if their mentee lets them."""


def seen_in(look: Look) -> Select[Meeting]:
    """The meetings of this mentorship that this visitor knows of.

    Who mentors in another's place knows when the two met before; `reader` says of which they read more. Somebody who
    came into a circle later sees those since they did: what others said before that was not said to them.
    """
    mine = select(Meeting).where(Meeting.mentorship_id == look.mentorship.id)
    since = reads_from(look, EARLIER) if look.mentorship.is_circle else None
    return mine if since is None else mine.where(Meeting.starts >= since)


def reader(look: Look) -> Callable[[Meeting], bool]:
    """Whether this visitor reads more of a meeting than when it was: those of before they came only if their mentee
    lets them. One that was called off was for whoever planned it."""
    me, mentorship = look.mine, look.mentorship
    if me is None:
        return lambda _meeting: False
    if may_read_earlier(look, EARLIER):
        return lambda _meeting: True
    return lambda meeting: was_there(
        mentorship, me, meeting.created if meeting.state is MeetingState.CANCELLED else meeting.starts
    )


def one(look: Look, public_id: str) -> Meeting | None:
    """This one, for whoever reads it."""
    found = look.session.scalar(
        seen_in(look)
        .where(Meeting.public_id == public_id)
        .options(selectinload(Meeting.entries))
        .execution_options(populate_existing=True)
    )
    return found if found is not None and reader(look)(found) else None


def coming(look: Look, most: int) -> Sequence[Meeting]:
    """Those that are not over yet, the next one first."""
    planned = seen_in(look).where(Meeting.state == MeetingState.PLANNED, Meeting.starts > look.at - _A_WHILE)
    found = look.session.scalars(planned.order_by(Meeting.starts, Meeting.id).limit(most + _MOST_AT_ONCE)).all()
    return [meeting for meeting in found if meeting.ends > look.at][:most]


def newest(look: Look, most: int, first: int = 0) -> Sequence[Meeting]:
    """Those that have begun or were called off, the newest first, with what was said of them."""
    return look.session.scalars(
        _past(look)
        .order_by(Meeting.starts.desc(), Meeting.id.desc())
        .limit(most)
        .offset(first)
        .options(selectinload(Meeting.entries))
    ).all()


def count_of_past(look: Look) -> int:
    return look.session.scalar(select(func.count()).select_from(_past(look).subquery())) or 0


def _past(look: Look) -> Select[Meeting]:
    return seen_in(look).where(or_(Meeting.state != MeetingState.PLANNED, Meeting.starts <= look.at))


_A_WHILE = timedelta(minutes=LONGEST)
_MOST_AT_ONCE = 20
"""Meetings of one mentorship that may have begun and not be over: as short as they are, there are not more."""


def planned(session: Session, mentorship: Mentorship) -> Sequence[Meeting]:
    """All that are planned, the next one first."""
    return session.scalars(
        select(Meeting)
        .where(Meeting.mentorship_id == mentorship.id, Meeting.state == MeetingState.PLANNED)
        .order_by(Meeting.starts, Meeting.id)
    ).all()


def rest_of(session: Session, meeting: Meeting) -> Sequence[Meeting]:
    """This one and those of its series that come after it and are still planned."""
    if meeting.series is None:
        return [meeting]
    return [
        other
        for other in planned(session, meeting.mentorship)
        if other.series == meeting.series and (other.id == meeting.id or other.starts > meeting.starts)
    ]


def taken(session: Session, people: Collection[Participant], at: datetime) -> list[Taken]:
    """When any of these people, in whatever mentorship and course, meet somebody in the coming weeks."""
    theirs = taken_by(session, people, at - _A_WHILE, at + timedelta(weeks=WEEKS) + _A_WHILE)
    return list({each for taken in theirs.values() for each in taken})


def taken_by(
    session: Session,
    people: Collection[Participant],
    since: datetime,
    until: datetime,
    *,
    but: Collection[Meeting] = (),
) -> dict[int, set[Taken]]:
    """When each of these people, by participant, has planned to meet somebody that begins in this time, other than in
    these meetings."""
    persons: dict[int, list[int]] = {}
    for each in people:
        persons.setdefault(each.enrolment.person_id, []).append(each.id)
    rows = session.execute(
        select(Enrolment.person_id, Meeting.starts, Meeting.minutes)
        .join(Membership, Membership.mentorship_id == Meeting.mentorship_id)
        .join(Membership.participant)
        .join(Enrolment, Enrolment.id == Participant.enrolment_id)
        .where(
            Enrolment.person_id.in_(persons),
            Membership.until.is_(None),
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts > since,
            Meeting.starts < until,
            Meeting.id.not_in([each.id for each in but]),
        )
        .distinct()
    )
    found: dict[int, set[Taken]] = {each.id: set() for each in people}
    for person, starts, minutes in rows:
        for id in persons[person]:
            found[id].add(Taken(starts, starts + timedelta(minutes=minutes)))
    return found


# Put together once: home pages ask.
_OF_MINE = (
    select(Meeting)
    .join(Meeting.mentorship)
    .join(Membership, Membership.mentorship_id == Mentorship.id)
    .join(Membership.participant)
    .where(
        Participant.enrolment_id == bindparam("me"),
        Membership.until.is_(None),
        Meeting.starts >= Membership.since,
        Mentorship.state.in_(STANDING),
        Meeting.state == MeetingState.PLANNED,
        Meeting.starts > bindparam("since"),
    )
    .options(
        contains_eager(Meeting.mentorship)
        .selectinload(Mentorship.members)
        .joinedload(Membership.participant, innerjoin=True)
    )
    .order_by(Meeting.starts, Meeting.id)
    .limit(20)
)


def mine_since(session: Session, me: Enrolment, since: datetime) -> Sequence[Meeting]:
    """What was or is planned for me from then on, the first one first, and not all of it."""
    return session.scalars(_OF_MINE, {"me": me.id, "since": since}).all()


_mine, _theirs = aliased(Membership), aliased(Membership)
_me, _them = aliased(Participant), aliased(Participant)
_ACTIONS = (
    select(MeetingEntry)
    .join(MeetingEntry.meeting)
    .join(Meeting.mentorship)
    .join(_mine, _mine.mentorship_id == Mentorship.id)
    .join(_me, _me.id == _mine.participant_id)
    .join(_theirs, _theirs.mentorship_id == Mentorship.id)
    .join(_them, _them.id == _theirs.participant_id)
    .where(
        _me.enrolment_id == bindparam("mentor"),
        _them.enrolment_id == bindparam("mentee"),
        _mine.until.is_(None),
        _theirs.until.is_(None),
        Mentorship.state.in_(STANDING),
        or_(Meeting.starts >= _mine.since, is_given(Mentorship.id, _me.id, EARLIER)),
        MeetingEntry.actions != "",
    )
    .options(contains_eager(MeetingEntry.meeting))
    .order_by(Meeting.starts.desc(), MeetingEntry.id)
    .limit(bindparam("most"))
)


def last_actions(session: Session, mentor: Enrolment, mentee: Enrolment, most: int) -> Sequence[MeetingEntry]:
    """What was agreed to be done, as each wrote it down, the newest first; from before the mentor came only if the
    mentee lets them read it."""
    return session.scalars(_ACTIONS, {"mentor": mentor.id, "mentee": mentee.id, "most": most}).all()


def actions_in(session: Session, mentorship: Mentorship, most: int) -> Sequence[MeetingEntry]:
    """What was agreed to be done in its meetings, as each wrote it down, the newest first."""
    return session.scalars(
        select(MeetingEntry)
        .join(MeetingEntry.meeting)
        .where(Meeting.mentorship_id == mentorship.id, MeetingEntry.actions != "")
        .options(contains_eager(MeetingEntry.meeting))
        .order_by(Meeting.starts.desc(), MeetingEntry.id)
        .limit(most)
    ).all()


def sums(look: Look) -> dict[MeetingState, tuple[int, int]]:
    """How many meetings came to what, and how many minutes they were planned for."""
    theirs = seen_in(look).with_only_columns(Meeting.state, func.count(), func.sum(Meeting.minutes))
    return {state: (number, minutes) for state, number, minutes in look.session.execute(theirs.group_by(Meeting.state))}
