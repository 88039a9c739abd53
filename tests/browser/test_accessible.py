"""Every page of the tool, as each role meets it, narrow and wide, framed and alone: axe and the ruler find nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select

from campus.testing import CampusInHand
from lti_tool.db import transaction
from lti_tool.models import Platform
from tests.browser import acts
from tests.browser.aside import Inside, aside
from tests.browser.conftest import Sit
from tests.browser.inspecting import faults_of
from tests.browser.people import NARROW, WIDE, Desk, Size
from tests.judges import AXE
from tools.scene import set_scene

pytestmark = [pytest.mark.browser, pytest.mark.judges, pytest.mark.sqlite]


@dataclass
class Tour:
    """One person's way through the pages; what was found is kept by the page it was found on."""

    desk: Desk
    found: dict[str, list[str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def look(self, page: str, heading: str, sign: str = "main") -> None:
        """Wait for the page with this heading, and this sign where the page before has the same, and go over it."""
        self.desk.tool.locator(sign).first.wait_for()
        self.desk.tool.get_by_role("heading", level=1, name=re.compile(heading)).wait_for()
        self.seen.append(page)
        if faults := faults_of(self.desk.frame):
            self.found[page] = faults

    def follow(self, link: str, page: str, heading: str) -> None:
        self.desk.tool.get_by_role("link", name=link, exact=True).first.click()
        self.look(page, heading)

    def press(self, button: str, page: str, heading: str, sign: str = "main") -> None:
        self.desk.tool.get_by_role("button", name=button, exact=True).click()
        self.look(page, heading, sign)

    def expects(self, *complaints: str) -> None:
        for complaint in complaints:
            self.desk.watch.expect(complaint)


Begin = Callable[[str, str], Tour]


@pytest.fixture(autouse=True)
def _judge() -> None:
    if not AXE.exists():
        pytest.skip("axe is not installed: run npm ci in tests/judges")


@pytest.fixture(params=[NARROW, WIDE], ids=["320 wide", "1280 wide"])
def size(request: pytest.FixtureRequest) -> Size:
    return request.param


@pytest.fixture(params=[True, False], ids=["framed", "alone"])
def is_framed(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def begin(sit: Sit, size: Size, is_framed: bool) -> Begin:
    """`begin("leo", "quiz")`: a tour that starts where this person's launch leads."""

    def begin(person: str, placement: str) -> Tour:
        desk = sit(person, size)
        (desk.open if is_framed else desk.open_window)(placement)
        return Tour(desk)

    return begin


@pytest.fixture
def scene(app: Flask, campus: CampusInHand) -> None:
    aside(lambda: set_scene(app, campus))


def test_what_an_instructor_of_an_empty_course_sees(begin: Begin, is_framed: bool):
    tour = begin("ines", "mentoring")

    tour.look("home", "Next for you")
    tour.follow("Pairing", "board without mentors", "Pair mentors and mentees")
    tour.follow("Mentors", "mentors", "Who mentors")
    tour.desk.tool.locator("input[inputmode=numeric]").first.fill("-1")
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press("Save", "mentors, refused", "Who mentors", ".error-summary")
    tour.follow("Quiz", "quizzes", "Quizzes")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_an_instructor_sees(begin: Begin, is_framed: bool):
    tour = begin("ines", "mentoring")

    tour.look("home", "Next for you")
    tour.follow("Mentors", "mentors", "Who mentors")
    tour.follow("Pairing", "board", "Pair mentors and mentees")
    for each in tour.desk.tool.locator("details").all():
        each.evaluate("it => { it.open = true }")
    tour.look("board, all of it open", "Pair mentors and mentees")
    acts.pick_here(tour.desk.tool, "Bobby <script>alert(1)</script> D'Angelo", "Amara Okafor")
    acts.pick_here(tour.desk.tool, "Pavel Horák", "Amara Okafor")
    acts.pick_here(tour.desk.tool, "Li Wei", "Amara Okafor")
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press("Assign", "board, refused", "Pair mentors and mentees", ".error-summary")
    tour.follow("Quiz", "results", "Results")
    tour.desk.tool.get_by_role("link", name=re.compile("^Attempt 1")).first.click()
    tour.look("a learner's result", "earned")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_a_mentor_sees(begin: Begin):
    tour = begin("maya", "mentoring")

    tour.look("home", "Next for you")
    tour.follow("Quiz", "quiz", "Onboarding quiz")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_a_learner_sees(begin: Begin):
    tour = begin("leo", "mentoring")

    tour.look("home", "Next for you")
    tour.follow("Quiz", "quiz", "Onboarding quiz")
    tour.press("Start the next attempt", "attempt", "quiz", "#answers")
    tour.desk.tool.locator("input[type=radio]").first.check()
    tour.desk.tool.locator(".saved", has_text="Saved").wait_for()
    tour.look("attempt, one answered", "quiz")
    tour.press("Save answers", "attempt, saved", "quiz", ".flash.is-success")
    tour.press("Hand in", "result", "You earned")
    tour.follow("Back to the quiz", "quiz, attempts used up", "quiz")

    assert tour.found == {}


def test_what_is_said_when_something_went_wrong(begin: Begin, inside: Inside, tool_url: str):
    tour = begin("leo", "mentoring")
    home = tour.desk.frame.url

    for page, address, heading in (
        ("front page", tool_url, "Mentoring for any course page"),
        ("not found", f"{tool_url}/nowhere", "There is nothing here"),
        ("not open", f"{home}/mentoring/mentors", "not open to you"),
    ):
        if page != "front page":
            tour.expects("status of 40")
        tour.desk.frame.goto(address)
        tour.look(page, heading)
    tour.desk.page.context.clear_cookies(name="mentoring")
    tour.expects("status of 401")
    tour.desk.frame.goto(home)
    tour.look("nobody known", "open this from your course page")
    inside.do(_forget_the_campus)
    tour.expects("status of 40")
    tour.desk.open("mentoring")
    tour.desk.window = None
    tour.look("launch refused", ".")

    assert tour.found == {}


def _forget_the_campus() -> None:
    with transaction() as session:
        session.scalars(select(Platform)).one().client_id = "somebody else"
