"""The tool and the campus served for real on free ports of localhost, and Chromium to look at them with."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from werkzeug.serving import make_server

from campus.serving import QuietHandler
from campus.testing import CampusInHand, running_campus
from lti_tool import platform_keys
from lti_tool.db import db
from lti_tool.running import working
from lti_tool.running.delivering import drain
from tests.browser.aside import Inside, aside
from tests.browser.people import NARROW, WIDE, Desk, Size
from tests.browser.pointing import point_at_what_stands_still
from tests.browser.touring import Begin, Tour
from tests.browser.watching import Watch
from tests.conftest import make_app, register
from tests.judges import AXE

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60_000
"""Milliseconds after which nothing is waited for any longer. How fast pages are is measured by `make bench`."""

point_at_what_stands_still()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for each module: a second Playwright in the same thread, as other tests start it, would fail."""
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if program is None:
        pytest.skip("Chromium is not installed (on Debian: apt-get install chromium)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """As everywhere in the tests, but made and ended aside, and with its forms protected."""
    app = aside(lambda: make_app(database_url, tmp_path))
    app.config["WTF_CSRF_ENABLED"] = True
    platform_keys.forget()
    yield app
    Inside(app).do(lambda: db.engine.dispose())


@pytest.fixture
def inside(app: Flask) -> Inside:
    """`inside.do(act)`: what an operator or the test itself does to the tool, in its context and aside."""
    return Inside(app)


@pytest.fixture
def tool_url(app: Flask) -> Iterator[str]:
    """The tool as wsgi.py assembles it, on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    app.config["PUBLIC_URL"] = f"http://localhost:{server.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield app.config["PUBLIC_URL"]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def campus(inside: Inside, tool_url: str) -> Iterator[CampusInHand]:
    """A strict LMS on a port of its own that asks the tool for its keys over HTTP; registered with the tool."""
    with running_campus(tool=tool_url) as campus:
        inside.do(lambda: register(campus))
        yield campus


@pytest.fixture
def deliver(app: Flask) -> Callable[[], int]:
    """One turn of the delivery loop: whatever is due leaves the building now."""
    return lambda: aside(lambda: drain(app))


@pytest.fixture
def work(app: Flask) -> Callable[[], int]:
    """One turn of the work loop: whatever long work has been asked for is done now."""
    return lambda: aside(lambda: working.drain(app))


Sit = Callable[..., Desk]


@pytest.fixture
def sit(browser: Browser, campus: CampusInHand) -> Iterator[Sit]:
    """`sit("leo")`: a browser of their own with a person before it, watched for errors until the test ends."""
    seats: list[tuple[BrowserContext, Watch]] = []

    def sit(person: str, size: Size = WIDE, **options: bool) -> Desk:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-GB", **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        watch = Watch(context)
        seats.append((context, watch))
        desk = Desk(context.new_page(), campus, watch, presses_buttons=options.get("java_script_enabled") is False)
        desk.be(person)
        return desk

    yield sit
    complaints = [complaint for _, watch in seats for complaint in watch.complaints()]
    for context, _ in seats:
        context.close()
    assert complaints == []
    assert campus.refusals() == []


@pytest.fixture(params=[True, False], ids=["320 wide and framed", "1280 wide and alone"])
def is_framed(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def size(is_framed: bool) -> Size:
    return NARROW if is_framed else WIDE


@pytest.fixture
def begin(sit: Sit, size: Size, is_framed: bool) -> Begin:
    """Tours in this size, in the frame of the course page or in a window of their own."""
    if not AXE.exists():
        pytest.skip("axe is not installed: run npm ci in tests/judges")

    def begin(person: str, placement: str) -> Tour:
        desk = sit(person, size)
        (desk.open if is_framed else desk.open_window)(placement)
        return Tour(desk)

    return begin
