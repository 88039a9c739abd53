"""Authors' texts as HTML: plain, Markdown or HTML, sanitized each time they are shown.

Pictures are named `picture:<public id>` in Markdown and HTML alike, recordings `sound:<public id>`: `![words](sound:x)`
in Markdown, `<audio src="sound:x" title="words"></audio>` in HTML. Whoever shows a text says where they lie. One of
anywhere else, a script, a style, a frame or a form does not come through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from html import unescape
from html.parser import HTMLParser
from typing import Any, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape


class TextFormat(StrEnum):
    """How an author's texts are written."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"


PICTURE, SOUND = "picture:", "sound:"
SHORT = 500
"""Characters of texts whose HTML is remembered."""
Address = Callable[[str], str | None]
"""Where the picture with this public id lies; None if there is none."""
Player = Callable[[str, str, bool], Markup]
"""What plays the recording with this public id, which these words stand for; in a line of text or by itself."""

INLINE = {
    *(
        "a",
        "abbr",
        "audio",
        "b",
        "bdi",
        "bdo",
        "br",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
        "q",
    ),
    *("s", "samp", "small", "span", "strong", "sub", "sup", "u", "var"),
}
BLOCK = INLINE | {
    *("blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h3", "h4", "h5", "h6"),
    *("hr", "li", "ol", "p", "pre", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "audio": {"src"},
    "img": {"alt", "src", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "type"},
}
SCHEMES = {"http", "https", "mailto", "picture", "sound"}
_AUDIO = re.compile(r'<audio((?:\s+[\w-]+="[^"]*")*)\s*>')
"""As the sanitizer writes it."""
_LONE_AUDIO = re.compile(r'<(p|div)>\s*(<audio(?:\s+[\w-]+="[^"]*")*\s*>)\s*</audio>\s*</\1>')
_SILENT = re.compile(r'<audio(?:\s+(?!src=)[\w-]+="[^"]*")*\s*>\s*</audio>')
_MARK = "\ue000"
"""Stands where a player comes; nobody writes it."""
_MARKED = re.compile(f"{_MARK}(\\d+){_MARK}")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


class Named(NamedTuple):
    """A picture or a recording that a text names, with the words that stand for it."""

    public_id: str
    words: str
    is_sound: bool = False

    @property
    def reference(self) -> str:
        """By what it is looked for among those there are."""
        return SOUND + self.public_id if self.is_sound else self.public_id


def naming(named: Named, text_format: TextFormat) -> str:
    """How a text in HTML or Markdown names it, in a paragraph of its own."""
    if text_format is TextFormat.HTML:
        quoted = named.words.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        if named.is_sound:
            return f'<p><audio src="{SOUND}{named.public_id}" title="{quoted}"></audio></p>'
        return f'<p><img src="{PICTURE}{named.public_id}" alt="{quoted}"></p>'
    quoted = named.words.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"![{quoted}]({SOUND if named.is_sound else PICTURE}{named.public_id})"


def names_media(text: str) -> bool:
    return PICTURE in text or SOUND in text


def shown(
    text: str, text_format: TextFormat, address: Address, *, inline: bool = False, player: Player | None = None
) -> Markup:
    """The text as HTML that may stand in a page; `inline` for texts inside a label or a line.

    Without a `player` recordings stay named.
    """
    if len(text) <= SHORT and not names_media(text):
        return _short_shown(text, text_format, inline)
    found = _shown(text, text_format, address, inline)
    return _with_players(found, player, inline) if player and "<audio" in found else found


def _with_players(html: str, player: Player, inline: bool) -> Markup:
    """What somebody wrote inside of one, for browsers that cannot play it, is a text like any other."""
    players: list[str] = []

    def stands(attributes: str, *, is_amid: bool) -> str:
        said = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
        source = said.get("src", "")
        players.append(str(player(source.removeprefix(SOUND), said.get("title", ""), is_amid)) if source else "")
        return f"{_MARK}{len(players) - 1}{_MARK}"

    html = str(html).replace(_MARK, "")
    html = html if inline else _LONE_AUDIO.sub(lambda found: stands(found[2], is_amid=False), html)
    html = _AUDIO.sub(lambda found: stands(found[1], is_amid=True), html).replace("</audio>", "")
    return Markup(_MARKED.sub(lambda found: players[int(found[1])], html))


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
    """The text in one line without its marks; of a picture or a recording, what it shows or says in words."""
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
        if tag in ("img", "audio"):
            self.found.append(dict(attrs).get("alt" if tag == "img" else "title") or "")
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
    if text_format is not TextFormat.HTML:
        return text
    found = _keeper().clean(text)
    return _SILENT.sub("", found) if "<audio" in found else found


@cache
def _keeper() -> nh3.Cleaner:
    """Made once: files bring texts by the hundred thousand."""
    return _cleaner(False, lambda public_id: PICTURE + public_id)


def media_in(text: str, text_format: TextFormat) -> Sequence[Named]:
    """The pictures and recordings that a text names."""
    if text_format is TextFormat.PLAIN or not names_media(text):
        return ()
    found = _Media()
    found.feed(_markdown().render(text) if text_format is TextFormat.MARKDOWN else text)
    return found.found


class _Media(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Named] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: (value or "").strip() for name, value in attrs}
        source = said.get("src", "")
        if tag == "img" and source.startswith(PICTURE):
            self.found.append(Named(source.removeprefix(PICTURE), said.get("alt", "")))
        elif tag == "audio" and source.startswith(SOUND):
            self.found.append(Named(source.removeprefix(SOUND), said.get("title", ""), is_sound=True))


@cache
def _markdown() -> MarkdownIt:
    """CommonMark with tables and strikethrough; HTML in it is shown as it is typed. Recordings stand as pictures do."""
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    made.add_render_rule("image", _image)
    return made


def _image(self: Any, tokens: Sequence[Any], number: int, options: Any, env: Any) -> str:
    token = tokens[number]
    source = str(token.attrs.get("src", ""))
    if not source.startswith(SOUND):
        return str(self.image(tokens, number, options, env))
    words = self.renderInlineAsText(token.children, options, env) if token.children else ""
    return str(Markup('<audio src="{}" title="{}"></audio>').format(source, words))


def _cleaner(inline: bool, address: Address) -> nh3.Cleaner:
    def attribute(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src":
            return address(value.removeprefix(PICTURE)) if value.startswith(PICTURE) else None
        if tag == "audio" and name == "src":
            return value if value.startswith(SOUND) else None
        return value

    return nh3.Cleaner(
        tags=set(INLINE if inline else BLOCK),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=SCHEMES,
        attribute_filter=attribute,
        link_rel="noopener noreferrer nofollow",
    )
