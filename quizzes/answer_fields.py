"""The fields in which one question is answered, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import (
    Field,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lti_tool import uploads
from lti_tool.files.called import called
from lti_tool.files.kinds import Kind as FileKind
from quizzes import showing, wording
from quizzes.files import taking
from quizzes.files import wording as file_words
from quizzes.files.keeping import Sent
from quizzes.kinds import CHOSEN, FILES, NUMBER, ORDER, TEXT, UNIT, Option
from quizzes.kinds.base import LONGEST_LINE, LONGEST_TEXT, Body
from quizzes.kinds.choices import Choices
from quizzes.kinds.gaps import INNER
from quizzes.kinds.numbers import NOT_ASKED, read_number
from quizzes.marking import Kind
from quizzes.models import Answer

NOT_AN_OPTION = _l("This is not one of the answers to the question. Choose from the list.")
NOT_CHOSEN = _l("Not chosen yet")
Fields = Mapping[str, Field]
"""Of one question, by the part of the answer that each takes."""


def fields_of(answer: Answer) -> Fields:
    return _MAKERS[answer.version.kind](answer)


class FilesField(MultipleFileField):  # type: ignore[misc]
    """Files for one question, looked into."""

    def __init__(self, label: str | LazyString, *, answer: Answer, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.answer = answer
        self.sent: list[Sent] = []

    @property
    def most(self) -> int:
        return taking.most(self.answer.version.body)

    @property
    def limits(self) -> str:
        return file_words.limits(self.answer.version.body)

    @property
    def accept(self) -> str:
        return taking.accept(self.answer.version.body)

    def pre_validate(self, form: Form) -> None:
        body = self.answer.version.body
        self.sent = [_looked_into(body, file) for file in self.data or ()]
        have = [each.file_name for each in self.answer.files if each.public_id != form["remove"].data]
        if self.sent and not taking.fit(body, have, [each.called for each in self.sent]):
            raise ValidationError(file_words.too_many(body))


def _looked_into(body: Body, file: FileStorage) -> Sent:
    name = called(file.filename or "")
    found = taking.judged(body, file.stream, uploads.size_of(file), name, most_bytes=uploads.MOST_BYTES)
    if not isinstance(found, FileKind):
        raise ValidationError(file_words.trouble(found, body, name))
    return Sent(file=file, called=name, kind=found.key)


def _choices(answer: Answer) -> Fields:
    behavior, body = answer.version.behavior, answer.version.body
    options = [SelectChoice(option.id, _label(answer, option)) for option in _as_shown(answer)]
    if isinstance(behavior, Choices) and behavior.takes_several(body):
        return {
            CHOSEN: SelectMultipleField(  # type: ignore[call-arg]
                answer.version.text,
                choices=options,
                default=list(answer.chosen),
                option_widget=CheckboxInput(),
                widget=ListWidget(prefix_label=False),
                invalid_choice_message=NOT_AN_OPTION,
            )
        }
    return {
        CHOSEN: RadioField(  # type: ignore[call-arg]
            answer.version.text,
            choices=options,
            default=answer.chosen[0] if answer.chosen else None,
            validators=[LeftOpen()],
            invalid_choice_message=NOT_AN_OPTION,
        )
    }


def _as_shown(answer: Answer) -> list[Option]:
    options = wording.options_of(answer.version)
    return [options[place] for place in answer.option_order or range(len(options))]


def _label(answer: Answer, option: Option) -> str:
    """With the marks that its author made."""
    return showing.words_html(answer.version, option.text)


def _plain(answer: Answer, options: Sequence[Option]) -> list[Option]:
    """As a list to choose from can hold them: without marks."""
    return [Option(id=each.id, text=wording.without_marks(answer.version, each.text)) for each in options]


class LeftOpen(Optional):
    """May be empty without being called optional: whoever leaves it so earns nothing for it."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {}


def _select(label: str, options: Sequence[Option], given: str) -> Field:
    return SelectField(  # type: ignore[call-arg]
        label,
        choices=[SelectChoice("", NOT_CHOSEN), *(SelectChoice(option.id, option.text) for option in options)],
        default=given,
        validators=[LeftOpen()],
        invalid_choice_message=NOT_AN_OPTION,
    )


