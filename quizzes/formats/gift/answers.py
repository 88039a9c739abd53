"""What stands between the braces of a GIFT question: its kind, its answers, and what is said to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from quizzes.formats.gift.signs import ANSWER, FORMAT, WEIGHT, place_of, unescaped
from quizzes.formats.model import OTHER
from quizzes.formats.numbers import NotANumber, answer_of
from quizzes.formats.pairs import matched
from quizzes.formats.scorings import scoring_of
from quizzes.formats.texts import Written, rows_of
from quizzes.formats.weights import ALL, NOTHING, share, weighed
from quizzes.kinds import Kind
from quizzes.kinds.ordering import Scoring

_TRUE_FALSE = re.compile(r"(T|TRUE|F|FALSE)", re.IGNORECASE)
_ORDERING = re.compile(r">\s*(\d*)\s*([A-Z]*)\s*([^\n]*)\n(.*)", re.DOTALL)
_ARROW = "->"


class Wrong(StrEnum):
    """What can be wrong in GIFT's own way."""

    BRACE = "gift_brace"
    TWO_BLOCKS = "gift_two_blocks"
    NO_NUMBER = "gift_no_number"
    NO_ANSWERS = "gift_no_answers"
    NOT_ORDERED = "gift_not_ordered"


class NotRead(Exception):
    """Why this is no question."""

    def __init__(self, wrong: Wrong, what: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.what = wrong, what


@dataclass
class Parsed:
    """What the braces say; texts wait until the format of all of the question's is known."""

    kind: Kind
    make: Callable[[Sequence[str]], dict[str, Any]]
    """The body's parts, from the texts."""
    texts: list[Written] = field(default_factory=list)
    feedback: dict[tuple[str, int] | str, Written] = field(default_factory=dict)
    """By list and place, or by the name that `model` has for the whole answer."""
    lost: list[str] = field(default_factory=list)
    """What is not kept, as the file has it."""


def parsed(text: str, usual: str) -> Parsed:
    """Raises NotRead; `usual` is how texts are written that say nothing of it."""
    text = text.strip()
    if not text:
        return Parsed(Kind.ESSAY, _nothing)
    if text[0] == "#":
        return _numeric(text[1:], usual)
    if text[0] == ">":
        return _ordering(text, usual)
    answers = [(sign, said.strip()) for sign, said in ANSWER.findall(text if text[0] in "=~" else f"={text}")]
    if "~" in text and any(sign == "~" for sign, _said in answers):
        return _choice(answers, usual)
    if place_of("=", text) < 0 and (found := _true_false(text, usual)):
        return found
    if all(_ARROW in said and not WEIGHT.match(said) for _sign, said in answers):
        return _matching([said for _sign, said in answers], usual)
    return _short_text([said for _sign, said in answers], usual)


def written(text: str, usual: str) -> Written:
    """A text with the format that stands before it."""
    text = text.strip()
    if text[:1] != "[" or (found := FORMAT.match(text)) is None:
        return usual, unescaped(text) if "\\" in text else text
    return found[1], unescaped(text[found.end() :])


def _nothing(_texts: Sequence[str]) -> dict[str, Any]:
    return {}


def _split(said: str) -> tuple[Fraction | None, str, str]:
    """What an answer weighs, what it says, and what is said to it."""
    weight = None
    if said[:1] == "%" and (found := WEIGHT.match(said)):
        weight, said = share(found[1]), said[found.end() :].strip()
    at = place_of("#", said) if "#" in said else -1
    return (weight, said, "") if at < 0 else (weight, said[:at].strip(), said[at + 1 :].strip())


def _choice(answers: Sequence[tuple[str, str]], usual: str) -> Parsed:
    kind = Kind.SINGLE if "=" in [sign for sign, _said in answers] else Kind.MULTIPLE
    weights, texts, feedback = [], [], dict[tuple[str, int] | str, Written]()
    for place, (sign, said) in enumerate(answers):
        weight, text, comment = _split(said)
        weights.append(weight if weight is not None else ALL if sign == "=" else NOTHING)
        texts.append(written(text, usual))
        if comment:
            feedback["options", place] = written(comment, usual)
    return Parsed(kind, lambda texts: weighed(kind, rows_of(texts), weights), texts, feedback)


def _true_false(text: str, usual: str) -> Parsed | None:
    """After the answer comes what is said to those who are wrong, and then to those who are right."""
    said, *comments = _comments(text, 2)
    if _TRUE_FALSE.fullmatch(said) is None:
        return None
    right = "true" if said[0] in "tT" else "false"
    wrong = "false" if right == "true" else "true"
    found = zip((wrong, right), comments, strict=False)
    feedback: dict[tuple[str, int] | str, Written] = {
        f"options/{name}": written(comment, usual) for name, comment in found if comment
    }
    return Parsed(Kind.TRUE_FALSE, lambda _texts: {"right": [right]}, feedback=feedback)


def _comments(text: str, most: int) -> list[str]:
    parts: list[str] = []
    while len(parts) < most and (at := place_of("#", text)) >= 0:
        parts.append(text[:at].strip())
        text = text[at + 1 :]
    return [*parts, text.strip()]


def _matching(answers: Sequence[str], usual: str) -> Parsed:
    pairs = [said.split(_ARROW, 1) for said in answers]
    rows = [written(row, usual) for row, _choice in pairs]
    choices = [written(choice, usual) for _row, choice in pairs]

    def make(texts: Sequence[str]) -> dict[str, Any]:
        return matched(texts[: len(rows)], texts[len(rows) :])

    return Parsed(Kind.MATCHING, make, [*rows, *choices])


def _short_text(answers: Sequence[str], usual: str) -> Parsed:
    made: list[dict[str, Any]] = []
    feedback: dict[tuple[str, int] | str, Written] = {}
    for said in answers:
        weight, text, comment = _split(said)
        answer: dict[str, Any] = {"text": written(text, usual)[1]}
        if weight is not None and weight != 1:
            answer["weight"] = str(weight)
        if comment:
            feedback["answers", len(made)] = written(comment, usual)
        made.append(answer)
    if len(made) > 1 and made[-1]["text"] == "*" and made[-1].get("weight") == "0":
        # What is said to everything else; it earns nothing anyway.
        made.pop()
        said_to_others = feedback.pop(("answers", len(made)), None)
        if said_to_others:
            feedback[OTHER] = said_to_others
    if not made or not made[0]["text"]:
        raise NotRead(Wrong.NO_ANSWERS)
    return Parsed(Kind.SHORT_TEXT, lambda _texts: {"answers": made}, feedback=feedback)


def _numeric(text: str, usual: str) -> Parsed:
    made: list[dict[str, Any]] = []
    feedback: dict[tuple[str, int] | str, Written] = {}
    for sign, said in ANSWER.findall(text if text.lstrip()[:1] in ("=", "~") else f"={text}"):
        weight, number, comment = _split(said.strip())
        if sign == "~" or number in ("*", ""):
            if comment:
                feedback[OTHER] = written(comment, usual)
            continue
        answer = _number(unescaped(number))
        if weight is not None and weight != 1:
            answer["weight"] = str(weight)
        if comment:
            feedback["answers", len(made)] = written(comment, usual)
        made.append(answer)
    if not made:
        raise NotRead(Wrong.NO_ANSWERS)
    return Parsed(Kind.NUMERIC, lambda _texts: {"answers": made}, feedback=feedback)


def _number(said: str) -> dict[str, Any]:
    try:
        return dict(answer_of(said))
    except NotANumber as refused:
        raise NotRead(Wrong.NO_NUMBER, refused.said) from None


def _ordering(text: str, usual: str) -> Parsed:
    """A line of settings, and the items each in a line, in their order."""
    found = _ORDERING.fullmatch(text)
    items = [line.strip() for line in found[4].split("\n") if line.strip()] if found else []
    if found is None or len(items) < 2:
        raise NotRead(Wrong.NOT_ORDERED)
    scoring = next((each for word in found[3].split() if (each := scoring_of(word))), Scoring.ABSOLUTE_POSITION)
    some = found[1] and int(found[1]) not in (0, len(items)) and found[2] != "ALL"
    lost = [f">{found[1]} {found[2]}".strip()] if some else []

    def make(texts: Sequence[str]) -> dict[str, Any]:
        extra = {} if scoring is Scoring.ALL_BEFORE_AND_AFTER else {"scoring": scoring.value}
        return {"items": rows_of(texts), **extra}

    return Parsed(Kind.ORDERING, make, [written(item, usual) for item in items], lost=lost)
