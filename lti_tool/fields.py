"""The fields that forms are made of: numbers in our words, moments in the reader's zone, lists of one thing a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask_babel import LazyString, get_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    Field,
    FloatField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

MINUTE = "%Y-%m-%dT%H:%M"
FIRST_YEAR, LAST_YEAR = 2000, 2099
MOST_LINES = 100
MOST_DAYS = 1100
LONGEST_LINE = 120
LONGEST_TEXT = 4000


class _Within(Field):
    """A number from `least` to `most`; what is none is told in our words and stays as it was typed."""

    data: Any

    def __init__(self, label: LazyString, *, least: float, most: float, is_optional: bool = False, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.least, self.most, self.is_optional = least, most, is_optional
        if is_optional:
            self.flags.optional = True

    def process_formdata(self, valuelist: list[str]) -> None:
        said = valuelist[0].strip() if valuelist else ""
        if not said:
            self.data = None
            return
        try:
            super().process_formdata([self._written(said)])
        except ValueError:
            self.data = None
            raise ValueError(self._said()) from None

    def pre_validate(self, form: object) -> None:
        if self.data is None and not self.is_optional and not self.process_errors:
            raise StopValidation(self._said())
        if self.data is not None and not self.least <= self.data <= self.most:
            raise StopValidation(self._said())

    def _written(self, said: str) -> str:
        return said

    def _said(self) -> str:
        raise NotImplementedError


class WholeNumber(_Within, IntegerField):
    def _said(self) -> str:
        said: str = _(
            "%(what)s: give a whole number from %(least)d to %(most)d.",
            what=self.label.text,
            least=self.least,
            most=self.most,
        )
        return said


class SomeNumber(_Within, FloatField):
    """With places after the point or comma."""

    def _written(self, said: str) -> str:
        return said.replace(",", ".")

    def _said(self) -> str:
        said: str = _(
            "%(what)s: give a number from %(least)g to %(most)g.",
            what=self.label.text,
            least=self.least,
            most=self.most,
        )
        return said


class LocalMoment(DateTimeLocalField):
    """A moment in the author's zone, or none; kept in UTC."""

    def __init__(self, label: LazyString, **rest: Any) -> None:
        super().__init__(label, format=[MINUTE, "%Y-%m-%dT%H:%M:%S"], **rest)

    def process_data(self, value: datetime | None) -> None:
        self.data = None if value is None else value.astimezone(get_timezone()).replace(tzinfo=None)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and not valuelist[0].strip():
            # Emptied: what was kept before must not stay.
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(_("%(what)s: give a day and a time as 2026-09-14T09:00.", what=self.label.text)) from None
        if self.data is not None and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None
            raise ValueError(_("%(what)s: give a day of this century.", what=self.label.text))

    def moment(self) -> datetime | None:
        return None if self.data is None else self.data.replace(tzinfo=get_timezone()).astimezone(UTC)


class Lines(TextAreaField):
    """A list with one thing a line; blank lines and what stands there twice are left out."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = (" ".join(line.split()) for line in "\n".join(valuelist).splitlines())
        self.data = tuple(dict.fromkeys(line for line in lines if line))

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def pre_validate(self, form: object) -> None:
        if len(self.data or ()) > MOST_LINES:
            said = _("%(what)s: %(most)d lines at most. Take some away.", what=self.label.text, most=MOST_LINES)
            raise StopValidation(said)
        for line in self.data or ():
            if len(line) > LONGEST_LINE:
                said = _("Make this line shorter: %(line)s", line=line[:40] + "...")
                raise StopValidation(said)


# What a field holds is known when a form has been read; until then the class calls it anything.


def number(label: LazyString, *, least: int, most: int, is_optional: bool = False, **rest: Any) -> Any:
    return WholeNumber(label, least=least, most=most, is_optional=is_optional, **rest)


def some_number(label: LazyString, *, least: float, most: float, is_optional: bool = False, **rest: Any) -> Any:
    return SomeNumber(label, least=least, most=most, is_optional=is_optional, **rest)


def lines(label: LazyString) -> Any:
    return Lines(label)


def text(label: LazyString, *, is_required: LazyString | str = "", most: int = LONGEST_LINE) -> Any:
    too_long = _l("%(what)s: %(most)d letters at most.", what=label, most=most)
    needed = [DataRequired(is_required)] if is_required else []
    return StringField(label, validators=[*needed, Length(max=most, message=too_long)], filters=[_stripped])


def long_text(label: LazyString) -> Any:
    too_long = _l("%(what)s: %(most)d letters at most.", what=label, most=LONGEST_TEXT)
    return TextAreaField(label, validators=[Length(max=LONGEST_TEXT, message=too_long)], filters=[_stripped])


def _stripped(value: str | None) -> str:
    return (value or "").strip()


def chosen(label: LazyString, words: Mapping[str, LazyString]) -> Any:
    """One of these."""
    said = _l("%(what)s: choose one of the list.", what=label)
    return SelectField(label, choices=choices(words), invalid_choice_message=said)  # type: ignore[call-arg]


def ticked(label: LazyString, words: Mapping[str, LazyString]) -> Any:
    """Any number of these."""
    return SelectMultipleField(label, choices=choices(words), widget=ListWidget(), option_widget=CheckboxInput())


def choices(words: Mapping[str, LazyString]) -> Sequence[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in words.items()]
