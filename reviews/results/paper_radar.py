"""The radar on paper: its lines as a picture that says what it shows, its words set over it by the page itself.

WeasyPrint draws the text of a picture letter by letter: Arabic would fall apart and run backwards, and signs that are
made of several would come out singly.
"""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from collections.abc import Iterator

from lxml import etree
from markupsafe import Markup

from reviews.radar import FONT, LEADING

SVG = "{http://www.w3.org/2000/svg}"
INK = "#1d2730"
WIDE = 120
"""Millimetres."""
RISE = 0.78 * LEADING
"""From the top of a line to where its letters stand."""

FIGURE = Markup(
    '<figure class="result-radar" style="width: {wide}mm; height: {high:.2f}mm">'
    '<img src="data:image/svg+xml;base64,{source}" alt="{alt}"><div>{words}</div></figure>'
)
WORD = Markup(
    '<p class="{kind}" dir="{direction}" style="{side}: {x:.2f}mm; top: {y:.2f}mm; '
    'text-align: {align}{width}">{text}</p>'
)


def figure(svg: str) -> Markup:
    """Of an `<svg>` that `reviews.radar` has drawn."""
    root = etree.fromstring(svg)
    _left, _top, width, height = map(float, root.get("viewBox", "").split())
    scale = WIDE / width
    words = Markup("").join(_words(root, width, scale))
    for group in _groups(root):
        root.remove(group)
    drawn = etree.tostring(root).replace(b"currentColor", INK.encode())
    alt = ". ".join(str(root.findtext(f"{SVG}{name}")) for name in ("title", "desc"))
    return FIGURE.format(wide=WIDE, high=height * scale, source=b64encode(drawn).decode(), alt=alt, words=words)


def direction_of(text: str) -> str:
    """As `dir="auto"` would find it, which WeasyPrint does not know: that of the first letter that has one."""
    found = (unicodedata.bidirectional(letter) for letter in text)
    return "rtl" if next((each for each in found if each in ("L", "R", "AL")), "L") != "L" else "ltr"


def _groups(root: etree._Element) -> list[etree._Element]:
    return [each for each in root.iter(f"{SVG}g") if each.get("class") in ("radar-words", "radar-numbers")]


def _words(root: etree._Element, width: float, scale: float) -> Iterator[Markup]:
    for group in _groups(root):
        kind = "radar-word" if group.get("class") == "radar-words" else "radar-word radar-number"
        leading = LEADING * float(group.get("font-size", FONT)) / FONT
        for text in group:
            lines = [str(each.text or "") for each in (text, *text)]
            direction = direction_of(" ".join(lines))
            for number, line in enumerate(lines):
                y = float(text.get("y", 0)) - RISE * leading / LEADING + number * leading
                yield WORD.format(kind=kind, direction=direction, text=line, y=y * scale, **_across(text, width, scale))


def _across(text: etree._Element, width: float, scale: float) -> dict[str, object]:
    """Where a line begins, ends, or has its middle."""
    x = float(text.get("x", 0))
    match text.get("text-anchor", "start"):
        case "end":
            return {"side": "right", "x": (width - x) * scale, "align": "right", "width": ""}
        case "middle":
            return {"side": "left", "x": (x - width / 2) * scale, "align": "center", "width": f"; width: {WIDE}mm"}
        case _:
            return {"side": "left", "x": x * scale, "align": "left", "width": ""}
