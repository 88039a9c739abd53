"""Areas of a picture: rectangles, circles and polygons in its pixels; no database, no web.

Coordinates as in HTML's image maps: of a rectangle its left, top, right and lower edge; of a circle its middle and its
radius; of a polygon one corner after another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

MOST_CORNERS = 100
_BETWEEN = re.compile(r"[\s,;]+")


class Shape(StrEnum):
    RECT = "rect"
    CIRCLE = "circle"
    POLY = "poly"


def read_coords(typed: str) -> list[float] | None:
    """The numbers typed, between commas, semicolons or spaces; None if something else is there."""
    try:
        found = [float(part) for part in _BETWEEN.split(typed.strip()) if part]
    except ValueError:
        return None
    if any(number != number or abs(number) > 1_000_000 for number in found):
        return None
    return [int(number) if number == int(number) else round(number, 2) for number in found]


def is_drawn(shape: str, coords: Sequence[float]) -> bool:
    """Whether the numbers make such a shape, with something inside it."""
    if shape == Shape.RECT:
        return len(coords) == 4 and coords[0] < coords[2] and coords[1] < coords[3]
    if shape == Shape.CIRCLE:
        return len(coords) == 3 and coords[2] > 0
    return 6 <= len(coords) <= 2 * MOST_CORNERS and len(coords) % 2 == 0


def is_inside(shape: str, coords: Sequence[float], width: int, height: int) -> bool:
    """Whether all of it lies in a picture of this size."""
    if shape == Shape.CIRCLE:
        across, down, radius = coords
        return radius <= across <= width - radius and radius <= down <= height - radius
    return all(0 <= x <= width for x in coords[::2]) and all(0 <= y <= height for y in coords[1::2])
