"""What people choose about notices: which are mailed, and when nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from lti_tool.models import Person
from lti_tool.notifying.kinds import NoticeKind
from lti_tool.notifying.wishes import Choices
from lti_tool.pages import zone_of

REGIONS = (
    *("Africa", "America", "Antarctica", "Asia", "Atlantic"),
    *("Australia", "Europe", "Indian", "Pacific"),
)
WHEN = _l("Say a time of the day, such as 21:00.")


class ClockField(TimeField):
    """A time of the day; what is none is told in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(WHEN) from None


class ChoicesForm(FlaskForm):  # type: ignore[misc]
    mailed = SelectMultipleField(_l("Send me a mail as well about"), widget=ListWidget(), option_widget=CheckboxInput())
    is_quiet = BooleanField(_l("Keep quiet hours"))
    quiet_from = ClockField(_l("From"), validators=[InputRequired(WHEN)])
    quiet_until = ClockField(_l("Until"), validators=[InputRequired(WHEN)])
    time_zone = SelectField(_l("Time zone"))

    def validate(self, extra_validators: object = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if self.is_quiet.data and self.quiet_from.data is not None and self.quiet_from.data == self.quiet_until.data:
            sentence = _("Quiet hours cannot end when they begin. Choose another time, or keep none.")
            self.quiet_until.errors = [*self.quiet_until.errors, sentence]
            is_valid = False
        return is_valid

    def choices(self) -> Choices:
        assert self.quiet_from.data is not None
        assert self.quiet_until.data is not None
        return Choices(
            mailed=self.mailed.data or [],
            is_quiet=bool(self.is_quiet.data),
            quiet_from=self.quiet_from.data,
            quiet_until=self.quiet_until.data,
            time_zone=self.time_zone.data or "",
        )


def choices_form(*, kinds: Sequence[NoticeKind], person: Person, now: Choices) -> ChoicesForm:
    """A form with a line for each of these kinds, filled with what holds now."""
    form = ChoicesForm(
        mailed=list(now.mailed),
        is_quiet=now.is_quiet,
        quiet_from=now.quiet_from,
        quiet_until=now.quiet_until,
        time_zone=now.time_zone,
    )
    form.mailed.choices = [SelectChoice(kind.key, str(kind.label)) for kind in kinds]
    given = zone_of(Person(time_zone=person.time_zone)).key
    as_given = SelectChoice("", _("As my learning platform says (%(zone)s)", zone=given))
    form.time_zone.choices = [as_given, *(SelectChoice(name, name.replace("_", " ")) for name in zones())]
    return form


@lru_cache(maxsize=1)
def zones() -> Sequence[str]:
    """Places by which people know their clocks."""
    return ["UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS and "/" in name)]
