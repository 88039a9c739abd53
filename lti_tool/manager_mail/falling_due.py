"""The moment of reports has come.

There is one letter for each next moment. A worker that was off for weeks sends once and not for each that was missed,
and the next ones go at the usual time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.db import transaction
from lti_tool.manager_mail.models import Schedule
from lti_tool.outbox import Done, Errand, Later, Outcome

A_MOMENT = timedelta(milliseconds=1)
Arranged = TypeVar("Arranged", bound=Schedule)


def wait(until: datetime, why: str, *, at: datetime) -> Later:
    return Later(why, (until - at + A_MOMENT).total_seconds())


def post(session: Session, lane: str, schedule: Schedule, due: datetime | None) -> None:
    """It falls due then; letters posted for another moment do nothing when they arrive."""
    schedule.next_due = due
    if due is not None:
        outbox.post(session, lane, {"schedule": schedule.id, "due": due.isoformat()}, due=due)


class TimesCarrier(Generic[Arranged]):
    """`fall_due` is given the schedule, which is on and held, the moment that it names and the one that it is."""

    batch = 5

    def __init__(self, kind: type[Arranged], fall_due: Callable[[Session, Arranged, datetime, datetime], Outcome]):
        self.kind, self.fall_due = kind, fall_due

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [self._carry(errand) for errand in errands]

    def _carry(self, errand: Errand) -> Outcome:
        at, due = clock.now(), datetime.fromisoformat(errand.body["due"])
        if due > at:
            return wait(due, "not yet", at=at)
        with transaction() as session:
            schedule = session.get(self.kind, errand.body["schedule"], populate_existing=True, with_for_update=True)
            if schedule is None or not schedule.is_on or schedule.next_due != due:
                return Done()
            return self.fall_due(session, schedule, due, at)
