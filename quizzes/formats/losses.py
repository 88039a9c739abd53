"""What a bank says and a format cannot, told for each question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from quizzes import rich
from quizzes.bank.checking import rich_texts
from quizzes.formats.model import Bank, Question
from quizzes.formats.reports import Odd, Part, Reporter
from quizzes.kinds import Kind
from quizzes.rich import TextFormat

_SAID: Mapping[Part, Callable[[Question], object]] = {
    Part.TITLE: lambda each: each.title,
    Part.IDENTIFIER: lambda each: each.identifier,
    Part.CATEGORY: lambda each: each.category,
    Part.TAGS: lambda each: each.tags,
    Part.MAXIMUM: lambda each: each.maximum != (0 if each.kind is Kind.DESCRIPTION else 1),
    Part.DIFFICULTY: lambda each: each.difficulty,
    Part.WHY: lambda each: each.body.get("why"),
    Part.FEEDBACK: lambda each: any(each.feedback.values()),
    Part.HINTS: lambda each: each.hints,
    Part.PENALTY: lambda each: each.penalty,
    Part.MEDIA: lambda each: each.media,
    Part.TEXT_FORMAT: lambda each: each.text_format is not TextFormat.PLAIN,
    Part.FIXED: lambda each: any(row.get("fixed") for row in each.body.get("options", ())),
    Part.SCORING: lambda each: each.body.get("scoring"),
}
"""Whether a question says this. What belongs to one kind alone, its writer tells."""


def tell_unsaid(question: Question, format: str, said: Collection[Part], report: Reporter) -> None:
    """Everything that the question says beside `said`."""
    for part, says in _SAID.items():
        if part not in said and says(question):
            report.loss(Odd.NOT_SAID, question.place, format=format, part=part)


def tell_marks(question: Question, format: str, report: Reporter) -> None:
    """Bold, lists and the like, where the format has them as HTML."""
    if question.text_format is TextFormat.MARKDOWN and any(
        _has_marks(text) for _place, text in rich_texts(question.body)
    ):
        report.note(Odd.SAID_AS, question.place, format=format, part=Part.TEXT_FORMAT)


def _has_marks(text: str) -> bool:
    return rich.plain(text, TextFormat.MARKDOWN, inline=False).split() != text.split()


def tell_unsaid_of_bank(bank: Bank, format: str, said: Collection[Part], report: Reporter) -> None:
    """The same of the bank as a whole."""
    for part, whole in ((Part.LANGUAGE, bank.language), (Part.LICENSE, bank.license), (Part.QUIZ, bank.quizzes)):
        if whole and part not in said:
            report.loss(Odd.NOT_SAID, format=format, part=part)
