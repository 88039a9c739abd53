"""What instructors send about a draft."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired

from mentoring.numbers import Within
from mentoring.pairing.matching.people import Question
from mentoring.pairing.reasons import QUESTIONS

MOST_WEIGHT = 100


class WeightField(IntegerField):
    """A whole number; what is none is told in our words and stays as it was typed."""

    def __init__(self, label: str, *, what: str, **rest: object) -> None:
        super().__init__(label, **rest)  # type: ignore[arg-type]
        self.said = _("Give “%(what)s” a whole number from 0 to %(most)d.", what=what, most=MOST_WEIGHT)
        self.validators = [InputRequired(self.said), Within(0, MOST_WEIGHT, self.said)]

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(self.said) from None


class WeightsForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `weights_form` makes."""

    def validate(self, extra_validators: object = None) -> bool:
        if not bool(super().validate(extra_validators)):
            return False
        if not any(self.chosen().values()):
            self.form_errors.append(_("Give at least one question a weight above 0."))
            return False
        return True

    def chosen(self) -> dict[str, int]:
        return {question.value: int(self[question.value].data) for question in Question}


def weights_form(*, weights: Mapping[str, int]) -> WeightsForm:
    """A field for each question, filled with these weights."""
    fields = {
        question.value: WeightField(str(label), what=str(label), default=weights.get(question.value, 0))
        for question, label in QUESTIONS.items()
    }
    form = type("WeightsForm", (WeightsForm,), fields)()
    assert isinstance(form, WeightsForm)
    return form
