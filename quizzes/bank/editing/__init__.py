"""The editor's forms: what a question of each kind is written with, and the body that comes of it."""

from __future__ import annotations

from collections.abc import Mapping

from quizzes.bank.editing.base import Place, QuestionForm
from quizzes.bank.editing.choices import HotspotForm, MultipleForm, SingleForm, TrueFalseForm
from quizzes.bank.editing.gaps import ClozeForm, DropDownForm
from quizzes.bank.editing.numbers import NumericForm, ShortTextForm
from quizzes.bank.editing.pairs import CategorizeForm, MatchingForm, OrderingForm
from quizzes.bank.editing.texts import DescriptionForm, EssayForm, FilesForm
from quizzes.kinds import Kind

__all__ = ["FORMS", "Place", "QuestionForm"]

FORMS: Mapping[Kind, type[QuestionForm]] = {
    form.kind: form
    for form in (
        SingleForm,
        MultipleForm,
        TrueFalseForm,
        MatchingForm,
        OrderingForm,
        NumericForm,
        ShortTextForm,
        ClozeForm,
        DropDownForm,
        CategorizeForm,
        HotspotForm,
        EssayForm,
        FilesForm,
        DescriptionForm,
    )
}
