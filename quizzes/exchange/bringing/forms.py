"""A file with questions, and what is looked for in it, as forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from quizzes.bank.fields import choices, chosen
from quizzes.bank.forms import topic_choices
from quizzes.bank.queries import Branch
from quizzes.bank.wording import KINDS
from quizzes.exchange.bringing.finding import Show, Sought
from quizzes.formats import registry
from quizzes.kinds import Kind

LONGEST = 200
"""Of the words that are looked for."""


SHOWN: Mapping[Show, LazyString] = {
    Show.PROBLEMS: _l("With problems"),
    Show.KNOWN: _l("There already"),
    Show.NEW: _l("New ones"),
    Show.TICKED: _l("Ticked ones"),
}


class SoughtForm(Form):
    """What is looked for in a file, as it stands in an address; what is none of the choices narrows nothing."""

    q = StringField(_l("Words of the question, its options, explanation, tags or topic"), default="")
    show = SelectField(_l("Which"), default="")
    kind = SelectField(_l("Kind"), default="")

    def __init__(self) -> None:
        super().__init__(request.values)
        for field, words in ((self.show, SHOWN), (self.kind, KINDS)):
            field.choices = [SelectChoice("", _("Any")), *choices(words.items())]
            if field.data not in list(words):
                field.data = ""
        self.q.data = " ".join((self.q.data or "").split())[:LONGEST]

    @property
    def said(self) -> dict[str, str]:
        """What of it narrows, as it stands in addresses."""
        return {field.name: field.data for field in self if field.data}

    @property
    def sought(self) -> Sought:
        return Sought(
            words=self.q.data or "",
            show=Show(self.show.data) if self.show.data else None,
            kind=Kind(self.kind.data) if self.kind.data else None,
        )


class BringForm(FlaskForm):  # type: ignore[misc]
    file = FileField(_l("File"), validators=[FileRequired(_l("Choose the file to bring."))])
    format = chosen(_l("What it is"))
    category = chosen(_l("Topic, where the file names none"))
    drafts = BooleanField(_l("Keep all of them as drafts"))

    def __init__(self, *, branches: Sequence[Branch]) -> None:
        super().__init__()
        self.category.choices = topic_choices(branches)
        offered = [(each.name, each.title) for each in registry.FORMATS.values()]
        self.format.choices = choices([("", _("Have it recognized")), *offered])
