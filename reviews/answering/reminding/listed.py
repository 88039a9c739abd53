"""Who in a campaign has not answered, added up by the database: there may be tens of thousands of things to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment, Person, called
from reviews.answering.reminding.rule import may_be_reminded_by_hand
from reviews.answering.reminding.waiting import asked_in, key_of
from reviews.answering.standing import is_open
from reviews.campaigns.models import Assignment, Campaign
from reviews.campaigns.phases import AssignmentState


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Somebody with something to answer now."""

    name: str
    done: int
    open: int
    last: datetime | None
    """When they were last told anything of it."""
    mail: str | None
    """Of somebody outside, who has one assignment: this one."""
    assignment: str

    @property
    def is_outside(self) -> bool:
        return self.mail is not None

    @property
    def of(self) -> int:
        return self.done + self.open


class WaitingList:
    """Everybody who has something to answer now, by name."""

    def __init__(self, session: Session, campaign: Campaign, *, at: datetime) -> None:
        rows = session.execute(_added_up(campaign, at)).all()
        self._rows = [row for _name, _key, row in sorted((_name(row).casefold(), _key(row), row) for row in rows)]

    def __len__(self) -> int:
        return len(self._rows)

    def part(self, first: int, most: int) -> list[Listed]:
        return [_listed(row) for row in self._rows[first : first + most]]

    def to_remind(self, *, at: datetime) -> list[str]:
        """Who was told nothing within a day, by what they go by in letters."""
        return [_key(row) for row in self._rows if may_be_reminded_by_hand(row.last, at=at)]


def _added_up(campaign: Campaign, at: datetime) -> Select[Any]:
    open_now = is_open(campaign, at)
    number = func.count(case((open_now, 1)))
    outside = case((Assignment.rater_id.is_(None), Assignment.id))
    return (
        select(
            Assignment.rater_id,
            outside.label("outside"),
            func.max(Assignment.name).label("name"),
            func.max(Assignment.mail).label("mail"),
            func.max(Assignment.public_id).label("assignment"),
            func.max(Person.name).label("known_as"),
            func.max(Enrolment.number).label("number"),
            number.label("open"),
            func.count(case((Assignment.state == AssignmentState.SUBMITTED, 1))).label("done"),
            func.max(case((open_now, Assignment.reminded))).label("last"),
        )
        .join(Assignment.target)
        .outerjoin(Assignment.rater)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(*asked_in(campaign))
        .group_by(Assignment.rater_id, outside)
        .having(number > 0)
    )


def _name(row: Row[Any]) -> str:
    return row.name if row.rater_id is None else called(row.known_as, row.number)


def _key(row: Row[Any]) -> str:
    return key_of(row.rater_id, row.outside)


def _listed(row: Row[Any]) -> Listed:
    return Listed(
        name=_name(row), done=row.done, open=row.open, last=row.last, mail=row.mail, assignment=row.assignment
    )
