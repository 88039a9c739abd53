"""LRSs outside that receive our statements, and many statements for them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, keys
from lti_tool.db import transaction
from lti_tool.events import Who
from lti_tool.outbox import Letter
from mentoring.events import MeetingAttended
from xapi import retelling
from xapi.endpoints import Endpoint
from xapi.lrs.models import StoredStatement
from xapi.profile.examples import made_up

RUNS = 12
AT_ONCE = 500


def connect(url: str, label: str = "Outside", platform_id: int | None = None, **more: Any) -> Endpoint:
    with transaction() as session:
        endpoint = Endpoint(
            label=label,
            url=url,
            key="k",
            sealed_secret=keys.seal("s"),
            platform_id=platform_id,
            created=clock.now(),
            **more,
        )
        session.add(endpoint)
    return endpoint


def tell(who: Who, count: int, *, after: int = 0) -> None:
    """So many meetings attended by this person, in a dozen mentorships by turns, each a statement; others each time
    that more of them were told before."""
    for first in range(after, after + count, AT_ONCE):
        events = [_attended(who, place) for place in range(first, min(first + AT_ONCE, after + count))]
        with transaction() as session:
            retelling.retell(session, events, who)


def _attended(who: Who, place: int) -> MeetingAttended:
    return replace(
        made_up(MeetingAttended)[0],
        event_id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{who.subject} {place}")),
        at=clock.now(),
        who=who,
        mentorship=f"run{place % RUNS}",
        meeting=f"meeting{place}",
    )


def stored_ids(session: Session) -> list[str]:
    """What our own store has, in its order."""
    session.rollback()
    return list(session.scalars(select(StoredStatement.statement_id).order_by(StoredStatement.seq)))


def letters(session: Session) -> list[tuple[str, str]]:
    """How those stand that go to LRSs outside, each with its newest problem."""
    session.rollback()
    wanted = select(Letter).where(Letter.lane.startswith("lrs:")).order_by(Letter.id)
    return [(row.state.value, row.error) for row in session.scalars(wanted)]
