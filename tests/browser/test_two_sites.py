"""Tool and campus each on a site of its own on https: partitioned cookies, storage by the LMS, a new window."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect, sync_playwright

from campus.serving import listen
from campus.testing import CampusInHand, campus_in_hand
from lti_tool import platform_keys
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import db
from tests.browser import acts, two_sites
from tests.browser.aside import Inside, aside
from tests.browser.conftest import CHROMIUMS, PATIENCE
from tests.browser.inspecting import faults_of
from tests.browser.people import NARROW, WIDE, Desk, Size
from tests.browser.two_sites import CAMPUS, TOOL, Certificate
from tests.browser.watching import Watch
from tests.conftest import FEATURES, SECRET, keys_of, register
from tests.journeys.walking import right_answers
from tests.judges import AXE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return two_sites.certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def tool_url(
    database_url: str, tmp_path: Path, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The tool as an operator sets it up, with the campus on a private address that may be asked."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.authority))
    with listen("127.0.0.1", 0) as listening, two_sites.names_lead_home():
        config = Config(
            testing=True,
            root=tmp_path,
            database_url=database_url,
            secret_key=SECRET,
            public_url=f"https://{TOOL}:{listening.getsockname()[1]}",
            private_hosts=(CAMPUS,),
        )
        app = aside(lambda: create_app(config, FEATURES))
        platform_keys.forget()
        with two_sites.served(listening, app, certificate.context()):
            tool.append(app)
            yield config.public_url
        Inside(app).do(lambda: db.engine.dispose())
        tool.clear()


tool: list[Flask] = []
"""The application that is being served."""


@pytest.fixture
def inside(tool_url: str) -> Inside:
    return Inside(tool[0])


@pytest.fixture
def campus(inside: Inside, tool_url: str, certificate: Certificate) -> Iterator[CampusInHand]:
    with listen("127.0.0.1", 0) as listening:
        url = f"https://{CAMPUS}:{listening.getsockname()[1]}"
        with (
            campus_in_hand(url=url, tool=tool_url, fetch_json=keys_of(inside.app)) as campus,
            two_sites.served(listening, campus.app, certificate.context()),
        ):
            inside.do(lambda: register(campus))
            yield campus


Sit = Callable[..., Desk]


@pytest.fixture
def sit(playwright: Playwright, campus: CampusInHand, tool_url: str, tmp_path: Path) -> Iterator[Sit]:
    """`sit("leo", keeps_cookies=False)`: a fresh browser of their own, as Chromium comes or with cookies refused.

    With `keeps_all_cookies` it keeps those of frames as browsers did of old, without partitions.
    """
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if program is None:
        pytest.skip("Chromium is not installed (on Debian: apt-get install chromium)")
    seats: list[tuple[BrowserContext, Watch]] = []

    def sit(person: str, *, keeps_cookies: bool = True, keeps_all_cookies: bool = False, **options: bool) -> Desk:
        profile = tmp_path / f"profile-{len(seats)}"
        if keeps_all_cookies or not keeps_cookies:
            setting = two_sites.ALLOWED if keeps_all_cookies else two_sites.BLOCKED
            two_sites.set_cookies_in_frames(profile, tool_url, campus.url, setting)
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=program,
            args=two_sites.ARGUMENTS,
            ignore_https_errors=True,
            viewport={"width": WIDE[0], "height": WIDE[1]},
            locale="en-GB",
            **options,  # type: ignore[arg-type]
        )
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


def third_party_cookies_are_refused(desk: Desk) -> bool:
    """Whether a cookie without a partition is lost in the frame, as it is in Chromium without any setting."""
    desk.frame.evaluate("document.cookie = 'plain=1; Path=/; Secure; SameSite=None'")
    return "plain" not in desk.frame.evaluate("document.cookie")


def go_to(desk: Desk, placement: str) -> None:
    """Follow the link on the course page, without waiting for the tool's page."""
    titles = {"mentoring": "Mentoring", "quiz": "Onboarding quiz"}
    desk.page.get_by_role("link", name=titles[placement], exact=True).click()


def open_window(desk: Desk) -> Page:
    """Press the button in the frame; the window that opens."""
    with desk.page.expect_popup() as opened:
        desk.tool.get_by_role("button", name="Open in a new window").click()
    desk.window = opened.value
    return opened.value


def take_quiz(desk: Desk, inside: Inside) -> None:
    """From the quiz's page: answer everything by clicking, each answer saved at once, and hand in."""
    attempt = acts.start_quiz(desk.tool)
    answers = inside.do(lambda: right_answers(db.session, attempt, how_many=20))
    for question in acts.click_answers(desk.tool, answers):
        expect(desk.tool.locator(f"#saved-{question[1:]}")).to_have_text("Saved")
    desk.tool.get_by_role("button", name="Hand in").click()
    expect(desk.heading).to_have_text("You earned 20 of 20")


