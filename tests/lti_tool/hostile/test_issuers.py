"""ISS: whose token it is, whom it is for, and that nothing of two tenants ever becomes one."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.arrivals import verifying
from lti_tool.db import transaction
from lti_tool.models import Course, Deployment, Enrolment, Person, Platform, Standing
from tests.cast import THEN, Cast
from tests.lti_tool.hostile.trying import Forge, Trying, bent
from tests.lti_tool.launching import ISSUER, TARGET, FakeWeb, key_set, launch, start
from tests.lti_tool.outcomes import NOTED, Outcome, Watch, refused, shown_on

WRONG_AUDIENCE, WRONG_ISSUER = refused("wrong_audience", 401), refused("wrong_issuer", 401)

FOREIGN: dict[str, tuple[Forge, Outcome]] = {
    "ISS-01": (bent(aud=["campus-tool", "other"]), WRONG_AUDIENCE),
    "ISS-02": (bent(aud=["campus-tool", "other"], azp="other"), WRONG_AUDIENCE),
    "ISS-02 alone": (bent(azp="other"), WRONG_AUDIENCE),
    "ISS-02 azp is a list": (bent(azp=["campus-tool"]), WRONG_AUDIENCE),
    "ISS-05": (bent(aud="somebody-else"), WRONG_AUDIENCE),
    "ISS-06": (bent(aud=[]), WRONG_AUDIENCE),
    "ISS-06 numbers": (bent(aud=[1]), WRONG_AUDIENCE),
    "ISS-06 an object": (bent(aud={"campus-tool": 1}), WRONG_AUDIENCE),
    "ISS-07": (bent(iss=f"{ISSUER}/"), WRONG_ISSUER),
    "ISS-07 other case": (bent(iss=ISSUER.upper()), WRONG_ISSUER),
    "ISS-08": (bent(iss="https://elsewhere.example"), WRONG_ISSUER),
}

WAITING = select(Deployment.deployment_id).where(Deployment.standing == Standing.WAITING).order_by(Deployment.id)


@pytest.mark.parametrize(("forge", "expected"), FOREIGN.values(), ids=list(FOREIGN))
def test_a_token_from_or_for_somebody_else_is_refused(trying: Trying, forge: Forge, expected: Outcome):
    assert trying.token(forge) == expected


@pytest.mark.parametrize(
    "changes",
    [{"aud": ["other", "campus-tool"], "azp": "campus-tool"}, {"aud": ["campus-tool"]}, {"azp": "campus-tool"}],
    ids=["ISS-04", "ISS-04 one in a list", "ISS-04 azp alone"],
)
def test_our_client_may_stand_anywhere_in_the_audience(trying: Trying, changes: dict[str, Any]):
    assert trying.launch(**changes) == "ok"


@pytest.mark.parametrize("issuer", [f"{ISSUER}/", ISSUER.upper(), "https://elsewhere.example"])
def test_a_login_of_an_issuer_nobody_registered_is_refused_with_what_to_do(trying: Trying, issuer: str):
    """ISS-07, ISS-08, LOGIN-02"""
    said = {"iss": issuer, "login_hint": "leo", "target_link_uri": TARGET, "client_id": "campus-tool"}

    with trying.unmoved():
        answer = trying.client.post("/lti/login", data=said)

    assert (answer.status_code, shown_on(answer)) == (403, "unknown_platform")
    assert "register your learning platform, with exactly its issuer and client id" in answer.text


def test_a_platform_that_makes_up_deployments_has_a_hundred_noted_and_no_more(
    app: Flask, trying: Trying, session: Session, client: FlaskClient, platform: Platform
):
    def made_up(number: int) -> Deployment:
        return Deployment(
            platform_id=platform.id, deployment_id=f"made up {number}", standing=Standing.WAITING, created=THEN
        )

    session.add_all(made_up(number) for number in range(99))
    session.commit()

    codes = [shown_on(launch(client, deployment_id=each)) for each in ("hundredth", "too many", "too many")]
    waiting = session.scalars(WAITING).all()
    session.scalars(select(Deployment).where(Deployment.deployment_id == "made up 5")).one().standing = Standing.ACTIVE
    session.commit()
    launch(client, deployment_id="after an approval")

    assert codes == ["unknown_deployment"] * 3
    assert (len(waiting), "hundredth" in waiting, "too many" in waiting) == (100, True, False)
    assert session.scalars(select(Deployment).where(Deployment.deployment_id == "after an approval")).one()


def test_what_one_platform_makes_up_takes_no_place_from_another(
    trying: Trying, session: Session, client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(verifying, "MOST_WAITING", 1)
    cast.platform("Another school", client_id="another-tool")
    launch(client, deployment_id="ours")
    launch(client, deployment_id="one too many")

    launch(client, asked=start(client, client_id="another-tool"), aud="another-tool", deployment_id="theirs")

    noted = session.scalars(WAITING).all()
    assert noted == ["ours", "theirs"]


def test_an_unknown_deployment_waits_for_an_operator_and_is_noted_once(
    app: Flask, trying: Trying, session: Session, client: FlaskClient
):
    """ISS-09"""
    outcomes = []
    for _ in range(2):
        asked = start(client)
        with Watch(app) as watch:
            outcomes.append(watch.outcome(launch(client, asked=asked, deployment_id="second school")))

    assert outcomes == [
        refused("unknown_deployment", 403, wrote=(NOTED,)),
        refused("unknown_deployment", 403),
    ]
    noted = session.scalars(select(Deployment).where(Deployment.deployment_id == "second school")).one()
    assert noted.standing == Standing.WAITING
    assert "waits" in launch(client, deployment_id="second school").text


def test_another_platform_cannot_answer_for_the_one_that_was_asked(
    trying: Trying, cast: Cast, session: Session, web: FakeWeb
):
    """ISS-11: the mix-up. Campus is asked; Evil answers with a token of its own that carries Campus' nonce."""
    other = cast.platform("Evil", client_id="evil-tool")
    other.issuer, other.jwks_url = "https://evil.example", "https://evil.example/jwks"
    session.commit()
    web.pages["https://evil.example/jwks"] = key_set("evil")

    assert trying.token(bent(key="evil", iss="https://evil.example", aud="evil-tool")) == WRONG_AUDIENCE


