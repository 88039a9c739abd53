"""What an item shows, as HTML of ours: without interactions, feedback and rubrics, with media by their keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from html import escape
from urllib.parse import unquote

from quizzes import rich
from quizzes.formats import sounds, texts
from quizzes.formats.model import Media, Place
from quizzes.formats.numbers import decimal_of
from quizzes.formats.pictures import decoded, medium_of
from quizzes.formats.qti.names import INTERACTION, MEDIA
from quizzes.formats.qti.values import Value, items_of
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.safe_xml import Element, name_of
from quizzes.rich import TextFormat

Bytes = Callable[[str], bytes | None]
"""What lies at an address that an item names."""
VOID = {"br", "hr", "img", "wbr", "col"}
_HIDDEN = {
    "modalFeedback",
    "feedbackBlock",
    "feedbackInline",
    "rubricBlock",
    "stylesheet",
    "catalogInfo",
    "companionMaterialsInfo",
}
_TRANSPARENT = {
    *("itemBody", "contentBody", "hottext", "gapText", "simpleChoice", "simpleAssociableChoice", "inlineChoice"),
    *(MEDIA, "prompt", "templateBlock", "templateInline", "simpleMatchSet", "picture", "stimulusBody", "infoControl"),
}
_NO_PICTURE = {"video", "embed", "iframe", "source", "track", "include"}
_WRAPPED = re.compile(r"<div>((?:(?!</?div\b).)*)</div>", re.DOTALL)
MARK = "\ue000"
"""Stands where an interaction is that is a question by itself."""
_AROUND = re.compile(rf"<(p|div)(?: [^>]*)?>\s*{MARK}\s*</\1>")


class Content:
    """Makes HTML of an item's parts; keeps the pictures it comes across."""

    def __init__(self, bytes_of: Bytes, place: Place, report: Reporter) -> None:
        self.bytes_of, self.place, self.report = bytes_of, place, report
        self.media: dict[str, Media] = {}
        self.marks: dict[Element, str] = {}
        """What stands where an interaction or a gap is."""
        self.values: Mapping[str, Value] = {}
        """What the item's templates hold."""
        self.shown: set[Element] = set()
        """Feedback that is shown before anything is answered."""

    def html(self, element: Element) -> str:
        """What is inside of it, clean."""
        found = _without_marks(self.inner(element)).strip()
        found = texts.clean(found, TextFormat.HTML, self.place, self.report).strip()
        lone = _WRAPPED.fullmatch(found)
        return lone[1].strip() if lone else found

    def words(self, element: Element) -> str:
        """The same without marks, for what is shown as it is typed."""
        return rich.plain(self.html(element), TextFormat.HTML)

    def inner(self, element: Element) -> str:
        parts = [escape(element.text or "", quote=False)]
        for child in element:
            parts.append(self.marks[child] if child in self.marks else self._whole(child))
            parts.append(escape(child.tail or "", quote=False))
        return "".join(parts)

    def _whole(self, element: Element) -> str:
        name = name_of(element)
        is_asked = name.endswith(INTERACTION) and name != MEDIA
        if not name or is_asked or (name in _HIDDEN and element not in self.shown):
            return ""
        if name in ("templateBlock", "templateInline") and not self._is_shown(element):
            return ""
        if name == "prompt":
            return paragraph(self.inner(element))
        if name == "printedVariable":
            return escape(self._printed(element), quote=False)
        if name in ("img", "object", "audio") or (name == "a" and _leads_to_a_recording(element)):
            return self._medium(element)
        if name in _NO_PICTURE:
            self.report.loss(Odd.NOT_KEPT, self._place(element), what=name)
            return self.inner(element)
        if name in _TRANSPARENT or name in _HIDDEN:
            return self.inner(element)
        attributes = "".join(f' {key}="{escape(value)}"' for key, value in element.attrib.items() if key.isidentifier())
        return f"<{name}{attributes}>" if name in VOID else f"<{name}{attributes}>{self.inner(element)}</{name}>"

    def _place(self, element: Element) -> Place:
        return Place(element.sourceline or self.place.line, self.place.item)

    def _is_shown(self, element: Element) -> bool:
        held = items_of(self.values.get(element.get("templateIdentifier", "")))
        is_held = element.get("identifier") in held
        return is_held is (element.get("showHide", "show") == "show")

    def _printed(self, element: Element) -> str:
        found = items_of(self.values.get(element.get("identifier", "")))
        if not found:
            self.report.loss(Odd.NOT_KEPT, self._place(element), what="printedVariable")
        return ", ".join(said(each) for each in found)

    def _medium(self, element: Element) -> str:
        address = _address(element)
        label, inside = next(filter(None, map(element.get, _LABELS)), ""), " ".join("".join(element.itertext()).split())
        alt = label or inside
        if name_of(element) == "object" and not element.get("type", "image/").startswith(("image/", "audio/")):
            self.report.loss(Odd.FILE_NOT_TAKEN, self._place(element), what=address or "object")
            return self.inner(element)
        media = self.taken(address, element)
        if media is None:
            return escape(alt, quote=False)
        if media.is_sound and name_of(element) == "a":
            return f"{escape(sounds.in_words(inside), quote=False)} {sounds.made(media.key, label)}".strip()
        if media.is_sound:
            return sounds.made(media.key, label or sounds.in_words(inside))
        size = "".join(f' {key}="{escape(element.get(key))}"' for key in ("width", "height") if element.get(key))
        return f'<img src="{rich.PICTURE}{media.key}" alt="{escape(alt)}"{size}>'

    def taken(self, address: str, element: Element) -> Media | None:
        """The picture or recording there; None, which is reported, where there is none that is kept."""
        place = self._place(element)
        if re.match(r"(?:https?:)?//", address):
            self.report.loss(Odd.PICTURE_ELSEWHERE, place, what=address)
            return None
        content = _within(address) if address.startswith("data:") else self.bytes_of(address)
        if content is None:
            self.report.loss(Odd.PICTURE_MISSING, place, what=address)
            return None
        name = "" if address.startswith("data:") else address.rpartition("/")[2][:100]
        found = medium_of(content, name or address[:30], place, self.report)
        return None if found is None else self.media.setdefault(found.key, found)


_LABELS = ("alt", "title", "aria-label")


def _address(element: Element) -> str:
    """Where what it shows or plays lies; of several, the first."""
    said = element.get("src") or element.get("data") or element.get("href")
    for each in () if said else element:
        if name_of(each) == "source":
            said = said or each.get("src")
    return (said or "").strip()


def _leads_to_a_recording(link: Element) -> bool:
    """One that came along: what lies elsewhere stays a link."""
    address = link.get("href", "").split("?")[0].lower()
    return address.endswith(sounds.ENDINGS) and not re.match(r"(?:https?:)?//", address)


def _within(address: str) -> bytes | None:
    """What an address holds itself."""
    head, _comma, data = address.partition(",")
    return decoded(unquote(data)) if head.endswith(";base64") else None


def said(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Fraction):
        text = decimal_of(value)
        return text if "/" not in text else f"{float(value):.6g}"
    return " ".join(map(said, value)) if isinstance(value, tuple) else str(value)


def _without_marks(html: str) -> str:
    """Paragraphs in which nothing but an interaction stood go with it."""
    return _AROUND.sub("", html).replace(MARK, "") if MARK in html else html


def paragraph(html: str) -> str:
    return html if re.search(r"<(?:p|div|ul|ol|table|h\d|blockquote|pre)\b", html) else f"<p>{html.strip()}</p>"
