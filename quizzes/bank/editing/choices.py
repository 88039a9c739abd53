"""Writing questions with options: one right, several, true or false, and areas of a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional

from quizzes.bank.areas import Shape, is_drawn, read_coords
from quizzes.bank.editing.base import IdRow, QuestionForm, ids_for, listed, ticked
from quizzes.bank.fields import CHOOSE, chosen, line, long_text
from quizzes.bank.models import Picture
from quizzes.bank.numbers import as_weight
from quizzes.bank.wording import SHAPES
from quizzes.kinds import Body, Kind
from quizzes.kinds.choices import ALL_OR_NOTHING

ALL_OR_NOTHING_TOO = {"": _l("Each part counts"), ALL_OR_NOTHING: _l("All or nothing")}


class OptionRow(IdRow):
    text = long_text(_l("Option"))
    is_right = ticked(_l("Right"))
    is_fixed = ticked(_l("Keeps its place when options are shuffled"))
    weight = line(_l("Worth, if not as usual"), most=20)
    fills = ("is_right",)


class SingleForm(QuestionForm):
    kind = Kind.SINGLE
    options = listed(OptionRow)
    row_lists: ClassVar[Mapping[str, int]] = {"options": 4}
    stands_at: ClassVar[Mapping[str, str]] = {"right": "options"}

    @classmethod
    def shown(cls, body: Body) -> dict[str, Any]:
        return {
            "options": [
                {
                    "id": option["id"],
                    "text": option.get("text", ""),
                    "is_right": option["id"] in body.get("right", ()),
                    "is_fixed": bool(option.get("fixed")),
                    "weight": option.get("weight", ""),
                }
                for option in body.get("options", ())
            ]
        }

    def parts(self, before: Body) -> dict[str, Any]:
        options, right = [], []
        for row, name, old in ids_for(self.filled("options"), before.get("options", ())):
            old.pop("weight", None)
            weight = {"weight": as_weight(row.weight.data)} if row.weight.data else {}
            options.append({**old, "id": name, "text": row.text.data, "fixed": row.is_fixed.data, **weight})
            right += [name] if row.is_right.data else []
        return {"options": options, "right": right}


class MultipleForm(SingleForm):
    kind = Kind.MULTIPLE
    scoring = chosen(_l("How it is marked"), ALL_OR_NOTHING_TOO)

    @classmethod
    def shown(cls, body: Body) -> dict[str, Any]:
        return {**super().shown(body), "scoring": body.get("scoring", "")}

    def parts(self, before: Body) -> dict[str, Any]:
        return {**super().parts(before), "scoring": self.scoring.data}


class TrueFalseForm(QuestionForm):
    kind = Kind.TRUE_FALSE
    right = RadioField(  # type: ignore[call-arg]
        _l("The statement is"),
        choices=[SelectChoice("true", _l("True")), SelectChoice("false", _l("False"))],
        validators=[Optional()],
        invalid_choice_message=CHOOSE,
    )

    @classmethod
    def shown(cls, body: Body) -> dict[str, Any]:
        return {"right": next(iter(body.get("right", ())), None)}

    def parts(self, before: Body) -> dict[str, Any]:
        return {"right": [self.right.data] if self.right.data else []}


class AreaRow(IdRow):
    label = line(_l("What is there, in words"), most=300)
    shape = chosen(_l("Shape"), SHAPES)
    coords = line(_l("Its numbers, in pixels"), most=1_500)
    is_right = ticked(_l("Right"))
    named_by = "label"
    fills = ("coords", "is_right")


class HotspotForm(QuestionForm):
    kind = Kind.HOTSPOT
    image = chosen(_l("Picture"))
    alt = line(_l("What the picture shows, in words"), most=500)
    areas = listed(AreaRow)
    scoring = chosen(_l("How it is marked where several areas are right"), ALL_OR_NOTHING_TOO)
    row_lists: ClassVar[Mapping[str, int]] = {"areas": 3}
    stands_at: ClassVar[Mapping[str, str]] = {"right": "areas"}

    def __init__(self, **rest: Any) -> None:
        super().__init__(**rest)
        self.offer_pictures()

    def offer_pictures(self) -> None:
        """Those of the bank."""
        pictures = self.place.pictures
        self.image.choices = [
            SelectChoice("", _("None chosen yet")),
            *(
                SelectChoice(
                    each.public_id,
                    _("%(name)s, %(width)d by %(height)d", name=each.name, width=each.width, height=each.height),
                )
                for each in pictures
            ),
        ]

    @property
    def chosen_picture(self) -> Picture | None:
        return next((each for each in self.place.pictures if each.public_id == self.image.data), None)

    @property
    def drawn_areas(self) -> list[Mapping[str, Any]]:
        """Those whose numbers make a shape."""
        said = ((row.shape.data or "", read_coords(row.coords.data or "") or []) for row in self.filled("areas"))
        return [{"shape": shape, "coords": coords} for shape, coords in said if is_drawn(shape, coords)]

    @classmethod
    def shown(cls, body: Body) -> dict[str, Any]:
        return {
            "image": body.get("image", ""),
            "alt": body.get("alt", ""),
            "scoring": body.get("scoring", ""),
            "areas": [
                {
                    "id": area["id"],
                    "label": area.get("label", ""),
                    "shape": area.get("shape", Shape.RECT),
                    "coords": ", ".join(f"{number:g}" for number in area.get("coords", ())),
                    "is_right": area["id"] in body.get("right", ()),
                }
                for area in body.get("areas", ())
            ],
        }

    def parts(self, before: Body) -> dict[str, Any]:
        areas, right = [], []
        for row, name, old in ids_for(self.filled("areas"), before.get("areas", ())):
            # What are no numbers makes no shape, and is told as that.
            coords = read_coords(row.coords.data or "") or []
            areas.append({**old, "id": name, "label": row.label.data, "shape": row.shape.data, "coords": coords})
            right += [name] if row.is_right.data else []
        picture = self.chosen_picture
        size = {"width": picture.width, "height": picture.height} if picture else {}
        told = {"image": self.image.data or "", "alt": self.alt.data or "", "scoring": self.scoring.data}
        return {**told, **size, "areas": areas, "right": right}
