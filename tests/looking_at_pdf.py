"""A PDF as somebody sees it: its pages as pictures, and where on them each letter stands. In points, from below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

POINTS = 72 / 25.4
"""Of a millimetre."""
SCALE = 2.0
"""Pixels of a point."""
PAPER = 250
"""From here on a pixel is white."""
TOUCHING = 1.2
"""So far letters may reach into one another: they lean, and boxes are rounded."""


@dataclass(frozen=True)
class Letter:
    said: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.left, self.bottom, self.right, self.top

    def covers(self, other: Letter) -> bool:
        """Two that are drawn as one sign, as fi may be, stand in the same place and do not."""
        if self.box == other.box:
            return False
        across = min(self.right, other.right) - max(self.left, other.left)
        along = min(self.top, other.top) - max(self.bottom, other.bottom)
        return across > TOUCHING and along > TOUCHING


@dataclass(frozen=True, kw_only=True)
class Margins:
    """Millimetres in which there is nothing."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Page:
    number: int
    pixels: NDArray[np.uint8]
    """Row by row from above, each red, green and blue."""
    letters: Sequence[Letter]

    @property
    def text(self) -> str:
        return "".join(letter.said for letter in self.letters)

    def ink_in(self, margins: Margins) -> list[str]:
        """The margins in which there is something after all."""
        inked = (self.pixels < PAPER).any(axis=2)
        high, wide = inked.shape
        top, bottom = _pixels(margins.top), high - _pixels(margins.bottom)
        left, right = _pixels(margins.left), wide - _pixels(margins.right)
        parts = {"left": inked[:, :left], "right": inked[:, right:], "top": inked[:top], "bottom": inked[bottom:]}
        return [f"page {self.number}: ink in the {name} margin" for name, part in parts.items() if part.any()]

    def overlapping(self) -> list[str]:
        """Letters that stand on others of another line, column or picture."""
        ordered = sorted(self.letters, key=lambda letter: letter.left)
        found = []
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 :]:
                if other.left >= one.right:
                    break
                if one.covers(other):
                    found.append(
                        f"page {self.number}: {one.said!r} and {other.said!r} at {one.left:.0f}, {one.top:.0f}"
                    )
        return found

    def has_color(self, color: str) -> int:
        """How many pixels have it, `#rrggbb`, or one that nobody could tell from it."""
        wanted = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
        return int((abs(self.pixels.astype(int) - wanted) <= 2).all(axis=2).sum())


def pages_of(pdf: bytes) -> list[Page]:
    with _opened(pdf) as document:
        return [_page(document[number], number + 1) for number in range(len(document))]


def faults_of(pages: Sequence[Page], margins: Margins) -> list[str]:
    return [fault for page in pages for fault in (*page.ink_in(margins), *page.overlapping())]


def without_spaces(text: str) -> str:
    """As lines are broken where the paper wants it, with a hyphen or without."""
    return "".join(letter for letter in text if letter.isalnum())


@contextmanager
def _opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    document = pdfium.PdfDocument(pdf)
    yield document
    document.close()


def _page(page: pdfium.PdfPage, number: int) -> Page:
    pixels = page.render(scale=SCALE).to_numpy()[:, :, ::-1].copy()
    return Page(number, pixels[:, :, :3], list(_letters(page)))


def _letters(page: pdfium.PdfPage) -> Iterator[Letter]:
    text = page.get_textpage()
    said = text.get_text_range()
    for place, letter in enumerate(said[: text.count_chars()]):
        if letter.isspace():
            continue
        left, bottom, right, top = text.get_charbox(place)
        yield Letter(letter, left, bottom, right, top)


def _pixels(millimetres: float) -> int:
    return round(millimetres * POINTS * SCALE)
