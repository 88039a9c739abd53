"""What a learner is granted, as a form."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import LazyString, get_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional

from quizzes.accommodations.models import Grant, Reason
from quizzes.accommodations.wording import REASONS
from quizzes.timing import Accommodation

MOST_PERCENT, MOST_MINUTES, MOST_ATTEMPTS = 900, 1440, 20
FIRST_YEAR, LAST_YEAR = 2000, 2099
A_DAY = timedelta(days=1)


class Number(IntegerField):
    """A whole number from 0 to `most`; left empty it is 0."""

    def __init__(self, label: LazyString, *, most: int, **rest: Any) -> None:
        super().__init__(label, default=0, **rest)
        self.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        said = valuelist[0].strip() if valuelist else ""
        if not said:
            self.data = 0
        elif said.isascii() and said.isdecimal() and len(said) < 9 and int(said) <= self.most:
            self.data = int(said)
        else:
            self.data = None
            raise ValueError(
                _("%(what)s: write a whole number from 0 to %(most)d.", what=self.label.text, most=self.most)
            )


class Day(DateField):
    """A day of the calendar, or none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist if valuelist and valuelist[0].strip() else [])
        except ValueError:
            raise ValueError(_("%(what)s: give a day as 2026-09-14.", what=self.label.text)) from None
        if self.data is not None and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None
            raise ValueError(_("%(what)s: give a day of this century.", what=self.label.text))


class GrantForm(FlaskForm):  # type: ignore[misc]
    percent: Any = Number(_l("Percent more time"), most=MOST_PERCENT)
    minutes: Any = Number(_l("Minutes more"), most=MOST_MINUTES)
    is_unlimited = BooleanField(_l("No time limit at all"))
    attempts: Any = Number(_l("More attempts"), most=MOST_ATTEMPTS)
    extends = BooleanField(_l("Granted time also goes beyond the close of a quiz"), default=True)
    closes: Any = Day(_l("May take it until the end of this day"), validators=[Optional()])
    valid_until: Any = Day(_l("Holds until the end of this day"), validators=[Optional()])
    reason = SelectField(
        _l("Reason"),
        choices=[SelectChoice(reason.value, words) for reason, words in REASONS.items()],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        granted = self.accommodation()
        if granted == Accommodation(extends=granted.extends):
            self.form_errors = [_("Say what is granted: more time, more attempts, or a later day.")]
            return False
        return True

    def accommodation(self) -> Accommodation:
        return Accommodation(
            multiplier=1 + self.percent.data / 100,
            extra=timedelta(minutes=self.minutes.data),
            is_unlimited=self.is_unlimited.data,
            attempts=self.attempts.data,
            extends=self.extends.data,
            closes=_end_of(self.closes.data),
        )

    def until(self) -> datetime | None:
        return _end_of(self.valid_until.data)

    def why(self) -> Reason:
        return Reason(self.reason.data)


def grant_form(*, given: Grant | None) -> GrantForm:
    """Filled with what was granted before."""
    if given is None:
        return GrantForm()
    return GrantForm(
        data={
            "percent": round((given.multiplier - 1) * 100),
            "minutes": given.extra_minutes,
            "is_unlimited": given.is_unlimited,
            "attempts": given.attempts,
            "extends": given.extends,
            "closes": _day_of(given.closes),
            "valid_until": _day_of(given.valid_until),
            "reason": given.reason.value,
        }
    )


def _end_of(day: date | None) -> datetime | None:
    """The last second of the day in the zone of whoever grants it."""
    if day is None:
        return None
    return datetime.combine(day + A_DAY, time(), tzinfo=get_timezone()).astimezone(UTC) - timedelta(seconds=1)


def _day_of(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(get_timezone()).date()
