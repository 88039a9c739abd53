"""Aiken, the plain format of Moodle: a question, its options with letters, and `ANSWER: B`.

Source: docs.moodle.org, *Aiken format*. A question is a line; here it may be several. Several letters after `ANSWER:`
make several options right, which Moodle does not read and we do not write. The options *True* and *False* alone are a
question of that kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from string import ascii_uppercase

from quizzes.formats.base import About, Written
from quizzes.formats.encodings import decoded
from quizzes.formats.losses import tell_unsaid, tell_unsaid_of_bank
from quizzes.formats.model import Bank, Place, Question
from quizzes.formats.reports import Odd, Part, Reporter
from quizzes.formats.texts import plainly, rows_of
from quizzes.kinds import Kind
from quizzes.rich import TextFormat

_OPTION = re.compile(r"([A-Z])(?:[.)]\s+|\))(\S.*)")
"""After a bracket some write no space; after a point there has to be one, for the sake of initials."""
_ANSWER = re.compile(r"ANSWERS?\s*:\s*(.*)")
_LETTERS = re.compile(r"[A-Z](?:\s*[,;&]?\s*[A-Z])*\.?")
_LOOKS = re.compile(r"^\s*A(?:[.)][ \t]+|\))\S[^\n]*\n(?:\s*[A-Z][.)][^\n]*\n|\s*\n)*\s*ANSWERS?\s*:", re.MULTILINE)
_SAMPLE = 20_000
LETTERS = ascii_uppercase
TRUE_FALSE = ("True", "False")


class Wrong(StrEnum):
    """What can be wrong in Aiken's own way."""

    NO_ANSWER = "aiken_no_answer"
    NO_OPTIONS = "aiken_no_options"
    NO_SUCH_LETTER = "aiken_no_such_letter"


@dataclass
class _Open:
    """A question that is being read."""

    line: int
    words: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return Place(self.line, self.words[0] if self.words else "")


class Aiken:
    name = "aiken"
    title = "Aiken"
    ending = "txt"

    def recognize(self, content: bytes, filename: str) -> int:
        text, _encoding = decoded(content[:_SAMPLE], Reporter())
        return 60 if _LOOKS.search(text) else 0

    def questions(self, content: bytes, report: Reporter, about: About) -> Iterator[Question]:
        text, about.encoding = decoded(content, report)
        about.expected = text.count("\nANSWER")
        here: _Open | None = None
        for number, line in enumerate(text.split("\n"), start=1):
            said = line.strip()
            if not said:
                continue
            here = here or _Open(number)
            if answer := _ANSWER.fullmatch(said):
                if question := _question(here, answer[1], number, report):
                    yield question
                here = None
            elif (option := _OPTION.fullmatch(said)) and here.words:
                here.options[option[1]] = option[2]
            elif here.options:
                # The question above never said what is right.
                report.error(Wrong.NO_ANSWER, here.place)
                here = _Open(number, [said])
            else:
                here.words.append(said)
        if here is not None:
            report.error(Wrong.NO_ANSWER if here.options else Wrong.NO_OPTIONS, here.place)

    def write(self, bank: Bank) -> Written:
        report = Reporter()
        blocks = [block for each in bank.questions if (block := self._block(each, report))]
        tell_unsaid_of_bank(bank, self.title, (), report)
        return Written(content="\n".join(blocks).encode(), report=report.done())

    def _block(self, question: Question, report: Reporter) -> str:
        options = _options(question)
        if not options or len(options) > len(LETTERS):
            report.error(Odd.KIND_NOT_SAID, question.place, format=self.title, kind=question.kind)
            return ""
        tell_unsaid(question, self.title, (), report)
        if any("weight" in row for row in question.body.get("options", ())):
            report.loss(Odd.NOT_SAID, question.place, format=self.title, part=Part.WEIGHTS)
        texts = plainly([str(question.body["text"]), *(text for text, _is_right in options)], question.text_format)
        lines = [" ".join(text.split()) for text in texts]
        if lines != texts:
            report.loss(Odd.NOT_SAID, question.place, format=self.title, part=Part.LINE_BREAKS)
        letter = next(letter for letter, (_text, is_right) in zip(LETTERS, options, strict=False) if is_right)
        rows = [f"{letter}. {text}" for letter, text in zip(LETTERS, lines[1:], strict=False)]
        return "\n".join([lines[0], *rows, f"ANSWER: {letter}", ""])


def _options(question: Question) -> list[tuple[str, bool]]:
    """What is chosen from, and what of it is right; nothing where not exactly one is."""
    body = question.body
    if question.kind is Kind.TRUE_FALSE:
        found = [(text, text.lower() in body["right"]) for text in TRUE_FALSE]
    elif question.kind is Kind.SINGLE:
        found = [(str(row["text"]), row["id"] in body["right"]) for row in body["options"]]
    else:
        return []
    return found if sum(is_right for _text, is_right in found) == 1 else []


def _question(here: _Open, said: str, number: int, report: Reporter) -> Question | None:
    letters = re.findall("[A-Z]", said.upper()) if _LETTERS.fullmatch(said.strip().upper()) else []
    if not here.words or not here.options:
        report.error(Wrong.NO_OPTIONS, here.place)
        return None
    if not letters or not set(letters) <= here.options.keys():
        report.error(Wrong.NO_SUCH_LETTER, Place(number, here.place.item), what=said)
        return None
    texts = list(here.options.values())
    words = "\n".join(here.words)
    if tuple(texts) == TRUE_FALSE and len(set(letters)) == 1:
        right = here.options[letters[0]].lower()
        return Question(kind=Kind.TRUE_FALSE, body={"text": words, "right": [right]}, place=here.place)
    rows = rows_of(texts)
    right_ids = [row["id"] for row, letter in zip(rows, here.options, strict=True) if letter in letters]
    return Question(
        kind=Kind.MULTIPLE if len(right_ids) > 1 else Kind.SINGLE,
        text_format=TextFormat.PLAIN,
        body={"text": words, "options": rows, "right": right_ids},
        place=here.place,
    )


AIKEN = Aiken()
