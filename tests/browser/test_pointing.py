"""Nothing is clicked on while its page still moves."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from campus.serving import QuietHandler

pytestmark = pytest.mark.browser

PAGE = '<h1>A page</h1><iframe src="/form" width="600" height="600"></iframe>'
FORM = '<form method="post"><button>Send</button><img src="/picture.svg"></form>'
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>'


@pytest.fixture
def happened() -> list[str]:
    return []


@pytest.fixture
def may_come() -> threading.Event:
    """Whether the picture may be sent."""
    return threading.Event()


@pytest.fixture
def address(happened: list[str], may_come: threading.Event) -> Iterator[str]:
    """A page in whose frame a form waits for a picture."""
    site = Flask(__name__)
    site.add_url_rule("/", "page", lambda: PAGE)
    site.add_url_rule("/form", "form", lambda: FORM)

    @site.get("/picture.svg")
    def picture() -> tuple[str, dict[str, str]]:
        may_come.wait()
        happened.append("the picture came")
        return PICTURE, {"Content-Type": "image/svg+xml"}

    @site.post("/form")
    def sent() -> str:
        happened.append("the form was sent")
        return "<h1>Thanks</h1>"

    server = make_server("127.0.0.1", 0, site, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://localhost:{server.port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_click_waits_for_what_would_move_its_target(
    browser: Browser, address: str, happened: list[str], may_come: threading.Event, has_scripts: bool
):
    with browser.new_context(java_script_enabled=has_scripts) as context:
        page = context.new_page()
        page.goto(address, wait_until="commit")
        frame = page.frame_locator("iframe")
        button = frame.get_by_role("button", name="Send")
        button.wait_for()
        threading.Timer(1, may_come.set).start()
        button.click()
        frame.get_by_role("heading", name="Thanks").wait_for()

    assert happened == ["the picture came", "the form was sent"]
