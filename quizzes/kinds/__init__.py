"""The kinds of questions: how each is shuffled, answered, marked and told."""

from __future__ import annotations

from collections.abc import Mapping

from quizzes.kinds.base import (
    CHOSEN,
    FILES,
    NUMBER,
    ORDER,
    TEXT,
    UNIT,
    Body,
    Interaction,
    NotAnAnswer,
    Option,
    Places,
    QuestionKind,
    Response,
    TooLong,
)
from quizzes.kinds.choices import HOTSPOT, MULTIPLE, SINGLE, TRUE_FALSE
from quizzes.kinds.gaps import CLOZE, DROP_DOWN
from quizzes.kinds.numbers import NUMERIC
from quizzes.kinds.ordering import ORDERING
from quizzes.kinds.pairs import CATEGORIZE, MATCHING
from quizzes.kinds.texts import DESCRIPTION, ESSAY, FILES_KIND, SHORT_TEXT
from quizzes.marking import Kind

__all__ = [
    "CHOSEN",
    "FILES",
    "NUMBER",
    "ORDER",
    "TEXT",
    "UNIT",
    "Body",
    "Interaction",
    "Kind",
    "NotAnAnswer",
    "Option",
    "Places",
    "QuestionKind",
    "Response",
    "TooLong",
    "kind_of",
]

_ALL: tuple[QuestionKind, ...] = (
    SINGLE,
    MULTIPLE,
    TRUE_FALSE,
    MATCHING,
    ORDERING,
    NUMERIC,
    SHORT_TEXT,
    CLOZE,
    DROP_DOWN,
    CATEGORIZE,
    HOTSPOT,
    ESSAY,
    FILES_KIND,
    DESCRIPTION,
)
_BY_KIND: Mapping[Kind, QuestionKind] = {each.kind: each for each in _ALL}


def kind_of(kind: Kind) -> QuestionKind:
    return _BY_KIND[kind]
