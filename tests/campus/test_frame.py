"""The frame page in a real browser: the launch happens inside it, and only the tool may change its height."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from campus.serving import QuietHandler
from campus.testing import CampusInHand, running_campus
from tests.campus.fake_tool import FakeTool

pytestmark = pytest.mark.browser

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOME = """<!doctype html><title>A tool</title><h1>A tool</h1>
<script>parent.postMessage({subject: "lti.frameResize", height: 812.4}, "*")</script>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def tool_url(tool: FakeTool) -> Iterator[str]:
    app: Flask = tool.app()
    app.add_url_rule("/home", view_func=lambda: HOME)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def served(tool_url: str) -> Iterator[CampusInHand]:
    with running_campus(tool=tool_url) as campus:
        yield campus


def open_quiz(page: Page, campus: CampusInHand) -> None:
    page.goto(campus.url)
    page.click("button[value=leo]")
    page.click("text=Onboarding quiz")


def test_the_tool_opens_in_the_frame_and_sets_its_height(browser: Browser, served: CampusInHand) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        open_quiz(page, served)

        page.frame_locator("#tool").get_by_role("heading", name="A tool").wait_for()

        page.locator("#tool[height='813']").wait_for()
        assert served.refusals() == []


def test_nobody_else_may_change_the_frames_height(browser: Browser, served: CampusInHand) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        open_quiz(page, served)
        page.locator("#tool[height='813']").wait_for()

        page.evaluate("postMessage({subject: 'lti.frameResize', height: 300}, '*')")

        page.evaluate("new Promise(done => { addEventListener('message', done); postMessage('after', '*') })")
        assert page.get_attribute("#tool", "height") == "813"


def test_a_launch_works_by_buttons_where_there_is_no_javascript(browser: Browser, served: CampusInHand) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        open_quiz(page, served)
        page.goto(f"{served.url}/courses/2/quiz/start?target=window")

        page.click("text=Continue to the tool")
        page.click("text=Continue to the tool")

        assert page.inner_text("h1") == "A tool"


def test_the_tool_opens_in_a_window_of_its_own(browser: Browser, served: CampusInHand) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        open_quiz(page, served)

        with page.expect_popup() as opened:
            page.click("text=Open in new window")

        opened.value.get_by_role("heading", name="A tool").wait_for()
        assert served.refusals() == []
