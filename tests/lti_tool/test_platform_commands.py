"""What operators type about learning platforms: invitations, several deployments, approving with open eyes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.claims import SCORE_SCOPE
from lti_tool.db import transaction
from lti_tool.models import Deployment, Platform, Standing
from lti_tool.registering import invitations
from lti_tool.registering.invitations import Invitation
from tests.cast import THEN, Cast

Run = Callable[..., tuple[int, str]]

CANVAS = [
    *("--name", "Canvas", "--issuer", "https://canvas.example", "--client-id", "1"),
    *("--auth-url", "https://canvas.example/auth", "--token-url", "https://canvas.example/token"),
    *("--jwks-url", "https://canvas.example/jwks"),
]


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    def run(*words: str) -> tuple[int, str]:
        session.rollback()
        session.expire_all()
        result = app.test_cli_runner().invoke(args=words, catch_exceptions=False)
        session.rollback()
        session.expire_all()
        return result.exit_code, result.output

    return run


def test_an_invitation_is_a_link_that_is_printed_once(run: Run, session: Session):
    with clock.moved_to(THEN):
        code, said = run("platform", "invite", "--note", "Ines's school", "--hours", "3")

    row = session.scalars(select(Invitation)).one()
    secret = re.search(r"^http://localhost:8000/lti/register/([\w-]{32})$", said, re.M)
    assert (code, secret is not None, "Good once, until 2026-11-23 12:00Z, and shown only now." in said) == (
        0,
        True,
        True,
    )
    assert invitations.find(session, secret[1] if secret else "") == row
    with clock.moved_to(THEN):
        listed = run("platform", "invitations")
    assert listed == (0, f"{row.public_id}  open  until 2026-11-23 12:00Z  Ines's school\n")


def test_where_nobody_is_registered_the_list_says_how_to_begin(run: Run):
    assert run("platform", "list") == (0, "There is none; see flask --app wsgi platform invite.\n")


@pytest.mark.parametrize("hours", ["0", "25", "-1", "soon"])
def test_an_invitation_lasts_a_day_at_most(run: Run, session: Session, hours: str):
    assert run("platform", "invite", "--hours", hours)[0] == 2
    assert session.scalars(select(Invitation)).all() == []


def test_no_invitations_is_a_sentence(run: Run):
    assert run("platform", "invitations") == (0, "There is none; see flask --app wsgi platform invite.\n")


def test_an_invitation_is_taken_back(run: Run, session: Session):
    run("platform", "invite")
    row = session.scalars(select(Invitation)).one()

    assert run("platform", "revoke", row.public_id) == (0, "The invitation is revoked.\n")

    assert "  revoked  " in run("platform", "invitations")[1]
    assert run("platform", "revoke", row.public_id)[0] == 1


def test_several_deployments_are_approved_at_once(run: Run, session: Session):
    code, _said = run("platform", "add", *CANVAS, "--deployment", "1:a", "--deployment", "2:b")

    rows = session.execute(select(Deployment.deployment_id, Deployment.standing).order_by(Deployment.id)).all()
    assert (code, [tuple(row) for row in rows]) == (0, [("1:a", Standing.ACTIVE), ("2:b", Standing.ACTIVE)])


def test_one_beside_another_gets_a_login_address_of_its_own(run: Run, session: Session):
    """PLAT-05"""
    own = [word.replace("canvas.example/", "own.example/") for word in CANVAS]
    first = run("platform", "add", *CANVAS, "--deployment", "1")[1]
    second = run("platform", "add", *own, "--deployment", "1", "--beside")[1]

    rows = session.scalars(select(Platform).order_by(Platform.id)).all()
    assert [row.jwks_url for row in rows] == ["https://canvas.example/jwks", "https://own.example/jwks"]
    assert "login initiation URL      http://localhost:8000/lti/login\n" in first
    assert f"login initiation URL      http://localhost:8000/lti/login/{rows[1].public_id}\n" in second
    third = [word.replace("canvas.example/", "third.example/") for word in CANVAS]
    code, said = run("platform", "add", *third, "--deployment", "1")
    assert (code, said) == (
        1,
        "Error: Several platforms have this issuer and client id, and none of them this key set."
        " Say --beside to add one more.\n",
    )


@pytest.mark.parametrize("url", ["https://10.0.0.5/jwks", "https://[::1]:8443/jwks", "https://u:p@canvas.example/jwks"])
def test_an_address_that_calls_may_not_go_to_is_refused(run: Run, session: Session, url: str, app: Flask):
    app.extensions["http"].session.reach = type(app.extensions["http"].session.reach)()

    code, said = run("platform", "add", *CANVAS, "--deployment", "1", "--jwks-url", url)

    assert (code, "must be an https:// address that calls may go to" in said) == (2, True)
    assert session.scalars(select(Platform)).all() == []


def self_registered(session: Session, cast: Cast) -> Platform:
    platform = cast.platform("Campus of Ines")
    with transaction():
        platform.is_self_registered, platform.standing = True, Standing.WAITING
        platform.granted_scopes, platform.remarks = [SCORE_SCOPE], ["It calls itself one thing, but is another."]
        platform.deployments[0].standing = Standing.WAITING
        invitation, _secret = invitations.make(session, hours=24, note="Ines asked in May")
        session.flush()
        invitation.platform_id, invitation.used = platform.id, THEN
    return platform


def test_the_list_says_how_a_platform_came_and_what_to_look_at(run: Run, session: Session, cast: Cast):
    """DR-04 DR-13"""
    platform = self_registered(session, cast)

    assert run("platform", "list") == (
        0,
        f"{platform.public_id}  Campus of Ines  https://campus.example  campus-tool  waiting\n"
        "    registered itself by invitation (Ines asked in May) on 2026-11-23;"
        f" its own login address is http://localhost:8000/lti/login/{platform.public_id}\n"
        "    granted: score\n"
        "    off: The class list cannot be read: people are known here from their first visit on.\n"
        "    off: No gradebook columns are made: only activities that the LMS gave a column are graded.\n"
        "    off: Grades cannot be read back and compared.\n"
        "    look: It calls itself one thing, but is another.\n"
        "    deployment 1  waiting\n",
    )


def test_approving_lets_in_what_came_with_the_registration_and_nothing_later(run: Run, session: Session, cast: Cast):
    platform = self_registered(session, cast)

    said = run("platform", "approve", platform.public_id)[1]
    assert said.startswith("Campus of Ines is now active.\n")
    assert "    look: It calls itself one thing, but is another.\n    deployment 1 is active\n" in said

    session.add(Deployment(platform_id=platform.id, deployment_id="2", created=THEN))
    session.commit()
    run("platform", "remove", platform.public_id)
    run("platform", "approve", platform.public_id)

    known = session.scalars(select(Deployment).order_by(Deployment.id))
    assert [(each.deployment_id, each.standing) for each in known] == [
        ("1", Standing.ACTIVE),
        ("2", Standing.WAITING),
    ]


def test_approving_one_whose_deployment_is_not_known_says_what_comes_next(run: Run, session: Session, cast: Cast):
    """DR-11"""
    platform = self_registered(session, cast)
    with transaction():
        session.delete(platform.deployments[0])

    said = run("platform", "approve", platform.public_id)[1]

    assert f"flask --app wsgi deployment approve {platform.public_id} DEPLOYMENT" in said


@pytest.mark.parametrize("words", [["revoke", "nobody"], ["regrant", "nobody"], ["remove", "nobody"]])
def test_what_is_not_there_is_one_sentence(run: Run, words: list[str]):
    code, said = run("platform", *words)

    assert (code, said.startswith("Error: No "), len(said.splitlines())) == (1, True, 1)


def test_what_an_operator_decides_leaves_a_line_in_the_log(
    run: Run, session: Session, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO", "lti_tool.registering.platform_commands")
    run("platform", "add", *CANVAS, "--deployment", "1")
    platform = session.scalars(select(Platform)).one()
    session.add(Deployment(platform_id=platform.id, deployment_id="2\x1b[31m\nforged", created=THEN))
    session.commit()

    run("platform", "approve", platform.public_id)
    run("deployment", "approve", platform.public_id, "2\x1b[31m\nforged")
    run("platform", "remove", platform.public_id)
    run("platform", "approve", "nobody")

    name = platform.public_id
    assert caplog.messages == [
        f"platform verdict=added platform={name} deployment=-",
        f"platform verdict=approved platform={name} deployment=-",
        f"platform verdict=approved platform={name} deployment=2?[31m?forged",
        f"platform verdict=removed platform={name} deployment=-",
    ]
