"""A single time is offered, booked and held; a meeting with several has seats and a list of who was there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from campus.testing import CampusInHand
from lti_tool.db import db
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from mentoring.together.meetings.models import Meeting
from tests.browser import acts
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.days import (
    campus_of_then,
    day_of,
    follow,
    home_base,
    log_in_twenty_seconds,
    on_day,
    paired,
    say_how_it_was,
)
from tests.browser.people import Desk
from tests.browser.test_pairing_journey import say_what_they_offer_and_need

pytestmark = pytest.mark.browser


@pytest.fixture
def campus(inside: Inside, tool_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CampusInHand]:
    with campus_of_then(inside, tool_url, monkeypatch) as campus:
        yield campus


def test_a_single_time_is_offered_booked_and_held_and_that_was_the_mentorship(
    sit: Sit, inside: Inside, deliver: Callable[[], int]
):
    with on_day(0):
        ines, maya, leo = (sit(person) for person in ("ines", "maya", "leo"))
        tool = ines.open("mentoring")
        deliver()
        tool.get_by_role("link", name="Program", exact=True).click()
        tool.get_by_role("link", name="Choose a program").click()
        tool.get_by_role("link", name=re.compile("Look at it.*Flash mentoring")).click()
        tool.get_by_role("button", name="Save this program").click()
        tool.get_by_role("button", name="Open the run").click()
        acts.flash(tool, "The run is open.")
        inside.do(say_what_they_offer_and_need(ines))

        maya.open("mentoring")
        follow(maya, "Offer times to book", "^Times to book$")
        for clock in ("15:00", "17:00"):
            _say_when(maya, 2, clock)
            maya.tool.get_by_role("button", name="Offer it").click()
            acts.flash(maya.tool, "is offered.")
        expect(maya.tool.get_by_text("0 of 1 seat taken")).to_have_count(2)
        deliver()
        leo.open("mentoring")
        follow(leo, "Book a time", "^Times to book$")
        leo.tool.get_by_role("button", name=re.compile("^Book")).first.click()
        expect(leo.heading).to_have_text("Meeting with Maya Okonkwo")
        deliver()
        assert inside.do(_states) == [MentorshipState.ACCEPTED]

    with on_day(3):
        deliver()
        log_in_twenty_seconds(leo)
        assert inside.do(_states) == [MentorshipState.ACTIVE]
        home_base(maya)
        maya.tool.locator("#section-meetings li a").first.click()
        say_how_it_was(maya)
        assert inside.do(_states) == [MentorshipState.COMPLETED]
        leo.open("mentoring")
        expect(leo.tool.locator("main")).to_contain_text("Book a time")


def test_a_meeting_with_several_has_seats_and_a_list_of_who_was_there(
    sit: Sit, inside: Inside, deliver: Callable[[], int]
):
    with on_day(0):
        ines, maya, tendai = (sit(person) for person in ("ines", "maya", "tendai"))
        ines.open("mentoring")
        deliver()
        inside.do(paired(ines, "leo", "chloe", "tendai"))

        home_base(maya, "Leo Nowak")
        follow(maya, "Book a meeting", "Book a meeting with")
        follow(maya, "Meet several of your mentees at once", "^Meetings with several$")
        for name in ("Leo Nowak", "Chloé Dubois-Lefèvre"):
            maya.tool.get_by_label(name).check()
        maya.tool.get_by_label("Tendai Moyo").uncheck()
        _say_when(maya, 2, "15:00")
        maya.tool.get_by_label("Seats").fill("3")
        maya.tool.get_by_role("button", name="Book it").click()
        expect(maya.tool.locator("main")).to_contain_text("2 of 3 seats taken")
        there = maya.frame.url

        # A seat is left, and whoever was not asked finds it.
        home_base(tendai)
        seats = tendai.tool.locator("#section-meetings li", has_text="1 seat left")
        seats.get_by_role("link").click()
        tendai.tool.get_by_role("button", name="Take a seat").click()
        acts.flash(tendai.tool, "You have a seat.")

    with on_day(3):
        maya.open("mentoring")
        maya.frame.goto(there)
        maya.tool.get_by_label("Chloé Dubois-Lefèvre").uncheck()
        maya.tool.get_by_role("button", name="Keep the list").click()
        acts.flash(maya.tool, "Kept.")
        assert inside.do(_meetings) == {
            "Leo Nowak": "held",
            "Chloé Dubois-Lefèvre": "missed",
            "Tendai Moyo": "held",
        }


def _say_when(desk: Desk, day: int, clock: str) -> None:
    desk.tool.get_by_label("Day", exact=True).fill(day_of(day).isoformat())
    desk.tool.get_by_label("Time", exact=True).fill(clock)


def _states() -> list[MentorshipState]:
    return [each.state for each in db.session.scalars(select(Mentorship).order_by(Mentorship.id))]


def _meetings() -> dict[str, str]:
    found = db.session.scalars(select(Meeting))
    return {meeting.mentorship.mentee.name: meeting.state.value for meeting in found}
