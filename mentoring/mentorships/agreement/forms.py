"""What people write into their agreement, kept as they typed it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from lti_tool.fields import MOST_DAYS, chosen, number
from mentoring.mentorships.agreement.models import WORDS
from mentoring.mentorships.agreement.standing import Terms
from mentoring.mentorships.days import day_of, end_of
from mentoring.mentorships.forms import LONGEST
from mentoring.programs import words
from mentoring.programs.choices import Channel
from mentoring.programs.cohort_forms import Day

CHANNELS: Mapping[str, LazyString] = {**words.CHANNELS, Channel.ANY: _l("However it suits")}
MOST_RHYTHM = 90


def _text(label: LazyString) -> Any:
    too_long = _l("%(what)s: that is too long. Keep it to 4,000 characters.", what=label)
    return TextAreaField(label, validators=[Length(max=LONGEST, message=too_long)])


class AgreementForm(FlaskForm):  # type: ignore[misc]
    mentor_expects: Any = _text(_l("What the mentor expects"))
    mentee_expects: Any = _text(_l("What the mentee expects"))
    all_expect: Any = _text(_l("What each of you expects"))
    boundaries: Any = _text(_l("Boundaries"))
    rhythm_days: Any = number(_l("Days from one meeting to the next"), least=1, most=MOST_RHYTHM)
    channel: Any = chosen(_l("How you meet"), CHANNELS)
    ends: Any = Day(_l("Last day"), validators=[InputRequired(_l("Say on which day it ends."))])
    seen = HiddenField()
    """The number of the newest version when the form was filled in."""

    at: datetime
    planned: datetime

    def validate_ends(self, field: Day) -> None:
        if field.data is None:
            return
        if self.end <= self.at:
            raise ValidationError(_("Last day: choose a day to come."))
        if self.end > self.at + timedelta(days=MOST_DAYS):
            raise ValidationError(_("Last day: choose one within three years."))

    @property
    def end(self) -> datetime:
        """The planned end where the day was left as it is, to the minute; else the last minute of the day."""
        day = self.ends.data
        return self.planned if day == day_of(self.planned) else end_of(day)

    def terms(self) -> Terms:
        return Terms(
            **{name: self[name].data for name in WORDS if name in self},
            rhythm_days=self.rhythm_days.data,
            channel=Channel(self.channel.data),
            ends=self.end,
        )


def agreement_form(*, terms: Terms, seen: int, is_circle: bool, at: datetime) -> AgreementForm:
    """Filled with these terms; a pair says what each side expects, a circle what all do."""
    form = AgreementForm(data={**vars(terms), "ends": day_of(terms.ends), "seen": str(seen)})
    form.at, form.planned = at, terms.ends
    for name in ("mentor_expects", "mentee_expects") if is_circle else ("all_expect",):
        del form[name]
    return form
