"""Answering in words: one line that is compared, an essay and files that people read, and texts without a question.

Short text. Body: `answers`, each with `text` and `weight` (a fraction as text, `1` if it is not there); `*` in a text
stands for anything, `\\*` for a star. `case` says whether capitals matter. Spaces are straightened and letters are
compared in Unicode's composed form. The best answer that fits counts.

Essay. Body: `least_words`, `most_words` (0: as many as people like), `lines` (how tall the field is), `rubric`.
Files. Body: `most` (how many), `types` (endings, none for any), `rubric`.
A rubric is a list of criteria, each with `id`, `text` and `levels`, each of these with `text` and `points`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from quizzes.kinds.base import (
    FILES,
    LONGEST_TEXT,
    TEXT,
    Answered,
    Body,
    Interaction,
    NotAnAnswer,
    Response,
    TooLong,
    held,
    one_line,
)
from quizzes.marking import Kind


@dataclass(frozen=True)
class ShortText(Answered):
    kind: Kind = Kind.SHORT_TEXT

    def cleaned(self, body: Body, response: Response) -> Response:
        typed = one_line(TEXT, response)
        return {TEXT: [typed]} if typed else {}

    def fraction(self, body: Body, response: Response) -> Fraction:
        typed = " ".join(response.get(TEXT, ()))
        if not typed:
            return Fraction(0)
        fitting = (
            Fraction(answer.get("weight", 1))
            for answer in body["answers"]
            if fits(str(answer["text"]), typed, case=bool(body.get("case")))
        )
        return held(max(fitting, default=Fraction(0)))

    def right(self, body: Body) -> Response:
        best = max(body["answers"], key=lambda answer: Fraction(answer.get("weight", 1)))
        return {TEXT: [str(best["text"]).replace("\\*", "*")]}

    def interaction(self, body: Body, response: Response) -> Interaction:
        whole = [str(answer["text"]) for answer in body["answers"] if Fraction(answer.get("weight", 1)) == 1]
        matters = "true" if body.get("case") else "false"
        return Interaction(
            type="fill-in",
            pattern=tuple(f"{{case_matters={matters}}}{text}" for text in whole),
            response=" ".join(response.get(TEXT, ())),
        )


def fits(wanted: str, typed: str, *, case: bool) -> bool:
    """Whether what was typed is what was wanted, in which stars stand for anything."""
    wanted, typed = (_folded(text, case=case) for text in (wanted, typed))
    first, *others = [part.replace("\\*", "*") for part in re.split(r"(?<!\\)\*+", wanted)]
    if not others:
        return typed == first
    if len(typed) < len(first) + len(others[-1]) or not typed.startswith(first) or not typed.endswith(others[-1]):
        return False
    return _come_in_order(others[:-1], typed[len(first) : len(typed) - len(others[-1])])


def _come_in_order(parts: Sequence[str], text: str) -> bool:
    at = 0
    for part in parts:
        if (found := text.find(part, at)) < 0:
            return False
        at = found + len(part)
    return True


def _folded(text: str, *, case: bool) -> str:
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return text if case else unicodedata.normalize("NFC", text.casefold())


@dataclass(frozen=True)
class Essay(Answered):
    kind: Kind = Kind.ESSAY
    is_marked_by_hand = True

    def cleaned(self, body: Body, response: Response) -> Response:
        text = "\n".join(response.get(TEXT, ())).replace("\r\n", "\n").strip()
        if len(text) > LONGEST_TEXT:
            raise TooLong(f"An answer has at most {LONGEST_TEXT} characters.")
        return {TEXT: [text]} if text else {}

    def fraction(self, body: Body, response: Response) -> Fraction | None:
        return None if response else Fraction(0)

    def right(self, body: Body) -> Response:
        return {}

    def interaction(self, body: Body, response: Response) -> Interaction:
        return Interaction(type="long-fill-in", response=" ".join(response.get(TEXT, ())))


@dataclass(frozen=True)
class Files(Answered):
    """An answer names files that were handed in beside it, by the names they are kept under."""

    kind: Kind = Kind.UPLOAD
    is_marked_by_hand = True

    def cleaned(self, body: Body, response: Response) -> Response:
        names = list(dict.fromkeys(name for name in response.get(FILES, ()) if name))
        if len(names) > int(body.get("most", 1)):
            raise NotAnAnswer("These are more files than the question takes.")
        return {FILES: names} if names else {}

    def fraction(self, body: Body, response: Response) -> Fraction | None:
        return None if response else Fraction(0)

    def right(self, body: Body) -> Response:
        return {}

    def interaction(self, body: Body, response: Response) -> Interaction:
        # What a file says stays inside; how many there are does not.
        return Interaction(type="other", response=str(len(response.get(FILES, ()))))


@dataclass(frozen=True)
class Description(Answered):
    """Something to read between questions."""

    kind: Kind = Kind.DESCRIPTION
    takes_answers = False

    def cleaned(self, body: Body, response: Response) -> Response:
        if any(response.values()):
            raise NotAnAnswer("There is nothing to answer here.")
        return {}

    def fraction(self, body: Body, response: Response) -> Fraction:
        return Fraction(0)

    def right(self, body: Body) -> Response:
        return {}

    def interaction(self, body: Body, response: Response) -> Interaction:
        return Interaction(type="other")


SHORT_TEXT, ESSAY, FILES_KIND, DESCRIPTION = ShortText(), Essay(), Files(), Description()
