"""Fields of the designer's forms: whole numbers, marks, tags, boxes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from wtforms import FloatField, IntegerField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import CheckboxInput, ListWidget


class Number(IntegerField):
    """A whole number from `least` to `most`; left empty it is None where it may be, and refused elsewhere."""

    def __init__(self, label: LazyString, *, least: int, most: int, may_be_empty: bool = False, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.least, self.most, self.may_be_empty = least, most, may_be_empty

    def process_formdata(self, valuelist: list[str]) -> None:
        said = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not said and self.may_be_empty:
            return
        if said.isascii() and said.isdecimal() and len(said) < 9 and self.least <= int(said) <= self.most:
            self.data = int(said)
            return
        raise ValueError(
            _(
                "%(what)s: write a whole number from %(least)d to %(most)d.",
                what=self.label.text,
                least=self.least,
                most=self.most,
            )
        )


class Mark(FloatField):
    """What a question is worth: above 0 and at most 100, with at most two decimals."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else f"{self.data:g}" if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        said = valuelist[0].strip().replace(",", ".") if valuelist else ""
        whole, _dot, decimals = said.partition(".")
        is_number = said.isascii() and whole.isdecimal() and (not decimals or decimals.isdecimal())
        if is_number and len(whole) < 4 and len(decimals) < 3 and 0 < float(said) <= 100:
            self.data = float(said)
            return
        self.data = None
        raise ValueError(_("%(what)s: write a number above 0 and up to 100, such as 1 or 2.5.", what=self.label.text))


class Words(StringField):
    """Tags, with commas between them."""

    def process_data(self, value: tuple[str, ...] | None) -> None:
        self.data = ", ".join(value or ())

    def words(self) -> tuple[str, ...]:
        """Each once, in the order they were written."""
        return tuple(dict.fromkeys(word for each in (self.data or "").split(",") if (word := " ".join(each.split()))))


class Boxes(SelectMultipleField):
    """Boxes to tick."""

    def __init__(self, label: LazyString, choices: Mapping[str, LazyString], **rest: Any) -> None:
        super().__init__(
            label,
            choices=[SelectChoice(value, words) for value, words in choices.items()],
            option_widget=CheckboxInput(),
            widget=ListWidget(prefix_label=False),
            **rest,
        )
