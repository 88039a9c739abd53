"""The fields that forms of banks are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

CHOOSE = _l("Choose one of the list.")
_STEERING = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))


def clean(value: str | None) -> str:
    """Without what no author types, lines ended in one way."""
    return (value or "").replace("\r\n", "\n").replace("\r", "\n").translate(_STEERING).strip()


def one_line(value: str | None) -> str:
    return " ".join(clean(value).split())


# What a field holds is known when a form has been read; until then the class calls it anything.


def line(label: LazyString, *, most: int = 1_000, is_required: LazyString | str = "") -> Any:
    too_long = _l("Write at most %(max)d characters.", max=most)
    needed = [InputRequired(is_required)] if is_required else []
    return StringField(label, validators=[*needed, Length(max=most, message=too_long)], filters=[one_line])


def long_text(label: LazyString) -> Any:
    """How long it may be is checked with the question's other texts."""
    return TextAreaField(label, filters=[clean])


def chosen(label: LazyString, words: Mapping[Any, LazyString] | None = None, **rest: Any) -> Any:
    """One of these."""
    listed = choices((words or {}).items())
    return SelectField(label, choices=listed, invalid_choice_message=CHOOSE, **rest)  # type: ignore[call-arg]


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in pairs]