def test_a_login_without_a_client_needs_an_issuer_with_only_one(client: FlaskClient, platform: Platform, cast: Cast):
    """ISS-12"""
    said = {"iss": ISSUER, "login_hint": "leo", "target_link_uri": TARGET}
    assert client.post("/lti/login", data=said).status_code == 302

    cast.platform("Second client", client_id="another")

    answer = client.post("/lti/login", data=said)
    assert (answer.status_code, shown_on(answer)) == (400, "ambiguous_platform")


def test_the_deployment_of_the_token_is_the_one_the_login_named(trying: Trying):
    """ISS-13"""
    asked = start(trying.client, lti_deployment_id="2")

    assert trying.token(bent(), asked=asked) == refused("unknown_deployment", 403)
    assert trying.launch(asked=start(trying.client, lti_deployment_id="1")) == "ok"


@pytest.fixture
def second_school(cast: Cast) -> Platform:
    """Another client of the same issuer: another school on hosted Canvas."""
    return cast.platform("Second school", client_id="second-school")


def arrive(client: FlaskClient, school: str = "campus-tool", **changes: Any) -> str:
    answer = launch(client, asked=start(client, client_id=school), aud=school, **changes)
    assert answer.status_code == 303, answer.text
    return answer.location


@pytest.mark.usefixtures("second_school", "web")
def test_the_same_sub_at_two_registrations_is_two_people(app: Flask, session: Session):
    """ISS-15, PLAT-08: Moodle's small numbers mean somebody else at every site."""
    pages = [
        arrive(app.test_client(), school, sub="5", context={"id": "2"}) for school in ("campus-tool", "second-school")
    ]

    people = session.scalars(select(Person).order_by(Person.id)).all()
    assert [(person.subject, person.platform.client_id) for person in people] == [
        ("5", "campus-tool"),
        ("5", "second-school"),
    ]
    assert len(set(pages)) == 2


@pytest.mark.usefixtures("web")
def test_the_same_context_id_at_two_deployments_is_two_courses(app: Flask, platform: Platform, session: Session):
    """ISS-16, PLAT-09"""
    with transaction():
        session.add(Deployment(platform_id=platform.id, deployment_id="2", standing=Standing.ACTIVE, created=THEN))

    pages = [arrive(app.test_client(), deployment_id=each, context={"id": "101"}) for each in ("1", "2")]
    third = arrive(app.test_client(), deployment_id="2", context={"id": "102"})

    assert len({*pages, third}) == 3
    courses = session.scalars(select(Course).order_by(Course.id)).all()
    assert [(course.deployment.deployment_id, course.context_id) for course in courses] == [
        ("1", "101"),
        ("2", "101"),
        ("2", "102"),
    ]
    assert len(session.scalars(select(Person)).all()) == 1


