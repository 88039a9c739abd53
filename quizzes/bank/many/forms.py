"""A text with many questions, and what is to be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import ValidationError

from lti_tool.db import new_public_id
from quizzes.bank.fields import choices, chosen, clean, line
from quizzes.bank.forms import topic_choices
from quizzes.bank.many.planning import MOST_CHARACTERS
from quizzes.bank.queries import Branch
from quizzes.bank.tags import words_in
from quizzes.bank.wording import DIFFICULTIES, STATES
from quizzes.questions import QuestionState


class ManyForm(FlaskForm):  # type: ignore[misc]
    token = HiddenField(default=new_public_id)
    """Of the form: one that is sent twice makes its questions once."""
    typed = TextAreaField(_l("Your questions"), filters=[clean])
    category = chosen(_l("Topic, where the text names none"))
    tags = line(_l("Tags for all, with commas between them"), most=500)
    difficulty = chosen(_l("Difficulty, where the text says nothing"), DIFFICULTIES)
    state = chosen(_l("Save them as"))
    again = BooleanField(_l("Save those that the bank has already once more"))

    def __init__(self, *, branches: Sequence[Branch], **rest: object) -> None:
        super().__init__(**rest)
        self.category.choices = topic_choices(branches)
        offered = (QuestionState.READY, QuestionState.DRAFT)
        self.state.choices = choices((state.value, STATES[state]) for state in offered)

    def validate_typed(self, field: TextAreaField) -> None:
        if not field.data:
            raise ValidationError(_("Write or paste at least one question."))
        if len(field.data) > MOST_CHARACTERS:
            raise ValidationError(
                _(
                    "This has %(number)d characters, and %(most)d are the most at once. Save it in two parts.",
                    number=len(field.data),
                    most=MOST_CHARACTERS,
                )
            )

    @property
    def words(self) -> list[str]:
        return words_in(self.tags.data or "")

    @property
    def wanted_state(self) -> QuestionState:
        return QuestionState(self.state.data)

    @property
    def sent(self) -> str:
        """The form and all that stands in it."""
        told = (self.token, self.typed, self.category, self.tags, self.difficulty, self.state, self.again)
        return "\n".join(str(field.data) for field in told)
