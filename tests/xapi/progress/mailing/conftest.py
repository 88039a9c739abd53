from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.lti_tool.mail_server import MailServerInHand
from tests.xapi.progress.conftest import Year
from tests.xapi.progress.mailing.desk import Desk
from xapi.progress.mailing.times import Rhythm


@pytest.fixture
def desk(app: Flask, session: Session, cast: Cast, year: Year, there: MailServerInHand) -> Desk:
    """Reports are sent when an instructor says so, unless a test arranges otherwise; Vera manages Leo."""
    desk = Desk(app, session, cast, year, there)
    desk.managed()
    desk.arranged(Rhythm.REQUEST)
    return desk
