"""A whole onboarding, read back from an LRS that is not ours, and judged by a validator that is not ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock, keys
from lti_tool.db import transaction
from lti_tool.outbox import Letter, LetterState
from lti_tool.running.delivering import drain
from tests.conftest import Arrive
from tests.journeys.walking import pair, right_answers, start_quiz, sure
from tests.xapi.conftest import judge, real_lrs
from xapi.endpoints import Endpoint
from xapi.lrs.models import StoredStatement
from xapi.written import ADDED_BY_THE_STORE

pytestmark = pytest.mark.judges
__all__ = ["judge", "real_lrs"]


def test_a_real_lrs_holds_every_statement_as_we_told_it(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, real_lrs: Any, judge: Any
):
    with transaction():
        endpoint = Endpoint(
            label="Real", url=real_lrs.endpoint, key="k", sealed_secret=keys.seal("s"), created=clock.now()
        )
        session.add(endpoint)
    pair(session, arrive("ines"), mentor=campus.person("maya").id, mentee=campus.person("leo").id)
    leo = arrive("leo", "quiz")
    attempt = start_quiz(leo, leo.page)  # type: ignore[attr-defined]
    leo.post(attempt, data=sure(right_answers(session, attempt, how_many=14)))

    drain(app)

    session.rollback()
    letters = session.scalars(select(Letter.state).where(Letter.lane == endpoint.lane)).all()
    assert set(letters) == {LetterState.DELIVERED}
    ours = [_as_told(json.loads(body)) for body in session.scalars(select(StoredStatement.body))]
    assert len(ours) == 20, "two entered, two sides of the pair, fourteen answered, completed, passed"
    assert judge(ours) == [[]] * len(ours)
    assert [_read_back(real_lrs.endpoint, told["id"]) for told in ours] == ours


def _as_told(statement: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name not in ADDED_BY_THE_STORE}


def _read_back(endpoint: str, statement_id: str) -> dict[str, Any]:
    answer = requests.get(
        f"{endpoint}statements",
        params={"statementId": statement_id},
        headers={"X-Experience-API-Version": "1.0.3"},
        auth=("k", "s"),
        timeout=10,
    )
    assert answer.status_code == 200, answer.text
    return _as_told(answer.json())
