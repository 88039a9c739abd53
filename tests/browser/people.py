"""A person before a browser: who they are at the campus, and the tool in its frame or in a window of its own."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Frame, FrameLocator, Locator, Page, expect

from campus.seed import FIRST_COURSE
from campus.testing import CampusInHand
from tests.browser.watching import Watch

Size = tuple[int, int]
View = FrameLocator | Page
"""Where the tool is looked at; things are found in both alike."""
WIDE: Size = (1280, 800)
NARROW: Size = (320, 600)
TITLES = {"mentoring": "Mentoring", "quiz": "Onboarding quiz"}


@dataclass
class Desk:
    """One page of one browser, and the person who sits before it."""

    page: Page
    campus: CampusInHand
    watch: Watch
    presses_buttons: bool = False
    """Whether scripts are off, so that forms which post themselves wait for somebody to press their button."""
    window: Page | None = None
    """The tool's own window, if it was opened in one."""

    @property
    def tool(self) -> View:
        return self.window or self.page.frame_locator("#tool")

    @property
    def frame(self) -> Frame:
        """The document the tool shows at present, to be questioned by scripts."""
        if self.window is not None:
            return self.window.main_frame
        element = self.page.query_selector("#tool")
        frame = element.content_frame() if element else None
        assert frame is not None, "There is no frame on this page"
        return frame

    @property
    def heading(self) -> Locator:
        """The heading of a page of the tool; what passes a launch on has none within #main."""
        return self.tool.locator("main#main h1")

    def be(self, person: str) -> None:
        """Choose who to be on the campus's first page; it opens their first course."""
        self.page.goto(self.campus.url)
        self.page.locator(f"button[value={person}]").click()
        expect(self.page.locator(".me")).to_contain_text(self.campus.person(person).shown_name)

    def open(self, placement: str, course: str = FIRST_COURSE) -> View:
        """Follow the activity's link on the course page and wait for the tool's page in the frame."""
        self.page.goto(f"{self.campus.url}/courses/{course}")
        self.page.get_by_role("link", name=TITLES[placement], exact=True).click()
        if self.presses_buttons:
            for _ in ("the login", "the launch"):
                self._press_on()
        self.heading.wait_for()
        return self.tool

    def open_window(self, placement: str) -> View:
        """The same in a window of its own."""
        self.open(placement)
        with self.page.expect_popup() as opened:
            self.page.get_by_role("link", name="Open in new window").click()
        self.window = opened.value
        self.heading.wait_for()
        return self.tool

    def _press_on(self) -> None:
        button = self.tool.get_by_role("button", name="Continue to the tool")
        action = self.tool.locator("#passing").get_attribute("action")
        button.click()
        expect(self.tool.locator(f"#passing[action='{action}']")).to_have_count(0)

    def other_tab(self) -> Desk:
        """Another tab of the same browser."""
        return Desk(self.page.context.new_page(), self.campus, self.watch, self.presses_buttons)
