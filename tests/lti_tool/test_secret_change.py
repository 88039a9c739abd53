"""An operator changes SECRET_KEY: what the old one closed is opened as long as SECRET_KEY_FALLBACKS names it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool import keys, platform_keys
from lti_tool.app import create_app
from lti_tool.arrivals.verifying import state_cookie
from lti_tool.config import Config
from lti_tool.db import db
from tests.cast import Cast
from tests.conftest import FEATURES, SECRET
from tests.lti_tool.launching import ISSUER, key_set, launch, start
from tests.lti_tool.registering import invite, opened, pressed
from tests.lti_tool.test_registration import SOURCE, Lms

NEW, OTHER = "n" * 40, "o" * 40
Started = Callable[..., Flask]


@pytest.fixture
def started(database_url: str, tmp_path: Path) -> Iterator[Started]:
    """The tool as somebody starts it with these settings, on the same database each time."""
    apps = []

    def started(**env: str) -> Flask:
        config = Config.from_env({"DATABASE_URL": database_url, **env}, root=tmp_path)
        apps.append(app := create_app(replace(config, testing=True), FEATURES))
        app.extensions["http"] = Lms(pages={f"{ISSUER}/jwks": key_set("one")})
        return app

    platform_keys.forget()
    yield started
    for app in apps:
        with app.app_context():
            db.engine.dispose()


@dataclass
class Closed:
    """What lies about when the secret is changed."""

    sealed: str
    """A secret in the database."""
    login: Mapping[str, str]
    """A login under way."""
    form: tuple[str, str]
    """An open page's address and its token."""
    invitation: TestResponse
    """The page of an invitation, its button not pressed yet."""
    cookies: dict[str, str]


def closed_by(old: Flask) -> Closed:
    client = old.test_client()
    with old.app_context():
        Cast(db.session).platform()
        sealed, link = keys.seal("a token"), invite().link
    mentors = f"{launch(client, roles=['Instructor']).location}mentoring/mentors"
    (token, *_more) = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(mentors).text)
    login = start(client)
    page = opened(client, link, openid_configuration=SOURCE)
    return Closed(sealed, login, (mentors, token), page, cookies_of(old, client, login))


def cookies_of(app: Flask, client: FlaskClient, login: Mapping[str, str]) -> dict[str, str]:
    with app.app_context():
        names = ("mentoring", state_cookie(login["state"]))
    return {name: cookie.value for name in names if (cookie := client.get_cookie(name))}


def browser_with(app: Flask, cookies: Mapping[str, str]) -> FlaskClient:
    client = app.test_client()
    for name, value in cookies.items():
        client.set_cookie(name, value)
    return client


def opened_by(new: Flask, closed: Closed) -> dict[str, object]:
    """What the tool makes of each, started anew."""
    browser, (address, token) = browser_with(new, closed.cookies), closed.form
    with new.app_context():
        own_key, stored = opens(keys.signing(db.session).sealed_pem), opens(closed.sealed)
    return {
        "own key": own_key[:27],
        "stored": stored,
        "form": browser.post(address, data={"csrf_token": token}).status_code,
        "invitation": pressed(browser, closed.invitation).status_code,
        "login": launch(browser, asked=closed.login).status_code,
    }


def opens(sealed: str) -> str:
    try:
        return keys.unseal(sealed)
    except keys.SecretsUnreadable:
        return "unreadable"


@pytest.mark.parametrize(
    "fallbacks",
    [SECRET, f" {OTHER}  {SECRET}", f"{SECRET}\n{OTHER}\n"],
    ids=["alone", "among others", "on a line of its own"],
)
def test_what_the_old_secret_closed_is_opened_where_it_is_named(started: Started, fallbacks: str):
    """KEY-03"""
    closed = closed_by(started(SECRET_KEY=SECRET))

    found = opened_by(started(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=fallbacks), closed)

    assert found == {
        "own key": "-----BEGIN PRIVATE KEY-----",
        "stored": "a token",
        "form": 302,
        "invitation": 200,
        "login": 303,
    }


@pytest.mark.parametrize("fallbacks", ["", OTHER], ids=["no fallback", "another"])
def test_what_the_old_secret_closed_stays_closed_where_it_is_not_named(started: Started, fallbacks: str):
    closed = closed_by(started(SECRET_KEY=SECRET))

    found = opened_by(started(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=fallbacks), closed)

    refused = dict.fromkeys(("form", "invitation", "login"), 400)
    assert found == {"own key": "unreadable", "stored": "unreadable", **refused}


def test_what_is_closed_from_then_on_needs_the_old_secret_no_more(started: Started):
    with started(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=SECRET).app_context():
        sealed = keys.seal("a token")

    with started(SECRET_KEY=NEW).app_context():
        assert opens(sealed) == "a token"
