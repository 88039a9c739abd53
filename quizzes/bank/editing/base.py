"""What all questions are written with: the text, why, where it stands; and lists whose rows are fields.

A form reads a body and makes one. What a body has that no field shows, such as what came along in an import, it keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, StringField
from wtforms.validators import ValidationError

from lti_tool.db import new_public_id
from quizzes.bank.checking import Problem
from quizzes.bank.fields import chosen, line, long_text
from quizzes.bank.forms import topic_choices
from quizzes.bank.lines import next_id
from quizzes.bank.models import Picture
from quizzes.bank.queries import Branch
from quizzes.bank.tags import words_in
from quizzes.bank.wording import DIFFICULTIES, FORMATS, STATES, in_place, sentence
from quizzes.bank.writing import LONGEST_NOTE, Said
from quizzes.kinds import Body, Kind
from quizzes.kinds.numbers import read_number
from quizzes.questions import LONGEST_TITLE, Question, QuestionState, QuestionVersion
from quizzes.rich import TextFormat

MOST_ROWS = 100
MOST_POINTS = 1_000
_TOKEN = re.compile(r"[a-z2-7]{16}")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a question is written: the topics of its bank, and its pictures."""

    branches: Sequence[Branch]
    pictures: Sequence[Picture] = field(default_factory=list)


class Row(Form):
    """One of a list. Without words it is none, and is left out."""

    named_by: ClassVar[str] = "text"
    fills: ClassVar[Sequence[str]] = ()
    """The fields besides that make it one."""

    @property
    def is_blank(self) -> bool:
        return not any(self[name].data for name in (self.named_by, *self.fills))

    def validate(self, extra_validators: Any = None) -> bool:
        return self.is_blank or bool(super().validate(extra_validators))


class IdRow(Row):
    id = HiddenField()


