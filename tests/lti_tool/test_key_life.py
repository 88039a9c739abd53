"""A key's whole life: published before it signs and after, never reused, sealed, and opened with an older secret."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from packaging.requirements import Requirement
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock, keys, platform_keys
from lti_tool.app import create_app
from lti_tool.claims import ROSTER_SCOPE
from lti_tool.config import Config
from lti_tool.db import Base, transaction
from lti_tool.keys import SigningKey
from lti_tool.models import Deployment, Platform
from lti_tool.outgoing.services import AccessToken, Connector, Service
from lti_tool.placing import deep_linking
from lti_tool.placing.deep_linking import LinkRequest
from tests.cast import THEN, Cast
from tests.conftest import FEATURES, Arrive
from tests.lti_tool.launching import ISSUER, FakeWeb, key_set, launch
from xapi.endpoints import Endpoint

ROOT = Path(__file__).parents[2]
PRIVATE_MEMBERS = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    def run(*typed: str) -> tuple[int, str]:
        session.rollback()
        result = app.test_cli_runner().invoke(args=typed, catch_exceptions=False)
        session.rollback()
        return result.exit_code, result.output

    return run


def rotate(session: Session) -> str:
    with transaction():
        return keys.rotate(session).kid


def published(client: FlaskClient) -> list[dict[str, Any]]:
    return list(client.get("/lti/jwks").get_json()["keys"])


def test_our_key_set_shows_public_members_only(client: FlaskClient, session: Session):
    """KEY-01"""
    rotate(session)

    answer = client.get("/lti/jwks")

    assert [set(each) for each in answer.get_json()["keys"]] == [{"kty", "n", "e", "kid", "alg", "use"}] * 2
    assert [name for name in PRIVATE_MEMBERS if f'"{name}"' in answer.text] == []
    assert "PRIVATE" not in answer.text


@pytest.mark.parametrize(
    ("hours", "signs", "shown"),
    [
        (0, "old", ["old", "new"]),
        (23.9, "old", ["old", "new"]),
        (24.1, "new", ["old", "new"]),
        (24 * 8 - 0.1, "new", ["old", "new"]),
        (24 * 8 + 0.1, "new", ["new"]),
    ],
)
def test_a_new_key_waits_a_day_and_the_old_one_stays_a_week(
    client: FlaskClient, session: Session, hours: float, signs: str, shown: list[str]
):
    """KEY-02"""
    names = {keys.signing(session).kid: "old"}
    names[rotate(session)] = "new"

    with clock.moved_by(timedelta(hours=hours)):
        found = names[keys.signing(session).kid], [names[each["kid"]] for each in published(client)]

    assert found == (signs, shown)


def test_two_rotations_in_one_day_withdraw_nothing_that_signs(client: FlaskClient, session: Session):
    """KEY-02"""
    first = keys.signing(session).kid
    second = rotate(session)
    with clock.moved_by(timedelta(hours=5)):
        third = rotate(session)

    def at(hours: float) -> tuple[str, list[str]]:
        with clock.moved_by(timedelta(hours=hours)):
            return keys.signing(session).kid, [each["kid"] for each in published(client)]

    assert at(6) == (first, [first, second, third])
    assert at(25) == (second, [first, second, third])
    assert at(30) == (third, [first, second, third])
    for hours in (0, 6, 25, 30, 24 * 8 + 1, 24 * 9, 24 * 30):
        signing, shown = at(hours)
        assert signing in shown


def test_every_key_is_where_its_life_has_brought_it(session: Session):
    """KEY-02"""
    first = keys.signing(session)
    second = session.scalars(select(SigningKey).where(SigningKey.kid == rotate(session))).one()

    def at(hours: float) -> list[str]:
        with clock.moved_by(timedelta(hours=hours)):
            return [keys.standing_of(session, each, at=clock.now()) for each in (first, second)]

    assert [at(1), at(25), at(24 * 9)] == [["signing", "coming"], ["retiring", "signing"], ["withdrawn", "signing"]]


def test_key_ids_are_thumbprints_and_stay_taken(session: Session):
    """KEY-07"""
    for _ in range(3):
        rotate(session)

    rows = session.scalars(select(SigningKey)).all()
    assert [row.kid for row in rows] == [keys.thumbprint(json.loads(row.public_jwk)) for row in rows]
    assert len({row.kid for row in rows}) == 4
    assert any(constraint.columns.keys() == ["kid"] for constraint in SigningKey.__table__.constraints)  # type: ignore[attr-defined]


def test_a_dump_of_the_database_holds_no_private_key_and_no_token(
    session: Session, campus: CampusInHand, arrive: Arrive
):
    """KEY-03"""
    arrive("ines")
    deployment = session.scalars(select(Deployment)).one()
    token = Connector(deployment).get_access_token([ROSTER_SCOPE])
    pem = keys.unseal(keys.signing(session).sealed_pem)
    secrets = [token, pem.splitlines()[1], "BEGIN PRIVATE"]

    dump = "\n".join(
        str(tuple(row)) for table in Base.metadata.sorted_tables for row in session.execute(table.select()).all()
    )

    assert token in [keys.unseal(each) for each in session.scalars(select(AccessToken.sealed))]
    assert [each for each in secrets if each in dump] == []


def test_token_requests_are_signed_by_the_signing_key(
    session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
):
    """KEY-02: the campus takes tokens right after a rotation, and once the new key has become the signing one."""
    seen: list[str] = []
    encode = Connector.encode_jwt

    def watched(self: Connector, message: dict[str, Any], private_key: str, headers: dict[str, str]) -> str:
        signed = encode(self, message, private_key, headers)
        seen.append(jwt.get_unverified_header(signed)["kid"])
        return signed

    monkeypatch.setattr(Connector, "encode_jwt", watched)
    arrive("leo")
    service = Service(session.scalars(select(Deployment)).one(), [ROSTER_SCOPE])
    old = keys.signing(session).kid
    new = rotate(session)

    service.renew_token()
    session.scalars(select(SigningKey).where(SigningKey.kid == new)).one().signs_from = clock.now()
    session.commit()
    service.renew_token()

    assert (seen[-2:], campus.refusals()) == ([old, new], [])


def test_answers_to_deep_linking_are_signed_by_the_signing_key(session: Session, cast: Cast):
    """KEY-02 and CERT-DL-05"""
    deployment = session.scalars(select(Deployment).where(Deployment.platform_id == cast.platform().id)).one()
    asked = LinkRequest(deployment=deployment, return_url="https://campus.example/back", data=None)
    old, new = keys.signing(session).kid, rotate(session)

    def signer(hours: float) -> str:
        with clock.moved_by(timedelta(hours=hours)):
            answer = deep_linking.respond(asked, [], message="", at=clock.now())
            shown = {jwk["kid"]: jwt.PyJWK(jwk) for jwk in keys.published(session)}
            kid = jwt.get_unverified_header(answer)["kid"]
            jwt.PyJWS().decode(answer, shown[kid].key, algorithms=["RS256"])
        return str(kid)

    assert [signer(0), signer(23), signer(25)] == [old, old, new]


def test_the_platforms_new_key_costs_one_fetch(client: FlaskClient, web: FakeWeb, platform: Platform):
    """JWKS: launches under the old and the new key both pass."""
    assert launch(client).status_code == 303
    web.pages[f"{ISSUER}/jwks"] = key_set("one", "two")

    with clock.moved_by(timedelta(seconds=61)):
        statuses = [launch(client, key="two").status_code for _ in range(3)]

    assert (statuses, web.asked) == ([303] * 3, [f"GET {ISSUER}/jwks"] * 2)


def test_forged_key_ids_fetch_once_a_minute_at_most(client: FlaskClient, web: FakeWeb, platform: Platform):
    """JWKS-06: nobody hammers an LMS through us."""
    launch(client)

    statuses = [launch(client, key="three").status_code for _ in range(20)]
    with clock.moved_by(platform_keys.FLOOR + timedelta(seconds=1)):
        statuses += [launch(client, key="three").status_code for _ in range(20)]

    assert (statuses, len(web.asked)) == ([401] * 40, 2)


def with_secret(app: Flask, secret: str, *fallbacks: str) -> None:
    app.config["SECRET_KEY"], app.config["SECRET_KEY_FALLBACKS"] = secret, list(fallbacks)


@pytest.fixture
def stored(app: Flask, session: Session, cast: Cast) -> Iterator[dict[str, str]]:
    """Something sealed in each table that seals, under the old secret; what is inside, by table."""
    old = app.config["SECRET_KEY"]
    platform = cast.platform()
    session.add(
        AccessToken(key="k", platform_id=platform.id, sealed=keys.seal("a token"), expires=THEN + timedelta(days=900))
    )
    session.add(
        Endpoint(label="LRS", url="https://lrs.example", key="u", sealed_secret=keys.seal("a secret"), created=THEN)
    )
    session.commit()
    yield {"access_token": "a token", "lrs_endpoint": "a secret"}
    # On PostgreSQL the first signing key outlives its test.
    with_secret(app, old, "n" * 40)
    with transaction():
        keys.reseal(session)


def opened(session: Session) -> dict[str, str]:
    session.expire_all()
    return {
        "access_token": keys.unseal(session.scalars(select(AccessToken.sealed)).one()),
        "lrs_endpoint": keys.unseal(session.scalars(select(Endpoint.sealed_secret)).one()),
    }


def test_after_resealing_the_old_secret_is_needed_no_more(
    app: Flask, session: Session, run: Run, stored: dict[str, str]
):
    """KEY-03"""
    old, new = app.config["SECRET_KEY"], "n" * 40
    with_secret(app, new, old)

    code, said = run("key", "reseal")
    with_secret(app, new)

    assert (code, said) == (
        0,
        "3 stored secrets are sealed under the newest SECRET_KEY.\nSECRET_KEY_FALLBACKS is needed no more.\n",
    )
    assert opened(session) == stored
    assert keys.unseal(keys.signing(session).sealed_pem).startswith("-----BEGIN PRIVATE KEY-----")


def test_resealing_twice_is_no_harm(app: Flask, session: Session, run: Run, stored: dict[str, str]):
    assert [run("key", "reseal")[0] for _ in range(2)] == [0, 0]
    assert opened(session) == stored


def test_what_no_secret_opens_is_named_and_left_as_it_is(
    app: Flask, session: Session, run: Run, stored: dict[str, str]
):
    before = session.scalars(select(Endpoint.sealed_secret)).one()
    old = app.config["SECRET_KEY"]
    with_secret(app, "n" * 40)

    code, said = run("key", "reseal")

    assert code == 1
    assert "0 stored secrets" in said
    assert "lrs_endpoint 1" in said.replace(str(session.scalars(select(Endpoint.id)).one()), "1")
    assert "SECRET_KEY_FALLBACKS" in said
    with_secret(app, old)
    assert (session.scalars(select(Endpoint.sealed_secret)).one(), opened(session)) == (before, stored)


def test_everything_that_is_sealed_is_found_by_its_name(app: Flask):
    """A column for a secret is called `sealed...`, so that resealing knows it; a row of it has an id."""
    found = {
        table.name: [column.name for column in table.columns if column.name.startswith("sealed")]
        for table in Base.metadata.sorted_tables
    }

    assert {name: columns for name, columns in found.items() if columns} == {
        "access_token": ["sealed"],
        "lrs_endpoint": ["sealed_secret", "sealed_pseudonyms"],
        "review_assignment": ["sealed_draft"],
        "signing_key": ["sealed_pem"],
    }


def test_a_library_that_is_too_old_is_refused_by_what_we_ask_for():
    """KEY-08: PyLTI1p3 alone would take any PyJWT from 1.5 on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {each.name: each.specifier for each in map(Requirement, project["dependencies"])}["PyJWT"]
    locks = [(ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8") for name in ("run", "dev")]
    locked = [found for lock in locks for found in re.findall(r"^pyjwt==(\S+) ", lock, re.MULTILINE)]

    admitted = {each: asked.contains(each) for each in ("1.5.0", "2.9.0", "2.10.0", "2.10.1", jwt.__version__, *locked)}

    assert [each for each, is_admitted in admitted.items() if not is_admitted] == ["1.5.0", "2.9.0", "2.10.0"]
    assert len(locked) == 2


def test_a_login_goes_on_while_our_secret_is_changed(app: Flask, client: FlaskClient, web: FakeWeb, platform: Platform):
    """KEY-03: visits and launches begun under the old secret come to their end under the new one."""
    address = launch(client).location
    with_secret(app, "n" * 40, app.config["SECRET_KEY"])

    assert (client.get(address).status_code, launch(client).status_code) == (200, 303)


def test_a_form_opened_under_the_old_secret_can_still_be_sent(
    app: Flask, client: FlaskClient, web: FakeWeb, platform: Platform, database_url: str, tmp_path: Path
):
    """KEY-03: nobody's answers are lost because an operator changed the secret."""
    app.config["WTF_CSRF_ENABLED"] = True
    mentors = f"{launch(client, roles=['Instructor']).location}mentoring/mentors"
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(mentors).text)[0]
    visit = client.get_cookie("mentoring")
    assert visit is not None

    def sent_to_a_tool_with(*fallbacks: str) -> int:
        config = Config(
            testing=True, root=tmp_path, database_url=database_url, secret_key="n" * 40, secret_key_fallbacks=fallbacks
        )
        renewed = create_app(config, FEATURES).test_client()
        renewed.set_cookie("mentoring", visit.value)
        return renewed.post(mentors, data={"csrf_token": token}).status_code

    assert (sent_to_a_tool_with(app.config["SECRET_KEY"]), sent_to_a_tool_with()) == (302, 400)
