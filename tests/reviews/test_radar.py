"""What a radar draws and says."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from reviews.radar import Line, Scale, _width, radar
from tests.reviews.radars import FIVE, LONG, SHORT, drawn

SVG = "{http://www.w3.org/2000/svg}"


def said(svg: str, part: str) -> str:
    return ElementTree.fromstring(svg).findtext(SVG + part) or ""


def lines_of(values: list[float | None]) -> str:
    """What is drawn of one line, without its sample in the legend."""
    svg = radar(SHORT[: len(values)], [Line("Peers", values)], FIVE, title="", missing="")
    return ElementTree.fromstring(svg).find(f"{SVG}g[@class='radar-line-1']/{SVG}path").get("d").rpartition("M")[0]


def test_title_and_description_hold_all_that_is_drawn():
    svg = radar(
        ("Listening", "Courage & <calm>", "Planning"),
        [Line("Self", [3, None, 5]), Line("Peers", [2.25, 4, 4.5])],
        FIVE,
        title="Leo",
        missing="not shown",
        target=Line("Target", [4, 4, 4]),
    )

    assert said(svg, "title") == "Leo"
    assert said(svg, "desc") == (
        "Listening: Self 3.0, Peers 2.2, Target 4.0. "
        "Courage & <calm>: Self not shown, Peers 4.0, Target 4.0. "
        "Planning: Self 5.0, Peers 4.5, Target 4.0."
    )


def test_it_is_named_by_ids_of_its_own():
    root = ElementTree.fromstring(drawn(5, 2, key="of-leo"))

    assert root.get("aria-labelledby") == "of-leo-title of-leo-desc"
    assert [root.find(SVG + part).get("id") for part in ("title", "desc")] == ["of-leo-title", "of-leo-desc"]


def test_all_values_make_a_closed_line_from_the_top_with_the_clock():
    points = re.split("[MLZ]+", lines_of([5, 3, 1, 5]))[1:5]
    top, right, bottom, left = (tuple(map(float, point.split())) for point in points)

    assert lines_of([5, 3, 1, 5]).endswith("Z")
    assert (top[0], right[0] - bottom[0], bottom[0] - left[0]) == (240, 56, 112)
    assert (bottom[1] - top[1], right[1], left[1]) == (112, bottom[1], bottom[1])


@pytest.mark.parametrize(
    ("values", "drawing"),
    [
        ([None, 3, 3, 3], "MLL"),
        ([3, None, 3, 3], "MLL"),
        ([3, 3, None, 3], "MLL"),
        ([3, None, 3, None], ""),
        ([3, 3, None, None, 3, None], "ML"),
        ([3, 3, None, 3, 3, None], "MLML"),
        ([None, None, None], ""),
        ([None, 3, None], ""),
    ],
)
def test_a_missing_value_breaks_the_line(values, drawing):
    assert re.sub(r"[^A-Z]", "", lines_of(values)) == drawing


def test_every_value_has_a_point_even_alone():
    svg = radar(SHORT[:4], [Line("Peers", [3, None, 3, None])], FIVE, title="", missing="")

    points = ElementTree.fromstring(svg).findall(f"{SVG}g[@class='radar-line-1']/{SVG}path")[1].get("d")

    assert points.count("M") == 2 + 1, "two values, and the sample in the legend"


def test_groups_differ_by_dashes_and_by_points():
    root = ElementTree.fromstring(drawn(3, 7))
    groups = [each for each in root.findall(SVG + "g") if each.get("class").startswith("radar-line")]

    dashes = {each[0].get("stroke-dasharray") for each in groups}
    shapes = {each[1].get("d").rpartition("M")[2].partition("m")[2] for each in groups}

    assert (len(dashes), len(shapes)) == (7, 7)


def test_values_beyond_the_scale_stay_in_the_picture():
    assert lines_of([9, 3, -4]) == lines_of([5, 3, 1])


def test_nothing_is_styled_inline_and_everything_is_escaped():
    svg = drawn(12, 7)

    assert "style" not in svg
    assert "<b>" not in svg
    assert "<script" not in radar(
        SHORT, [Line("<script>", [1] * 8)], FIVE, title="<script>", missing="<script>", key='"'
    )


@pytest.mark.parametrize("axes", range(3, 13))
@pytest.mark.parametrize("names", [SHORT * 2, LONG, (LONG[4],) * 12], ids=["short", "long", "widest"])
def test_names_neither_meet_nor_leave_the_picture(axes, names):
    root = ElementTree.fromstring(drawn(axes, 7, names=names))
    _, _, width, height = map(float, root.get("viewBox").split())

    boxes = [box(text) for text in root.find(f"{SVG}g[@class='radar-words']")]

    assert all(left >= 0 and right <= width and top >= 0 and bottom <= height for left, top, right, bottom in boxes)
    assert not any(meet(one, other) for one, other in combinations(boxes, 2))


def box(text: ElementTree.Element) -> tuple[float, float, float, float]:
    lines = [text.text or "", *(part.text or "" for part in text)]
    width, x, y = max(map(_width, lines)), float(text.get("x", 0)), float(text.get("y", 0))
    left = {"middle": x - width / 2, "end": x - width}.get(text.get("text-anchor", "start"), x)
    return left, y - 14, left + width, y + 19 * (len(lines) - 1) + 4


def meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_long_words_are_divided_and_long_names_cut():
    words = "".join(ElementTree.fromstring(drawn(12, 1)).find(f"{SVG}g[@class='radar-words']").itertext())

    assert "Verantwor-" in words
    assert "Decision-making" in words
    assert "Planning andorganizingthe work…" in words


def test_eight_axes_and_five_groups_are_within_eight_kilobytes():
    assert len(drawn(8, 5).encode()) <= 8 * 1024


def test_what_is_no_radar_is_refused():
    with pytest.raises(ValueError, match="3 to 12"):
        radar(SHORT[:2], [], FIVE, title="", missing="")
    with pytest.raises(ValueError, match="3 to 12"):
        radar(SHORT * 2, [], FIVE, title="", missing="")
    with pytest.raises(ValueError, match="for each axis"):
        radar(SHORT, [Line("Peers", [1, 2])], FIVE, title="", missing="")


def test_a_scale_may_begin_anywhere():
    svg = radar(SHORT[:3], [Line("Peers", [-1, 0, 1])], Scale(low=-1, high=1, rings=(0, 1)), title="", missing="")

    assert ">0</text>" in svg
