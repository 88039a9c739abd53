"""The words of a PDF of ours, in the order in which they are painted: enough for what WeasyPrint writes, no more."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress

STREAM = re.compile(rb"(\d+) 0 obj(?:(?!endobj).)*?stream\r?\n(.*?)\r?\nendstream", re.S)
FONT = re.compile(rb"/BaseFont\s*/(\w+)\+((?!endobj).)*?/ToUnicode\s+(\d+) 0 R", re.S)
CHARACTER = re.compile(rb"<([0-9a-f]{4})> <((?:[0-9a-f]{4})+)>", re.I)
PAINTED = re.compile(rb"/(\w+) [\d.]+ Tf|\[([^\]]*)\]\s*TJ|<([0-9a-f]+)>\s*Tj|\b(ET)\b", re.I)


def words_of(pdf: bytes) -> str:
    """All that can be read in it, one piece of text after the other, each followed by a space."""
    streams = dict(_streams(pdf))
    fonts = {
        name: dict(_characters(streams[int(to_unicode)]))
        for each in streams.values()
        for name, _between, to_unicode in FONT.findall(each)
    }
    assert fonts, "there are no words in it, or fonts are written otherwise now"
    pieces = [piece for each in streams.values() if b" Tf" in each for piece in _painted(each, fonts)]
    return " ".join("".join(pieces).split())


def _streams(pdf: bytes) -> Iterator[tuple[int, bytes]]:
    for number, stream in STREAM.findall(pdf):
        with suppress(zlib.error):
            yield int(number), zlib.decompress(stream)


def _characters(to_unicode: bytes) -> Iterator[tuple[bytes, str]]:
    for glyph, character in CHARACTER.findall(to_unicode):
        yield glyph.lower(), bytes.fromhex(character.decode()).decode("utf-16-be")


def _painted(content: bytes, fonts: dict[bytes, dict[bytes, str]]) -> Iterator[str]:
    font: dict[bytes, str] = {}
    for name, spaced, plain, ends in PAINTED.findall(content):
        if name:
            font = fonts.get(name, {})
        elif ends:
            yield " "
        else:
            glyphs = b"".join(re.findall(rb"<([0-9a-f]*)>", spaced, re.I)) if spaced else plain
            yield "".join(font.get(glyphs[at : at + 4].lower(), "") for at in range(0, len(glyphs), 4))
