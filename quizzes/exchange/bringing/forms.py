"""A file with questions, as a form."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from quizzes.bank.fields import choices, chosen
from quizzes.bank.forms import topic_choices
from quizzes.bank.queries import Branch
from quizzes.formats import registry


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
