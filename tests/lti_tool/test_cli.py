"""What operators type, and what they read back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lti_tool import cli, clock, keys, outbox
from lti_tool.db import transaction
from lti_tool.models import Deployment, Platform, Standing
from lti_tool.outbox import Lane, Letter, LetterState
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
        ["roster", "refresh", "nobody"],
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


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--name", ""),
        ("--name", "n" * 256),
        ("--issuer", ""),
        ("--issuer", "i" * 256),
        ("--client-id", " "),
        ("--client-id", "c" * 256),
        ("--deployment", ""),
        ("--auth-url", "https://"),
        ("--auth-url", "https://["),
        ("--token-url", "http://localhost.evil.example/token"),
        ("--token-url", "http://localhost@evil.example/token"),
        ("--jwks-url", "https://campus.example:99999999/jwks"),
        ("--jwks-url", "https://x y"),
    ],
)
def test_a_platform_that_cannot_work_is_refused(run: Run, session: Session, option: str, value: str):
    code, _said = run("platform", "add", *CAMPUS, option, value)

    assert (code, session.scalar(select(func.count()).select_from(Platform))) == (2, 0)


@pytest.mark.parametrize("url", ["http://localhost:8001/jwks", "http://127.0.0.1/jwks", "http://[::1]:80/jwks"])
def test_this_machine_needs_no_tls(run: Run, url: str):
    assert run("platform", "add", *CAMPUS, "--jwks-url", url)[0] == 0


@pytest.mark.parametrize("url", ["https://", "http://localhost.evil.example/xAPI"])
def test_an_lrs_without_a_safe_address_is_refused(run: Run, url: str):
    said = run("lrs", "endpoint", "add", "--url", url, "--key", "k", "--secret", "s", "--label", "Outside")

    assert said == (1, "Error: The address must start with https:// (http is taken for localhost only).\n")


def post_dead(number: int, key: str | None = "grade:1", lane: str = "gradebook:x") -> None:
    with transaction() as session:
        session.add(
            Letter(
                lane=lane,
                key=key,
                body={"n": number},
                due=clock.now(),
                created=clock.now(),
                state=LetterState.DEAD,
                error="HTTP 400",
            )
        )


def letters(session: Session) -> list[tuple[object, str, str]]:
    session.expire_all()
    return [(row.body["n"], row.state.value, row.error) for row in session.scalars(select(Letter).order_by(Letter.id))]


def test_of_two_letters_given_up_under_one_key_the_newer_is_tried_again(run: Run, session: Session):
    post_dead(1)
    post_dead(2)
    post_dead(3, key=None)

    assert run("outbox", "retry") == (0, "2 letters will be tried again.\n")

    assert letters(session) == [
        (1, "delivered", "superseded by a newer one"),
        (2, "waiting", "HTTP 400"),
        (3, "waiting", "HTTP 400"),
    ]


def test_a_letter_given_up_gives_way_to_the_one_that_waits_under_its_key(run: Run, session: Session):
    post_dead(1)
    with transaction():
        outbox.post(session, "gradebook:x", {"n": 2}, key="grade:1")

    assert run("outbox", "retry", "gradebook:x") == (0, "1 letters will be tried again.\n")

    assert letters(session) == [(1, "delivered", "superseded by a newer one"), (2, "waiting", "")]


def test_trying_again_resumes_what_an_operator_paused_only_by_name(run: Run, session: Session):
    with transaction():
        session.add(Lane(name="lrs:a", paused="paused by an operator"))
        session.add(Lane(name="lrs:b", paused="the LRS answered HTTP 401"))

    run("outbox", "retry")
    assert session.scalars(select(Lane.paused).order_by(Lane.name)).all() == ["paused by an operator", ""]

    run("outbox", "retry", "lrs:a")
    assert session.scalars(select(Lane.paused).order_by(Lane.name)).all() == ["", ""]


def test_two_first_migrations_at_once_leave_one_signing_key(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    with transaction():
        session.execute(delete(keys.SigningKey))
    together = threading.Barrier(2)
    monkeypatch.setattr("lti_tool.cli.migrating.migrate", lambda _engine: together.wait(10))

    def prepare() -> None:
        with app.app_context():
            cli.prepare_database()

    with ThreadPoolExecutor(2) as pool:
        for work in [pool.submit(prepare) for _ in range(2)]:
            work.result(30)

    assert session.scalar(select(func.count()).select_from(keys.SigningKey)) == 1
