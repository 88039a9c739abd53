"""Weeks as a small picture beside a name: numbers in, an SVG out, with nothing in it styled inline."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, BAR, GAP = 94, 24, 6, 2
LEAST = 3
"""So high is a week in which anything was done, whatever the others are."""


def sparkline(values: Sequence[int], title: str) -> str:
    """A bar for each week, its height by the highest; a line where nothing was done. `title` says what it shows."""
    highest = max(values, default=0)
    bars = "".join(_bar(place, value, highest) for place, value in enumerate(values))
    width = len(values) * (BAR + GAP) - GAP
    return (
        f'<svg class="sparkline" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" role="img">'
        f"<title>{escape(title)}</title>{bars}</svg>"
    )


def _bar(place: int, value: int, highest: int) -> str:
    height = max(round(HEIGHT * value / highest), LEAST) if value else 1
    kind = "is-some" if value else "is-none"
    return f'<rect class="{kind}" x="{place * (BAR + GAP)}" y="{HEIGHT - height}" width="{BAR}" height="{height}"/>'
