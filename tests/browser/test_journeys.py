"""The journeys of people through the campus's frame, in headless Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import requests
from playwright.sync_api import expect
from sqlalchemy import select

from campus.testing import CampusInHand
from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.models import Platform
from tests.browser import acts
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.keyboard import Keyboard
from tests.browser.people import NARROW, WIDE, Desk, Size
from tests.journeys.walking import right_answers
from xapi.lrs import credentials, storing

pytestmark = pytest.mark.browser

with_and_without_scripts = pytest.mark.parametrize(
    "options", [{}, {"java_script_enabled": False}], ids=["with scripts", "without scripts"]
)
Deliver = Callable[[], int]


def panel(desk: Desk, key: str):
    return desk.tool.locator(f"#panel-{key}")


def grade_of(desk: Desk) -> str:
    """What the campus's gradebook page says of this person's quiz."""
    desk.page.get_by_role("navigation", name="Campus").get_by_role("link", name="Gradebook").click()
    return desk.page.get_by_role("table").locator("tbody td strong").inner_text()


def read_lrs(inside: Inside, tool_url: str) -> list[dict[str, Any]]:
    """What a consumer reads over HTTP with a key that may only read, oldest first."""
    key = inside.do(_reading_key)
    answer = requests.get(
        f"{tool_url}/lrs/1.0.3/statements",
        params={"ascending": "true"},
        headers={"X-Experience-API-Version": "1.0.3"},
        auth=key,
        timeout=10,
    )
    assert answer.status_code == 200, answer.text
    return list(answer.json()["statements"])


def _reading_key() -> tuple[str, str]:
    with transaction() as session:
        platform = session.scalars(select(Platform)).one()
        store = storing.store_of(session, platform.public_id, clock.now())
        return credentials.issue(session, store, label="Warehouse", at=clock.now())


def right(inside: Inside, attempt: str, *, how_many: int) -> Mapping[str, list[str]]:
    return inside.do(lambda: right_answers(db.session, attempt, how_many=how_many))


def in_order(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As it happened: visits are told a moment after the launch."""
    return sorted(statements, key=lambda statement: str(statement["timestamp"]))


def verbs(statements: list[dict[str, Any]]) -> list[str]:
    return [statement["verb"]["id"].rpartition("/")[2] for statement in statements]


@with_and_without_scripts
def test_ines_gives_leo_a_mentor_and_both_of_them_see_it(sit: Sit, options: dict[str, bool]):
    ines, leo, maya = (sit(person, **options) for person in ("ines", "leo", "maya"))

    tool = ines.open("mentoring")
    expect(tool.get_by_text("Nobody mentors in this course yet.")).to_be_visible()
    acts.choose_mentor(tool, "Maya Okonkwo", places=2)
    acts.flash(tool, "Maya Okonkwo mentors, with 2 places.")
    assert "Chloé Dubois-Lefèvre" in tool.get_by_role("table").inner_text()
    acts.pick(tool, "Leo Nowak", "Maya Okonkwo")
    acts.assign(tool)
    acts.flash(tool, "Maya Okonkwo now mentors Leo Nowak.")

    leo.open("mentoring")
    expect(panel(leo, "your-mentor")).to_contain_text("Maya Okonkwo")
    maya.open("mentoring")
    expect(panel(maya, "your-mentees")).to_contain_text("Leo Nowak")
    expect(panel(maya, "your-mentees")).to_contain_text("You have one free place left.")


def test_leos_clicks_become_a_grade_and_statements(
    sit: Sit, inside: Inside, deliver: Deliver, tool_url: str, campus: CampusInHand
):
    leo = sit("leo")
    tool = leo.open("quiz")

    answers = right(inside, acts.start_quiz(tool), how_many=14)
    for question in acts.click_answers(tool, answers):
        expect(tool.locator(f"#saved-{question[1:]}")).to_have_text("Saved")
    expect(tool.locator("#still-open")).to_have_text("Questions 15, 16, 17, 18, 19, 20 are still open.")
    acts.hand_in_all_the_same(tool)

    expect(leo.heading).to_have_text("You earned 14 of 20")
    deliver()
    assert grade_of(leo) == "14"
    assert campus.gradebook() == {("leo", "Onboarding quiz"): 14}
    told = in_order(read_lrs(inside, tool_url))
    assert verbs(told) == ["initialized", *["answered"] * 14, "completed", "passed"]
    assert told[-1]["result"]["score"] == {"scaled": 0.7, "raw": 14, "min": 0, "max": 20}


def test_the_quiz_works_without_scripts(sit: Sit, inside: Inside, deliver: Deliver, tool_url: str):
    leo = sit("leo", java_script_enabled=False)
    tool = leo.open("quiz")

    attempt = acts.start_quiz(tool)
    acts.click_answers(tool, right(inside, attempt, how_many=2))
    tool.get_by_role("button", name="Save answers").click()
    acts.flash(tool, "Your answers so far are saved.")
    acts.click_answers(tool, right(inside, attempt, how_many=20))
    tool.get_by_role("button", name="Hand in").click()

    expect(leo.heading).to_have_text("You earned 20 of 20")
    deliver()
    assert grade_of(leo) == "20"
    assert verbs(in_order(read_lrs(inside, tool_url))) == ["initialized", *["answered"] * 20, "completed", "passed"]


