"""An entry of a timeline as a form: what, and by which day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import InputRequired, ValidationError

from lti_tool.fields import MOST_DAYS, text
from mentoring.mentorships.days import end_of
from mentoring.programs.cohort_forms import Day

LONGEST_TITLE = 200


class MoveForm(FlaskForm):  # type: ignore[misc]
    """Another day for an entry."""

    day: Any = Day(_l("By which day"), validators=[InputRequired(_l("Say by which day."))])

    at: datetime

    def validate_day(self, field: Day) -> None:
        day: date | None = field.data
        if day is not None and abs(end_of(day) - self.at) > timedelta(days=MOST_DAYS):
            raise ValidationError(_("By which day: choose one within three years."))

    @property
    def due(self) -> datetime:
        return end_of(self.day.data)


class EntryForm(MoveForm):
    """An entry of the people's own."""

    title: Any = text(_l("What is to be done"), most=LONGEST_TITLE)

    def validate_title(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Say what is to be done."))
