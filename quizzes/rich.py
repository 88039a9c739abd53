"""Authors' texts as HTML: plain, Markdown or HTML, sanitized each time they are shown.

Pictures are named `picture:<public id>` in Markdown and HTML alike; whoever shows a text says where they lie. A picture
of anywhere else, a script, a style, a frame or a form does not come through.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cache, lru_cache
from html.parser import HTMLParser

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape


class TextFormat(StrEnum):
    """How an author's texts are written."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"


PICTURE = "picture:"
SHORT = 500
"""Characters of texts whose HTML is remembered."""
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
    if len(text) <= SHORT and PICTURE not in text:
        return _short_shown(text, text_format, inline)
    return _shown(text, text_format, address, inline)


def markdown(text: str) -> Markup:
    """A text of its own in Markdown, such as what is read before a section; there are no pictures in it."""
    return shown(text, TextFormat.MARKDOWN, lambda _public_id: None)


@lru_cache(maxsize=5_000)
def _short_shown(text: str, text_format: TextFormat, inline: bool) -> Markup:
    """Options and the like: a page has many of them, and the same ones each time."""
    return _shown(text, text_format, lambda _public_id: None, inline)


def _shown(text: str, text_format: TextFormat, address: Address, inline: bool) -> Markup:
    if text_format is TextFormat.PLAIN:
        return _plain(text, inline=inline)
    if text_format is TextFormat.MARKDOWN:
        text = _markdown().renderInline(text) if inline else _markdown().render(text)
    return Markup(_cleaner(inline, address).clean(text))


def plain(text: str, text_format: TextFormat, *, inline: bool = True) -> str:
    """The text in one line without its marks; of a picture, what it shows in words."""
    if text_format is TextFormat.PLAIN:
        return text
    return (_short_words if len(text) <= SHORT else _words)(text, text_format, inline)


def _words(text: str, text_format: TextFormat, inline: bool) -> str:
    if text_format is TextFormat.MARKDOWN:
        text = _markdown().renderInline(text) if inline else _markdown().render(text)
    found = _Words()
    found.feed(text)
    found.close()
    return " ".join("".join(found.found).split())


_short_words = lru_cache(maxsize=5_000)(_words)


class _Words(HTMLParser):
    """What a text says, and what its pictures show."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.is_hidden = False

    def handle_data(self, data: str) -> None:
        if not self.is_hidden:
            self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_hidden = self.is_hidden or tag in ("script", "style")
        if tag == "img":
            self.found.append(dict(attrs).get("alt") or "")
        elif tag == "br" or tag not in INLINE:
            # Words of two paragraphs are not one word.
            self.found.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.is_hidden = self.is_hidden and tag not in ("script", "style")


def _plain(text: str, *, inline: bool) -> Markup:
    if inline:
        return escape(text)
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return Markup("").join(Markup("<p>{}</p>").format(Markup("<br>").join(part.split("\n"))) for part in parts if part)


def kept(text: str, text_format: TextFormat) -> str:
    """The text as it is kept: of HTML, what could be shown of it."""
    return _keeper().clean(text) if text_format is TextFormat.HTML else text


@cache
def _keeper() -> nh3.Cleaner:
    """Made once: files bring texts by the hundred thousand."""
    return _cleaner(False, lambda public_id: PICTURE + public_id)


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
