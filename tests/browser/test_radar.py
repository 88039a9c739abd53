"""The radar as Chromium draws it: its own fonts, and the strictest content policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.people import NARROW, WIDE
from tests.reviews.radars import LONG, SHORT, drawn

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'"

MEASURED = """svg => {
    const picture = svg.viewBox.baseVal;
    const words = [...svg.querySelectorAll('.radar-words text')].map(text => [text.textContent, text.getBBox()]);
    const outside = words.filter(([, box]) => box.x < 0 || box.y < 0 || box.x + box.width > picture.width
        || box.y + box.height > picture.height).map(([text]) => text);
    const meeting = words.flatMap(([one, a], n) => words.slice(0, n).filter(([, b]) =>
        a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height - 1 && b.y < a.y + a.height - 1
    ).map(([other]) => [one, other]));
    return [outside, meeting];
}"""


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Page:
    width, height = request.param
    return browser.new_page(viewport={"width": width, "height": height})


def test_names_neither_meet_nor_leave_the_picture_and_no_policy_is_broken(page):
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    radars = [drawn(axes, 7, names=names, key=f"r{axes}") for axes in range(3, 13) for names in (LONG, SHORT * 2)]

    page.set_content(
        f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{POLICY}"><main>{"".join(radars)}</main>'
    )

    assert [svg.evaluate(MEASURED) for svg in page.locator("svg").element_handles()] == [[[], []]] * len(radars)
    assert told == []
    page.close()
