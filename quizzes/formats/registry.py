"""All formats: which one a file is, and reading and writing by name. Nothing that a file says makes this raise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from quizzes import rich
from quizzes.bank import checking
from quizzes.bank.checking import Wrong
from quizzes.formats.base import About, Format, Reading, Written, categories_of
from quizzes.formats.model import Bank, Question
from quizzes.formats.packages import is_zip, trouble_at_end
from quizzes.formats.reports import Odd, Reporter
from quizzes.kinds import Body
from quizzes.rich import Named, names_media

NAMES = ("moodle", "gift", "aiken", "csv", "excel", "qti12", "qti21", "qti30")
"""Of all formats, in the order in which they are offered."""

SAYING_MORE = frozenset({"qti21", "qti30"})
"""Formats that have a place for a quiz itself, and for how its questions did."""


class _Formats(Mapping[str, Format]):
    """Loaded when one is first asked for: with their libraries they are 15 MiB, and most processes never need them."""

    @cached_property
    def _loaded(self) -> Mapping[str, Format]:
        from quizzes.formats.aiken import AIKEN
        from quizzes.formats.gift import GIFT
        from quizzes.formats.moodle import MOODLE_XML
        from quizzes.formats.qti import QTI_12, QTI_21, QTI_30
        from quizzes.formats.tables import CSV, EXCEL

        found: tuple[Format, ...] = (MOODLE_XML, GIFT, AIKEN, CSV, EXCEL, QTI_12, QTI_21, QTI_30)
        return {each.name: each for each in found}

    def __getitem__(self, name: str) -> Format:
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


FORMATS: Mapping[str, Format] = _Formats()
MOST_BYTES = 64_000_000
MOST_QUESTIONS = 100_000
LIKELY = 20
"""From here on a file is taken for one of this format."""


def recognize(content: bytes, filename: str = "") -> Format | None:
    """The likeliest format; the first of those that are equally likely."""
    likely = {each.name: each.recognize(content, filename) for each in FORMATS.values()}
    best = max(likely, key=likely.__getitem__)
    return FORMATS[best] if likely[best] >= LIKELY else None


def read(content: bytes, filename: str = "", format: str = "") -> Reading:
    """The whole file; `format` where it is known, otherwise it is recognized."""
    report, about = Reporter(), About()
    found = found_format(content, filename, format, report)
    questions = tuple(stream(found, content, report, about)) if found else ()
    return Reading(
        format=found.name if found else "",
        encoding=about.encoding,
        bank=Bank(
            title=about.title,
            language=about.language,
            license=about.license,
            categories=categories_of(questions, about.categories),
            questions=questions,
            quizzes=tuple(about.quizzes),
        ),
        report=report.done(),
    )


def found_format(content: bytes, filename: str, format: str, report: Reporter) -> Format | None:
    """The format of a file that can be read at all; otherwise it is reported why there is none."""
    if not content.strip(b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"):
        report.error(Odd.EMPTY)
        return None
    if len(content) > MOST_BYTES:
        report.error(Odd.TOO_LARGE, most=MOST_BYTES // 1_000_000)
        return None
    if is_zip(content) and (trouble := trouble_at_end(content)):
        report.error(trouble)
        return None
    found = FORMATS.get(format) if format else recognize(content, filename)
    if found is None:
        report.error(Odd.NOT_KNOWN)
    return found


def stream(format: Format, content: bytes, report: Reporter, about: About) -> Iterator[Question]:
    """The questions that can be kept, at least as drafts, one after the other."""
    number = 0
    for question in _never_raising(lambda: format.questions(content, report, about), report):
        if number == MOST_QUESTIONS:
            report.error(Odd.TOO_MANY, question.place, most=MOST_QUESTIONS)
            return
        if kept := _kept(question, report):
            number += 1
            yield kept
    if not number and not report.has_errors:
        report.error(Odd.NO_QUESTIONS, format=format.title)


def _never_raising(questions: Callable[[], Iterator[Question]], report: Reporter) -> Iterator[Question]:
    """What no reader foresaw ends the file there, and is told; the questions before it are good."""
    try:
        yield from questions()
    except Exception as unforeseen:
        report.error(Odd.UNEXPECTED, what=type(unforeseen).__name__)


def _kept(question: Question, report: Reporter) -> Question | None:
    """The question, as a draft if something of it is missing; None if nobody could keep it."""
    problems = problems_of(question)
    hard = checking.hard_problems(problems)
    for each in hard:
        report.error(Odd.NOT_COMPLETE, question.place, wrong=each.wrong, **each.about)
    if hard:
        return None
    for each in problems:
        report.loss(Odd.NOT_COMPLETE, question.place, wrong=each.wrong, **each.about)
    return replace(question, is_draft=True) if problems else question


def problems_of(question: Question) -> Sequence[checking.Problem]:
    """What keeps it from being asked."""

    def media_in(text: str) -> Sequence[Named]:
        return rich.media_in(text, question.text_format)

    return checking.problems(
        question.kind,
        question.body,
        media_in=media_in if _names_media(question.body) else checking.no_media,
        known={each.named.reference for each in question.media} if question.media else (),
    )


def _names_media(body: Body) -> bool:
    if names_media(body["text"]) or names_media(body.get("why", "")):
        return True
    for name in checking.LISTS:
        for row in body.get(name, ()):
            if names_media(row["text"]):
                return True
    return False


def write(bank: Bank, format: str) -> Written:
    """Questions that are not complete are told and left out. Raises KeyError for a format that there is not."""
    report = Reporter()
    complete = tuple(each for each in bank.questions if _is_written(each, report))
    written = FORMATS[format].write(replace(bank, questions=complete))
    return replace(written, report=report.done().and_then(written.report))


def _is_written(question: Question, report: Reporter) -> bool:
    is_finished = all(each.wrong in _SAID_ALL_THE_SAME for each in problems_of(question))
    if not is_finished:
        report.error(Odd.NOT_FINISHED, question.place)
    return is_finished


_SAID_ALL_THE_SAME = (
    *(Wrong.NO_ALT, Wrong.PICTURE_GONE, Wrong.NOT_IN_WORDS, Wrong.SOUND_GONE),
    *(Wrong.SAME_TEXT, Wrong.NOT_ALL),
)
"""What keeps a question from being asked, and not from being written."""
