"""The answers to a quiz, as a form: one field for each question, with nothing to choose but its options."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from quizzes.marking import Kind
from quizzes.models import Answer

NOT_AN_OPTION = _l("This is not one of the answers to the question. Choose from the list.")


class AnswersForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `answers_form` makes."""

    def choices(self) -> dict[int, list[str]]:
        """The options chosen for each question of the form, by its place; none where nothing was."""
        return {int(name[1:]): chosen(field) for name, field in self._fields.items() if name[0] == "q"}


def answers_form(*, questions: Sequence[Answer]) -> AnswersForm:
    """A form with a field for each of these questions, filled with what was chosen before."""
    fields = {field_name(answer): _field(answer) for answer in questions}
    form = type("AnswersForm", (AnswersForm,), fields)()
    assert isinstance(form, AnswersForm)
    return form


def field_name(answer: Answer) -> str:
    return f"q{answer.place}"


def chosen(field: Field) -> list[str]:
    if isinstance(field, SelectMultipleField):
        return list(field.data or [])
    return [field.data] if field.data else []


def _field(answer: Answer) -> Field:
    options = [SelectChoice(option.id, option.text) for option in answer.options]
    if answer.version.kind is Kind.MULTIPLE:
        return SelectMultipleField(  # type: ignore[call-arg]
            answer.version.text,
            choices=options,
            default=list(answer.chosen),
            option_widget=CheckboxInput(),
            widget=ListWidget(prefix_label=False),
            invalid_choice_message=NOT_AN_OPTION,
        )
    return RadioField(  # type: ignore[call-arg]
        answer.version.text,
        choices=options,
        default=answer.chosen[0] if answer.chosen else None,
        validators=[Optional()],
        invalid_choice_message=NOT_AN_OPTION,
    )
