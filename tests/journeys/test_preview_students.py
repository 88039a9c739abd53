"""A preview student may do everything a learner does, and counts nowhere (ROLE-14)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import groups, roster
from lti_tool.delivering import drain
from lti_tool.models import Course, Enrolment
from lti_tool.outbox import Happening, Letter
from mentoring.pairing.board import board_of
from mentoring.participants.queries import class_of
from mentoring.programs.starting import current
from quizzes.queries import learners_of
from tests.conftest import Arrive
from tests.mentoring.reading import sent, words
from xapi.lrs.models import StoredStatement


def hand_in(client: FlaskClient) -> None:
    """Take the quiz from its page to its result."""
    start = client.get(client.page)  # type: ignore[attr-defined]
    address = f"{client.page}/attempts"  # type: ignore[attr-defined]
    attempt = client.post(address, data=_fields(start)).headers["Location"]
    assert client.post(attempt, data=_fields(client.get(attempt))).status_code in (302, 303)
    assert "You earned" in words(client.get(attempt))


def _fields(page: object) -> Mapping[str, str]:
    return sent(page)  # type: ignore[arg-type]