def _pairs(answer: Answer) -> Fields:
    rows = {str(row["id"]) for row in answer.version.body["rows"]}
    shown = _as_shown(answer)
    choices = _plain(answer, shown[len(rows) :])
    return {
        row.id: _select(_label(answer, row), choices, "".join(answer.response.get(row.id, ())))
        for row in shown
        if row.id in rows
    }


def _ordering(answer: Answer) -> Fields:
    shown = _as_shown(answer)
    places = [Option(id=str(place), text=str(place)) for place in range(1, len(shown) + 1)]
    order = answer.response.get(ORDER, ())
    given = {item: str(place) for place, item in enumerate(order, start=1)}
    given |= {item: puts[0] for item, puts in answer.response.items() if item != ORDER}
    return {item.id: _select(_label(answer, item), places, given.get(item.id, "")) for item in shown}


def _number(form: Form, field: Field) -> None:
    if field.data and read_number(field.data) is None:
        raise ValidationError(_("Write a number, such as 12.5, without its unit."))


def _line(label: str | LazyString, given: Sequence[str], *validators: Callable[[Form, Field], None]) -> Field:
    too_long = _l("Write at most %(max)d characters.", max=LONGEST_LINE)
    return StringField(
        str(label),
        default=" ".join(given),
        validators=[LeftOpen(), Length(max=LONGEST_LINE, message=too_long), *validators],
    )


def _numeric(answer: Answer) -> Fields:
    fields = {NUMBER: _line(_l("Your number"), answer.response.get(NUMBER, ()), _number)}
    if answer.version.body.get("unit", NOT_ASKED) != NOT_ASKED:
        fields[UNIT] = _line(_l("Unit"), answer.response.get(UNIT, ()))
    return fields


def _short_text(answer: Answer) -> Fields:
    return {TEXT: _line(_l("Your answer"), answer.response.get(TEXT, ()))}


def _essay(answer: Answer) -> Fields:
    too_long = _l("Write at most %(max)d characters.", max=LONGEST_TEXT)
    return {
        TEXT: TextAreaField(
            _l("Your answer"),
            default="\n".join(answer.response.get(TEXT, ())),
            validators=[LeftOpen(), Length(max=LONGEST_TEXT, message=too_long)],
        )
    }


def _files(answer: Answer) -> Fields:
    label = _l("Your file") if taking.most(answer.version.body) == 1 else _l("Your files")
    return {FILES: FilesField(label, answer=answer)}


def _gaps(answer: Answer) -> Fields:
    fields, shown = {}, iter(_as_shown(answer))
    for number, gap in enumerate(answer.version.body["gaps"], start=1):
        kind, given = Kind(gap["kind"]), answer.response.get(str(gap["id"]), ())
        options = [next(shown) for _each in range(INNER[kind][0].places(gap).size)]
        label = _("Gap %(number)d", number=number)
        if kind is Kind.SINGLE:
            fields[str(gap["id"])] = _select(label, _plain(answer, options), "".join(given))
        else:
            fields[str(gap["id"])] = _line(label, given, *([_number] if kind is Kind.NUMERIC else []))
    return fields


def _nothing(answer: Answer) -> Fields:
    return {}


_MAKERS: Mapping[Kind, Callable[[Answer], Fields]] = {
    Kind.SINGLE: _choices,
    Kind.MULTIPLE: _choices,
    Kind.TRUE_FALSE: _choices,
    Kind.HOTSPOT: _choices,
    Kind.MATCHING: _pairs,
    Kind.CATEGORIZE: _pairs,
    Kind.ORDERING: _ordering,
    Kind.NUMERIC: _numeric,
    Kind.SHORT_TEXT: _short_text,
    Kind.ESSAY: _essay,
    Kind.CLOZE: _gaps,
    Kind.DROP_DOWN: _gaps,
    Kind.UPLOAD: _files,
    Kind.DESCRIPTION: _nothing,
}
