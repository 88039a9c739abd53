"""A person's way through the pages of the tool, each gone over by axe and the ruler."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from tests.browser.inspecting import faults_of
from tests.browser.people import Desk


@dataclass
class Tour:
    """One person's way through the pages; what was found is kept by the page it was found on."""

    desk: Desk
    found: dict[str, list[str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Where the page that stands there lies."""
        return urlsplit(self.desk.frame.url).path

    def look(self, page: str, heading: str, sign: str = "main") -> None:
        """Wait for the page with this heading, and this sign where the page before has the same, and go over it."""
        self.desk.tool.locator(sign).first.wait_for()
        self.desk.tool.get_by_role("heading", level=1, name=re.compile(heading)).wait_for()
        self.seen.append(page)
        if faults := faults_of(self.desk.frame):
            self.found[page] = faults

    def follow(self, link: str | re.Pattern[str], page: str, heading: str) -> None:
        """Take the first link of this name; the page it leads to may have the same heading as the one before."""
        with self.desk.frame.expect_navigation():
            self.desk.tool.get_by_role("link", name=link, exact=True).first.click()
        self.look(page, heading)

    def press(self, button: str | re.Pattern[str], page: str, heading: str, sign: str = "main") -> None:
        """Push the button of this name; what it leads to may have the same heading as the page before."""
        with self.desk.frame.expect_navigation():
            self.desk.tool.get_by_role("button", name=button, exact=True).click()
        self.look(page, heading, sign)

    def open_all(self, page: str, heading: str) -> None:
        """Look at what was folded away."""
        self.desk.tool.locator("details").evaluate_all("all => all.forEach(it => { it.open = true })")
        self.look(page, heading)

    def expects(self, *complaints: str) -> None:
        for complaint in complaints:
            self.desk.watch.expect(complaint)

    def go(self, address: str, page: str, heading: str) -> None:
        """Open a page by its address, seen from the one that stands there."""
        self.desk.frame.goto(urljoin(self.desk.frame.url, address))
        self.open_all(page, heading)

    def links(self, pattern: str) -> list[str]:
        """Where the links of this page lead whose addresses are like this, each once."""
        found = self.desk.tool.locator("main a[href]").evaluate_all("all => all.map(it => it.getAttribute('href'))")
        return list(dict.fromkeys(each for each in found if re.search(pattern, each)))

    def go_each(self, address: str, pattern: str, heading: str, *, most: int = 99) -> list[str]:
        """From the page there to each that it links to by an address like this, of which there is one at least."""
        self.desk.frame.goto(urljoin(self.desk.frame.url, address))
        found = self.links(pattern)[:most]
        assert found, f"{address} links to nothing like {pattern}"
        for number, each in enumerate(found, start=1):
            self.go(each, f"{heading}, number {number}", heading)
        return found

    def go_through(self, base: str, pages: Iterable[tuple[str, str]]) -> None:
        """One page after the other: where it lies below this address, and its heading."""
        for page, heading in pages:
            self.go(f"{base}{page}", page or base.rsplit("/", 2)[-2], heading)


Begin = Callable[[str, str], Tour]
"""`begin("leo", "quiz")`: a tour that starts where this person's launch leads."""
