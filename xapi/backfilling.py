"""What happened before an LRS outside was there, gathered for it: letters that are due before all that is new.

While they are gathered the lane is paused, so that nothing new overtakes what is old. A thousand are committed at once;
stopped in between, the lane stays paused until they are gathered anew, and what waits already is posted no second time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Executable, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool.db import db, table, transaction
from lti_tool.outbox import Letter, LetterState
from xapi.endpoints import Endpoint
from xapi.lrs.models import Store, StoredStatement
from xapi.retelling import authority
from xapi.validation.statements import VOIDED

BEING_GATHERED = "what happened before is being gathered"
AT_ONCE = 1000


def count(endpoint: Endpoint) -> int:
    """How many statements are to be looked at."""
    return db.session.scalar(select(func.count()).select_from(_before(endpoint).subquery())) or 0


def gather(endpoint: Endpoint) -> Iterator[int]:
    """Posts what it is to have; gives after each commit how many were looked at."""
    ours = authority()
    after = (0, 0)
    while True:
        with transaction() as session:
            rows = session.execute(
                _before(endpoint)
                .where((StoredStatement.store_id > after[0]) | (StoredStatement.seq > after[1]))
                .where(StoredStatement.store_id >= after[0])
                .order_by(StoredStatement.store_id, StoredStatement.seq)
                .limit(AT_ONCE)
            ).all()
            letters = []
            for store, _seq, statement_id, stored, body in rows:
                statement = json.loads(body)
                if (statement["authority"] == ours or _is_passed_on(endpoint, statement)) and endpoint.wants(statement):
                    errand = {"store": store, "statement": statement_id}
                    times = {"due": stored, "created": stored}
                    key = f"{endpoint.lane}:{store}:{statement_id}"
                    state = LetterState.WAITING
                    letters.append({"lane": endpoint.lane, "key": key, "body": errand, "state": state, **times})
            if letters:
                session.execute(_unless_it_waits(session), letters)
        if not rows:
            return
        after = rows[-1].store_id, rows[-1].seq
        yield len(rows)


def _unless_it_waits(session: Session) -> Executable:
    here = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return here(table(Letter)).on_conflict_do_nothing()


def being_gathered(done: int, of: int) -> str:
    """Why the lane is paused, and how far it has come."""
    return f"{BEING_GATHERED}: {done:,} of {of:,}"


def _is_passed_on(endpoint: Endpoint, statement: dict[str, Any]) -> bool:
    """Whether it is to have this statement of somebody else."""
    who = statement["authority"].get("account", {}).get("name")
    return endpoint.forwards_received and who != endpoint.writes_as


def _before(endpoint: Endpoint) -> Any:
    """What stood before it was added and stands still: nothing that was voided, nor the voidings."""
    found = select(
        StoredStatement.store_id,
        StoredStatement.seq,
        StoredStatement.statement_id,
        StoredStatement.stored,
        StoredStatement.body,
    ).where(
        StoredStatement.stored < endpoint.created, StoredStatement.voided.is_(False), StoredStatement.verb != VOIDED
    )
    if endpoint.platform_id is not None:
        found = found.join(Store, Store.id == StoredStatement.store_id).where(Store.platform_id == endpoint.platform_id)
    return found
