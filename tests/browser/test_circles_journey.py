"""Circles of peers from a ready-made program to a first meeting, on the campus's class, in headless Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lti_tool.db import db
from mentoring.mentorships.models import Mentorship
from tests.browser import acts
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.test_pairing_journey import say_what_they_offer_and_need

pytestmark = pytest.mark.browser


def test_circles_from_a_program_to_a_first_meeting(
    sit: Sit, inside: Inside, deliver: Callable[[], int], work: Callable[[], int]
):
    ines, leo = sit("ines"), sit("leo")
    tool = ines.open("mentoring")
    deliver()
    tool.get_by_role("link", name="Program", exact=True).click()
    tool.get_by_role("link", name="Choose a program").click()
    tool.get_by_role("link", name=re.compile("Look at it.*Peer study")).click()
    tool.get_by_role("button", name="Save this program").click()
    tool.get_by_role("button", name="Open the run").click()
    acts.flash(tool, "The run is open.")
    inside.do(say_what_they_offer_and_need(ines))

    # Suggested; one circle is locked, another one loses somebody, who is put into a third.
    tool.get_by_role("link", name="Pairing", exact=True).click()
    tool.get_by_role("button", name="Suggest circles").click()
    expect(ines.heading).to_have_text("Circles are being sought")
    work()
    expect(ines.heading).to_have_text("Draft of circles")
    circles = tool.locator("section[aria-labelledby=circles-title] section")
    number = circles.count()
    assert number > 2
    circles.first.get_by_role("button", name=re.compile("^Lock")).click()
    acts.flash(tool, "stay together when circles are suggested again.")
    circles.last.get_by_role("button", name=re.compile("^Take apart")).click()
    acts.flash(tool, "are not in a circle of this draft any more.")
    expect(circles).to_have_count(number - 1)
    tool.get_by_role("button", name="Suggest again").click()
    expect(ines.heading).to_have_text("Circles are being sought")
    work()
    expect(circles).to_have_count(number)
    expect(tool.locator("section[aria-labelledby=circles-title]")).to_contain_text("Locked")

    # Published: everybody finds their circle at once.
    tool.get_by_role("button", name="Publish").click()
    acts.flash(tool, f"Published: {number} circles.")
    deliver()
    at_leos = leo.open("mentoring")
    expect(at_leos.locator("#panel-your-circle")).to_contain_text("Not met yet")
    at_leos.get_by_role("link", name="Open your circle").first.click()
    expect(leo.heading).to_have_text(re.compile("^You"))
    at_leos.get_by_role("button", name="We have met").click()
    acts.flash(at_leos, "A good start. The circle is under way.")
    at_leos.get_by_role("button", name=re.compile("^Mark as done")).first.click()
    expect(at_leos.locator("main")).to_contain_text("Not done after all")

    # Leo leaves, and the others go on.
    at_leos.get_by_text("Leave the circle", exact=True).first.click()
    at_leos.get_by_role("radio").first.check()
    at_leos.get_by_role("button", name="Leave the circle").click()
    acts.flash(at_leos, "You have left the circle.")
    expect(at_leos.locator("#panel-your-circle")).to_contain_text("You are in no circle yet.")
    left = ines.campus.person("leo").shown_name
    assert inside.do(lambda: _circles_of(left)) == []


def _circles_of(name: str) -> list[str]:
    found = db.session.scalars(select(Mentorship).order_by(Mentorship.id)).all()
    return [each.public_id for each in found if name in {person.name for person in each.people}]
