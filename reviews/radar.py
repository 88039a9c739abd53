"""Means by competency and rater group, drawn as a radar: numbers in, an SVG out.

It stands in pages with the strictest content policy, so nothing in it is styled inline: presentation attributes, and
classes for whoever wants it otherwise. Groups differ by dashes and shapes of points, not by color alone; where a value
is missing the line is broken. Title and description hold all that is drawn, and a table stands beside it anyway.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

FEWEST, MOST = 3, 12
"""Axes: two make a line, and of more nobody can read the names."""

WIDTH, RADIUS, MARGIN = 480, 112, 14
FONT, LEADING, BETWEEN = 16, 19, 7
LINES = 3
"""A longer name is cut; the description has all of it."""
WIDE = 0x1100
"""From here on, letters are mostly as wide as high."""
ROW = 24
CHIP = 44
"""How wide the sample of a line in the legend is, with the gap behind it."""

INKS = ("#0072b2", "#d55e00", "#008060", "#9a4f80", "#8a6d00", "#3a87b8", "#5b5b5b")
"""Okabe and Ito's, darker where white paper asks for it."""
DASHES = ("", "7 3", "2 3", "9 3 2 3", "12 4", "5 2 1 2 1 2", "1 4")
SHAPES = (
    "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
    "m-3.5-3.5h7v7h-7z",
    "m0-5l4.5 8h-9z",
    "m0-5l5 5-5 5-5-5z",
    "m-4-4l8 8m0-8l-8 8",
    "m0 5l4.5-8h-9z",
    "m-5 0h10m-5-5v10",
)


