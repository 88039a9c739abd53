"""Every refused login and every launch is one line in the log and one count for operators, and nothing more."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from lti_tool.arrivals import arriving, tally, verdicts
from lti_tool.arrivals.tally import LET_IN, MOST_AT_ONCE, MOST_KEPT, LateRefusal, VerdictCount
from lti_tool.db import db
from lti_tool.models import Deployment, Platform, Standing
from lti_tool.operating import checking_verdicts
from tests.lti_tool.launching import ISSUER, TARGET, launch, sign, start

pytestmark = pytest.mark.usefixtures("web")

Lines = Callable[[], list[str]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """The verdict lines so far, without the milliseconds."""
    caplog.set_level(logging.INFO, "lti_tool.verdicts")

    def lines() -> list[str]:
        told = [record.getMessage() for record in caplog.records if record.name == "lti_tool.verdicts"]
        return [re.sub(r" ms=[0-9.]+", " ms=_", line) for line in told]

    return lines


def counted(session: Session) -> dict[tuple[str, str, str], int]:
    tally.write_down()
    return {(row.platform, row.stage, row.code): row.count for row in session.scalars(select(VerdictCount))}


def test_a_launch_is_one_line_with_platform_and_deployment(client: FlaskClient, platform: Platform, lines: Lines):
    launch(client)

    assert lines() == [f"launch verdict=ok platform={platform.public_id} deployment=1 ms=_"]


def test_a_launch_without_a_course_is_one_line_too(client: FlaskClient, platform: Platform, lines: Lines):
    launch(client, context=None)

    assert lines() == [f"launch verdict=no_course platform={platform.public_id} deployment=1 ms=_"]


def test_a_refused_login_is_one_line_that_names_who_knocked(client: FlaskClient, lines: Lines):
    client.post(
        "/lti/login",
        data={"iss": "https://who.example", "login_hint": "leo", "target_link_uri": TARGET, "client_id": "x"},
    )

    assert lines() == [
        "login verdict=unknown_platform platform=- deployment=- ms=_ detail=iss=https://who.example client_id=x"
    ]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"aud": "somebody-else"}, "verdict=wrong_audience platform={id} deployment=-"),
        ({"roles": None}, "verdict=bad_token platform={id} deployment=-"),
        ({"version": "1.1"}, "verdict=wrong_version platform={id} deployment=-"),
        ({"deployment_id": "77"}, "verdict=unknown_deployment platform={id} deployment=77"),
    ],
    ids=["CLAIM", "CERT-BAD-09", "CERT-BAD-03", "unknown deployment"],
)
def test_a_refused_launch_is_one_line_with_what_could_be_told(
    client: FlaskClient, platform: Platform, lines: Lines, changes: dict[str, Any], line: str
):
    launch(client, **changes)

    assert [each.partition(" ms=")[0] for each in lines()] == ["launch " + line.format(id=platform.public_id)]


def test_a_launch_that_breaks_is_one_line_as_well(client: FlaskClient, lines: Lines, monkeypatch: pytest.MonkeyPatch):
    def break_down(_verified: object) -> str:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(arriving, "arrive", break_down)

    assert launch(client).status_code == 500
    assert [line.partition(" ms=")[0] for line in lines()] == ["launch verdict=broken platform=- deployment=-"]


def test_nothing_about_the_person_is_in_any_line(client: FlaskClient, platform: Platform, lines: Lines):
    """OUT-08 for people: names, mail, subject and tokens stay out, whatever goes wrong."""
    asked = start(client)
    token = sign({"nonce": asked["nonce"], "iss": ISSUER, "sub": "leo-4711", "name": "Leo Fischer"})
    client.post("/lti/launch", data={"state": asked["state"], "id_token": token})
    launch(client, sub="leo-4711", name="Leo Fischer", email="leo@campus.example", aud="other")
    launch(client, sub="leo-4711", name="Leo Fischer", email="leo@campus.example")

    told = " ".join(lines())
    assert len(lines()) == 3
    assert [secret for secret in ("4711", "Leo", "Fischer", "leo@", token, asked["state"]) if secret in told] == []


def test_nobody_forges_a_line_of_the_log(client: FlaskClient, lines: Lines):
    """OUT-08"""
    evil = "https://a.example\nlaunch verdict=ok\x1b[31m\r\u2028x"
    client.post("/lti/login", data={"iss": evil, "login_hint": "leo", "target_link_uri": TARGET})

    assert lines() == [
        "login verdict=unknown_platform platform=- deployment=- ms=_"
        r" detail=iss=https://a.example\nlaunch verdict=ok\x1b[31m\r\u2028x client_id="
    ]


def test_verdicts_are_counted_by_platform_and_reason(client: FlaskClient, platform: Platform, session: Session):
    for changes in ({}, {}, {"aud": "other"}, {"roles": None}):
        launch(client, **changes)
    client.post("/lti/login", data={"iss": "https://who.example", "login_hint": "l", "target_link_uri": TARGET})

    assert counted(session) == {
        (platform.public_id, "launch", "ok"): 2,
        (platform.public_id, "launch", "wrong_audience"): 1,
        (platform.public_id, "launch", "bad_token"): 1,
        ("", "login", "unknown_platform"): 1,
    }
    launch(client)
    assert counted(session)[platform.public_id, "launch", "ok"] == 3


def test_a_flood_of_refusals_writes_a_bounded_number_of_rows(app: Flask, session: Session):
    for number in range(500):
        tally.tell("login", "unknown_platform", detail=f"iss=https://{number}.example")
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    tally.write_down()

    assert session.scalars(select(VerdictCount.count)).all() == [500]
    kept = session.scalars(select(LateRefusal.detail).order_by(LateRefusal.id)).all()
    assert kept == [f"iss=https://{number}.example" for number in range(500 - MOST_AT_ONCE, 500)]
    assert len(statements) < MOST_AT_ONCE + 12


def test_only_the_newest_refusals_are_kept_one_by_one(app: Flask, session: Session):
    for number in range(10):
        for each in range(10):
            tally.tell("launch", "bad_token", detail=f"{number}.{each}")
        tally.write_down()

    kept = session.scalars(select(LateRefusal.detail).order_by(LateRefusal.id)).all()
    assert (len(kept), kept[-1]) == (MOST_KEPT, "9.9")
    assert session.scalars(select(VerdictCount.count)).all() == [100]


def test_launches_that_are_let_in_stand_in_the_count_only(client: FlaskClient, session: Session):
    launch(client)

    tally.write_down()

    assert session.scalar(select(func.count(LateRefusal.id))) == 0


def test_a_tally_that_cannot_be_written_breaks_nothing(app: Flask, session: Session, caplog: pytest.LogCaptureFixture):
    tally.tell("launch", "ok")
    db.engine.dispose()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE verdict_count RENAME TO away")
        connection.commit()

    tally.write_down()

    assert [record.getMessage() for record in caplog.records][-1].startswith("tally not written: ")
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO verdict_count")
        connection.commit()


def test_outside_tests_the_tally_is_written_by_a_thread_of_its_own(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tally, "WRITTEN_EVERY", 0.01)
    app.config["TESTING"] = False

    tally.tell("launch", "ok")
    tally.tell("launch", "ok")

    timers = [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
    for timer in timers:
        timer.join(5)
    assert (len(timers) <= 1, session.scalars(select(VerdictCount.count)).all()) == (True, [2])


def test_counting_a_launch_asks_nothing_of_the_database(app: Flask, session: Session):
    statements: list[str] = []
    session.commit()
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    tally.tell("launch", "ok", started=time.perf_counter())

    assert statements == []


def test_operators_are_told_what_every_reason_means_and_what_helps(app: Flask, session: Session):
    codes = [each.code for each in vars(verdicts).values() if isinstance(each, verdicts.Reason)]

    with app.test_request_context():
        untold = [code for code in codes if not checking_verdicts.meaning(code) or not checking_verdicts.remedy(code)]
        let_in = [(code, checking_verdicts.meaning(code) != "") for code in LET_IN]

    assert untold == []
    assert let_in == [(code, True) for code in LET_IN]


def test_a_platform_that_is_not_approved_is_named_in_the_line(
    client: FlaskClient, platform: Platform, session: Session, lines: Lines
):
    platform.standing = Standing.WAITING
    session.commit()

    client.post(
        "/lti/login",
        data={"iss": ISSUER, "login_hint": "l", "target_link_uri": TARGET, "client_id": "campus-tool"},
    )

    assert lines() == [f"login verdict=platform_not_active platform={platform.public_id} deployment=- ms=_"]


def test_an_unknown_deployment_is_noted_for_approval_under_its_own_name(
    client: FlaskClient, platform: Platform, session: Session
):
    launch(client, deployment_id="77\x1b[31m")

    noted = session.scalars(select(Deployment.deployment_id).where(Deployment.standing == Standing.WAITING)).all()
    tally.write_down()
    assert noted == ["77\x1b[31m"]
    assert session.scalars(select(LateRefusal.deployment)).all() == [r"77\x1b[31m"]
