from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from lti_tool.db import db
from lti_tool.models import Platform
from tests.cast import Cast
from tests.lti_tool.launching import ISSUER, FakeWeb, key_set


@pytest.fixture
def platform(cast: Cast) -> Platform:
    return cast.platform()


@pytest.fixture
def web(app: Flask, platform: Platform) -> FakeWeb:
    """The world outside: only the platform's key set is there."""
    web = FakeWeb()
    web.pages[f"{ISSUER}/jwks"] = key_set("one")
    app.extensions["http"] = web
    return web


@pytest.fixture
def counting(app: Flask, session: Session) -> list[str]:
    """Every statement that is sent to the database."""
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _x, said, *_rest: asked.append(said))
    return asked
