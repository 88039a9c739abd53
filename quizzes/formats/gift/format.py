"""GIFT as one of our formats."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizzes.formats.base import About, Written
from quizzes.formats.encodings import decoded
from quizzes.formats.gift import reading, writing
from quizzes.formats.gift.blocks import blocks
from quizzes.formats.gift.packing import packed, text_in
from quizzes.formats.model import Bank, Question
from quizzes.formats.packages import Package, is_zip, opened
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
        if is_zip(content):
            # A package of QTI may have a text beside its questions as well.
            _package, within = _opened(content, Reporter())
            return min(self.recognize(within, filename), 80) if within else 0
        text, _encoding = decoded(content[:_SAMPLE], Reporter())
        if text.lstrip()[:1] in ("<", "\x89") or text.startswith("PK"):
            return 0
        called = 30 if filename.lower().endswith(".gift") else 0
        return min(called + sum(much for sign, much in _SIGNS if sign.search(text)), 100)

    def questions(self, content: bytes, report: Reporter, about: About) -> Iterator[Question]:
        package: Package | None = None
        if is_zip(content):
            package, content = _opened(content, report)
        text, about.encoding = decoded(content, report)
        about.expected = text.count("{") - text.count("\\{")
        return reading.questions(blocks(text), report, about.categories, package)

    def write(self, bank: Bank) -> Written:
        report = Reporter()
        text = writing.text_of(bank, report).encode("utf-8", "replace")
        media = {each.key: each for question in bank.questions for each in question.media}
        if not media:
            return Written(content=text, report=report.done())
        return Written(content=packed(text, media.values()), report=report.done(), ending="zip")


def _opened(content: bytes, report: Reporter) -> tuple[Package | None, bytes]:
    """A zip, and the questions in it; what is wrong with it is reported."""
    package = opened(content, report)
    name = text_in(package) if package else ""
    return package, (package.read(name) or b"") if package and name else b""


GIFT = Gift()
