"""An instructor places activities from the frame, copies the course, and is asked about its settings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from campus.testing import CampusInHand
from tests.browser import acts
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.inspecting import faults_of
from tests.browser.people import NARROW, WIDE, Desk, Size, View
from tests.browser.test_journeys import right, with_and_without_scripts
from tests.judges import AXE

pytestmark = pytest.mark.browser

Deliver = Callable[[], int]


def add(desk: Desk) -> View:
    """From the course page to the tool's page of choices, in the frame."""
    desk.page.get_by_role("link", name="Add an activity").click()
    if desk.presses_buttons:
        for _ in ("the login", "the launch"):
            desk._press_on()
    expect(desk.heading).to_have_text("Choose what to place")
    return desk.tool


def answered(desk: Desk) -> View:
    """The campus's page inside the frame, after the tool's form has gone there."""
    if desk.presses_buttons:
        desk.tool.get_by_role("button", name="Continue").click()
    desk.tool.locator("#answer").wait_for()
    return desk.tool


@with_and_without_scripts
def test_two_activities_are_placed_and_a_grade_lands_in_the_columns_own(
    sit: Sit, inside: Inside, deliver: Deliver, campus: CampusInHand, options: dict[str, bool]
):
    """COOKIE-17: messages in the name of LTI from the page around change nothing on ours."""
    ines = sit("ines", **options)
    tool = add(ines)
    tool.get_by_role("checkbox", name="Mentoring").check()
    tool.get_by_role("checkbox", name="Onboarding quiz").check()
    tool.get_by_label("Title in the course page").last.fill("Your first week")
    if not ines.presses_buttons:
        ines.page.evaluate(
            "() => ['put_data', 'get_data', 'close'].forEach(each => document.getElementById('tool').contentWindow"
            ".postMessage({subject: `lti.${each}`, key: 'JWT', value: 'forged', message_id: '1'}, '*'))"
        )
    tool.get_by_role("button", name="Place in the course page").click()

    expect(answered(ines).get_by_role("heading")).to_have_text("2 activities were placed")
    ines.tool.get_by_role("link", name="Back to the course page").click()
    expect(ines.page.get_by_role("heading", level=3)).to_have_text(
        ["Mentoring", "Onboarding quiz", "Mentoring", "Your first week"]
    )

    leo = sit("leo", **options)
    leo.page.goto(f"{campus.url}/courses/2")
    leo.page.get_by_role("link", name="Your first week").click()
    if leo.presses_buttons:
        for _ in ("the login", "the launch"):
            leo._press_on()
    expect(leo.heading).to_have_text("Onboarding quiz")
    acts.click_answers(leo.tool, right(inside, acts.start_quiz(leo.tool), how_many=14))
    acts.hand_in_all_the_same(leo.tool)
    expect(leo.heading).to_have_text("You earned 14 of 20")
    deliver()
    assert campus.gradebook() == {("leo", "Your first week"): 14}


@pytest.mark.parametrize("flavor", ["moodle", "canvas"])
def test_placing_works_in_the_manner_of(sit: Sit, campus: CampusInHand, flavor: str):
    campus.set_flavor(flavor)
    ines = sit("ines")
    tool = add(ines)

    tool.get_by_role("checkbox", name="Onboarding quiz").check()
    tool.get_by_role("button", name="Place in the course page").click()

    expect(answered(ines).get_by_role("heading")).to_have_text("1 activity was placed")


def test_a_choice_can_be_made_and_called_off_with_the_keyboard_alone(sit: Sit):
    ines = sit("ines")
    tool = add(ines)

    tool.get_by_role("checkbox", name="Mentoring").focus()
    ines.page.keyboard.press("Space")
    expect(tool.get_by_role("checkbox", name="Mentoring")).to_be_checked()
    tool.get_by_role("button", name="Cancel").focus()
    ines.page.keyboard.press("Enter")

    expect(answered(ines).get_by_role("heading")).to_have_text("Nothing was placed")


def test_a_copied_course_offers_the_settings_of_its_origin(sit: Sit):
    ines = sit("ines")
    acts.choose_mentor(ines.open("mentoring"), "Maya Okonkwo", places=2)
    acts.flash(ines.tool, "Maya Okonkwo mentors, with 2 places.")
    ines.page.get_by_role("link", name="Starting at work 101").first.click()
    ines.page.get_by_role("button", name="Copy this course").click()
    ines.page.get_by_role("link", name="Mentoring", exact=True).click()

    card = ines.tool.locator("#panel-copy")
    expect(card).to_contain_text("copied from Starting at work 101")
    card.get_by_role("button", name="Copy these settings").click()

    acts.flash(ines.tool, "The settings of Starting at work 101 were copied.")
    expect(ines.tool.locator("#panel-copy")).to_have_count(0)
    expect(ines.tool.get_by_text("Nobody mentors in this course yet.")).to_be_visible()


@pytest.mark.judges
@pytest.mark.sqlite
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_and_the_ruler_find_nothing(sit: Sit, campus: CampusInHand, size: Size):
    assert AXE.exists(), "The judges are not installed: npm ci in tests/judges"
    found: dict[str, list[str]] = {}

    ines = sit("ines", size)
    tool = add(ines)
    found["several"] = faults_of(ines.frame)
    expect(tool.get_by_label("Title in the course page").first).to_be_hidden()
    ines.watch.expect("status of 422")
    ines.watch.expect("Blocked autofocusing")
    tool.get_by_role("button", name="Place in the course page").click()
    tool.get_by_role("link", name="Choose what you want to place").wait_for()
    found["nothing chosen"] = faults_of(ines.frame)
    tool.get_by_role("checkbox", name="Mentoring").check()
    tool.get_by_label("Title in the course page").first.fill("")
    ines.watch.expect("status of 422")
    ines.watch.expect("Blocked autofocusing")
    tool.get_by_role("button", name="Place in the course page").click()
    tool.get_by_text("Give Mentoring a title.").first.wait_for()
    found["a title missing"] = faults_of(ines.frame)

    campus.here.accepts["accept_multiple"] = False
    tariq = sit("tariq", size)
    add(tariq)
    found["one"] = faults_of(tariq.frame)

    campus.here.accepts["accept_types"] = ["link"]
    again = tariq.other_tab()
    again.page.goto(f"{campus.url}/courses/2")
    add(again)
    found["nothing to place"] = faults_of(again.frame)

    without_scripts = sit("ines", size, java_script_enabled=False)
    campus.here.accepts.clear()
    chooser = add(without_scripts)
    chooser.get_by_role("button", name="Cancel").click()
    expect(without_scripts.heading).to_have_text("Back to your course page")

    assert {page: faults for page, faults in found.items() if faults} == {}
