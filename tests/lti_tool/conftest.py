from __future__ import annotations

import pytest
from flask import Flask

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
