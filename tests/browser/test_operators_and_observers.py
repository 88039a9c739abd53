"""What operators, observers and designers see, narrow and wide: axe and the ruler find nothing, keyboards suffice."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from campus.testing import CampusInHand
from lti_tool import clock
from lti_tool.arrivals import tally
from lti_tool.db import db, transaction
from lti_tool.models import Course, Deployment, Platform, Standing
from lti_tool.operating import operators
from mentoring.programs.starting import ensure
from tests.browser.aside import Inside, aside
from tests.browser.conftest import Sit
from tests.browser.inspecting import faults_of
from tests.browser.people import NARROW, WIDE, Size
from tests.judges import AXE
from tools.scene import set_scene

pytestmark = [pytest.mark.browser, pytest.mark.judges, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def _judge() -> None:
    if not AXE.exists():
        pytest.skip("axe is not installed: run npm ci in tests/judges")


@pytest.fixture(params=[NARROW, WIDE], ids=["320 wide", "1280 wide"])
def size(request: pytest.FixtureRequest) -> Size:
    return request.param


@pytest.fixture
def scene(app: Flask, campus: CampusInHand) -> None:
    aside(lambda: set_scene(app, campus))


def _trouble() -> None:
    """Something for every table: a deployment that waits, refusals, a platform nobody has approved."""
    with transaction() as session:
        platform = session.scalars(select(Platform)).one()
        session.add(
            Deployment(
                platform_id=platform.id,
                deployment_id="106:8865aa05b4b79b64a91a86042e43af5ea8ae79eb",
                standing=Standing.WAITING,
                created=clock.now(),
            )
        )
    tally.tell("launch", "wrong_time", platform=platform.public_id)
    tally.tell("login", "unknown_platform", detail="iss=https://canvas.instructure.com client_id=10000000000068")


def _new_code() -> str:
    with transaction() as session:
        return operators.new_code(session)


def test_an_operator_types_in_a_code_and_tries_a_platform_out(
    browser: Browser,
    tool_url: str,
    inside: Inside,
    size: Size,
    scene: None,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(operators, "is_at_the_machine", lambda _request: False)
    inside.do(_trouble)
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-GB")
    page = context.new_page()
    found: dict[str, list[str]] = {}

    page.goto(f"{tool_url}/lti/check")
    found["door"] = faults_of(page.main_frame)
    page.get_by_label("Code").fill("abcd-efgh-jkmn")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="The page stays closed").wait_for()
    found["wrong code"] = faults_of(page.main_frame)
    page.get_by_label("Code").fill(inside.do(_new_code))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="How this tool is doing").wait_for()
    page.get_by_role("button", name="Test now").focus()
    page.keyboard.press("Enter")
    page.get_by_text("It gave one.").wait_for()
    found["check"] = faults_of(page.main_frame)
    page.get_by_role("button", name="Close this page for me").click()
    page.get_by_role("heading", name="For those who run this tool").wait_for()
    context.close()

    assert found == {"door": [], "wrong code": [], "check": []}


def _let_observers() -> None:
    course = db.session.scalars(select(Course).where(Course.context_id == "2")).one()
    with transaction() as session:
        ensure(session, course, at=clock.now()).program.observers_may_follow = True


def test_an_observer_sees_how_far_a_learner_has_come(sit: Sit, inside: Inside, size: Size, scene: None):
    olga = sit("olga", size)

    olga.open_window("mentoring")
    olga.tool.get_by_text("does not let observers follow").wait_for()
    assert faults_of(olga.frame) == []
    inside.do(_let_observers)
    olga.frame.goto(olga.frame.url)
    olga.tool.get_by_text("Leo Nowak").wait_for()

    assert faults_of(olga.frame) == []


def test_an_instructor_lets_observers_follow_by_keyboard(sit: Sit, size: Size, scene: None):
    ines = sit("ines", size)
    ines.open_window("mentoring")

    ines.tool.get_by_role("link", name="Program", exact=True).click()
    ines.tool.get_by_role("link", name=re.compile("^Change.*Observers")).click()
    ines.tool.get_by_label("Observers may follow the learners they are linked to").focus()
    assert ines.window is not None
    ines.window.keyboard.press("Space")
    assert faults_of(ines.frame) == []
    ines.window.keyboard.press("Enter")
    ines.tool.get_by_text("Saved. Observers see how far").wait_for()

    assert faults_of(ines.frame) == []
