"""GIFT as one of our formats."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizzes.formats.base import About, Written
from quizzes.formats.encodings import decoded
from quizzes.formats.gift import reading, writing
from quizzes.formats.gift.blocks import blocks
from quizzes.formats.model import Bank, Question
from quizzes.formats.reports import Reporter

_SAMPLE = 50_000
_SIGNS = (
    (re.compile(r"^\s*::(?:[^:]|\\:)+::", re.MULTILINE), 40),
    (re.compile(r"^\s*\$CATEGORY:", re.MULTILINE), 40),
    (re.compile(r"(?<!\\)\{\s*(?:[=~#]|T(?:RUE)?\b|F(?:ALSE)?\b|\}|####|>\s*\d)"), 35),
)
"""What only GIFT has, and how much it says."""


class Gift:
    name = "gift"
    title = "GIFT"
    ending = "gift"

    def recognize(self, content: bytes, filename: str) -> int:
        text, _encoding = decoded(content[:_SAMPLE], Reporter())
        if text.lstrip()[:1] in ("<", "\x89") or text.startswith("PK"):
            return 0
        called = 30 if filename.lower().endswith(".gift") else 0
        return min(called + sum(much for sign, much in _SIGNS if sign.search(text)), 100)

    def questions(self, content: bytes, report: Reporter, about: About) -> Iterator[Question]:
        text, about.encoding = decoded(content, report)
        return reading.questions(blocks(text), report, about.categories)

    def write(self, bank: Bank) -> Written:
        report = Reporter()
        text = writing.text_of(bank, report)
        return Written(content=text.encode("utf-8", "replace"), report=report.done())


GIFT = Gift()
