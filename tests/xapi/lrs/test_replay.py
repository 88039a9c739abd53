"""What a whole conformance suite once sent: the status of each answer, its headers, and what it says."""

import time
from collections import Counter

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.xapi.lrs.conftest import THEN
from tests.xapi.lrs.expecting import Expectation, sent
from tests.xapi.lrs.replaying import Replay, exchanges
from xapi.lrs import credentials
from xapi.lrs.models import Store

LONGEST = 10
"""Seconds for a file."""


@pytest.mark.every_case
@pytest.mark.parametrize(("version", "count"), [("1.0.3", 1643), ("2.0.0", 1764)])
def test_every_recorded_exchange_ends_as_it_did(
    client: FlaskClient, session: Session, store: Store, version: str, count: int
):
    key = credentials.issue(session, store, label="Replay", at=THEN, scopes=["all"])
    session.commit()
    mount = f"/lrs/{version}"
    replay, expectation = Replay(client, mount, key), Expectation(version)
    began = time.process_time()

    different, seen = [], Counter[bool]()
    for exchange in exchanges(version):
        path = replay.path(exchange)
        answer = replay.send(exchange)
        right = exchange.get("free") or answer.status_code in (exchange["status"], *exchange.get("also", ()))
        faults = expectation.faults(exchange, sent(exchange, mount, path), answer)
        seen[bool(right) and not faults] += 1
        if faults or not right:
            different.append((exchange["n"], exchange["group"], exchange["status"], answer.status_code, faults))

    assert different == []
    assert seen == {True: count}
    assert time.process_time() - began < LONGEST
