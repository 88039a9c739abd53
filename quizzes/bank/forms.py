"""What people send to the pages of a bank: banks, topics, searches, and what is to be done with several questions."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale, UnknownLocaleError
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Form, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from quizzes.bank.fields import choices, chosen, line
from quizzes.bank.queries import Branch, Order, Search, with_topics_in_it
from quizzes.bank.sorting import LONGEST_TITLE
from quizzes.bank.tags import words_in
from quizzes.bank.wording import DIFFICULTIES, FIRST, KINDS, STATES
from quizzes.kinds import Kind
from quizzes.questions import Bank, QuestionState


class BankForm(FlaskForm):  # type: ignore[misc]
    title = line(_l("What the bank is called"), most=LONGEST_TITLE, is_required=_l("Give the bank a title."))
    language = line(_l("Language of its texts"), most=35, is_required=_l("Give the language, such as en, de or fr."))

    def validate_language(self, field: StringField) -> None:
        try:
            Locale.parse((field.data or "").replace("-", "_"))
        except (UnknownLocaleError, ValueError, TypeError):
            raise ValidationError(_("Give the language by its short name, such as en, de or pt-BR.")) from None
        field.data = (field.data or "").replace("_", "-")


class CategoryForm(FlaskForm):  # type: ignore[misc]
    title = line(_l("Topic"), most=LONGEST_TITLE, is_required=_l("Give the topic a title."))
    parent = chosen(_l("Within"))

    def __init__(self, *, branches: Sequence[Branch], prefix: str = "", **rest: object) -> None:
        super().__init__(prefix=prefix, **rest)
        self.parent.choices = [SelectChoice("", _("No other topic")), *topic_choices(branches)]


def topic_choices(branches: Sequence[Branch]) -> list[SelectChoice]:
    return [SelectChoice(branch.category.public_id, branch.indented) for branch in branches]


class SearchForm(Form):
    """What stands in the address of a list; what is none of the choices narrows nothing."""

    q = StringField(_l("Words of the question, its options, explanation or tags"), default="")
    tag = SelectField(_l("Tag"), default="")
    category = SelectField(_l("Topic"), default="")
    kind = SelectField(_l("Kind"), default="")
    difficulty = SelectField(_l("Difficulty"), default="")
    measured = SelectField(_l("Measured difficulty"), default="")
    state = SelectField(_l("State"), default="")
    order = SelectField(_l("First in the list"), default="")

    def __init__(self, *, branches: Sequence[Branch], words: Sequence[str]) -> None:
        super().__init__(request.args)
        offered = {
            "tag": choices((word, word) for word in words),
            "category": topic_choices(branches),
            "kind": choices(KINDS.items()),
            "difficulty": choices(DIFFICULTIES.items()),
            "state": choices(STATES.items()),
            "measured": choices([*DIFFICULTIES.items(), (0, _("Not measured"))]),
        }
        for name, listed in offered.items():
            field = getattr(self, name)
            field.choices = [SelectChoice("", _("Any")), *listed]
            if field.data not in [choice.value for choice in field.choices]:
                field.data = ""
        self.order.choices = choices((order.value, words) for order, words in FIRST.items())
        if self.order.data not in list(FIRST):
            self.order.data = ""

    @property
    def said(self) -> dict[str, str]:
        """What of it narrows the list, as it stands in addresses."""
        return {field.name: field.data[:200] for field in self if field.data}

    def search(self, branches: Sequence[Branch], platform: int) -> Search:
        return Search(
            text=" ".join((self.q.data or "").split())[:200],
            tag=self.tag.data,
            categories=with_topics_in_it(branches, self.category.data) if self.category.data else (),
            kind=Kind(self.kind.data) if self.kind.data else None,
            difficulty=int(self.difficulty.data) if self.difficulty.data else None,
            state=QuestionState(self.state.data) if self.state.data else None,
            platform=platform,
            measured=int(self.measured.data) if self.measured.data else None,
            order=Order(self.order.data),
        )


class SelectedForm(FlaskForm):  # type: ignore[misc]
    """Several questions of a list, and what may be done with them."""

    question = SelectMultipleField(_l("Questions"), validate_choice=False)
    category = chosen(_l("Topic"), validate_choice=False)
    tags = line(_l("Tags, with commas between them"), most=500)
    bank = chosen(_l("Bank"), validate_choice=False)

    def __init__(self, *, branches: Sequence[Branch], banks: Sequence[Bank]) -> None:
        super().__init__()
        self.category.choices = topic_choices(branches)
        self.bank.choices = choices((bank.public_id, bank.title) for bank in banks)

    @property
    def words(self) -> list[str]:
        return words_in(self.tags.data or "")
