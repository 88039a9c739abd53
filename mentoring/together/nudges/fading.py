"""Which mentorships fade, worst first, each with its reasons: for the instructor, who can still do something.

What makes one fade can be counted on fingers: how many times its rhythm has passed since the people last met, while
nothing is booked; one more for each step that is overdue; one more for each reminder that came to nothing. It stands on
the list when they have not met for twice their rhythm, when a new pair was asked whether they have met and has not,
or when three steps and reminders have come together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    Float,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, lazyload, selectinload
from sqlalchemy.sql.functions import FunctionElement

from lti_tool.clock import UTCDateTime
from lti_tool.models import Enrolment
from lti_tool.paging import place_in, searched
from mentoring.mentorships.agreement.models import Agreement
from mentoring.mentorships.models import Membership, Mentorship, Transition
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.timeline.models import TimelineEntry
from mentoring.names import answers_to
from mentoring.participants.models import Participant
from mentoring.participants.queries import of_one_course
from mentoring.programs.models import Cohort, ProgramVersion
from mentoring.together.meetings.models import Meeting, MeetingState
from mentoring.together.nudges.models import Nudge, NudgeRest
from mentoring.together.nudges.reading import LASTS
from mentoring.together.nudges.signs_of_life import WRITTEN_TO, came_after

FEW = 5
"""Of these on a home page, before it says how many more there are."""
ON_A_PAGE = 25
TOGETHER = 3
"""Overdue steps and reminders in vain: as many, and it fades though people meet."""
S = MentorshipState


class days_between(FunctionElement[float]):  # noqa: N801  # it is written like func.something
    """How many days there are from one moment to another, with fractions."""

    type = Float()
    inherit_cache = True


@compiles(days_between, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **rest: Any) -> str:
    one, other = (compiler.process(each, **rest) for each in element.clauses)
    return f"(julianday({other}) - julianday({one}))"


@compiles(days_between, "postgresql")
def _in_postgresql(element: Any, compiler: Any, **rest: Any) -> str:
    one, other = (compiler.process(each, **rest) for each in element.clauses)
    return f"(extract(epoch FROM ({other} - {one})) / 86400.0)"


class Why(StrEnum):
    """Parts of the list."""

    ALL = "all"
    NEVER_MET = "never_met"
    QUIET = "quiet"
    BEHIND = "behind"


WHY: Mapping[Why, LazyString] = {
    Why.ALL: _l("All that fade"),
    Why.NEVER_MET: _l("Not met yet"),
    Why.QUIET: _l("Met too long ago"),
    Why.BEHIND: _l("Steps overdue, or reminders in vain"),
}


@dataclass(frozen=True)
class Wanted:
    """What of the list somebody wants to see."""

    why: Why = Why.ALL
    search: str = ""
    first: int = 0

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Wanted:
        why = args.get("why", "")
        return cls(Why(why) if why in set(Why) else Why.ALL, searched(args), place_in(args))

    @property
    def choices(self) -> Sequence[tuple[str, LazyString]]:
        return [(why.value, label) for why, label in WHY.items()]


@dataclass(frozen=True, kw_only=True)
class Fading:
    """A mentorship that fades, and what shows it."""

    id: int
    last_met: datetime | None
    since: datetime
    """When they last met, or became a pair."""
    days: int
    is_booked: bool
    is_quiet: bool
    is_new: bool
    """Whether they were asked whether they have met, and have not said so."""
    has_begun: bool
    """Whether they say that they have met, booked or not."""
    overdue: int
    in_vain: int
    """Reminders since then without a sign of life in the time that the program gives to answer."""
    mentorship: Mentorship | None = None
    rests_until: datetime | None = None
    written: datetime | None = None
    """When an instructor last wrote to them."""

    @property
    def reasons(self) -> list[str]:
        """*Last met 34 days ago*, *nothing booked*, *2 steps overdue*."""
        return [each for each in (self._met(), self._booked(), self._overdue(), self._in_vain()) if each]

    def _met(self) -> str:
        if self.last_met is None and self.has_begun:
            return str(ngettext("No meeting in a day", "No meeting in %(num)d days", self.days))
        if self.last_met is None:
            return str(ngettext("Together for a day, and not met", "Together for %(num)d days, and not met", self.days))
        return str(ngettext("Last met a day ago", "Last met %(num)d days ago", self.days))

    def _booked(self) -> str:
        return "" if self.is_booked else str(_("nothing booked"))

    def _overdue(self) -> str:
        return str(ngettext("one step overdue", "%(num)d steps overdue", self.overdue)) if self.overdue else ""

    def _in_vain(self) -> str:
        if not self.in_vain:
            return ""
        return str(ngettext("one reminder in vain", "%(num)d reminders in vain", self.in_vain))


def _pulse() -> Select[Any]:
    """How each mentorship of a cohort that is under way stands."""
    here, at = Mentorship.id, bindparam("at", type_=UTCDateTime())
    counted = Meeting.state.in_((MeetingState.HELD, MeetingState.PLANNED))
    met = (
        select(func.max(Meeting.starts))
        .where(Meeting.mentorship_id == here, counted, Meeting.starts <= bindparam("over", type_=UTCDateTime()))
        .correlate(Mentorship)
        .scalar_subquery()
    )
    booked = (
        select(Meeting.id)
        .where(
            Meeting.mentorship_id == here,
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts > bindparam("over", type_=UTCDateTime()),
        )
        .correlate(Mentorship)
        .exists()
    )
    overdue = (
        select(func.count())
        .select_from(TimelineEntry)
        .where(TimelineEntry.mentorship_id == here, TimelineEntry.done.is_(None), TimelineEntry.due < at)
        .correlate(Mentorship)
        .scalar_subquery()
    )
    agreed = (
        select(Agreement.rhythm_days)
        .where(Agreement.mentorship_id == here, Agreement.signed.is_not(None))
        .order_by(Agreement.number.desc())
        .limit(1)
        .correlate(Mentorship)
        .scalar_subquery()
    )
    return (
        select(
            Mentorship.id,
            Mentorship.state,
            Mentorship.nudged,
            met.label("met"),
            func.coalesce(Mentorship.started, Mentorship.created).label("started"),
            case((booked, 1), else_=0).label("booked"),
            overdue.label("overdue"),
            func.coalesce(agreed, ProgramVersion.meeting_days).label("rhythm"),
            ProgramVersion.reply_days,
        )
        .join(Cohort, Cohort.id == Mentorship.cohort_id)
        .join(ProgramVersion, ProgramVersion.id == Cohort.version_id)
        .where(Mentorship.cohort_id == bindparam("cohort"), Mentorship.state.in_((S.ACCEPTED, S.ACTIVE)))
    )


def _list() -> dict[Why, Select[Any]]:
    pulse = _pulse().subquery("pulse")
    since = func.coalesce(pulse.c.met, pulse.c.started)
    said = cast(Nudge.rule, String) + ":" + Nudge.about + ":" + cast(Nudge.nth, String)
    in_vain = (
        select(func.count(distinct(said)))
        .where(
            Nudge.mentorship_id == pulse.c.id,
            Nudge.sent > since,
            days_between(Nudge.sent, bindparam("at", type_=UTCDateTime())) >= pulse.c.reply_days,
            not_(came_after(Nudge.__table__.c.mentorship_id, Nudge.__table__.c.sent)),
        )
        .correlate(pulse)
        .scalar_subquery()
    )
    days = days_between(since, bindparam("at", type_=UTCDateTime()))
    counted = select(pulse, since.label("since"), days.label("days"), in_vain.label("in_vain")).subquery("counted")
    c = counted.c
    is_new = and_(c.state == S.ACCEPTED, c.met.is_(None), c.nudged.is_not(None), c.booked == 0)
    is_quiet = and_(c.state == S.ACTIVE, c.booked == 0, c.days > 2 * c.rhythm)
    is_behind = c.overdue + c.in_vain >= TOGETHER
    score = case((c.booked == 0, c.days / c.rhythm), else_=0.0) + c.overdue + c.in_vain
    asked = select(
        c.id,
        c.state,
        c.met,
        c.since,
        c.days,
        c.booked,
        c.overdue,
        c.in_vain,
        case((is_quiet, 1), else_=0).label("quiet"),
        case((is_new, 1), else_=0).label("new"),
        func.count().over().label("all"),
    ).order_by(score.desc(), c.id)
    parts = {
        Why.ALL: or_(is_new, is_quiet, is_behind),
        Why.NEVER_MET: is_new,
        Why.QUIET: is_quiet,
        Why.BEHIND: is_behind,
    }
    return {why: asked.where(part) for why, part in parts.items()}


# Put together once: instructors' home pages ask.
_LIST = _list()
_FEW = {why: asked.limit(bindparam("most")).offset(bindparam("first")) for why, asked in _LIST.items()}


def every(session: Session, cohort: Cohort, *, at: datetime) -> list[Fading]:
    """All of them, without their people."""
    return _asked(session, cohort, Wanted(), at)[0]


def first_few(session: Session, cohort: Cohort, *, at: datetime) -> tuple[list[Fading], int]:
    """The worst of them with their people, and how many there are: three statements."""
    found, number = _asked(session, cohort, Wanted(), at, most=FEW)
    return _with_people(session, found), number


def page_of(session: Session, cohort: Cohort, wanted: Wanted, *, at: datetime) -> tuple[list[Fading], int]:
    """One page of the list, and how many stand on it altogether; in the same few statements however many they are."""
    if wanted.search:
        every, _number = _asked(session, cohort, replace(wanted, first=0), at)
        answering = _answering(session, [each.id for each in every], wanted.search)
        found = [each for each in every if each.id in answering]
        number = len(found)
        found = found[wanted.first : wanted.first + ON_A_PAGE]
    else:
        found, number = _asked(session, cohort, wanted, at, most=ON_A_PAGE)
    return _with_the_rest(session, _with_people(session, found), at), number


def _asked(
    session: Session, cohort: Cohort, wanted: Wanted, at: datetime, *, most: int | None = None
) -> tuple[list[Fading], int]:
    values: dict[str, Any] = {"cohort": cohort.id, "at": at, "over": at - LASTS}
    if most is None:
        rows = session.execute(_LIST[wanted.why], values).all()
    else:
        rows = session.execute(_FEW[wanted.why], {**values, "most": most, "first": wanted.first}).all()
    found = [
        Fading(
            id=row.id,
            last_met=row.met,
            since=row.since,
            days=max(int(row.days), 1),
            is_booked=bool(row.booked),
            is_quiet=bool(row.quiet),
            is_new=bool(row.new),
            has_begun=row.state == S.ACTIVE,
            overdue=row.overdue,
            in_vain=row.in_vain,
        )
        for row in rows
    ]
    return found, rows[0].all if rows else 0


def _answering(session: Session, ids: Collection[int], search: str) -> set[int]:
    """Those in which somebody of this name is."""
    rows = session.execute(
        select(Membership.mentorship_id, Enrolment)
        .join(Participant, Participant.id == Membership.participant_id)
        .join(Enrolment, Enrolment.id == Participant.enrolment_id)
        .where(Membership.mentorship_id.in_(ids), Membership.until.is_(None))
    )
    return {mentorship for mentorship, person in rows if answers_to(person, search)}


def _with_people(session: Session, found: Sequence[Fading]) -> list[Fading]:
    mentorships = (
        session.scalars(
            select(Mentorship)
            .where(Mentorship.id.in_([each.id for each in found]))
            .options(
                *of_one_course(selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True)),
                lazyload(Mentorship.cohort),
                lazyload(Mentorship.kind),
            )
        ).all()
        if found
        else ()
    )
    by_id = {each.id: each for each in mentorships}
    return [replace(each, mentorship=by_id[each.id]) for each in found]


def _with_the_rest(session: Session, found: Sequence[Fading], at: datetime) -> list[Fading]:
    """Whether they asked for a rest, and when somebody wrote to them."""
    ids = [each.id for each in found]
    rests = session.execute(
        select(NudgeRest.mentorship_id, NudgeRest.until).where(NudgeRest.mentorship_id.in_(ids), NudgeRest.until > at)
    )
    letters = session.execute(
        select(Transition.mentorship_id, func.max(Transition.at))
        .where(Transition.mentorship_id.in_(ids), Transition.reason == WRITTEN_TO)
        .group_by(Transition.mentorship_id)
    )
    resting, written = dict(iter(rests)), dict(iter(letters))
    return [replace(each, rests_until=resting.get(each.id), written=written.get(each.id)) for each in found]