@dataclass(frozen=True)
class Line:
    """One rater group, or the target profile; None where nothing may be shown."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, kw_only=True)
class Scale:
    """From the middle to the rim; `rings` are drawn with their numbers."""

    low: float
    high: float
    rings: Sequence[float]


def radar(
    axes: Sequence[str],
    lines: Sequence[Line],
    scale: Scale,
    *,
    title: str,
    missing: str,
    target: Line | None = None,
    key: str = "radar",
    say: Callable[[float], str] = "{:.1f}".format,
) -> str:
    """An `<svg>` element. `missing` is what is said of a missing value, `key` begins its ids, unique in the page.

    Raises ValueError for fewer than 3 or more than 12 axes, and for a line that has not a value or None for each.
    """
    drawn = [*lines, *([target] if target else [])]
    if not FEWEST <= len(axes) <= MOST:
        raise ValueError("A radar has 3 to 12 axes.")
    if any(len(line.values) != len(axes) for line in drawn):
        raise ValueError("Each line has a value, or None, for each axis.")
    layout = _layout(tuple(axes), tuple(line.name for line in drawn))
    key = escape(key)
    parts = [
        f'<svg class="radar" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {layout.height:.0f}" role="img" '
        f'aria-labelledby="{key}-title {key}-desc" font-size="{FONT}" fill="none" stroke-width="2">',
        f'<title id="{key}-title">{escape(title)}</title>',
        f'<desc id="{key}-desc">{escape(_described(axes, drawn, missing, say))}</desc>',
        *_grid(layout, scale),
    ]
    if target:
        parts.append(_target(layout, target, scale))
        parts.append(f'<path class="radar-target" d="M{layout.rows[-1].x} {layout.rows[-1].y}h34" {TARGET}/>')
    for number, (line, row) in enumerate(zip(lines, layout.rows, strict=False)):
        parts += _line(layout, line, scale, number, row)
    return "".join([*parts, layout.words, "</svg>"])


def _described(axes: Sequence[str], lines: Sequence[Line], missing: str, say: Callable[[float], str]) -> str:
    """Axis by axis: name and value of each line."""
    told = []
    for place, axis in enumerate(axes):
        values = ((line.name, line.values[place]) for line in lines)
        told.append(f"{axis}: " + ", ".join(f"{n} {missing if v is None else say(v)}" for n, v in values))
    return ". ".join(told) + "."


# The picture


def _grid(layout: _Layout, scale: Scale) -> Iterator[str]:
    grey = 'stroke="currentColor" stroke-opacity=".25" stroke-width="1"'
    rings = "".join(
        f"M{'L'.join(layout.point(place, _share(ring, scale)) for place in range(layout.axes))}Z"
        for ring in scale.rings
    )
    yield f'<path class="radar-grid" d="{rings}{layout.spokes}" {grey}/>'
    yield '<g class="radar-numbers" fill="currentColor" font-size="11">'
    for ring in scale.rings:
        y = layout.middle - RADIUS * _share(ring, scale)
        yield f'<text x="{WIDTH / 2 + 4:g}" y="{y - 3:.0f}">{ring:g}</text>'
    yield "</g>"


TARGET = 'stroke="currentColor" stroke-width="5" stroke-opacity=".35"'


def _target(layout: _Layout, target: Line, scale: Scale) -> str:
    return f'<path class="radar-target" d="{_path(layout, target, scale)}" {TARGET}/>'


def _line(layout: _Layout, line: Line, scale: Scale, number: int, row: _Row) -> Iterator[str]:
    """The line and its sample in the legend in one path, its points in another: dashes are for lines only."""
    kind = number % len(INKS)
    ink, dash, shape = INKS[kind], DASHES[kind], SHAPES[kind]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    points = "".join(
        f"M{layout.point(place, _share(value, scale))}{shape}"
        for place, value in enumerate(line.values)
        if value is not None
    )
    path = f"{_path(layout, line, scale)}M{row.x} {row.y}h34"
    yield f'<g class="radar-line-{kind + 1}" stroke="{ink}"><path d="{path}"{dashes}/>'
    filled = ' fill="none"' if "m0-8" in shape or "v10" in shape else f' fill="{ink}"'
    yield f'<path d="{points}M{row.x + 17} {row.y}{shape}"{filled}/></g>'


def _path(layout: _Layout, line: Line, scale: Scale) -> str:
    """Closed if all is there; else only what joins two neighbors that are."""
    points = [None if value is None else layout.point(n, _share(value, scale)) for n, value in enumerate(line.values)]
    if None not in points:
        return f"M{'L'.join(filter(None, points))}Z"
    joined, drawing = "", False
    # From behind a gap on, so that no run of values is cut where the axes begin.
    first = points.index(None) + 1
    for point, after in zip(points[first:] + points[:first], points[first + 1 :] + points[: first + 1], strict=True):
        if point and (drawing or after):
            joined += f"{'L' if drawing else 'M'}{point}"
        drawing = point is not None
    return joined


def _share(value: float, scale: Scale) -> float:
    return min(1.0, max(0.0, (value - scale.low) / (scale.high - scale.low)))


# Where everything stands


@dataclass(frozen=True)
class _Row:
    """Of the legend: where the sample of the line begins."""

    x: int
    y: int


@dataclass(frozen=True)
class _Layout:
    axes: int
    middle: float
    height: float
    directions: tuple[tuple[float, float], ...]
    spokes: str
    rows: tuple[_Row, ...]
    words: str
    """All texts, which are the same whatever the values are."""

    def point(self, place: int, share: float) -> str:
        x, y = self.directions[place]
        return f"{WIDTH / 2 + RADIUS * share * x:.1f} {self.middle + RADIUS * share * y:.1f}"


@dataclass
class _Label:
    lines: list[str]
    x: float
    y: float
    """Of the middle."""
    anchor: str

    @property
    def height(self) -> float:
        return LEADING * len(self.lines)


@lru_cache(maxsize=256)
def _layout(axes: tuple[str, ...], names: tuple[str, ...]) -> _Layout:
    """Names stand beside their axes' ends, in two columns, pushed apart where they would meet; the legend below."""
    directions = tuple(
        (math.sin(2 * math.pi * n / len(axes)), -math.cos(2 * math.pi * n / len(axes))) for n in range(len(axes))
    )
    column = WIDTH / 2 - RADIUS - MARGIN
    sides: dict[int, list[_Label]] = {-1: [], 1: []}
    ends: dict[int, _Label] = {}
    for name, (x, y) in zip(axes, directions, strict=True):
        if abs(x) < 0.01:
            ends[1 if y > 0 else -1] = _Label(_wrapped(name, WIDTH * 0.6), WIDTH / 2, 0, "middle")
        else:
            side = 1 if x > 0 else -1
            sides[side].append(_Label(_wrapped(name, column), 0, y * RADIUS, "start" if x > 0 else "end"))
    needed = max(sum(each.height + BETWEEN for each in labels) for labels in sides.values())
    half = max(RADIUS + MARGIN, needed / 2 + BETWEEN)
    for side, labels in sides.items():
        _push_apart(labels, half - BETWEEN)
        for label in labels:
            label.x = WIDTH / 2 + side * _outside(label)
    above = ends[-1].height if -1 in ends else 0
    middle = above + half + 4
    for end, label in ends.items():
        label.y = end * (half + label.height / 2)
    bottom = middle + half + (ends[1].height if 1 in ends else 0) + ROW
    rows, legend, height = _legend(names, bottom)
    words = "".join(_text(label, middle) for label in [*ends.values(), *sides[1], *sides[-1]])
    spokes = "".join(f"M{WIDTH / 2:g} {middle:.1f}l{RADIUS * x:.1f} {RADIUS * y:.1f}" for x, y in directions)
    return _Layout(
        axes=len(axes),
        middle=middle,
        height=height,
        directions=directions,
        spokes=spokes,
        rows=rows,
        words=f'<g class="radar-words" fill="currentColor">{words}{legend}</g>',
    )


