"""Texts of files as texts of ours: clean, in one format for a question, with options named by what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import unquote

from quizzes import rich
from quizzes.bank.lines import next_id
from quizzes.formats import sounds
from quizzes.formats.model import Place
from quizzes.formats.reports import Odd, Reporter
from quizzes.rich import TextFormat

_TAG = re.compile(r"<\s*/?\s*([a-zA-Z][\w:-]*)")
_ACTIVE = re.compile(rf"<{sounds.INSIDE}?\s(on\w+)\s*=|(javascript)\s*:", re.IGNORECASE)
_LETTERS = r"[^<>&\x00\r\xa0\ud800-\udfff]"
_SPOTLESS = re.compile(rf"(?:{_LETTERS}+|<br>|<(p|b|i|em|strong|u|s|sub|sup|code|small)>(?:{_LETTERS}+|<br>)*+</\1>)*+")
"""HTML that stays as it is, seen at once: most texts of files are a paragraph with nothing in it."""
_MARKED_UP = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?|!--)>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w{1,30});")
_PICTURE = re.compile(rf"""<img\b{sounds.INSIDE}?\bsrc\s*=\s*(?:"\s*([^"]*)|'\s*([^']*)|([^\s>"']+))""", re.IGNORECASE)
_RECORDING = re.compile(
    rf"""<(?:audio|source)\b{sounds.INSIDE}?\bsrc\s*=\s*["']\s*([^"']+)"""
    rf"""|<a\b{sounds.INSIDE}?\bhref\s*=\s*["']\s*(@@PLUGINFILE@@/[^"']+)""",
    re.IGNORECASE,
)
"""Where players find their files, and links that lead to one."""
IN_THE_FILE = "@@PLUGINFILE@@/"
"""What Moodle writes before the name of a file that comes along."""
LET_GO = {
    *("html", "body", "head", "font", "center", "big", "h1", "h2", "o:p", "section", "article", "header", "footer"),
    "source",
}
"""Tags whose words stay: only how they look is lost."""


def rows_of(texts: Iterable[str]) -> list[dict[str, Any]]:
    """Rows with these texts, each with an id of its own that comes of what it says."""
    rows: list[dict[str, Any]] = []
    taken: set[str] = set()
    for text in texts:
        name = sha256(f"{text}/0".encode(errors="replace")).hexdigest()[:6]  # As `next_id` begins.
        if name in taken:
            name = next_id(text, taken)
        taken.add(name)
        rows.append({"id": name, "text": text})
    return rows


def is_marked_up(text: str) -> bool:
    """Whether a browser would read tags or entities in it."""
    return ("<" in text or "&" in text) and _MARKED_UP.search(text) is not None


def has_tags(text: str) -> bool:
    return "<" in text and _TAG.search(text) is not None


def without_marks(how: str, text: str) -> str:
    """A text without tags in the signs that it means, for what is shown as it is typed."""
    return unescape(text) if how == TextFormat.HTML or (how == MOODLE and is_marked_up(text)) else text


def as_html(text: str, text_format: TextFormat) -> str:
    """The same in HTML, for questions whose texts are of several formats."""
    if text_format is TextFormat.HTML:
        return text
    return str(rich.shown(text, text_format, lambda key: rich.PICTURE + key, inline="\n" not in text))


def cleaned(texts: list[str], text_format: TextFormat, place: Place, report: Reporter) -> list[str]:
    """All texts of a question as `clean` leaves each; most have no marks at all."""
    if text_format is not TextFormat.HTML:
        return texts
    return [clean(text, text_format, place, report) if "<" in text or "&" in text else text for text in texts]


def clean(text: str, text_format: TextFormat, place: Place, report: Reporter) -> str:
    """HTML without what pages would not show; what is taken out is reported. Media are named by their keys here."""
    if text_format is not TextFormat.HTML or ("<" not in text and "&" not in text) or _SPOTLESS.fullmatch(text):
        return text
    text = sounds.straightened(text)
    if taken_out := sorted({*_tags(text), *_active(text)}):
        report.loss(Odd.CLEANED, place, what=", ".join(taken_out))
    for quoted, apart, bare in _PICTURE.findall(text):
        _tell_of(quoted or apart or bare, place, report)
    for said in _RECORDING.findall(text) if "@@" in text or "<audio" in text else ():
        _tell_of(next(filter(None, said)), place, report)
    return rich.kept(text, text_format)


def _tell_of(address: str, place: Place, report: Reporter) -> None:
    """A picture or a recording that did not come along."""
    if address.startswith((rich.PICTURE, rich.SOUND)):
        return
    if address.startswith(IN_THE_FILE):
        report.loss(Odd.PICTURE_MISSING, place, what=unquote(address.removeprefix(IN_THE_FILE)))
    else:
        report.loss(Odd.PICTURE_ELSEWHERE, place, what=address)


def _tags(text: str) -> set[str]:
    return {tag.lower() for tag in _TAG.findall(text)} - rich.BLOCK - LET_GO


def _active(text: str) -> set[str]:
    if "=" not in text and "script" not in text.casefold():
        return set()
    return {(first or second).lower() for first, second in _ACTIVE.findall(text)}


def plainly(texts: Sequence[str], text_format: TextFormat) -> list[str]:
    """The texts without their marks, for formats that have none."""
    return [rich.plain(text, text_format) for text in texts]


# How a text of a file is written: in one of our formats, or so that Moodle has to look at it (`MOODLE`).
MOODLE = "moodle"
Written = tuple[str, str]
"""How a text is written, and the text."""


def together(texts: Sequence[Written]) -> tuple[TextFormat, list[str]]:
    """The texts of one question in one format: that of all of them, or HTML where they differ.

    What Moodle has to look at is plain where it has no tags, and otherwise HTML whose lines end where they end.
    """
    said = {how for how, text in texts if text}
    if len(said) == 1 and MOODLE not in said:
        return TextFormat(said.pop()), [text for _how, text in texts]
    settled = [(_settled(how, text), text) for how, text in texts]
    formats = {how for how, text in settled if text}
    if len(formats) == 1 and TextFormat.HTML not in formats:
        return formats.pop(), [text for _how, text in texts]
    if not formats:
        return TextFormat.PLAIN, [text for _how, text in texts]
    return TextFormat.HTML, [_in_html(into, *said) for (into, _text), said in zip(settled, texts, strict=True)]


def _settled(how: str, text: str) -> TextFormat:
    if how == MOODLE:
        return TextFormat.HTML if is_marked_up(text) else TextFormat.PLAIN
    return TextFormat(how)


def _in_html(settled: TextFormat, how: str, text: str) -> str:
    if settled is TextFormat.HTML:
        return text.replace("\n", "<br>") if how == MOODLE else text
    return as_html(text, settled)
