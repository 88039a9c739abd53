"""What has served its time goes; everything else stays."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.arrivals.sessions import BrowserSession
from lti_tool.arrivals.states import SpentState
from lti_tool.db import Base, transaction
from lti_tool.models import Enrolment
from lti_tool.outbox import Letter, LetterState
from lti_tool.running.delivering import deliver
from lti_tool.running.housekeeping import tidy
from tests.lti_tool.launching import launch


def count(session: Session, *models: type[Base]) -> list[int | None]:
    return [session.scalar(select(func.count()).select_from(model)) for model in models]


@pytest.mark.usefixtures("web")
def test_old_states_and_sessions_go_and_people_stay(client: FlaskClient, session: Session):
    launch(client)

    tidy()
    assert count(session, SpentState, BrowserSession, Enrolment) == [1, 1, 1]
    with clock.moved_by(timedelta(days=2)):
        tidy()

    assert count(session, SpentState, BrowserSession, Enrolment) == [0, 0, 1]


def test_delivered_letters_go_after_a_month_and_waiting_ones_never(session: Session):
    with transaction():
        for state in LetterState:
            outbox.post(session, "test:a", {"state": state.value})
    for letter in session.scalars(select(Letter)).all():
        letter.state, letter.delivered = LetterState(letter.body["state"]), clock.now()
    session.commit()

    with clock.moved_by(timedelta(days=31)):
        tidy()

    assert sorted(row.state.value for row in session.scalars(select(Letter))) == ["dead", "waiting"]


def test_the_delivery_loop_tidies_and_stops_when_told(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch):
    stop = threading.Event()
    monkeypatch.setattr("lti_tool.running.delivering.tidy", stop.set)

    deliver(app, stop.is_set, pause=0.01)

    assert stop.is_set()