def _push_apart(labels: list[_Label], half: float) -> None:
    """Downwards from the top, then upwards from the bottom; `half` above and below is enough for all of them."""
    labels.sort(key=lambda label: label.y)
    top = -half
    for label in labels:
        label.y = max(label.y, top + label.height / 2)
        top = label.y + label.height / 2 + BETWEEN
    bottom = half
    for label in reversed(labels):
        label.y = min(label.y, bottom - label.height / 2)
        bottom = label.y - label.height / 2 - BETWEEN


def _outside(label: _Label) -> float:
    """How far from the middle line a label has to be not to touch the rim."""
    nearest = max(0.0, abs(label.y) - label.height / 2)
    rim = RADIUS + MARGIN - 4
    return math.sqrt(rim**2 - nearest**2) if nearest < rim - 8 else math.sqrt(rim**2 - (rim - 8) ** 2)


def _text(label: _Label, middle: float) -> str:
    x, first = f"{label.x:.0f}", middle + label.y - label.height / 2 + 0.78 * LEADING
    if len(label.lines) == 1:
        return f'<text x="{x}" y="{first:.0f}" text-anchor="{label.anchor}">{escape(label.lines[0])}</text>'
    more = "".join(f'<tspan x="{x}" dy="{LEADING}">{escape(line)}</tspan>' for line in label.lines[1:])
    return f'<text x="{x}" y="{first:.0f}" text-anchor="{label.anchor}">{escape(label.lines[0])}{more}</text>'


def _legend(names: tuple[str, ...], top: float) -> tuple[tuple[_Row, ...], str, float]:
    """In two columns if all names are short enough."""
    columns = 2 if all(_width(name) <= WIDTH / 2 - CHIP - 2 * MARGIN for name in names) else 1
    rows, words = [], ""
    for number, name in enumerate(names):
        x = MARGIN + number % columns * WIDTH // 2
        y = round(top + number // columns * ROW)
        rows.append(_Row(x, y))
        cut = _wrapped(name, WIDTH - CHIP - 2 * MARGIN, most=1)[0]
        words += f'<text x="{x + CHIP}" y="{y + 5}">{escape(cut)}</text>'
    return tuple(rows), words, top + math.ceil(len(names) / columns) * ROW


# Words


def _wrapped(name: str, width: float, most: int = LINES) -> list[str]:
    """In at most so many lines; a word that is wider than one is divided, and what is left over is cut."""
    lines: list[str] = []
    for word in name.split():
        if lines and _width(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines += _divided(word, width)
    if len(lines) > most:
        lines = lines[:most]
        lines[-1] = _cut(lines[-1], width)
    return lines or [""]


def _cut(line: str, width: float) -> str:
    """After a whole word, if there is more than one."""
    while _width(line + "…") > width:
        shorter = line.rpartition(" ")[0]
        line = shorter or line[:-1]
    return line + "…"


def _divided(word: str, width: float) -> Iterator[str]:
    """At a hyphen it has, or with one of ours; signs of Chinese and the like need none."""
    while _width(word) > width:
        fitting = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or _width(word[:n] + "-") <= width)
        at_hyphen = word.rfind("-", 1, fitting) + 1
        part = word[: at_hyphen or fitting]
        yield part if at_hyphen or ord(part[-1]) >= WIDE else part + "-"
        word = word[len(part) :]
    yield word


def _width(text: str) -> float:
    """About, and rather more than less: fonts differ."""
    return FONT * sum(map(_of_letter, text))


@lru_cache(maxsize=4096)
def _of_letter(letter: str) -> float:
    if letter in "iljI.,:;'|! ":
        return 0.36
    if letter in "mwMW@%…—":
        return 1.0
    if ord(letter) >= WIDE:
        return 1.05
    return 0.76 if letter.isupper() else 0.63
