"""Places in a picture, as an item draws them: in the picture's own pixels."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from quizzes.formats.numbers import approximately
from quizzes.formats.qti.writing import rules
from quizzes.formats.qti.writing.identifiers import RESPONSE, names_of
from quizzes.formats.qti.writing.markup import made
from quizzes.formats.reports import Odd
from quizzes.formats.safe_xml import Element
from quizzes.kinds.choices import ALL_OR_NOTHING, HOTSPOT

if TYPE_CHECKING:
    from quizzes.formats.qti.writing.items import ItemWriter


def hotspot(writer: ItemWriter) -> Element | None:
    """None, which is reported, where the picture is not there: an item cannot be without."""
    body = writer.body
    media = next((each for each in writer.question.media if each.key == body.get("image")), None)
    if media is None:
        writer.report.error(Odd.PICTURE_MISSING, writer.question.place, what=str(body.get("alt", "")))
        return None
    names = names_of(body["areas"])
    right = [names[str(each)] for each in body["right"]]
    if len(right) == 1 or body.get("scoring") == ALL_OR_NOTHING:
        writer.declare("single" if len(right) == 1 else "multiple", "identifier", right)
        writer.all_or_nothing()
    else:
        weights = HOTSPOT.key(body).weights
        entries = [(names[each], Fraction(weight) * writer.maximum) for each, weight in weights.items()]
        writer.declare("multiple", "identifier", right, rules.mapping(entries, most=writer.maximum))
        writer.rules.append(rules.set_score(writer.map_response()))
    size = {name: str(body[name]) for name in ("width", "height") if body.get(name)}
    picture = made("object", str(body.get("alt", "")), data=writer.called(media.key), type=media.mimetype, **size)
    drawn = [
        made(
            "hotspotChoice",
            identifier=names[str(area["id"])],
            shape=str(area["shape"]),
            coords=",".join(approximately(Fraction(str(each))) for each in area["coords"]),
            hotspotLabel=str(area["label"]),
        )
        for area in body["areas"]
    ]
    most = "1" if len(right) == 1 else "0"
    return made("hotspotInteraction", picture, *drawn, responseIdentifier=RESPONSE, maxChoices=most)
