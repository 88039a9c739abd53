"""The signs that mean something in GIFT, and how they are kept from it."""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
_TO_ESCAPE = re.compile(r"[\\~=#{}:\n]")
FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]")
WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d*)?)%")
# Runs of usual signs are taken at once: sign by sign they would be most of the time that a file takes.
HEAD = re.compile(r"::([^\\:]*(?:(?:\\.|:(?!:))[^\\:]*)*)::", re.DOTALL)
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
ANSWER = re.compile(r"([=~])([^\\=~]*(?:\\.[^\\=~]*)*)", re.DOTALL)


def unescaped(text: str) -> str:
    return _ESCAPED.sub(_meant, text).strip() if "\\" in text else text.strip()


def _meant(found: re.Match[str]) -> str:
    return "\n" if found[1] == "n" else found[1]


def escaped(text: str) -> str:
    return _TO_ESCAPE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return "\\n" if found[0] == "\n" else "\\" + found[0]


def place_of(sign: str, text: str, start: int = 0) -> int:
    """Where this sign stands for the first time without a backslash before it; -1 if it does not."""
    at = text.find(sign, start)
    while at > 0 and _is_escaped(text, at):
        at = text.find(sign, at + 1)
    return at


def _is_escaped(text: str, at: int) -> bool:
    first = at
    while first > 0 and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1