def test_a_second_registration_of_one_issuer_sees_nothing_of_the_first(
    app: Flask, session: Session, platform: Platform, second_school: Platform, web: FakeWeb
):
    """ISS-17, PLAT-05: the attacker's keys speak for the attacker's own tenant and for nobody else."""
    second_school.jwks_url = "https://evil.example/jwks"
    session.commit()
    web.pages[second_school.jwks_url] = key_set("evil")
    victim, attacker = app.test_client(), app.test_client()
    home = arrive(victim)

    own = arrive(attacker, "second-school", key="evil", roles=["Instructor"])
    forged = launch(attacker, key="evil", roles=["Instructor"])

    assert (attacker.get(home).status_code, attacker.get(own).status_code) == (404, 200)
    assert shown_on(forged) == "unknown_key"
    session.expire_all()
    assert [me.role.value for me in session.scalars(select(Enrolment).order_by(Enrolment.id))] == [
        "learner",
        "instructor",
    ]


@pytest.mark.parametrize("standing", [Standing.WAITING, Standing.DEACTIVATED])
def test_a_registration_that_is_not_active_lets_nobody_in(
    trying: Trying, session: Session, platform: Platform, standing: Standing
):
    """ISS-18"""
    asked = start(trying.client)
    platform.standing = standing
    session.commit()

    assert trying.token(bent(), asked=asked) == refused("platform_not_active", 403)

    with trying.unmoved() as watch:
        said = {"iss": ISSUER, "login_hint": "leo", "target_link_uri": TARGET, "client_id": "campus-tool"}
        answer = trying.client.post("/lti/login", data=said)
    assert (answer.status_code, shown_on(answer), watch.wrote) == (403, "platform_not_active", set())


@pytest.mark.parametrize("standing", [Standing.WAITING, Standing.DEACTIVATED])
def test_a_deployment_that_is_not_active_lets_nobody_in(trying: Trying, session: Session, standing: Standing):
    """ISS-18"""
    session.scalars(select(Deployment)).one().standing = standing
    session.commit()

    assert trying.token(bent()) == refused("unknown_deployment", 403)


@pytest.mark.usefixtures("web")
def test_the_beta_of_a_canvas_is_another_tenant(app: Flask, cast: Cast, session: Session):
    """PLAT-04"""
    beta = cast.platform("Beta", client_id="beta-tool")
    beta.issuer = "https://beta.campus.example"
    session.commit()
    asked_of_beta = {"iss": "https://beta.campus.example", "client_id": "beta-tool"}
    arrive(app.test_client())
    client = app.test_client()

    as_production = launch(client, asked=start(client, **asked_of_beta))
    as_beta = launch(client, asked=start(client, **asked_of_beta), iss=beta.issuer, aud="beta-tool")

    assert (shown_on(as_production), as_beta.status_code) == ("wrong_audience", 303)
    assert len(session.scalars(select(Course)).all()) == 2


@pytest.mark.usefixtures("web")
def test_open_edx_calls_every_deployment_one(app: Flask, second_school: Platform, session: Session):
    """PLAT-12"""
    for school in ("campus-tool", "second-school"):
        arrive(app.test_client(), school, deployment_id="1")

    assert sorted(course.platform.client_id for course in session.scalars(select(Course))) == [
        "campus-tool",
        "second-school",
    ]


def test_a_page_may_be_framed_by_the_visitors_own_platform_and_by_nobody_else(
    app: Flask, session: Session, cast: Cast, web: FakeWeb
):
    """COOKIE-08: not by strangers, and not by another tenant's platform either."""
    other = cast.platform("Other", client_id="other-tool")
    other.issuer, other.auth_url = "https://other.example", "https://other.example/auth"
    session.commit()
    client = app.test_client()

    page = client.get(arrive(client))

    policy = page.headers["Content-Security-Policy"]
    assert policy.rpartition("frame-ancestors ")[2] == f"'self' {ISSUER}"
