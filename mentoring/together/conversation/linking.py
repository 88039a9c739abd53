"""Words with links in them, taken apart: what is a link may be followed, and everything else is words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mentoring.together.meetings.links import is_link

_MAYBE = re.compile(r"https://[!-~]{4,2000}")
_AFTER = ".,;:!?'\"<>*_`"
"""What stands behind a link in a sentence, and not in it."""
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class Piece:
    text: str
    is_link: bool = False


def pieces(words: str) -> Iterator[Piece]:
    """All of the words, in order."""
    begin = 0
    for maybe in _MAYBE.finditer(words):
        address = _without_end(maybe[0])
        if is_link(address):
            if words[begin : maybe.start()]:
                yield Piece(words[begin : maybe.start()])
            yield Piece(address, is_link=True)
            begin = maybe.start() + len(address)
    if words[begin:]:
        yield Piece(words[begin:])


def _without_end(address: str) -> str:
    """A bracket belongs to it where it was opened in it."""
    while address:
        last = address[-1]
        is_closing = last in _PAIRS and address.count(last) > address.count(_PAIRS[last])
        if last not in _AFTER and not is_closing:
            break
        address = address[:-1]
    return address