def listed(row: type[Row]) -> Any:
    return FieldList(FormField(row), max_entries=MOST_ROWS)


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms of all kinds."""

    kind: ClassVar[Kind]
    row_lists: ClassVar[Mapping[str, int]] = {}
    """The lists of the form, each with how many rows a new question begins with."""
    stands_at: ClassVar[Mapping[str, str]] = {}
    """Parts of a body, each with the list that shows what is wrong with it."""

    seen = HiddenField()
    """Which version the writer began from; nothing for a new question."""
    token = HiddenField(default=new_public_id)
    """Of the form: one that is sent twice makes one question."""
    text = long_text(_l("Question"))
    why = long_text(_l("Explanation, shown with the result"))
    picture = FileField(_l("Add a picture to the question"))
    picture_alt = line(_l("What the picture shows, in words"), most=500)
    sound = FileField(_l("Add a recording to the question"))
    sound_words = long_text(_l("What is heard, in words"))
    title = line(_l("Name, for those who write"), most=LONGEST_TITLE)
    category = chosen(_l("Topic"))
    tags = line(_l("Tags, with commas between them"), most=500)
    difficulty = chosen(_l("Difficulty"), DIFFICULTIES)
    state = chosen(_l("State"), STATES)
    maximum = line(_l("Points, where a quiz does not say otherwise"), most=20)
    text_format = chosen(_l("How the texts are written"), FORMATS)
    note = line(_l("What you changed"), most=LONGEST_NOTE)

    def __init__(self, *, place: Place, **rest: Any) -> None:
        super().__init__(**rest)
        self.place = place
        self.category.choices = topic_choices(place.branches)
        self.beside: dict[str, list[str]] = {}
        """What is wrong with a whole list, by its name."""

    @classmethod
    def begun(cls, place: Place, **kept: str) -> QuestionForm:
        """An empty one, with what is kept from the last question."""
        told = {"difficulty": "1", "maximum": "1", "text_format": TextFormat.MARKDOWN, "state": QuestionState.READY}
        form = cls(place=place, formdata=None, data={**told, **{name: said for name, said in kept.items() if said}})
        for name, number in cls.row_lists.items():
            for _number in range(number):
                form[name].append_entry()
        return form

    @classmethod
    def of(cls, place: Place, question: Question, version: QuestionVersion) -> QuestionForm:
        """Filled with what a question says, and a row more in each list."""
        told = {
            "seen": str(version.n),
            "text": version.text,
            "why": version.why,
            "title": question.title,
            "category": question.category.public_id,
            "tags": ", ".join(tag.word for tag in question.tags),
            "difficulty": str(version.difficulty),
            "state": question.state,
            "maximum": f"{version.maximum:g}",
            "text_format": version.text_format,
        }
        form = cls(place=place, formdata=None, data={**told, **cls.shown(version.body)})
        for name in cls.row_lists:
            form.one_more(name)
        return form

    @classmethod
    def shown(cls, body: Body) -> dict[str, Any]:
        """What the fields of this kind say of a body."""
        return {}

    def parts(self, before: Body) -> dict[str, Any]:
        """What the fields of this kind make of a body; `before` is what it was."""
        return {}

    def said(self, before: Body) -> Said:
        body = {**before, "text": self.text.data or "", "why": self.why.data or "", **self.parts(before)}
        return Said(
            kind=self.kind,
            text_format=TextFormat(self.text_format.data),
            body=body,
            difficulty=int(self.difficulty.data),
            maximum=float(self._points() or 0),
        )

    @property
    def words(self) -> list[str]:
        return words_in(self.tags.data or "")

    @property
    def called(self) -> str:
        return " ".join((self.title.data or "").split())

    @property
    def wanted_state(self) -> QuestionState:
        return QuestionState(self.state.data)

    def _points(self) -> Fraction | None:
        return read_number(self.maximum.data or "0")

    def validate_maximum(self, field: StringField) -> None:
        points = self._points()
        if points is None or not 0 <= points <= MOST_POINTS:
            raise ValidationError(_("Give the points as a number from 0 to %(most)d.", most=MOST_POINTS))

    def validate_token(self, field: HiddenField) -> None:
        if _TOKEN.fullmatch(field.data or "") is None:
            field.data = new_public_id()

    def one_more(self, name: str) -> None:
        """Another blank row of this list, if there is one and it is not full."""
        if name in self.row_lists and len(self[name].entries) < MOST_ROWS:
            self[name].append_entry()

    def filled(self, name: str) -> list[Any]:
        """The rows of a list that say something."""
        return [entry.form for entry in self[name].entries if not entry.form.is_blank]

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Say what is wrong where it stands: beside a field, beside a list, or at the top."""
        for problem in problems:
            first, *rest = problem.place
            name = self.stands_at.get(str(first), str(first))
            if name not in self:
                self.form_errors.append(in_place(problem))
            elif name not in self.row_lists:
                self[name].errors = [*self[name].errors, sentence(problem)]
            elif name == first and rest and isinstance(rest[0], int) and rest[0] < len(self.filled(name)):
                self._refuse_row(name, self.filled(name)[rest[0]], str(rest[1]) if len(rest) > 1 else "", problem)
            else:
                self.beside.setdefault(name, []).append(in_place(problem))
                self.form_errors.append(in_place(problem))

    def _refuse_row(self, name: str, row: Row, part: str, problem: Problem) -> None:
        field = row[part] if part in row and part != "id" else row[row.named_by]
        field.errors = [*field.errors, sentence(problem)]
        self[name].errors = [entry.errors for entry in self[name].entries]


def ids_for(rows: Iterable[Any], before: Iterable[Body]) -> list[tuple[Any, str, dict[str, Any]]]:
    """Each row with its id and what it was before; new ones get names that were never another's."""
    known = {str(each["id"]): dict(each) for each in before}
    rows = list(rows)
    taken = set(known) | {row.id.data for row in rows if row.id.data}
    found = []
    for row in rows:
        name = row.id.data or next_id(row[row.named_by].data or "", taken)
        taken.add(name)
        found.append((row, name, known.get(name, {})))
    return found


def ticked(label: Any) -> Any:
    return BooleanField(label)
