"""Other rules of a quiz for a group or a learner, as a form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, Optional

from lti_tool.fields import LocalMoment
from lti_tool.models import Enrolment
from lti_tool.roster.groups import CourseGroup
from quizzes.accommodations.overrides import Override
from quizzes.designing.fields import Number
from quizzes.designing.forms import MOST_ATTEMPTS, MOST_MINUTES
from quizzes.timing import AS_FOR_ALL, Instead

Whom = CourseGroup | Enrolment


def key_of(whom: Whom) -> str:
    """What stands for them in a form and in an address."""
    return f"{'person' if isinstance(whom, Enrolment) else 'group'}-{whom.public_id}"


def _number(label: LazyString, most: int) -> Number:
    return Number(label, least=1, most=most, may_be_empty=True, validators=[Optional()])


class OverrideForm(FlaskForm):  # type: ignore[misc]
    whom: Any = SelectField(  # type: ignore[call-arg]
        _l("For"),
        validators=[DataRequired(_l("Choose a group or somebody."))],
        invalid_choice_message=_l("Choose one of the list."),
    )
    opens: Any = LocalMoment(_l("Opens"), validators=[Optional()])
    closes: Any = LocalMoment(_l("Closes"), validators=[Optional()])
    minutes: Any = _number(_l("Minutes for an attempt"), MOST_MINUTES)
    attempts: Any = _number(_l("Attempts in all"), MOST_ATTEMPTS)
    access_code = StringField(
        _l("Access code"),
        validators=[Optional(), Length(max=100, message=_l("Write at most %(max)d characters.", max=100))],
    )

    def __init__(self, *, opens: datetime | None, closes: datetime | None, **rest: Any) -> None:
        super().__init__(**rest)
        self.all_open, self.all_close = opens, closes
        """When it opens and closes for everybody."""

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        said = self.instead()
        opens, closes = said.opens or self.all_open, said.closes or self.all_close
        if said == AS_FOR_ALL:
            self.form_errors = [_("Say what is otherwise: a time, a number of minutes or attempts, or a code.")]
        elif opens and closes and closes <= opens:
            self.form_errors = [_("It would close before it opens. Put the two moments right.")]
        return not self.form_errors

    def instead(self) -> Instead:
        code = (self.access_code.data or "").strip()
        return Instead(
            opens=self.opens.moment(),
            closes=self.closes.moment(),
            limit=timedelta(minutes=self.minutes.data) if self.minutes.data else None,
            attempts=self.attempts.data,
            access_codes=(code,) if code else (),
        )


def override_form(
    *,
    groups: Sequence[CourseGroup],
    learners: Sequence[Enrolment],
    given: Override | None,
    whom: str,
    opens: datetime | None,
    closes: datetime | None,
) -> OverrideForm:
    """Filled with what is otherwise for them so far."""
    names = ("opens", "closes", "minutes", "attempts", "access_code")
    values = {name: getattr(given, name) for name in names} if given else {}
    form = OverrideForm(data={**values, "whom": whom}, opens=opens, closes=closes)
    form.whom.choices = [
        SelectChoice("", _("Choose")),
        *(SelectChoice(key_of(each), each.label, optgroup=str(_("Groups"))) for each in groups),
        *(SelectChoice(key_of(each), each.name, optgroup=str(_("Single learners"))) for each in learners),
    ]
    return form
