"""What is marked anew and how, as a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, ValidationError

from quizzes.kinds.numbers import read_number
from quizzes.marks.forms import LONGEST_REASON
from quizzes.marks.judging import Policy

ALL = "all"
MOST_WORTH = 1_000
POLICIES: Mapping[Policy, LazyString] = {
    Policy.NEW_VERSION: _l("Mark everybody by the newest version of the question"),
    Policy.NEVER_LOWER: _l("The same, but nobody loses anything"),
    Policy.FULL: _l("Give everybody full marks"),
    Policy.OUT: _l("Do not count the question"),
}
OF_ONE_QUESTION = (Policy.FULL, Policy.OUT)


class RegradeForm(FlaskForm):  # type: ignore[misc]
    question = SelectField(_l("Question"), validators=[InputRequired()])
    policy = RadioField(
        _l("How"),
        choices=[SelectChoice(policy.value, words) for policy, words in POLICIES.items()],
        default=Policy.NEW_VERSION.value,
        validators=[InputRequired(_l("Choose how the answers are to be marked."))],
    )
    worth = StringField(_l("What the question is worth from now on"))
    reason = TextAreaField(
        _l("Why"),
        validators=[
            InputRequired(_l("Say why the answers are marked anew: it is kept with each of them.")),
            Length(max=LONGEST_REASON, message=_l("Write at most %(max)d characters.", max=LONGEST_REASON)),
        ],
    )

    def validate_policy(self, field: Field) -> None:
        if self.question.data == ALL and field.data in OF_ONE_QUESTION:
            raise ValidationError(_("Choose one question to give full marks for, or to leave out."))

    def validate_worth(self, field: Field) -> None:
        if not (field.data or "").strip():
            return
        number = read_number(field.data)
        if number is None or not 0 < number <= MOST_WORTH:
            raise ValidationError(
                _("Write a number of points above 0 and at most %(most)d, or leave it empty.", most=MOST_WORTH)
            )
        if self.question.data == ALL:
            raise ValidationError(_("Choose one question to change what it is worth."))

    def said_worth(self) -> float | None:
        number = read_number(self.worth.data or "")
        return None if number is None else float(number)


def regrade_form(*, questions: Sequence[tuple[str, str]], chosen: str = "") -> RegradeForm:
    """`questions` by public id, with what each is called."""
    form = RegradeForm(data={"question": chosen} if chosen else None)
    choices: list[Any] = [SelectChoice(each, words) for each, words in questions]
    form.question.choices = [*choices, SelectChoice(ALL, _("All questions of the quiz"))]
    return form
