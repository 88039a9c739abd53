"""What is read before a section, from HTML as Markdown: authors write it so here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from quizzes.rich import INLINE

_MEANT = re.compile(r"([\\`*_\[\]<>#])")
_MARKS: Mapping[str, str] = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "del": "~~", "s": "~~"}
_KEPT = {*_MARKS, "a", "p", "div", "br", "ul", "ol", "li"}


def as_markdown(html: str) -> tuple[str, bool]:
    """The text, and whether there are marks in it; those that Markdown has no sign for are left away."""
    found = _Writer()
    found.feed(html)
    found.close()
    lines = [line.rstrip() for line in "".join(found.parts).splitlines()]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return (text, True) if found.is_marked else (_as_meant(text), False)


def _as_meant(text: str) -> str:
    return re.sub(r"\\([\\`*_\[\]<>#])", r"\1", text)


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.is_marked = False
        self._lists: list[int] = []
        """Of each list that is open, the number of its last item; 0 where they are not counted."""
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_marked = self.is_marked or (tag in _KEPT and tag not in ("p", "div", "br"))
        if tag in _MARKS:
            self.parts.append(_MARKS[tag])
        elif tag == "a":
            self._links.append(dict(attrs).get("href") or "")
            self.parts.append("[")
        elif tag == "br":
            self.parts.append("\n")
        elif tag in ("ul", "ol"):
            self._lists.append(1 if tag == "ol" else 0)
            self.parts.append("\n\n")
        elif tag == "li":
            self._item()
        elif tag not in INLINE:
            self.parts.append("\n\n")

    def _item(self) -> None:
        number = self._lists[-1] if self._lists else 0
        self.parts.append(f"\n{number}. " if number else "\n- ")
        if number:
            self._lists[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _MARKS:
            self.parts.append(_MARKS[tag])
        elif tag == "a" and self._links:
            self.parts.append(f"]({self._links.pop()})")
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self.parts.append("\n\n")
        elif tag not in INLINE and tag != "li":
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(_MEANT.sub(r"\\\1", re.sub(r"\s+", " ", data)))
