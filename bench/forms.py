"""The form of a quiz as a browser reads it: hidden fields, and what may be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from urllib.parse import urljoin

from campus.testing import Answer


class QuizForm(HTMLParser):
    """The first form on a page that posts, has this id if one is given, and leads to an address that ends like this.

    Raises AssertionError if there is none.
    """

    def __init__(self, page: Answer, form_id: str | None = None, *, to: str = "") -> None:
        super().__init__()
        self._wanted, self._to, self._is_inside = form_id, to, False
        self._page, self.action = page.url, ""
        self.hidden: dict[str, list[str]] = {}
        self.choices: dict[str, list[str]] = {}
        """Values by field, in the order of the page."""
        assert page.status == 200, f"{page.url} answered {page.status}"
        self.feed(page.text)
        assert self.action, f"{page.url} has no such form"

    @property
    def url(self) -> str:
        return urljoin(self._page, self.action)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action and said.get("method") == "post":
            leads_there = said.get("action", "").endswith(self._to)
            self._is_inside = leads_there and self._wanted in (None, said.get("id"))
            self.action = said.get("action", "") if self._is_inside else ""
        if tag == "input" and self._is_inside:
            kept = {"hidden": self.hidden, "radio": self.choices, "checkbox": self.choices}.get(said.get("type", ""))
            if kept is not None:
                kept.setdefault(said.get("name", ""), []).append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False

    def first_choices(self) -> dict[str, list[str]]:
        """Everything a browser would send if the first option of each question were chosen."""
        return {**self.hidden, **{name: values[:1] for name, values in self.choices.items()}}
