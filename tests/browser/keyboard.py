"""Somebody who has no mouse: reaches everything by Tab, and notices when the focus cannot be seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from playwright.sync_api import FilePayload

from tests.browser.people import Desk

LONGEST_WAY = 250
"""Key presses after which something counts as out of reach."""

# What has the focus, what it is called, and whether it can be seen: outlined, and not behind something that sticks.
FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const words = [it.innerText, ...[...(it.labels ?? [])].map(label => label.innerText)].join(" ").trim();
  const box = it.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    words, name: it.name ?? "", value: it.value ?? "", checked: it.checked ?? false, type: it.type ?? "",
    isOutlined: getComputedStyle(it).outlineStyle !== "none",
    isCovered: !top || !(it.contains(top) || top.contains(it)),
  };
}"""


@dataclass
class Keyboard:
    desk: Desk
    lost: list[str] = field(default_factory=list)
    """Where the focus could not be seen, though it was there."""

    def press(self, key: str) -> None:
        self.desk.page.keyboard.press(key)

    def choose(self, *files: FilePayload) -> None:
        """Open the chooser of the field that has the focus, and choose these files."""
        with self.desk.page.expect_file_chooser() as opened:
            # Keys and orders reach the page by two ways: what it answers here, it answers after the order to tell of
            # choosers, which a key may otherwise overtake.
            self.focused()
            self.press("Enter")
        opened.value.set_files(files)

    def focused(self) -> dict[str, Any] | None:
        """What has the focus inside the frame."""
        if not self.desk.page.evaluate("() => document.activeElement?.id === 'tool'"):
            return None
        seen: dict[str, Any] | None = self.desk.frame.evaluate(FOCUSED)
        return seen

    def tab_to(self, words: str) -> None:
        """Tab until the focus stands on a button or link that says this."""
        self._tab_until(lambda seen: seen["words"] == words, words)

    def tab_to_field(self, name: str) -> None:
        self._tab_until(lambda seen: seen["name"] == name, name)

    def answer(self, question: str, options: Sequence[str]) -> None:
        """Tab to this question and choose these options: boxes with Space, one of several by arrow and Space."""
        for option in options:
            seen = self._tab_until(lambda seen: seen["name"] == question, question)
            if seen["type"] == "checkbox":
                self._tab_until(partial(_is_option, question, option), option)
                self.press("Space")
            else:
                self._arrow_to(seen, option)

    def enter(self, field: str, value: str | Sequence[str]) -> None:
        """Tab to this field and put this in: ticked, chosen by arrow, or typed, whatever the field wants."""
        if not isinstance(value, str):
            self.answer(field, value)
            return
        seen = self._tab_until(lambda seen: seen["name"] == field, field)
        if seen["type"] == "radio":
            self._arrow_to(seen, value)
        elif seen["type"] == "select-one":
            self._down_to(value)
        else:
            self.desk.page.keyboard.type(value)

    def _down_to(self, option: str) -> None:
        for _ in range(LONGEST_WAY):
            if (now := self.focused()) is not None and now["value"] == option:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{option} cannot be reached in its list by arrows")

    def _arrow_to(self, seen: dict[str, Any], option: str) -> None:
        if seen["value"] == option:
            self.press("Space")
        for _ in range(LONGEST_WAY):
            now = self.focused()
            if now is not None and now["value"] == option and now["checked"]:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{option} cannot be reached by arrows")

    def _tab_until(self, found: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        for _ in range(LONGEST_WAY):
            seen = self.focused()
            if seen is not None:
                self._note(seen)
                if found(seen):
                    return seen
            self.press("Tab")
        raise AssertionError(f"{what} cannot be reached by Tab")

    def _note(self, seen: dict[str, Any]) -> None:
        where = seen["words"] or seen["name"]
        if not seen["isOutlined"]:
            self.lost.append(f"no outline: {where}")
        if seen["isCovered"]:
            self.lost.append(f"covered: {where}")


def _is_option(question: str, option: str, seen: dict[str, Any]) -> bool:
    return (seen["name"], seen["value"]) == (question, option)
