"""What operators type, and what they read back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Deployment, Platform, Standing
from tests.cast import Cast

Run = Callable[..., tuple[int, str]]

CAMPUS = [
    *("--name", "Campus", "--issuer", "https://campus.example", "--client-id", "tool"),
    *("--auth-url", "https://campus.example/auth", "--token-url", "https://campus.example/token"),
    *("--jwks-url", "https://campus.example/jwks", "--deployment", "1"),
]


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    def run(*words: str) -> tuple[int, str]:
        session.rollback()
        result = app.test_cli_runner().invoke(args=words, catch_exceptions=False)
        session.rollback()
        return result.exit_code, result.output

    return run


def test_adding_a_platform_prints_what_to_paste_into_the_lms(run: Run, session: Session):
    code, said = run("platform", "add", *CAMPUS)

    platform = session.scalars(select(Platform)).one()
    assert (code, platform.issuer, platform.client_id, platform.standing) == (
        0,
        "https://campus.example",
        "tool",
        Standing.ACTIVE,
    )
    for address in ("/lti/login", "/lti/launch", "/lti/jwks"):
        assert f"http://localhost:8000{address}" in said


def test_adding_a_platform_again_brings_it_up_to_date(run: Run, session: Session):
    run("platform", "add", *CAMPUS)
    run("platform", "add", *CAMPUS, "--name", "Campus of old", "--token-audience", "https://aud.example")

    platform = session.scalars(select(Platform)).one()
    assert (platform.name, platform.token_audience) == ("Campus of old", "https://aud.example")


def test_an_address_without_tls_is_refused(run: Run):
    words = [word.replace("https://campus.example/jwks", "http://campus.example/jwks") for word in CAMPUS]

    code, said = run("platform", "add", *words)

    assert code == 2
    assert "must be an https:// address" in said


def test_a_waiting_deployment_is_listed_and_approved(run: Run, session: Session, cast: Cast):
    platform = cast.platform()
    session.add(Deployment(platform_id=platform.id, deployment_id="2", created=platform.created))
    session.commit()

    assert "deployment 2  waiting" in run("platform", "list")[1]
    run("deployment", "approve", platform.public_id, "2")

    assert "deployment 2  active" in run("platform", "list")[1]


def test_a_removed_platform_lets_nobody_in_and_is_kept(run: Run, session: Session, cast: Cast):
    platform = cast.platform()

    run("platform", "remove", platform.public_id)

    assert session.scalars(select(Platform.standing)).one() == Standing.DEACTIVATED
    run("platform", "approve", platform.public_id)
    assert session.scalars(select(Platform.standing)).one() == Standing.ACTIVE


@pytest.mark.parametrize(
    "words",
    [
        ["platform", "approve", "nobody"],
        ["deployment", "approve", "nobody", "1"],
        ["lrs", "credential", "add", "--platform", "nobody", "--label", "x"],
        ["lrs", "credential", "revoke", "nobody"],
        ["lrs", "endpoint", "pause", "nobody"],
    ],
)
def test_what_is_not_there_is_one_sentence(run: Run, words: list[str]):
    code, said = run(*words)

    assert code == 1
    assert said.startswith("Error: No ")
    assert len(said.splitlines()) == 1


def test_an_empty_outbox_says_so(run: Run):
    assert run("outbox", "show") == (0, "Nothing waits.\n")


def test_a_key_for_one_course_reads_that_course(run: Run, cast: Cast, app: Flask):
    course = cast.course()

    code, said = run(
        *("lrs", "credential", "add", "--label", "Warehouse"),
        *("--platform", course.platform.public_id, "--course", course.public_id),
    )

    assert code == 0
    key, secret = (line.split()[1] for line in said.splitlines()[1:])
    answer = app.test_client().get(
        "/lrs/1.0.3/statements", auth=(key, secret), headers={"X-Experience-API-Version": "1.0.3"}
    )
    assert (answer.status_code, answer.get_json()["statements"]) == (200, [])
    assert run("lrs", "credential", "revoke", key) == (0, "The key is revoked.\n")
    again = app.test_client().get(
        "/lrs/1.0.3/statements", auth=(key, secret), headers={"X-Experience-API-Version": "1.0.3"}
    )
    assert again.status_code == 401


def test_a_new_key_is_announced(run: Run):
    assert "is published and signs from" in run("key", "rotate")[1]
