"""When a report is to go, as a form."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from quizzes.reports.mailing.models import ReportSchedule
from quizzes.reports.mailing.times import Rhythm
from quizzes.reports.mailing.wording import weekdays


class TimesForm(FlaskForm):  # type: ignore[misc]
    rhythm = RadioField(  # type: ignore[call-arg]
        _l("When?"),
        validators=[InputRequired(_l("Choose when it goes."))],
        validate_choice=True,
        invalid_choice_message=_l("Choose when it goes: take one of the list."),
    )
    weekday = SelectField(  # type: ignore[call-arg]
        _l("Day of the week"), coerce=int, default=0, invalid_choice_message=_l("Choose a day of the list.")
    )

    @property
    def wanted(self) -> Rhythm:
        return Rhythm(self.rhythm.data)


def times_form(
    *, prefix: str, choices: Mapping[Rhythm, LazyString], schedule: ReportSchedule | None, is_sent: bool = True
) -> TimesForm:
    """As it was sent, or as it is; several stand on one page, told apart by their prefix."""
    said = {"rhythm": schedule.rhythm.value, "weekday": schedule.weekday or 0} if schedule and schedule.rhythm else {}
    form = TimesForm(prefix=prefix, data=said) if is_sent else TimesForm(formdata=None, prefix=prefix, data=said)
    form.rhythm.choices = [SelectChoice(each.value, label) for each, label in choices.items()]
    form.weekday.choices = weekdays()
    return form
