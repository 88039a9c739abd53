"""The answers to a quiz, as a form: for each question the fields of its kind, with nothing to choose but its options.

A field is called `q3` where question 3 has one part to choose from, and `q3-part` elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectMultipleField,
)

from quizzes.answer_fields import FilesField, fields_of
from quizzes.files.keeping import Sent
from quizzes.kinds import CHOSEN, Response
from quizzes.models import Answer, Attempt

FLAG = "flag"


class AnswersForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `answers_form` makes."""

    epoch = HiddenField()
    """Which opening of the attempt the page is that the form comes from."""
    page = HiddenField()
    """Which of the attempt's pages it shows."""
    remove = HiddenField()
    """A file that is to be taken away, by its public id: the value of the button beside it."""
    checked: Mapping[int, Answer] = {}
    """Those of the questions that were checked, by place: their answers stay, whatever is sent."""

    def is_of(self, attempt: Attempt) -> bool:
        """Whether nobody has gone on with the attempt on another page since this one was opened."""
        return self.epoch.data in (None, "") or self.epoch.data == str(attempt.epoch)

    def is_behind(self, attempt: Attempt) -> bool:
        """Whether it shows a page from which its learner has gone on without a way back: sent twice, or by *Back*."""
        return attempt.has_no_way_back and self.page.data not in (None, "", str(attempt.page))

    def _says(self, field: Field) -> bool:
        """Whether the form says anything of this field: a page of ours says by silence that nothing is chosen."""
        return bool(self.page.data) or bool(field.raw_data)

    def flags(self) -> dict[int, bool]:
        """Which questions of the form are to be looked at again, by their places."""
        return {
            int(name.removeprefix(FLAG)): bool(field.data)
            for name, field in self._fields.items()
            if name.startswith(FLAG) and self._says(field)
        }

    def late(self) -> list[int]:
        """The places of the questions to which it says something else than was checked."""
        said = self._entered(lambda field: bool(field.raw_data))
        return [place for place, answer in self.checked.items() if place in said and answer.differs(said[place])]

    def answers(self) -> dict[int, Response]:
        """What was answered to each question of the form, by its place; nothing where it was left open.

        Whoever hands in without our page, after sending answers one by one, has left none of them open by that.
        """
        return {place: said for place, said in self._entered(self._says).items() if place not in self.checked}

    def _entered(self, says: Callable[[Field], bool]) -> dict[int, Response]:
        found: dict[int, Response] = {}
        for name, field in self._fields.items():
            if name[0] == "q" and not isinstance(field, FilesField) and says(field):
                place, _dash, part = name[1:].partition("-")
                found.setdefault(int(place), {})[part or CHOSEN] = entered(field)
        return found

    def sent(self) -> dict[int, list[Sent]]:
        """The files that came with it, by the place of their question."""
        return {_place_in(field.name): field.sent for field in self if isinstance(field, FilesField) and field.sent}

    @property
    def removed(self) -> str:
        return str(self.remove.data or "")

    @property
    def places(self) -> list[int]:
        """Those of the questions that take files."""
        return [_place_in(field.name) for field in self if isinstance(field, FilesField)]


def _place_in(name: str) -> int:
    return int(name[1:].partition("-")[0])


def answers_form(*, questions: Sequence[Answer], is_sent: bool = True) -> AnswersForm:
    """A form with the fields of each of these questions, filled with what was answered before.

    A request that sends none of its fields is no answer to it: with `is_sent` it would untick what has several ticks.
    """
    fields = {field_name(answer, part): field for answer in questions for part, field in fields_of(answer).items()}
    fields |= {
        f"{FLAG}{answer.place}": BooleanField(_l("Look at this again"), default=answer.is_flagged)
        for answer in questions
        if answer.version.behavior.takes_answers and not answer.is_checked
    }
    checked = {answer.place: answer for answer in questions if answer.is_checked}
    form = type("AnswersForm", (AnswersForm,), {**fields, "checked": checked})(
        **({} if is_sent else {"formdata": None})
    )
    assert isinstance(form, AnswersForm)
    return form


def field_name(answer: Answer, part: str = CHOSEN) -> str:
    return f"q{answer.place}" if part == CHOSEN else f"q{answer.place}-{part}"


def given(answer: Answer, form: AnswersForm) -> list[tuple[str, str]]:
    """What the form says to one question, field by field, as a page can send it once more."""
    names = (field_name(answer), f"{field_name(answer)}-")
    mine = [field for field in form if field.name == names[0] or field.name.startswith(names[1])]
    return [(field.name, said) for field in mine for said in entered(field)]


def entered(field: Field) -> list[str]:
    if isinstance(field, SelectMultipleField):
        return list(field.data or [])
    return [field.data] if field.data else []
