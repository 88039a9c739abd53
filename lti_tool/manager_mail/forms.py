"""When reports are to go, as a form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from lti_tool.db import new_public_id
from lti_tool.manager_mail.models import Schedule
from lti_tool.manager_mail.wording import weekdays

Rhythm = TypeVar("Rhythm", bound=StrEnum)


def _day(said: object) -> int:
    """What is no number is no day either, and refused as any other that is not in the list."""
    text = str(said)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else -1


class TimesForm(FlaskForm):  # type: ignore[misc]
    rhythm = RadioField(  # type: ignore[call-arg]
        _l("When?"),
        validators=[InputRequired(_l("Choose when it goes."))],
        validate_choice=True,
        invalid_choice_message=_l("Choose when it goes: take one of the list."),
    )
    weekday = SelectField(  # type: ignore[call-arg]
        _l("Day of the week"), coerce=_day, default=0, invalid_choice_message=_l("Choose a day of the list.")
    )


def sent_form(prefix: str, choices: Mapping[Rhythm, LazyString]) -> TimesForm:
    """As it was sent; several stand on one page, told apart by their prefix."""
    return _with(choices, TimesForm(prefix=prefix))


def as_it_is(prefix: str, choices: Mapping[Rhythm, LazyString], schedule: Schedule | None) -> TimesForm:
    is_on = schedule is not None and schedule.is_on
    data = {"rhythm": schedule.rhythm.value, "weekday": schedule.weekday or 0} if schedule and is_on else {}
    return _with(choices, TimesForm(formdata=None, prefix=prefix, data=data))


def _with(choices: Mapping[Rhythm, LazyString], form: TimesForm) -> TimesForm:
    form.rhythm.choices = [SelectChoice(each.value, label) for each, label in choices.items()]
    form.weekday.choices = weekdays()
    return form


def once() -> str:
    """What tells this click from another: a page that is sent twice sends one report."""
    said = request.form.get("once", "")
    return said if re.fullmatch(r"[\w-]{8,40}", said, re.ASCII) else new_public_id()