def reads(desk: Desk, heading: str) -> None:
    expect(desk.heading).to_have_text(heading, timeout=PATIENCE)


IN_A_WINDOW = "Please open this in a new window"
LET_IN = "You are let in. Please go on in a new window"


def test_with_third_party_cookies_blocked_people_do_everything_in_the_frame(sit: Sit, inside: Inside):
    """COOKIE-01 COOKIE-02 COOKIE-03: home, a form that is posted, a quiz that saves itself."""
    ines, leo = sit("ines"), sit("leo")

    tool = ines.open("mentoring")
    assert third_party_cookies_are_refused(ines)
    acts.choose_mentor(tool, "Maya Okonkwo", places=2)
    acts.flash(tool, "Maya Okonkwo mentors, with 2 places.")
    leo.open("quiz")
    take_quiz(leo, inside)

    assert leo.campus.refusals() == []
    kept = {cookie["name"] for cookie in leo.page.context.cookies() if cookie["domain"] == TOOL}
    assert kept == {"__Host-lti-cookies", "__Host-mentoring"}


def test_with_third_party_cookies_allowed_people_do_everything_in_the_frame(sit: Sit, inside: Inside):
    """COOKIE-04: nothing is asked of the person, and nobody is sent to another window."""
    leo = sit("leo", keeps_all_cookies=True)

    leo.open("quiz")
    refused = third_party_cookies_are_refused(leo)
    take_quiz(leo, inside)

    assert (refused, leo.campus.refusals()) == (False, [])
    kept = {cookie["name"] for cookie in leo.page.context.cookies() if cookie["domain"] == TOOL}
    assert kept == {"__Host-lti-cookies", "__Host-mentoring", "plain"}


def test_in_a_window_of_its_own_nothing_is_in_the_way(sit: Sit, inside: Inside):
    """COOKIE-04, PLAT-10"""
    leo = sit("leo", keeps_cookies=False)
    go_to(leo, "quiz")
    with leo.page.expect_popup() as opened:
        leo.page.get_by_role("link", name="Open in new window").click()
    leo.window = opened.value
    leo.heading.wait_for()

    take_quiz(leo, inside)


def test_the_frame_is_as_high_as_the_page_and_only_the_lms_is_told(sit: Sit):
    """PLAT-03, COOKIE-17"""
    leo = sit("leo")
    leo.open("mentoring")

    expect(leo.page.locator("#tool")).not_to_have_attribute("height", "640")
    assert leo.frame.locator("meta[name=framed-by]").get_attribute("content") == leo.campus.url


@pytest.mark.parametrize("flavor", ["strict", "canvas"])
def test_where_cookies_are_refused_the_lms_keeps_the_state_and_a_window_goes_on(
    sit: Sit, campus: CampusInHand, inside: Inside, flavor: str
):
    campus.set_flavor(flavor)
    leo = sit("leo", keeps_cookies=False)

    go_to(leo, "quiz")
    reads(leo, LET_IN)
    open_window(leo)
    leo.heading.wait_for()
    take_quiz(leo, inside)

    assert campus.refusals() == []


def test_a_ticket_of_the_page_behind_is_spent(sit: Sit):
    leo = sit("leo", keeps_cookies=False)
    go_to(leo, "mentoring")
    reads(leo, LET_IN)
    open_window(leo)
    leo.heading.wait_for()

    leo.window = None
    leo.watch.expect("410")
    open_window(leo)

    reads(leo, "This button has done its work")


def test_where_nothing_is_kept_the_login_begins_in_a_window(sit: Sit, campus: CampusInHand, inside: Inside):
    """LOGIN-11: Moodle offers no storage; its hint is still good, because nobody has used it."""
    campus.set_flavor("moodle")
    leo = sit("leo", keeps_cookies=False)

    go_to(leo, "quiz")
    reads(leo, IN_A_WINDOW)
    open_window(leo)
    leo.heading.wait_for()
    take_quiz(leo, inside)

    assert campus.refusals() == []


@pytest.mark.parametrize("flavor", ["strict", "canvas"])
def test_storage_that_does_not_answer_is_not_waited_for(sit: Sit, campus: CampusInHand, flavor: str):
    """STATE-15: announced and silent, as in Canvas's mobile apps."""
    campus.set_flavor(flavor)
    campus.faults.silent_storage = True
    leo = sit("leo", keeps_cookies=False)

    go_to(leo, "mentoring")
    expect(leo.tool.get_by_role("status")).to_contain_text("One moment")
    reads(leo, IN_A_WINDOW)
    open_window(leo)

    leo.heading.wait_for()
    assert campus.refusals() == []


