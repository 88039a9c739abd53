"""All texts of a question told otherwise: in HTML, or with other names for its media."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from quizzes.bank.checking import LISTS
from quizzes.formats.model import Question
from quizzes.formats.pictures import renamed
from quizzes.formats.texts import as_html
from quizzes.kinds import Body
from quizzes.rich import TextFormat


def with_players(question: Question) -> Question:
    """In HTML if it plays recordings: others know no other way to name them."""
    if question.text_format is TextFormat.HTML or not any(each.is_sound for each in question.media):
        return question
    return in_html(question)


def in_html(question: Question) -> Question:
    """The same, all of whose texts are HTML."""
    return _turned(question, lambda text: as_html(text, question.text_format), TextFormat.HTML)


def renamed_in(question: Question, names: Mapping[str, str]) -> Question:
    """With these names of files where its texts have keys of media."""
    return _turned(question, lambda text: renamed(text, names), question.text_format) if names else question


def _turned(question: Question, told: Callable[[str], str], text_format: TextFormat) -> Question:
    def rows(body: Body, name: str) -> list[Body]:
        return [{**row, "text": told(str(row["text"]))} for row in body[name]]

    body = question.body
    texts = {name: told(str(body[name])) for name in ("text", "why") if body.get(name)}
    lists = {name: rows(body, name) for name in LISTS if name in body}
    return replace(
        question,
        body={**body, **texts, **lists},
        text_format=text_format,
        feedback={path: told(said) for path, said in question.feedback.items()},
        hints=tuple(map(told, question.hints)),
    )
