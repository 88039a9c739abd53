"""STATE: one state, one nonce, one browser, one launch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.arrivals.verifying import state_cookie
from lti_tool.models import Enrolment
from tests.lti_tool.hostile.trying import Trying, bent
from tests.lti_tool.launching import claims, launch, sign, start
from tests.lti_tool.outcomes import Outcome, refused, shown_on


@pytest.mark.parametrize("state", [None, "", "s" * 1025], ids=["STATE-01", "STATE-01 empty", "STATE-01 endless"])
def test_a_launch_without_a_state_is_refused(trying: Trying, state: str | None):
    assert trying.token(bent(), state=state) == refused("state_unknown")


def test_a_made_up_state_is_refused(trying: Trying):
    """STATE-01"""
    assert trying.token(bent(), state="state-made-up") == refused("state_unknown")


def form_of(asked: Mapping[str, str]) -> dict[str, str]:
    return {"state": asked["state"], "id_token": sign({"nonce": asked["nonce"], **claims()})}


def keep_cookie(app: Flask, client: FlaskClient, asked: Mapping[str, str]) -> None:
    """The browser still has the cookie of this login, as one that never took the answer has."""
    with app.app_context():
        client.set_cookie(state_cookie(asked["state"]), asked["state"])


def test_a_launch_posted_twice_is_let_in_once(app: Flask, trying: Trying, client: FlaskClient):
    """STATE-03"""
    asked = start(client)
    form = form_of(asked)
    assert client.post("/lti/launch", data=form).status_code == 303

    keep_cookie(app, client, asked)
    with trying.unmoved() as watch:
        outcome = watch.outcome(client.post("/lti/launch", data=form))

    assert outcome == refused("state_spent")


def test_the_back_button_to_a_posted_launch_is_answered_with_what_to_do(client: FlaskClient, web: object):
    """STATE-10"""
    form = form_of(start(client))
    client.post("/lti/launch", data=form)

    again = client.post("/lti/launch", data=form)

    assert (again.status_code, shown_on(again)) == (400, "state_spent")
    assert "Go back to your course page and open the link there again." in again.text


def test_an_old_token_under_a_fresh_state_is_refused(trying: Trying, client: FlaskClient):
    """STATE-04"""
    old = form_of(start(client))["id_token"]

    assert trying.token(lambda _body: old) == refused("wrong_nonce", 401)


def test_a_new_token_with_a_used_nonce_is_refused(trying: Trying, client: FlaskClient):
    """STATE-05"""
    used = start(client)
    assert trying.launch(asked=used) == "ok"

    assert trying.token(bent(nonce=used["nonce"])) == refused("wrong_nonce", 401)


@pytest.mark.parametrize("who", ["the victim was never here", "the victim is visiting"])
def test_a_launch_of_another_browser_is_refused(app: Flask, trying: Trying, who: str):
    """STATE-06, STATE-07, STATE-13: somebody's state and token, without the cookie that ties them to a browser."""
    victim = app.test_client()
    if who == "the victim is visiting":
        assert launch(victim, sub="zoe").status_code == 303
    before = victim.get_cookie("mentoring")
    form = form_of(start(trying.client))

    with trying.unmoved() as watch:
        outcome = watch.outcome(victim.post("/lti/launch", data=form))

    assert outcome == refused("state_cookie")
    assert victim.get_cookie("mentoring") == before


def test_another_browser_cannot_spend_the_state(app: Flask, trying: Trying):
    """STATE-06"""
    asked = start(trying.client)
    form = form_of(asked)

    assert app.test_client().post("/lti/launch", data=form).status_code == 400
    assert trying.client.post("/lti/launch", data=form).status_code == 303


def test_two_tabs_may_be_opened_at_once(trying: Trying, client: FlaskClient):
    """STATE-08"""
    first, second = start(client), start(client)

    assert [trying.launch(asked=asked) for asked in (second, first)] == ["ok", "ok"]


def test_the_page_after_a_launch_may_be_reloaded(client: FlaskClient, web: object):
    """STATE-09"""
    answer = launch(client)

    assert answer.status_code == 303
    assert [client.get(answer.location).status_code for _ in range(2)] == [200, 200]


def test_a_state_lasts_ten_minutes(trying: Trying, client: FlaskClient):
    """STATE-11"""
    asked = start(client)

    with clock.moved_by(timedelta(minutes=10, seconds=1)):
        assert trying.token(bent(), asked=asked) == refused("state_unknown")


def test_a_failed_try_leaves_its_state_to_the_honest_one(trying: Trying, client: FlaskClient):
    """A platform whose keys could not be fetched for a moment is tried again by reloading."""
    asked = start(client)

    assert trying.token(bent(nonce="made-up"), asked=asked) == refused("wrong_nonce", 401)
    assert trying.launch(asked=asked) == "ok"


@pytest.mark.parametrize(
    "bend",
    [
        lambda state: state[:-1] + ("A" if state[-1] != "A" else "B"),
        lambda state: state.replace(".", "A.", 1),
        lambda state: state.partition(".")[0],
        lambda state: state.removeprefix("state-"),
        lambda state: state + "=",
        lambda state: state.replace("state-", "state-é"),
    ],
    ids=["another seal", "another login", "no seal", "no name", "more", "odd letters"],
)
def test_a_bent_state_is_nobodys(app: Flask, trying: Trying, client: FlaskClient, bend: Callable[[str], str]):
    """STATE-01"""
    asked = start(client)
    keep_cookie(app, client, {"state": bend(asked["state"])})

    assert trying.token(bent(), state=bend(asked["state"])) == refused("state_unknown")


def test_a_login_writes_nothing(trying: Trying, client: FlaskClient):
    """LOGIN-10: however many begin and never come back."""
    with trying.unmoved() as watch:
        start(client)

    assert watch.wrote == set()


def test_a_state_sealed_under_an_older_secret_is_good_while_that_is_in_force(app: Flask, trying: Trying):
    asked, older = [start(trying.client) for _ in range(3)], app.config["SECRET_KEY"]

    app.config.update(SECRET_KEY="newer" * 10, SECRET_KEY_FALLBACKS=[older])
    during = trying.launch(asked=asked[0])
    newest = trying.launch(asked=start(trying.client))
    app.config["SECRET_KEY_FALLBACKS"] = []
    after = trying.token(bent(), asked=asked[1])

    assert (during, newest, after) == ("ok", "ok", refused("state_unknown"))


def test_a_token_in_an_address_is_not_even_read(trying: Trying, client: FlaskClient):
    """STATE-16"""
    asked = start(client)

    with trying.unmoved() as watch:
        answer = client.get("/lti/launch", query_string=form_of(asked))

    assert (answer.status_code, set(answer.allow), watch.wrote) == (405, {"OPTIONS", "POST"}, set())
    assert trying.launch(asked=asked) == "ok"


def test_an_error_of_the_platform_is_explained(trying: Trying):
    """STATE-17"""

    def told(error: str) -> Outcome:
        return trying.token(bent(), id_token=None, error=error, error_description="Leo <b>Fischer</b>")

    assert [told(each) for each in ("login_required", "server_error", "Leo\r\n<b>")] == [
        refused("login_required"),
        refused("platform_error"),
        refused("platform_error"),
    ]


def test_who_was_refused_is_nobody_afterwards(client: FlaskClient, web: object, session: Session):
    launch(client, aud="somebody-else")

    assert client.get_cookie("mentoring") is None
    assert session.scalars(select(Enrolment)).all() == []
