"""A mentorship's ninety days as its two people live them, compressed by moving the clock, in headless Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import SimpleNamespace

import pytest
import vobject  # type: ignore[import-untyped]
from flask import Flask
from playwright.sync_api import expect
from pylti1p3 import service_connector
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
def campus(inside: Inside, tool_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CampusInHand]:
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


def mailed(app: Flask) -> list[EmailMessage]:
    """What has been mailed so far, the oldest first."""
    files = sorted(Path(app.config["MAIL_FOLDER"]).glob("*.eml"))
    return [message_from_bytes(each.read_bytes(), policy=default) for each in files]


def follow(desk: Desk, link: str, heading: str) -> None:
    """Take a link of the page, and wait for the page it leads to."""
    desk.tool.get_by_role("link", name=link, exact=True).first.click()
    expect(desk.heading).to_have_text(re.compile(heading))


def test_ninety_days_of_a_mentorship(
    app: Flask, sit: Sit, inside: Inside, deliver: Callable[[], int], work: Callable[[], int]
):
    with on_day(0):
        ines, maya, leo = (sit(person) for person in ("ines", "maya", "leo"))
        ines.open("mentoring")
        deliver()
        inside.do(paired(ines))
        deliver()
        _agree(leo)

    with on_day(1):
        # Maya is asked for her signature on her first page; with it they are under way.
        deliver()
        maya.open("mentoring")
        expect(maya.tool.locator("main")).to_contain_text("waits for your signature")
        follow(maya, "Sign the agreement", "Agreement")
        maya.tool.get_by_role("button", name=re.compile("^Sign version 1")).click()
        acts.flash(maya.tool, "It holds from now on.")
        assert inside.do(lambda: the_mentorship().state) is MentorshipState.ACTIVE
        _book(maya, day_of(3))
        deliver()
        _take_into_calendar(leo, day_of(3))

    with on_day(4):
        _log_in_twenty_seconds(leo)
        home_base(maya)
        follow(maya, "Your brief before you meet", "Before you meet")
        expect(maya.tool.locator("main")).to_contain_text("I read the handbook")
        _set_a_goal(leo, day_of(60))
        _give_a_task(maya, day_of(10))
        _write_to_each_other(leo, maya)

    with on_day(12):
        # What was done for the goal, and a task ticked.
        deliver()
        home_base(leo)
        leo.tool.get_by_role("link", name="I know whom to ask").first.click()
        leo.tool.get_by_label("What did you do for it since last time?").fill(
            "I asked Chloé about the archive on Monday"
        )
        leo.tool.get_by_label("Half way").check()
        leo.tool.get_by_role("button", name="Keep it").click()
        acts.flash(leo.tool, "Kept.")
        home_base(leo)
        leo.tool.get_by_role("button", name=re.compile("^Mark as done.*Read chapter two")).click()
        expect(leo.tool.locator("#section-tasks")).to_contain_text("Not done after all")
        deliver()

    # Then nobody does anything for weeks. Each is asked once on a day, and Ines sees that they fade.
    with on_day(50, hour=2):
        deliver()
        already = len(mailed(app))
    with on_day(50, hour=3):
        work()
    with on_day(50, hour=15):
        deliver()
        new = mailed(app)[already:]
        assert len({each["To"] for each in new}) == len(new) == 2
        assert all("quiet" in str(each.get_body(("plain",)).get_content()) for each in new)
        ines.open("mentoring")
        expect(ines.tool.locator("#panel-waiting-too-long")).to_contain_text("nothing booked")
        ines.tool.get_by_role("link", name=re.compile("^Write")).first.click()
        expect(ines.heading).to_contain_text("Write to")
        ines.tool.get_by_role("textbox").first.fill("How is it going? I am glad to help.")
        ines.tool.get_by_role("button", name="Send").click()
        acts.flash(ines.tool, "Sent.")

    with on_day(51):
        deliver()
        _book(leo, day_of(52))
    with on_day(53):
        _log_in_twenty_seconds(leo)

    with on_day(85):
        # The end is near: thanks, what comes next, a summary to keep.
        deliver()
        home_base(leo)
        follow(leo, "Finish well", "A good end")
        follow(leo, "Say thank you", "Thank ")
        leo.tool.get_by_label("What do you thank them for?").fill("You always had time for one more question.")
        leo.tool.get_by_role("button", name="Send").click()
        acts.flash(leo.tool, "Your thanks are with")
        home_base(leo)
        follow(leo, "Finish well", "A good end")
        leo.tool.get_by_label("I would mentor somebody myself").check()
        leo.tool.get_by_role("button", name="Say so").click()
        acts.flash(leo.tool, "Kept.")
        with leo.page.expect_download() as started:
            leo.tool.get_by_role("link", name="Keep it as a file").click()
        assert "Maya Okonkwo" in started.value.path().read_text("utf-8")
        home_base(maya)
        follow(maya, "Finish well", "A good end")
        expect(maya.tool.locator("main")).to_contain_text("You always had time for one more question.")
        maya.tool.get_by_role("button", name="Complete it now").click()
        acts.flash(maya.tool, "ompleted")
        assert inside.do(lambda: the_mentorship().state) is MentorshipState.COMPLETED
        deliver()
        leo.open("mentoring")
        follow(leo, "Notices", "Notices")
        expect(leo.tool.locator("main")).to_contain_text("mentor")


def _agree(leo: Desk) -> None:
    """Leo writes down what they agree on and signs."""
    home_base(leo)
    follow(leo, "Write the agreement", "^Agreement")
    follow(leo, "Write the agreement", "Write the agreement")
    leo.tool.get_by_label("What the mentee expects").fill("To find my way around 🧭")
    leo.tool.get_by_role("button", name="Sign and send it").click()
    acts.flash(leo.tool, "signed")


def _book(desk: Desk, day: date) -> None:
    home_base(desk)
    follow(desk, "Book a meeting", "Book a meeting with")
    desk.tool.get_by_label("Day").fill(day.isoformat())
    desk.tool.get_by_label("Time", exact=True).fill("15:00")
    desk.tool.get_by_role("button", name="Book the meeting").click()
    acts.flash(desk.tool, "Booked for")


def _take_into_calendar(leo: Desk, day: date) -> None:
    home_base(leo)
    leo.tool.locator("#section-meetings li a").first.click()
    expect(leo.heading).to_contain_text("Meeting with")
    with leo.page.expect_download() as started:
        leo.tool.get_by_role("link", name="For my calendar (.ics)").click()
    event = vobject.readOne(started.value.path().read_text("utf-8"), validate=True).vevent
    assert event.dtstart.value.astimezone(UTC).date() == day


def _log_in_twenty_seconds(leo: Desk) -> None:
    leo.open("mentoring")
    follow(leo, "Say how it was", "Meeting with")
    leo.tool.get_by_label("Yes", exact=False).first.check()
    leo.tool.get_by_label("What did you talk about?").fill("The house, and where the coffee is")
    leo.tool.get_by_label("Who does what until next time?").fill("I read the handbook")
    leo.tool.get_by_role("button", name="Keep it").click()
    acts.flash(leo.tool, "Kept.")


def _set_a_goal(leo: Desk, day: date) -> None:
    home_base(leo)
    follow(leo, "Set a goal", "Set a goal")
    leo.tool.get_by_label("What do you want to reach?").fill("I know whom to ask")
    leo.tool.get_by_label("By when").fill(day.isoformat())
    leo.tool.get_by_role("button", name="Set this goal").click()
    acts.flash(leo.tool, "Your goal is set.")


def _give_a_task(maya: Desk, day: date) -> None:
    home_base(maya)
    follow(maya, "Give a task", "Give a task")
    maya.tool.get_by_label("What is to be done").fill("Read chapter two")
    maya.tool.get_by_label("By which day").fill(day.isoformat())
    maya.tool.get_by_role("button", name="Give the task").click()
    acts.flash(maya.tool, "The task is given, and told.")


def _write_to_each_other(leo: Desk, maya: Desk) -> None:
    home_base(leo)
    leo.tool.get_by_label("Your message").fill("I shall be ten minutes late on Thursday")
    leo.tool.locator("#section-conversation").get_by_role("button", name="Send").click()
    acts.flash(leo.tool, "Sent.")
    home_base(maya)
    expect(maya.tool.locator("#section-conversation")).to_contain_text("ten minutes late")
