"""The statements of one run, a mentorship or an attempt: each is later than the one before, by a millisecond at least.

So whoever sorts by time reads them in the order in which things happened (xAPI Profiles 1.0, section 8).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from xapi.lrs import storing
from xapi.lrs.keys import registration_key
from xapi.lrs.models import Mention, Store, StoredStatement
from xapi.translations.writing import TICK, Statement, when
from xapi.validation.times import moment

_AT_ONCE = 500
_is_of = (StoredStatement.store_id == Mention.store_id) & (StoredStatement.seq == Mention.seq)


def keep_in_order(session: Session, store: Store, statements: Sequence[Statement]) -> None:
    """Move what happened in the same moment as something that was told before, as little as it takes.

    The store is held from here until the caller commits, so nobody else tells of the same run meanwhile.
    """
    runs = [each["context"].get("registration") for each in statements]
    if not any(runs):
        return
    storing.hold(session, store)
    last = _last(session, store, {run for run in runs if run})
    for run, statement in zip(runs, statements, strict=True):
        if not run:
            continue
        at = cast(datetime, moment(statement["timestamp"]))
        if run in last and at <= last[run]:
            at = last[run] + TICK
            statement["timestamp"] = when(at)
        last[run] = at


def _last(session: Session, store: Store, runs: Collection[str]) -> dict[str, datetime]:
    """When the newest statement of each run happened."""
    by_key = {registration_key(run): run for run in runs}
    found: dict[str, datetime] = {}
    for first in range(0, len(by_key), _AT_ONCE):
        rows = session.execute(
            select(Mention.key, func.max(StoredStatement.timestamp))
            .join(StoredStatement, _is_of)
            .where(Mention.store_id == store.id, Mention.key.in_(list(by_key)[first : first + _AT_ONCE]))
            .where(Mention.via == Mention.seq)
            .group_by(Mention.key)
        )
        found |= {by_key[bytes(key)]: at for key, at in rows}
    return found