def test_storage_in_a_frame_that_is_not_there_is_not_waited_for(sit: Sit, campus: CampusInHand):
    """STATE-15: to ask another origin's page for a frame that it has not is an error, which nobody sees."""
    campus.set_flavor("canvas")
    campus.faults.absent_storage = True
    leo = sit("leo", keeps_cookies=False)

    go_to(leo, "mentoring")

    reads(leo, IN_A_WINDOW)


def test_storage_that_forgets_lets_nobody_in_and_says_what_to_do(sit: Sit, campus: CampusInHand):
    campus.faults.forgetful_storage = True
    leo = sit("leo", keeps_cookies=False)

    go_to(leo, "mentoring")

    reads(leo, "You could not be let in")
    expect(leo.tool.get_by_text("open the link there in a new window or tab")).to_be_visible()


def test_without_scripts_and_cookies_the_button_is_there(sit: Sit, campus: CampusInHand):
    leo = sit("leo", keeps_cookies=False, java_script_enabled=False)
    go_to(leo, "mentoring")
    leo.tool.get_by_role("button", name="Continue to the tool").click()
    reads(leo, IN_A_WINDOW)

    window = open_window(leo)
    window.get_by_role("button", name="Continue to the tool").click()

    leo.heading.wait_for()
    assert campus.refusals() == []


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_pages_of_a_handing_over_are_for_everybody(sit: Sit, campus: CampusInHand, size: Size):
    """axe and the ruler find nothing, and the button is reached by keyboard."""
    if not AXE.exists():
        pytest.skip("axe is not installed: run npm ci in tests/judges")
    found = {}
    for name, flavor, heading in (("open", "strict", LET_IN), ("login", "moodle", IN_A_WINDOW)):
        campus.set_flavor(flavor)
        leo = sit("leo", keeps_cookies=False)
        leo.page.set_viewport_size({"width": size[0], "height": size[1]})
        go_to(leo, "mentoring")
        reads(leo, heading)
        leo.page.wait_for_load_state("networkidle")
        found[name] = faults_of(leo.frame)
        leo.tool.get_by_role("button", name="Open in a new window").focus()
        with leo.page.expect_popup():
            leo.page.keyboard.press("Enter")
    campus.set_flavor("strict")
    campus.faults.forgetful_storage = True
    leo = sit("leo", keeps_cookies=False)
    leo.page.set_viewport_size({"width": size[0], "height": size[1]})
    go_to(leo, "mentoring")
    reads(leo, "You could not be let in")
    found["launch"] = faults_of(leo.frame)

    assert found == {"open": [], "login": [], "launch": []}


LIES = """
window.addEventListener("message", ({ data, origin, source }) => {
  if (!data || !data.key) return;
  if (data.subject === "lti.put_data") {
    window.kept = data.value;
    source.postMessage({ ...data, subject: "lti.put_data.response" }, origin);
    return;
  }
  const right = { subject: "lti.get_data.response", message_id: data.message_id, key: data.key, value: window.kept };
  %s
});
"""
ANOTHER = {
    "another message": 'source.postMessage({ ...right, message_id: "another" }, origin);',
    "another key": 'source.postMessage({ ...right, key: "another" }, origin);',
    "another subject": 'source.postMessage({ ...right, subject: "lti.put_data.response" }, origin);',
    "another origin": """
      const stranger = document.createElement("iframe");
      stranger.sandbox = "allow-scripts";
      stranger.srcdoc = `<script>onmessage = ({ data }) => parent.frames[0].postMessage(data, "*")</script>`;
      stranger.onload = () => stranger.contentWindow.postMessage(right, "*");
      document.body.append(stranger);""",
}


@pytest.mark.parametrize("lie", ANOTHER)
def test_an_answer_of_another_page_or_to_another_question_is_ignored(sit: Sit, lie: str):
    """STATE-14, COOKIE-17"""
    leo = sit("leo", keeps_cookies=False, bypass_csp=True)
    script = LIES % ANOTHER[lie]
    leo.page.route("**/static/frame.js", lambda route: _lie(route, leo.campus.url, script))

    go_to(leo, "mentoring")

    reads(leo, "You could not be let in")


def test_a_right_answer_in_the_same_words_lets_people_in(sit: Sit):
    """Shows that the test above can fail."""
    leo = sit("leo", keeps_cookies=False)
    script = LIES % "source.postMessage(right, origin);"
    leo.page.route("**/static/frame.js", lambda route: _lie(route, leo.campus.url, script))

    go_to(leo, "mentoring")

    reads(leo, LET_IN)


def _lie(route: Route, campus_url: str, script: str) -> None:
    """The course page's own script is another; the tool's of the same name is left alone."""
    if route.request.url.startswith(campus_url):
        route.fulfill(body=script, content_type="text/javascript")
    else:
        route.continue_()
