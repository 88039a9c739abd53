from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.lti_tool.hostile.trying import Trying
from tests.lti_tool.launching import FakeWeb


@pytest.fixture
def trying(app: Flask, session: Session, client: FlaskClient, web: FakeWeb) -> Trying:
    """Hostile tries at a tool that knows one platform and has been visited before."""
    trying = Trying(app, session, client, web)
    trying.warm()
    web.asked.clear()
    return trying
