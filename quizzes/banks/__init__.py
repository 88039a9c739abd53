"""Banks of questions that come with the tool, as files that people can read and correct.

A bank's texts are its content, in the language it names; they do not go through gettext.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from quizzes.marking import Kind

DIFFICULTIES = (1, 2, 3)
KINDS = (Kind.SINGLE, Kind.MULTIPLE)
"""What questions of a file may be."""


class BankError(Exception):
    """A bank cannot be used; the message names everything that is wrong with it."""


@dataclass(frozen=True)
class OptionText:
    id: str
    text: str
    is_right: bool
    is_fixed: bool = False
    """Whether it keeps its place when options are shuffled."""


@dataclass(frozen=True)
class QuestionText:
    """One question as it stands in the file."""

    id: str
    topic: str
    kind: Kind
    difficulty: int
    """1 easy, 2 medium, 3 hard."""
    text: str
    options: tuple[OptionText, ...]
    why: str
    """Why the right answers are right, in one sentence."""

    @property
    def right(self) -> list[str]:
        return [option.id for option in self.options if option.is_right]


@dataclass(frozen=True)
class BankText:
    """A whole bank as it stands in the file."""

    name: str
    title: str
    language: str
    license: str
    topics: Mapping[str, str]
    """Each topic's title by its id, in the order topics are reported in."""
    questions: tuple[QuestionText, ...]
    fingerprint: str
    """SHA-256 of the file: changes whenever anything in it does."""


@cache
def load(name: str) -> BankText:
    """The bank of this name that comes with the tool.

    Raises BankError if there is none, or naming everything that is wrong with it.
    """
    file = files(__name__) / f"{name}.toml"
    if not name.isidentifier() or not file.is_file():
        raise BankError(f"There is no question bank called {name!r}.")
    return read(name, file.read_text(encoding="utf-8"))


def read(name: str, text: str) -> BankText:
    """A bank from the text of its file."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BankError(f"The question bank {name!r} is not readable TOML: {problem}.") from None
    problems = list(_problems(document))
    if problems:
        raise BankError(f"The question bank {name!r} cannot be used: {' '.join(problems)}")
    return BankText(
        name=name,
        title=document["title"],
        language=document["language"],
        license=document["license"],
        topics=document["topics"],
        questions=tuple(_question(each) for each in document["questions"]),
        fingerprint=hashlib.sha256(text.encode()).hexdigest(),
    )


def _question(row: Mapping[str, Any]) -> QuestionText:
    return QuestionText(
        id=row["id"],
        topic=row["topic"],
        kind=Kind(row["kind"]),
        difficulty=row["difficulty"],
        text=row["text"],
        options=tuple(
            OptionText(option["id"], option["text"], option["id"] in row["right"], option.get("fixed", False))
            for option in row["options"]
        ),
        why=row["why"],
    )


def _problems(document: Mapping[str, Any]) -> Iterator[str]:
    for word in ("title", "language", "license"):
        if not _is_text(document.get(word)):
            yield f"It needs a {word}."
    topics, questions = document.get("topics"), document.get("questions")
    if not isinstance(topics, dict) or not topics or not all(map(_is_text, topics.values())):
        yield "It needs topics, each with a title."
        topics = {}
    if not isinstance(questions, list) or not all(isinstance(row, dict) for row in questions or [None]):
        yield "It needs questions."
        return
    for place, row in enumerate(questions, start=1):
        label = f"Question {row['id']!r}" if _is_text(row.get("id")) else f"Question number {place}"
        yield from (f"{label} {problem}" for problem in _question_problems(row, topics))
    yield from _repeats("id", [row.get("id") for row in questions])
    yield from _repeats("text", [row.get("text") for row in questions])


def _question_problems(row: Mapping[str, Any], topics: Mapping[str, str]) -> Iterator[str]:
    for word in ("id", "text", "why"):
        if not _is_text(row.get(word)):
            yield f"needs a {word}."
    if row.get("topic") not in topics:
        yield f"has the topic {row.get('topic')!r}, which the bank does not list."
    if row.get("kind") not in KINDS:
        yield f"has the kind {row.get('kind')!r}; it must be single or multiple."
    if row.get("difficulty") not in DIFFICULTIES:
        yield f"has the difficulty {row.get('difficulty')!r}; it must be 1, 2 or 3."
    yield from _option_problems(row)


def _option_problems(row: Mapping[str, Any]) -> Iterator[str]:
    options = row.get("options")
    if not isinstance(options, list) or not all(_is_option(option) for option in options):
        yield "needs options, each with an id and a text."
        return
    if not 3 <= len(options) <= 5:
        yield f"has {len(options)} options; three to five can be read at a glance."
    ids = [option["id"] for option in options]
    yield from _repeats("option id", ids)
    yield from _repeats("option text", [option["text"] for option in options])
    right = row.get("right")
    if not isinstance(right, list) or not set(map(str, right)) <= set(ids):
        yield "needs a list of right answers, each the id of an option."
        return
    yield from _repeats("right answer", right)
    if row.get("kind") == Kind.SINGLE and len(right) != 1:
        yield f"has {len(right)} right answers; a single-answer question has exactly one."
    if row.get("kind") == Kind.MULTIPLE and not 2 <= len(right) < len(options):
        yield "must have at least two right answers and one wrong one, being a multiple-answer question."


def _repeats(what: str, values: list[Any]) -> Iterator[str]:
    counted = Counter(value for value in values if isinstance(value, str))
    yield from (f"The {what} {value!r} stands twice." for value, times in counted.items() if times > 1)


def _is_option(value: object) -> bool:
    return isinstance(value, dict) and _is_text(value.get("id")) and _is_text(value.get("text"))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value == value.strip() != ""
