"""Places in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from quizzes.formats.qti.values import (
    Point,
)


def is_inside(shape: str, coords: Sequence[Fraction], point: object) -> bool:
    if not isinstance(point, tuple) or not all(isinstance(each, Fraction) for each in point):
        return False
    x: Fraction = point[0]
    y: Fraction = point[1]
    if shape == "default":
        return True
    if shape == "rect" and len(coords) == 4:
        return coords[0] <= x <= coords[2] and coords[1] <= y <= coords[3]
    if shape == "circle" and len(coords) == 3:
        return (x - coords[0]) ** 2 + (y - coords[1]) ** 2 <= coords[2] ** 2
    if shape == "ellipse" and len(coords) == 4 and coords[2] and coords[3]:
        return ((x - coords[0]) / coords[2]) ** 2 + ((y - coords[1]) / coords[3]) ** 2 <= 1
    if shape == "poly" and len(coords) >= 6:
        return _in_polygon(list(zip(coords[::2], coords[1::2], strict=False)), (x, y))
    return False


def _in_polygon(corners: Sequence[Point], point: Point) -> bool:
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
