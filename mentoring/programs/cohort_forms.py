"""A run of the program as a form: its title, its days, and whether newcomers are taken in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import get_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField
from wtforms.validators import InputRequired, Optional

from lti_tool.fields import text
from mentoring.programs.models import Cohort

FIRST_YEAR, LAST_YEAR = 2000, 2099
"""Between which a day is one in every time zone, and no slip of the finger."""


class Day(DateField):
    """A day of the calendar; what is none is told in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            said = _("%(what)s: give a day as 2026-09-14.", what=self.label.text)
            raise ValueError(said) from None
        if self.data is not None and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None
            raise ValueError(_("%(what)s: give a day of this century.", what=self.label.text))


class CohortForm(FlaskForm):  # type: ignore[misc]
    title = text(_l("Title"))
    first_day: Any = Day(_l("First day"), validators=[InputRequired(_l("Say on which day it starts."))])
    last_day: Any = Day(_l("Last day"), validators=[Optional()])
    invites_newcomers = BooleanField(_l("Take learners in who join the course later, without a click"))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.last_day.data is not None and self.last_day.data < self.first_day.data:
            said = _("The last day is before the first. Choose a later one, or leave it empty.")
            self.last_day.errors = [*self.last_day.errors, said]
            return False
        return True

    @property
    def starts(self) -> datetime:
        return _begin_of(self.first_day.data)

    @property
    def ends(self) -> datetime | None:
        """The moment the last day is over."""
        return None if self.last_day.data is None else _begin_of(self.last_day.data + timedelta(days=1))


def cohort_form(*, cohort: Cohort | None, today: datetime) -> CohortForm:
    """Filled with what the run is now; a new one starts today."""
    if cohort is None:
        return CohortForm(data={"first_day": _day_of(today)})
    return CohortForm(
        data={
            "title": cohort.title,
            "first_day": _day_of(cohort.starts),
            "last_day": None if cohort.ends is None else _day_of(cohort.ends - timedelta(seconds=1)),
            "invites_newcomers": cohort.invites_newcomers,
        }
    )


def _day_of(moment: datetime) -> date:
    return moment.astimezone(get_timezone()).date()


def _begin_of(day: date) -> datetime:
    """Midnight in the instructor's own zone."""
    return datetime.combine(day, time(), tzinfo=get_timezone()).astimezone(UTC)
