"""Days of a mentorship, compressed by moving the clock, and what people do on them again and again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from pylti1p3 import service_connector
from sqlalchemy import select, update

from campus.testing import CampusInHand, running_campus
from lti_tool import clock
from lti_tool.db import transaction
from lti_tool.keys import SigningKey
from lti_tool.models import Course
from mentoring.pairing.assigning import Pair, assign
from mentoring.participants.offering import Offering, offer
from mentoring.programs.starting import ensure
from tests.browser import acts
from tests.browser.aside import Inside
from tests.browser.people import Desk
from tests.browser.test_pairing_journey import everybody
from tests.conftest import register

FIRST_DAY = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=120)
"""Behind us, because a signature of the future is refused."""


@contextmanager
def campus_of_then(inside: Inside, tool_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CampusInHand]:
    """The campus goes by the same clock, and so does the library that signs what is asked of it."""
    monkeypatch.setattr(service_connector, "time", SimpleNamespace(time=lambda: clock.now().timestamp()))
    inside.do(_have_keys_of_then)
    with running_campus(tool=tool_url, now=clock.now) as campus:
        inside.do(lambda: register(campus))
        yield campus


def _have_keys_of_then() -> None:
    with transaction() as session:
        session.execute(update(SigningKey).values(signs_from=FIRST_DAY - timedelta(days=1)))


@contextmanager
def on_day(number: int, hour: int = 9) -> Iterator[datetime]:
    """So many days after they were paired."""
    moment = FIRST_DAY + timedelta(days=number, hours=hour - 9)
    with clock.moved_to(moment):
        yield moment


def day_of(number: int) -> date:
    return (FIRST_DAY + timedelta(days=number)).date()


def paired(desk: Desk, *mentees: str) -> Callable[[], None]:
    """Ines pairs them with Maya."""

    def pair() -> None:
        at = clock.now()
        with transaction() as session:
            people = everybody(desk)
            cohort = ensure(session, session.scalars(select(Course)).one(), at=at)
            assert offer(session, cohort, [Offering(people["maya"], len(mentees))], at=at) == []
            wanted = [Pair(people[mentee], people["maya"], cohort.version.kinds[0]) for mentee in mentees]
            assert assign(session, cohort, wanted, by=people["ines"], at=at).refused == []

    return pair


def home_base(desk: Desk, name: str = "") -> None:
    """From the course page to the mentorship's own page: the first, or the one with somebody of this name."""
    tool = desk.open("mentoring")
    tool.locator("#panel-your-mentor a, #panel-your-mentees a").filter(has_text=name).first.click()
    expect(desk.heading).to_have_text(re.compile("^You and "))


def follow(desk: Desk, link: str, heading: str) -> None:
    """Take a link of the page, and wait for the page it leads to."""
    desk.tool.get_by_role("link", name=link, exact=True).first.click()
    expect(desk.heading).to_have_text(re.compile(heading))


def log_in_twenty_seconds(desk: Desk) -> None:
    """From the course page: they were there, and what it was about."""
    desk.open("mentoring")
    follow(desk, "Say how it was", "Meeting with")
    say_how_it_was(desk)


def say_how_it_was(desk: Desk) -> None:
    """On the meeting's page."""
    desk.tool.get_by_label("Yes", exact=False).first.check()
    desk.tool.get_by_label("What did you talk about?").fill("The house, and where the coffee is")
    desk.tool.get_by_label("Who does what until next time?").fill("I read the handbook")
    desk.tool.get_by_role("button", name="Keep it").click()
    acts.flash(desk.tool, "Kept.")
