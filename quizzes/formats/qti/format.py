"""QTI as a format, in each of its versions: all are read by one reader."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from lti_tool.files.packages import BROKEN
from quizzes.formats import banks
from quizzes.formats.base import About, Written
from quizzes.formats.model import Bank, Place, Question
from quizzes.formats.packages import is_zip
from quizzes.formats.qti.assessment_tests import SECTION, TEST, Known, TestReader, references
from quizzes.formats.qti.content import Content
from quizzes.formats.qti.items import ITEM
from quizzes.formats.qti.older import assessments as older
from quizzes.formats.qti.older import writing as older_writing
from quizzes.formats.qti.reading import questions_of
from quizzes.formats.qti.sources import Source, sources
from quizzes.formats.qti.writing import packing
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Odd, Reporter

_SAMPLE = 200_000
_FEW = 12
"""Members of a package that are looked at to tell which version it is."""


class Version(StrEnum):
    QTI_12 = "qti12"
    QTI_21 = "qti21"
    QTI_30 = "qti30"


_SIGNS: Mapping[Version, re.Pattern[bytes]] = {
    Version.QTI_30: re.compile(rb"<qti-assessment-(item|test)\b|imsqti(asi)?_(item_xml)?v3p"),
    Version.QTI_21: re.compile(rb"<(\w+:)?assessment(Item|Test)\b|imsqti_\w*xmlv2p|imsqti_v2p"),
    Version.QTI_12: re.compile(rb"<(\w+:)?questestinterop\b|ims_qtiasiv1p2|imsqti_xmlv1p2"),
}


@dataclass(frozen=True)
class Qti:
    version: Version
    title: str
    make: Callable[[Bank], Written]
    ending: str = "zip"

    @property
    def name(self) -> str:
        return self.version.value

    def recognize(self, content: bytes, filename: str) -> int:
        found = next((version for version, sign in _SIGNS.items() if sign.search(sample(content))), None)
        return 90 if found is self.version else 0

    def questions(self, content: bytes, report: Reporter, about: About) -> Iterator[Question]:
        if not is_zip(content):
            about.encoding = "utf-8"
        yield from _Walk(report, about).questions(sources(content, report))

    def write(self, bank: Bank) -> Written:
        return self.make(bank)


def sample(content: bytes) -> bytes:
    """Enough of it to tell what it is: its own beginning, or those of the first members of a package."""
    if not is_zip(content):
        head = content[:_SAMPLE]
        return head.replace(b"\x00", b"") if b"\x00" in head[:200] else head
    parts = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = [each for each in package.namelist() if each.lower().endswith((".xml", ".qti"))]
            names.sort(key=lambda each: not each.lower().endswith("imsmanifest.xml"))
            for name in names[:_FEW]:
                with package.open(name) as member:
                    parts.append(member.read(_SAMPLE))
    except BROKEN:
        # Whatever it is, the reader of packages says what is wrong with it.
        return b"imsqti_item_xmlv2p1" if not parts else b"".join(parts)
    return b"".join(parts)


class _Walk:
    """Goes through the files of a package once; tests come last, when the items that they name are known."""

    def __init__(self, report: Reporter, about: About) -> None:
        self.report, self.about = report, about
        self.known: dict[str, list[Known]] = {}
        self.seen: set[str] = set()
        self.tests: list[Source] = []
        self.sections: dict[str, Source] = {}

    def questions(self, found: Iterator[Source]) -> Iterator[Question]:
        for source in found:
            if source.root.tag == older.ROOT:
                yield from older.questions(source, self.report, self.about)
            elif source.root.tag == TEST:
                self.tests.append(source)
            elif source.root.tag == SECTION:
                self.sections[source.name] = source
            else:
                yield from self._of_item(source)
        for test in (*self.tests, *self.sections.values()):
            yield from self._named_by(test)
        for test in self.tests:
            self.about.quizzes.append(TestReader(test, self.known, self.report, self.sections).quiz())
        banks.resolve(self.about, self.report)

    def _of_item(self, source: Source) -> Iterator[Question]:
        self.seen.add(source.name)
        found = _item(source, self.report) if source.root.tag == ITEM else []
        if found:
            self.known[source.name] = [Known(each.identifier, each.maximum) for each in found]
        yield from found

    def _named_by(self, test: Source) -> Iterator[Question]:
        """Items that the list of the package does not have."""
        for name, reference in references(test):
            if name in self.seen:
                continue
            self.seen.add(name)
            source = test.beside(reference.get("href", ""), self.report)
            if source is None:
                place = Place(reference.sourceline or 0, test.name)
                self.report.error(Wrong.ITEM_MISSING, place, what=reference.get("href", ""))
            else:
                yield from self._of_item(source)


def _item(source: Source, report: Reporter) -> list[Question]:
    try:
        found = questions_of(source.root, source.name, source.bytes_of, report, _stimulus(source, report))
    except Exception as unforeseen:
        # One item that nobody foresaw spoils no other.
        place = Place(source.root.sourceline or 0, source.name)
        report.error(Odd.NOT_READ, place, what=type(unforeseen).__name__)
        return []
    about = source.resource
    return [replace(each, tags=about.tags, difficulty=about.difficulty, category=about.category) for each in found]


def _stimulus(source: Source, report: Reporter) -> str:
    """The text that several items share."""
    made = []
    for each in source.root.iter("assessmentStimulusRef"):
        found = source.beside(each.get("href", ""), report)
        body = None if found is None else found.root.find("stimulusBody")
        if found is None or body is None:
            report.loss(Wrong.ITEM_MISSING, Place(each.sourceline or 0, source.name), what=each.get("href", ""))
            continue
        made.append(Content(found.bytes_of, Place(0, found.name), report).html(body))
    return "".join(made)


QTI_12 = Qti(Version.QTI_12, older_writing.TITLE, older_writing.package)
QTI_21 = Qti(Version.QTI_21, packing.QTI_21.title, partial(packing.package, dialect=packing.QTI_21))
QTI_30 = Qti(Version.QTI_30, packing.QTI_30.title, partial(packing.package, dialect=packing.QTI_30))
