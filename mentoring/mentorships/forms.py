"""What people say about a mentorship: yes needs no form; a no, a question, an answer, a pause and an end do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lti_tool.models import Enrolment
from mentoring.mentorships.wording import WHY_END, WHY_END_CIRCLE, WHY_LEAVE, WHY_NOT, WHY_THEY_END
from mentoring.programs.models import MentorKind

LONGEST = 4000
_TOO_LONG = _l("That is too long. Keep it to 4,000 characters.")


def _reasons(reasons: Mapping[str, LazyString]) -> list[SelectChoice]:
    return [SelectChoice(code, label) for code, label in reasons.items()]


def _reason(label: LazyString, reasons: Mapping[str, LazyString]) -> RadioField:
    return RadioField(  # type: ignore[call-arg]
        label,
        choices=_reasons(reasons),
        validators=[InputRequired(_l("Choose a reason. Only instructors see it."))],
        invalid_choice_message=_l("Choose one of the reasons."),
    )


def _note() -> TextAreaField:
    return TextAreaField(_l("In your own words"), validators=[Optional(), Length(max=LONGEST, message=_TOO_LONG)])


class Said(TextAreaField):
    """Something that has to be said; blanks say nothing."""

    def __init__(self, label: LazyString, *, without: LazyString, **rest: object) -> None:
        required = [InputRequired(without), Length(max=LONGEST, message=_TOO_LONG)]
        super().__init__(label, validators=required, **rest)  # type: ignore[arg-type]
        self.without = without

    @property
    def words(self) -> str:
        return (self.data or "").strip()

    def post_validate(self, form: object, validation_stopped: bool) -> None:
        if not validation_stopped and not self.words:
            raise ValidationError(str(self.without))


class DeclineForm(FlaskForm):  # type: ignore[misc]
    reason = _reason(_l("Why not?"), WHY_NOT)
    note = _note()


class AskBackForm(FlaskForm):  # type: ignore[misc]
    question = Said(_l("What would you like to know?"), without=_l("Write what you would like to know."))


class AnswerForm(FlaskForm):  # type: ignore[misc]
    answer = Said(_l("Your answer"), without=_l("Write an answer, or take your question back."))


class PauseForm(FlaskForm):  # type: ignore[misc]
    until = DateField(_l("Until"), validators=[InputRequired(_l("Choose the day on which you go on."))])

    def day(self) -> date:
        day = self.until.data
        assert isinstance(day, date)
        return day


class EndForm(FlaskForm):  # type: ignore[misc]
    reason = _reason(_l("Why do you end it?"), WHY_END)
    note = _note()
    never_again = BooleanField(_l("Do not match the two again"))


class EndForThemForm(EndForm):
    """An instructor ends it for the two."""

    reason = _reason(_l("Why do you end it?"), WHY_THEY_END)


class LeaveForm(FlaskForm):  # type: ignore[misc]
    """One of a circle leaves it."""

    reason = _reason(_l("Why do you leave?"), WHY_LEAVE)
    note = _note()


class EndCircleForm(FlaskForm):  # type: ignore[misc]
    reason = _reason(_l("Why do you end it?"), WHY_END_CIRCLE)
    note = _note()


class SomebodyForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `somebody_form` makes."""

    has_anybody: bool
    """Whether there is somebody to choose."""


def somebody_form(*, name: str, label: LazyString, people: Iterable[tuple[Enrolment, str]]) -> SomebodyForm:
    """A form with a choice of one of these people, each with the words that stand on the line."""
    found = [SelectChoice(person.public_id, words) for person, words in people]
    choices = [SelectChoice("", _("Choose somebody")), *found]
    field = SelectField(  # type: ignore[call-arg]
        label,
        choices=choices,
        validators=[InputRequired(_l("Choose who it is to be."))],
        invalid_choice_message=_l("Choose somebody from the list."),
    )
    form = type("SomebodyForm", (SomebodyForm,), {name: field, "has_anybody": bool(found)})()
    assert isinstance(form, SomebodyForm)
    return form


class RequestForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `request_form` makes."""

    case = Said(_l("What is it about?"), without=_l("Write what you would like help with, so that they can decide."))


def request_form(*, kinds: Sequence[MentorKind]) -> RequestForm:
    """A form for one question to a mentor, as one of these kinds; where there is one only, nothing is to choose."""
    field = RadioField(  # type: ignore[call-arg]
        _l("As which kind of mentor?"),
        choices=[SelectChoice(kind.key, kind.label) for kind in kinds],
        default=kinds[0].key if len(kinds) == 1 else None,
        validators=[InputRequired(_l("Choose as which kind of mentor you ask them."))],
        invalid_choice_message=_l("Choose one of the kinds."),
    )
    form = type("RequestForm", (RequestForm,), {"kind": field})()
    assert isinstance(form, RequestForm)
    return form
