"""Recordings in HTML of others: however they are brought in, they become `<audio src="sound:…" title="words"></audio>`.

Players hold their file in themselves or in a `source`, links lead to it, objects and pages' own elements embed it. What
stands for them in words is a title or a label, or what is written inside for those who cannot play it; not that a
browser cannot, nor the name of a file.
"""

from __future__ import annotations

import re
from html import escape, unescape

from quizzes.rich import SOUND

INSIDE = r"""(?:[^<>"']|"[^"]{0,4000}"|'[^']{0,4000}'){0,4000}"""
"""Of a tag. Texts of strangers may begin a thousand tags and end none: no search goes far."""
_PLAYER = re.compile(rf"<(audio|video|object)\b({INSIDE})>(.{{0,4000}}?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(rf"<(a)\b({INSIDE})>(.{{0,4000}}?)</a\s*>", re.DOTALL | re.IGNORECASE)
_ALONE = re.compile(rf"<(embed|img|audio|source|bgsound)\b({INSIDE})>", re.IGNORECASE)
_NAMED = re.compile(rf"{SOUND}(\w{{1,64}})")
_WORDS = re.compile(r"""\b(?:title|aria-label|alt)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_NO_WORDS = re.compile(
    r"(?=.{0,160}$).*(browser|navigat|navegador)|.*@@PLUGINFILE@@|\S+\.\w{2,4}$|sound:", re.IGNORECASE
)
ENDINGS = (".mp3", ".ogg", ".oga", ".opus", ".wav", ".m4a", ".aac")
"""Of names of recordings; what they are, their bytes say."""


def straightened(html: str) -> str:
    """The text with each of its recordings in our way; whatever names none is left as it is."""
    if SOUND not in html:
        return html
    html = _PLAYER.sub(_player, html)
    html = _LINK.sub(_link, html)
    return _ALONE.sub(_alone, html)


def _player(found: re.Match[str]) -> str:
    named = _NAMED.search(found[2]) or _NAMED.search(found[3])
    return found[0] if named is None else made(named[1], _words(found[2]) or in_words(_plain(found[3])))


def _link(found: re.Match[str]) -> str:
    """What it says stays before the player, unless that is only the name of the file."""
    named = _NAMED.search(found[2])
    if named is None:
        return found[0]
    said = found[3] if in_words(_plain(found[3])) else ""
    return f"{said} {made(named[1], _words(found[2]))}".strip()


def _alone(found: re.Match[str]) -> str:
    named = _NAMED.search(found[2])
    if named is None or found[0] == made(named[1], _words(found[2])).removesuffix("</audio>"):
        return found[0]
    return made(named[1], _words(found[2]))


def _words(attributes: str) -> str:
    said = _WORDS.search(attributes)
    return unescape(said[1] or said[2] or "").strip() if said else ""


def _plain(inside: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", inside)).split())


def in_words(text: str) -> str:
    """What is written for those who cannot play it, if that stands for what they do not hear."""
    return "" if _NO_WORDS.match(text) else text


def made(key: str, words: str) -> str:
    """How texts of ours name it."""
    title = f' title="{escape(words)}"' if words else ""
    return f'<audio src="{SOUND}{key}"{title}></audio>'
