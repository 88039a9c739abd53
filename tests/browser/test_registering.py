"""An administrator registers the tool in a real browser: in a frame as Moodle and Canvas do, and in a window."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page
from sqlalchemy import select

from campus.testing import CampusInHand
from lti_tool.db import db
from lti_tool.models import Platform
from tests.browser.aside import Inside
from tests.browser.conftest import PATIENCE
from tests.browser.inspecting import faults_of
from tests.browser.people import NARROW, WIDE, Size
from tests.browser.watching import Watch
from tests.judges import AXE
from tests.lti_tool.registering import invite

pytestmark = pytest.mark.browser


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def context(request: pytest.FixtureRequest, browser: Browser, campus: CampusInHand) -> Iterator[BrowserContext]:
    """Closed before the campus is: what it was still loading then would be an error to it."""
    size: Size = request.param
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def watch(context: BrowserContext) -> Iterator[Watch]:
    watch = Watch(context)
    yield watch
    context.close()
    assert watch.complaints() == []


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    return context.new_page()


def paste(page: Page, campus: CampusInHand, inside: Inside) -> None:
    link = inside.do(lambda: invite().link)
    page.goto(f"{campus.url}/tools")
    page.get_by_label("The tool’s registration link").fill(link)
    page.get_by_role("button", name="Register", exact=True).click()


def go_through(frame: Frame) -> None:
    """The tool's two pages, each looked over."""
    for heading, button in (
        ("Add Mentoring to your learning platform", "Add the tool"),
        ("Added, and waiting for approval", "Close and go back to the learning platform"),
    ):
        frame.get_by_role("heading", level=1, name=heading).wait_for()
        if AXE.exists():
            assert faults_of(frame) == []
        frame.get_by_role("button", name=button).click()


@pytest.mark.parametrize("flavor", ["moodle", "canvas"])
def test_it_happens_in_a_frame_which_the_tool_has_closed(page: Page, campus: CampusInHand, inside: Inside, flavor: str):
    """DR-15"""
    campus.set_flavor(flavor)
    paste(page, campus, inside)

    page.frame_locator("#tool").locator("main#main h1").wait_for()
    go_through(page.frames[-1])

    page.get_by_role("button", name="Activate Mentoring").wait_for()
    assert standing_of_newest(inside) == ("waiting", campus.tools()[-1].client_id)


def test_it_happens_in_a_window_which_the_tool_has_closed(page: Page, campus: CampusInHand, inside: Inside):
    """DR-15"""
    paste(page, campus, inside)

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open the tool’s registration page").click()
    with opened.value.expect_event("close"):
        go_through(opened.value.main_frame)

    page.get_by_role("button", name="Activate Mentoring").wait_for()
    assert standing_of_newest(inside) == ("waiting", campus.tools()[-1].client_id)


STRANGER = "http://127.0.0.1:9/"
LISTENING = """<!doctype html><title>A stranger</title><link rel="icon" href="data:,">
<a href="{link}" target="tool" rel="opener" referrerpolicy="no-referrer">Open</a>
<script>
  window.heard = [];
  window.addEventListener("message", (event) => window.heard.push(event.data));
</script>"""


def test_an_opener_that_is_neither_the_lms_nor_says_who_it_is_is_told_nothing(
    page: Page, campus: CampusInHand, inside: Inside
):
    """DR-15: the message goes to origins by name, and never to whoever is there."""
    link = inside.do(lambda: campus.begin_registration(invite().link))
    page.route(f"{STRANGER}**", lambda route: route.fulfill(body=LISTENING.format(link=escape(link))))
    page.goto(STRANGER)

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open").click()
    tool = opened.value.main_frame
    go_through(tool)
    tool.evaluate("window.opener.postMessage('whatever comes after', '*')")
    page.wait_for_function("window.heard.length > 0")

    assert page.evaluate("window.heard") == ["whatever comes after"]
    assert standing_of_newest(inside) == ("waiting", campus.tools()[-1].client_id)


def standing_of_newest(inside: Inside) -> tuple[str, str]:
    newest = select(Platform).order_by(Platform.id.desc()).limit(1)
    platform = inside.do(lambda: db.session.scalars(newest).one())
    return platform.standing.value, platform.client_id
