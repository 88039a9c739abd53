"""Who in a campaign has not answered, with all that they are asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from lti_tool.models import Enrolment, Person, called
from reviews.answering.reminding.rule import Reminding, may_be_reminded_by_hand
from reviews.answering.standing import Standing, standing_of
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import AssignmentState

Asked = TypeVar("Asked", "Line", Assignment)


@dataclass(frozen=True, kw_only=True)
class Waiting(Generic[Asked]):
    """Somebody with something to answer now."""

    open: Sequence[Asked]
    done: int

    @property
    def name(self) -> str:
        return self.open[0].rater_name

    @property
    def key(self) -> str:
        """What they go by in letters."""
        return _key(self.open[0])

    @property
    def of(self) -> int:
        return self.done + len(self.open)

    @property
    def last(self) -> datetime | None:
        """When they were last told anything of it."""
        return max((each.reminded for each in self.open if each.reminded is not None), default=None)

    @property
    def reminders(self) -> int:
        return max(each.reminders for each in self.open)

    @property
    def closes(self) -> datetime | None:
        """When the first of it closes."""
        return min((each.target.until for each in self.open if each.target.until is not None), default=None)

    @property
    def is_new(self) -> bool:
        """Whether there is something they were never told of."""
        return any(each.reminded is None for each in self.open)

    def is_due(self, rule: Reminding, *, at: datetime) -> bool:
        return any(self._is_due(each, rule, at) for each in self.open)

    def _is_due(self, assignment: Asked, rule: Reminding, at: datetime) -> bool:
        opened = assignment.target.opens or assignment.target.campaign.opens or assignment.invited
        if opened is None or self.last is None:
            return False
        closes = assignment.target.until
        return rule.is_due(opened=opened, closes=closes, last=self.last, count=self.reminders, at=at)

    def may_be_reminded(self, *, at: datetime) -> bool:
        return may_be_reminded_by_hand(self.last, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a rule needs of something that somebody is asked: of a campaign of hundreds there are thousands."""

    id: int
    target: Target
    rater_id: int | None
    rater_name: str
    state: AssignmentState
    invited: datetime | None
    reminded: datetime | None
    reminders: int


def waiting_in(session: Session, campaign: Campaign, *, at: datetime) -> list[Waiting[Line]]:
    """Everybody, by name; nothing of it can be changed."""
    return _by_name(_lines(session, campaign), at)


def held_waiting(
    session: Session, campaign: Campaign, keys: Collection[str], *, at: datetime
) -> list[Waiting[Assignment]]:
    """Those of these keys who still wait, by name; their assignments are held until the caller commits."""
    held = (
        select(Assignment)
        .join(Assignment.target)
        .join(Target.campaign)
        .outerjoin(Assignment.rater)
        .where(*asked_in(campaign))
        .where(or_(Assignment.rater_id.in_(_rows(keys, "rater")), Assignment.id.in_(_rows(keys, "outside"))))
        .options(contains_eager(Assignment.target).contains_eager(Target.campaign), joinedload(Assignment.rater))
        .order_by(Assignment.id)
        .with_for_update(of=Assignment)
        .execution_options(populate_existing=True)
    )
    return _by_name(session.scalars(held).unique(), at)


def asked_in(campaign: Campaign) -> Sequence[ColumnElement[bool]]:
    return Target.campaign_id == campaign.id, or_(Assignment.rater_id.is_(None), Enrolment.is_active)


def _lines(session: Session, campaign: Campaign) -> Iterator[Line]:
    targets = {each.id: each for each in session.scalars(select(Target).where(Target.campaign_id == campaign.id))}
    rows = session.execute(
        select(
            Assignment.id,
            Assignment.target_id,
            Assignment.rater_id,
            Assignment.state,
            Assignment.invited,
            Assignment.reminded,
            Assignment.reminders,
            Assignment.name,
            Person.name.label("known_as"),
            Enrolment.number,
        )
        .join(Assignment.target)
        .outerjoin(Assignment.rater)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(*asked_in(campaign))
        .order_by(Assignment.id)
    )
    for row in rows:
        yield Line(
            id=row.id,
            target=targets[row.target_id],
            rater_id=row.rater_id,
            rater_name=row.name if row.rater_id is None else called(row.known_as, row.number),
            state=row.state,
            invited=row.invited,
            reminded=row.reminded,
            reminders=row.reminders,
        )


def _by_name(asked: Iterable[Asked], at: datetime) -> list[Waiting[Asked]]:
    found: dict[str, list[Asked]] = defaultdict(list)
    for each in asked:
        found[_key(each)].append(each)
    return sorted(_waiting(found.values(), at), key=lambda each: (each.name.casefold(), each.key))


def _key(each: Line | Assignment) -> str:
    return key_of(each.rater_id, each.id)


def key_of(rater: int | None, assignment: int) -> str:
    """What somebody goes by in letters; who is outside has one assignment, and goes by that."""
    return f"rater:{rater}" if rater is not None else f"outside:{assignment}"


def _waiting(people: Collection[list[Asked]], at: datetime) -> Iterator[Waiting[Asked]]:
    for asked in people:
        open_ones = [each for each in asked if standing_of(each, at) is Standing.OPEN]
        if open_ones:
            done = sum(each.state is AssignmentState.SUBMITTED for each in asked)
            yield Waiting(open=open_ones, done=done)


def _rows(keys: Collection[str], kind: str) -> list[int]:
    return [int(number) for name, _colon, number in (key.partition(":") for key in keys) if name == kind]


def declined_in(session: Session, campaign: Campaign) -> Sequence[Assignment]:
    """Who said no, and about whom."""
    wanted = (
        select(Assignment)
        .join(Assignment.target)
        .where(Target.campaign_id == campaign.id, Assignment.state == AssignmentState.DECLINED)
        .options(
            contains_eager(Assignment.target).joinedload(Target.enrolment).joinedload(Enrolment.person),
            joinedload(Assignment.rater).joinedload(Enrolment.person),
        )
    )
    return session.scalars(wanted.order_by(Assignment.id)).all()
