"""What others told our LRS, on its way to LRSs outside that are to have that too.

Nothing goes round in circles: a statement that comes back is stored already, so it is not new and goes nowhere; and no
LRS is sent what it wrote here itself, under the key that it signs in with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Flask
from sqlalchemy import String, bindparam, or_, select

from lti_tool import outbox
from lti_tool.prepared import Here, Prepared, among
from xapi.endpoints import Endpoint
from xapi.lrs import received
from xapi.lrs.models import Store, StoredStatement
from xapi.lrs.received import Received
from xapi.validation.statements import VOIDED

Statement = Mapping[str, Any]

_endpoints = Prepared(
    select(Endpoint.public_id, Endpoint.course, Endpoint.rooms)
    .join(Store, or_(Endpoint.platform_id.is_(None), Endpoint.platform_id == Store.platform_id))
    .where(Store.id == bindparam("store"), Endpoint.is_active, Endpoint.forwards_received)
    .where(or_(Endpoint.writes_as.is_(None), Endpoint.writes_as != bindparam("key")))
    .order_by(Endpoint.id)
)
_voided = Prepared(
    lambda dialect: select(StoredStatement.statement_id, StoredStatement.body).where(
        StoredStatement.store_id == bindparam("store"), among(StoredStatement.statement_id, "ids", String())(dialect)
    )
)


def init_app(app: Flask) -> None:
    received.hear(app, forward)


def forward(here: Here, came: Received) -> None:
    """Post a letter for each of the new statements to each LRS that is to have it; the caller commits."""
    endpoints = [
        Endpoint(public_id=public_id, course=course, rooms=rooms)
        for public_id, course, rooms in _endpoints.rows(here, store=came.store, key=came.key)
    ]
    if not endpoints:
        return
    for statement, belonging in _by_where_they_belong(here, came.store, came.statements):
        for endpoint in endpoints:
            if endpoint.wants(belonging):
                outbox.post(here, endpoint.lane, {"store": came.store, "statement": statement["id"]})


def _by_where_they_belong(
    here: Here, store: int, statements: Sequence[Statement]
) -> Iterator[tuple[Statement, Statement]]:
    """Each with the statement that says where it belongs: a voiding goes where what it voids has gone."""
    voidings = {each["id"]: each["object"]["id"].lower() for each in statements if each["verb"]["id"] == VOIDED}
    ids = sorted(set(voidings.values()))
    targets = {known: json.loads(body) for known, body in _voided.rows(here, store=store, ids=ids)} if ids else {}
    for statement in statements:
        yield statement, targets.get(voidings.get(statement["id"], ""), statement)