def test_answers_clicked_before_the_browser_died_are_still_there(sit: Sit, inside: Inside):
    leo = sit("leo")
    tool = leo.open("quiz")
    answers = right(inside, acts.start_quiz(tool), how_many=3)
    for question in acts.click_answers(tool, answers):
        expect(tool.locator(f"#saved-{question[1:]}")).to_have_text("Saved")

    again = sit("leo")
    tool = again.open("quiz")
    tool.get_by_role("link", name="Continue the quiz").click()

    expect(tool.locator("#still-open")).to_have_text("17 questions are still open.")
    chosen: dict[str, list[str]] = {name: [] for name in answers}
    for each in tool.locator("input:checked").all():
        chosen[str(each.get_attribute("name"))].append(str(each.get_attribute("value")))
    assert {name: sorted(options) for name, options in chosen.items()} == {
        name: sorted(options) for name, options in answers.items()
    }


def test_leo_takes_the_quiz_with_the_keyboard_alone(sit: Sit, inside: Inside):
    leo = sit("leo")
    leo.open("quiz")
    keyboard = Keyboard(leo)

    keyboard.tab_to("Start the quiz")
    keyboard.press("Enter")
    leo.tool.locator("#answers").wait_for()
    attempt = str(leo.tool.locator("#answers").evaluate("form => form.action"))
    for question, options in right(inside, attempt, how_many=20).items():
        keyboard.answer(question, options)
    expect(leo.tool.locator("#still-open")).to_have_text("All questions are answered.")
    keyboard.tab_to("Hand in")
    keyboard.press("Enter")

    expect(leo.heading).to_have_text("You earned 20 of 20")
    assert keyboard.lost == []


def test_another_person_in_the_same_browser_takes_the_session_over(sit: Sit):
    leo = sit("leo")
    leo.open("quiz")
    maya = leo.other_tab()
    maya.be("maya")
    maya.open("mentoring")

    leo.watch.expect("status of 400")
    leo.tool.get_by_role("button", name="Start the quiz").click()

    expect(leo.heading).to_have_text("This form is no longer valid")
    maya.tool.get_by_role("link", name="Quiz", exact=True).click()
    expect(maya.tool.locator(".visitor")).to_contain_text("Maya Okonkwo")


def test_one_person_in_two_courses_keeps_both_tabs(sit: Sit):
    first = sit("amara")
    first.open("mentoring", course="2")
    second = first.other_tab()
    second.open("mentoring", course="3")

    for desk in (first, second):
        desk.tool.get_by_role("link", name="Home", exact=True).click()

    for desk, title in ((first, "Starting at work 101"), (second, "Another course")):
        expect(desk.tool.locator(".course-title")).to_have_text(title)
        expect(desk.tool.locator(".visitor")).to_contain_text("Amara Okafor")


def test_of_two_instructors_one_gets_the_last_place_and_the_other_reads_who_took_it(sit: Sit):
    ines, tariq = sit("ines"), sit("tariq")
    acts.choose_mentor(ines.open("mentoring"), "Maya Okonkwo", places=1)
    acts.flash(ines.tool, "Maya Okonkwo mentors, with one place.")
    acts.pick(ines.tool, "Leo Nowak", "Maya Okonkwo")
    acts.pick(tariq.open("mentoring"), "Ada McKenzie", "Maya Okonkwo")

    acts.assign(ines.tool)
    acts.flash(ines.tool, "Maya Okonkwo now mentors Leo Nowak.")
    tariq.watch.expect("status of 422")
    tariq.watch.expect("Blocked autofocusing")  # In frames the page's own script moves the focus instead.
    acts.assign(tariq.tool)

    summary = tariq.tool.locator(".error-summary")
    expect(summary).to_contain_text("Nothing was assigned")
    expect(summary).to_contain_text(
        "Maya Okonkwo has no free place left: Ines Ferreira gave the last one to Leo Nowak."
        " Choose another mentor for Ada McKenzie."
    )
    expect(summary).to_be_focused()
    expect(tariq.tool.get_by_role("heading", name=re.compile("Maya Okonkwo"))).to_be_visible()


def test_a_launch_that_fails_says_why_inside_the_frame(sit: Sit, inside: Inside):
    leo = sit("leo")
    inside.do(_forget_the_campus)

    leo.watch.expect("status of 4")
    leo.open("quiz")

    expect(leo.heading).not_to_be_empty()
    expect(leo.tool.locator("main")).to_contain_text("unknown_platform")


def _forget_the_campus() -> None:
    with transaction() as session:
        session.scalars(select(Platform)).one().client_id = "somebody else"


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "320"])
def test_an_instructor_reaches_pages_opened_seldom_with_the_keyboard_alone(sit: Sit, size: Size, has_scripts: bool):
    ines = sit("ines", size, java_script_enabled=has_scripts)
    ines.open("mentoring")
    more = ines.tool.locator("header summary", has_text="More")

    more.focus()
    ines.page.keyboard.press("Enter")
    ines.page.keyboard.press("Tab")
    people = ines.tool.locator("header").get_by_role("link", name="People", exact=True)
    expect(people).to_be_focused()
    if has_scripts:
        ines.page.keyboard.press("Escape")
        expect(people).to_be_hidden()
        expect(more).to_be_focused()
        ines.page.keyboard.press("Enter")
        ines.page.keyboard.press("Tab")
    ines.page.keyboard.press("Enter")

    expect(ines.heading).to_have_text("People of the course")
