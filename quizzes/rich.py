"""Authors' texts as HTML: plain, Markdown or HTML, sanitized each time they are shown.

Pictures are named `picture:<public id>` in Markdown and HTML alike; whoever shows a text says where they lie. A picture
of anywhere else, a script, a style, a frame or a form does not come through.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from quizzes.questions import TextFormat

PICTURE = "picture:"
Address = Callable[[str], str | None]
"""Where the picture with this public id lies; None if there is none."""

INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark", "q"),
    *("s", "samp", "small", "span", "strong", "sub", "sup", "u", "var"),
}
BLOCK = INLINE | {
    *("blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h3", "h4", "h5", "h6"),
    *("hr", "li", "ol", "p", "pre", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"alt", "src", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "type"},
}
SCHEMES = {"http", "https", "mailto", "picture"}


def shown(text: str, text_format: TextFormat, address: Address, *, inline: bool = False) -> Markup:
    """The text as HTML that may stand in a page; `inline` for texts inside a label or a line."""
    if text_format is TextFormat.PLAIN:
        return _plain(text, inline=inline)
    if text_format is TextFormat.MARKDOWN:
        text = _markdown().renderInline(text) if inline else _markdown().render(text)
    return Markup(_cleaner(inline, address).clean(text))


def _plain(text: str, *, inline: bool) -> Markup:
    if inline:
        return escape(text)
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return Markup("").join(Markup("<p>{}</p>").format(Markup("<br>").join(part.split("\n"))) for part in parts if part)


def kept(text: str, text_format: TextFormat) -> str:
    """The text as it is kept: of HTML, what could be shown of it."""
    return (
        _cleaner(False, lambda public_id: PICTURE + public_id).clean(text) if text_format is TextFormat.HTML else text
    )


def pictures_in(text: str, text_format: TextFormat) -> list[tuple[str, str]]:
    """The pictures a text names, by their public ids, each with its alternative text."""
    if text_format is TextFormat.PLAIN:
        return []
    found = _Pictures()
    found.feed(_markdown().render(text) if text_format is TextFormat.MARKDOWN else text)
    return found.found


class _Pictures(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        source = said.get("src") or ""
        if tag == "img" and source.startswith(PICTURE):
            self.found.append((source.removeprefix(PICTURE), (said.get("alt") or "").strip()))


@cache
def _markdown() -> MarkdownIt:
    """CommonMark with tables and strikethrough; HTML in it is shown as it is typed."""
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def _cleaner(inline: bool, address: Address) -> nh3.Cleaner:
    def attribute(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src":
            return address(value.removeprefix(PICTURE)) if value.startswith(PICTURE) else None
        return value

    return nh3.Cleaner(
        tags=set(INLINE if inline else BLOCK),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=SCHEMES,
        attribute_filter=attribute,
        link_rel="noopener noreferrer nofollow",
    )
