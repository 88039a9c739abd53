"""A mentorship's ninety days as its two people live them, compressed by moving the clock, in headless Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import vobject  # type: ignore[import-untyped]
from playwright.sync_api import expect
from sqlalchemy import select, update

from campus.testing import CampusInHand, running_campus
from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.keys import SigningKey
from lti_tool.models import Course
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from mentoring.pairing.assigning import Pair, assign
from mentoring.participants.offering import Offering, offer
from mentoring.programs.starting import ensure
from tests.browser import acts
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.people import Desk
from tests.browser.test_pairing_journey import everybody
from tests.conftest import register

pytestmark = pytest.mark.browser

FIRST_DAY = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=120)
"""Behind us, because a signature of the future is refused."""


@pytest.fixture
def campus(inside: Inside, tool_url: str) -> Iterator[CampusInHand]:
    """The campus goes by the same clock."""
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


def paired(desk: Desk) -> Callable[[], None]:
    """Ines pairs Leo with Maya."""

    def pair() -> None:
        at = clock.now()
        with transaction() as session:
            people = everybody(desk)
            cohort = ensure(session, session.scalars(select(Course)).one(), at=at)
            assert offer(session, cohort, [Offering(people["maya"], 2)], at=at) == []
            wanted = [Pair(people["leo"], people["maya"], cohort.version.kinds[0])]
            assert assign(session, cohort, wanted, by=people["ines"], at=at).refused == []

    return pair


def the_mentorship() -> Mentorship:
    return db.session.scalars(select(Mentorship)).one()


def home_base(desk: Desk) -> None:
    """From the course page to the mentorship's own page."""
    tool = desk.open("mentoring")
    tool.locator("#panel-your-mentor a, #panel-your-mentees a").first.click()
    expect(desk.heading).to_have_text(re.compile("^You and "))


def test_ninety_days_of_a_mentorship(sit: Sit, inside: Inside, deliver: Callable[[], int]):
    with on_day(0):
        ines, maya, leo = (sit(person) for person in ("ines", "maya", "leo"))
        ines.open("mentoring")
        deliver()
        inside.do(paired(ines))
        deliver()

        # Leo writes down what they agree on and signs.
        home_base(leo)
        leo.tool.get_by_role("link", name="Write the agreement").first.click()
        expect(leo.heading).to_have_text("Agreement")
        leo.tool.get_by_role("link", name="Write the agreement").first.click()
        leo.tool.get_by_label("What the mentee expects").fill("To find my way around 🧭")
        leo.tool.get_by_role("button", name="Sign and send it").click()
        acts.flash(leo.tool, "signed")
        deliver()

    with on_day(1):
        # Maya is asked for her signature on her first page; with it they are under way.
        maya.open("mentoring")
        expect(maya.tool.locator("main")).to_contain_text("waits for your signature")
        maya.tool.get_by_role("link", name="Sign the agreement").first.click()
        maya.tool.get_by_role("button", name=re.compile("^Sign version 1")).click()
        acts.flash(maya.tool, "It holds from now on.")
        assert inside.do(lambda: the_mentorship().state) is MentorshipState.ACTIVE

        # She books their first meeting, and Leo takes it into his calendar.
        home_base(maya)
        maya.tool.get_by_role("link", name="Book a meeting").click()
        maya.tool.get_by_label("Day").fill(day_of(3).isoformat())
        maya.tool.get_by_label("Time", exact=True).fill("15:00")
        maya.tool.get_by_role("button", name="Book the meeting").click()
        acts.flash(maya.tool, "Booked for")
        deliver()
        home_base(leo)
        leo.tool.locator("#section-meetings li a").first.click()
        expect(leo.heading).to_contain_text("Meeting with")
        with leo.page.expect_download() as started:
            leo.tool.get_by_role("link", name="For my calendar (.ics)").click()
        event = vobject.readOne(started.value.path().read_text("utf-8"), validate=True).vevent
        assert event.dtstart.value.astimezone(UTC).date().isoformat() == day_of(3).isoformat()

    with on_day(4):
        # It was held; twenty seconds each.
        leo.open("mentoring")
        leo.tool.get_by_role("link", name="Say how it was").first.click()
        leo.tool.get_by_label("Yes", exact=False).first.check()
        leo.tool.get_by_label("What did you talk about?").fill("The house, and where the coffee is")
        leo.tool.get_by_label("Who does what until next time?").fill("I read the handbook")
        leo.tool.get_by_role("button", name="Keep it").click()
        acts.flash(leo.tool, "Kept.")
        home_base(maya)
        maya.tool.get_by_role("link", name="Your brief before you meet").click()
        expect(maya.tool.locator("main")).to_contain_text("I read the handbook")
