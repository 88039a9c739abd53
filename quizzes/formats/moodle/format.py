"""Moodle XML as one of our formats."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizzes.formats.base import About, Written
from quizzes.formats.encodings import decoded
from quizzes.formats.model import Bank, Question
from quizzes.formats.moodle import reading, writing
from quizzes.formats.reports import Reporter

_SAMPLE = 20_000
_QUIZ = re.compile(r"<quiz[\s>]")
_QUESTION = re.compile(r"""<question\s+type\s*=\s*["']""")


class MoodleXml:
    name = "moodle"
    title = "Moodle XML"
    ending = "xml"

    def recognize(self, content: bytes, filename: str) -> int:
        text, _encoding = decoded(content[:_SAMPLE], Reporter())
        if not text.lstrip("\ufeff \n\t").startswith("<"):
            return 0
        return (50 if _QUIZ.search(text) else 0) + (50 if _QUESTION.search(text) else 0)

    def questions(self, content: bytes, report: Reporter, about: About) -> Iterator[Question]:
        return reading.questions(content, report, about)

    def write(self, bank: Bank) -> Written:
        report = Reporter()
        text = writing.text_of(bank, report)
        return Written(content=text.encode("utf-8", "replace"), report=report.done())


MOODLE_XML = MoodleXml()
