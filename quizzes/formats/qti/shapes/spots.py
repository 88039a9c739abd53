"""Places in a picture: its size is the picture's own, and what an item draws over a smaller or larger one is scaled."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

from lti_tool import images
from quizzes.formats.model import Media
from quizzes.formats.qti.declarations import coords_of
from quizzes.formats.qti.fitting import Fitted, fit, fit_multiple, fit_slots
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.names import number
from quizzes.formats.qti.shapes.rows import anything, tell_limits
from quizzes.formats.qti.slots import Slot
from quizzes.formats.qti.trying import Trial
from quizzes.formats.qti.values import number_of
from quizzes.formats.reports import Odd
from quizzes.formats.safe_xml import Element
from quizzes.formats.texts import rows_of
from quizzes.kinds import CHOSEN, Kind
from quizzes.kinds.choices import ALL_OR_NOTHING

Size = tuple[int, int]
CIRCLE = "circle"


def hotspot(item: Item, trial: Trial, interaction: Element) -> Fitted | None:
    picture = next(iter(interaction.iter("object", "img")), None)
    media = None if picture is None else item.content.taken(picture.get("data") or picture.get("src") or "", picture)
    spots = list(interaction.iter("hotspotChoice"))
    if picture is None or len(spots) < 2:
        item.report.error(Odd.NO_SUCH_KIND, item.line(interaction), what="hotspotInteraction")
        return None
    item.content.marks[picture] = ""
    size = _size(media)
    across, down = _scales(picture, size)
    labels = [each.get("hotspotLabel") or each.get("label") or each.get("identifier", "") for each in spots]
    rows, names = rows_of(labels), {}
    areas = []
    for row, spot in zip(rows, spots, strict=True):
        names[str(row["id"])] = spot.get("identifier", "")
        shape = spot.get("shape", "")
        coords = _scaled(shape, coords_of(spot), across, down)
        areas.append({"id": row["id"], "label": row["text"], "shape": shape, "coords": coords})
    variable = item.variable_of(interaction)
    alt = picture.get("alt") or " ".join("".join(picture.itertext()).split())
    if variable.cardinality == "single":
        found = fit_slots(item, trial, [Slot(Kind.SINGLE, variable, rows, names)], Kind.SINGLE, anything)
    else:
        tell_limits(item, interaction, len(rows))
        found = fit_multiple(item, trial, rows, names, variable.name, number(interaction, "maxChoices", 1), 0)
    body: dict[str, Any] = {"image": media.key if media else "", "alt": alt, "areas": areas}
    if size:
        body |= {"width": size[0], "height": size[1]}
    body["right"] = found.body["right"]
    bodies = [body, {**body, "scoring": ALL_OR_NOTHING}] if trial.is_ruled else [body]
    if len(body["right"]) < 2:
        # Then one place can be chosen here.
        found.answers = [each for each in found.answers if len(each.get(CHOSEN, ())) < 2]
    found.kind = Kind.HOTSPOT
    return fit(trial, bodies, found)


def _size(media: Media | None) -> Size | None:
    """In its own pixels."""
    found = images.kind_of(io.BytesIO(media.content)) if media else None
    return found[1] if found else None


def _scales(picture: Element, size: Size | None) -> tuple[Fraction, Fraction]:
    """How many pixels of the picture one of the item's is, across and down: an item may show it in another size."""
    if size is None:
        return Fraction(1), Fraction(1)
    shown = [number_of(picture.get(name, "")) for name in ("width", "height")]
    across, down = (
        Fraction(real) / said if said and said > 0 else Fraction(1) for real, said in zip(size, shown, strict=True)
    )
    return across, down


def _scaled(shape: str, coords: list[Fraction], across: Fraction, down: Fraction) -> list[float]:
    """Of a circle the radius grows as the smaller side does, so that it stays in its place."""
    factors = [across, down, min(across, down)] if shape == CIRCLE else [across, down] * (len(coords) // 2 + 1)
    return [_plain(each * factor) for each, factor in zip(coords, factors, strict=False)]


def _plain(value: Fraction) -> float:
    return int(value) if value.denominator == 1 else round(float(value), 2)
