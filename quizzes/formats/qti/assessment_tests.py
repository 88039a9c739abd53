"""Tests (`assessmentTest`) as quizzes: sections, what is drawn, in which order, time and weights; the rest is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from quizzes.formats.model import Draw, Fixed, Place, Quiz, Section
from quizzes.formats.packages import beside
from quizzes.formats.qti.content import Content
from quizzes.formats.qti.names import is_true, number
from quizzes.formats.qti.sources import Source
from quizzes.formats.qti.values import number_of
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.safe_xml import Element
from quizzes.marking import rounded
from quizzes.rich import TextFormat

TEST, SECTION, REFERENCE = "assessmentTest", "assessmentSection", "assessmentItemRef"
_SUMMED = {"setOutcomeValue", "sum", "testVariables", "outcomeProcessing", "variable", "baseValue"}
"""What outcome processing uses that only adds up what the items earned, as every quiz here does."""
_LEFT_OUT = ("preCondition", "branchRule", "testFeedback", "variableMapping", "templateDefault")
Slots = list[Fixed | Draw]


def references(source: Source) -> Iterator[tuple[str, Element]]:
    """The items that a test or a section names, each by where it lies in the package."""
    for each in source.root.iter(REFERENCE):
        yield beside(source.name, each.get("href", "")) if source.name else each.get("href", ""), each


@dataclass(frozen=True)
class Known:
    """What is kept of a question that was read, for tests that name it."""

    identifier: str
    maximum: float


@dataclass
class TestReader:
    source: Source
    known: Mapping[str, Known]
    """The questions by the files that they stand in."""
    report: Reporter
    among: Mapping[str, Source]
    """Sections in files of their own."""

    def quiz(self) -> Quiz:
        root = self.source.root
        limit = next((number_of(each.get("maxTime", "")) for each in root.iterchildren("timeLimits")), None)
        self._tell_left_out()
        return Quiz(
            title=root.get("title", ""),
            identifier=root.get("identifier", ""),
            text_format=TextFormat.HTML,
            sections=tuple(self._all_sections(root)),
            seconds=int(limit) if limit else None,
            place=self._place(root),
        )

    def _place(self, element: Element) -> Place:
        return Place(element.sourceline or 0, self.source.name or self.source.root.get("title", ""))

    def _tell_left_out(self) -> None:
        root = self.source.root
        for each in root.iter(*_LEFT_OUT):
            self.report.loss(Odd.NOT_KEPT, self._place(each), what=str(each.tag))
        for each in root.iter("timeLimits"):
            if each.getparent() is not root:
                self.report.loss(Odd.NOT_KEPT, self._place(each), what=f"{each.getparent().tag} timeLimits")
        for each in root.iter("itemSessionControl"):
            self.report.loss(Odd.NOT_KEPT, self._place(each), what="itemSessionControl")
        for each in root.iter("testPart"):
            if each.get("navigationMode") == "linear" or each.get("submissionMode") == "simultaneous":
                modes = (each.get(name) for name in ("navigationMode", "submissionMode"))
                self.report.note(Odd.NOT_KEPT, self._place(each), what=f"testPart {' '.join(filter(None, modes))}")
        for each in root.iter("outcomeProcessing"):
            used = {str(inner.tag) for inner in each.iter()}
            if not used <= _SUMMED:
                what = f"outcomeProcessing {', '.join(sorted(used - _SUMMED))}"
                self.report.loss(Odd.NOT_KEPT, self._place(each), what=what)

    def _all_sections(self, root: Element) -> Iterator[Section]:
        for part in root.iter("testPart"):
            for each in part.iterchildren(SECTION, "assessmentSectionRef"):
                yield from self._sections(each)

    def _sections(self, section: Element) -> Iterator[Section]:
        """A section, and after it those within it that are none of what is drawn."""
        if section.tag == "assessmentSectionRef":
            found = self.among.get(beside(self.source.name, section.get("href", "")))
            if found is None:
                self.report.loss(Wrong.ITEM_MISSING, self._place(section), what=section.get("href", ""))
            else:
                yield from TestReader(found, self.known, self.report, {})._sections(found.root)
            return
        is_shuffled = any(is_true(each, "shuffle") for each in section.iterchildren("ordering"))
        selection = section.find("selection")
        if selection is not None:
            slots: Slots = self._drawn(section, selection)
        else:
            slots = [slot for each in section.iterchildren(REFERENCE) for slot in self._slot(each)]
        if slots:
            yield Section(
                slots=tuple(slots),
                title=section.get("title", "") if section.get("visible", "true") != "false" else "",
                instructions=self._instructions(section),
                is_shuffled=is_shuffled,
            )
        if selection is None:
            for each in section.iterchildren(SECTION, "assessmentSectionRef"):
                yield from self._sections(each)

    def _instructions(self, section: Element) -> str:
        content = Content(self.source.bytes_of, self._place(section), self.report)
        return "".join(content.html(each) for each in section.iterchildren("rubricBlock"))

    def _drawn(self, section: Element, selection: Element) -> Slots:
        slots = [slot for each in section.iter(REFERENCE) for slot in self._slot(each)]
        count = number(selection, "select", len(slots))
        names = [each.question for each in slots]
        if is_true(selection, "withReplacement"):
            self.report.loss(Odd.NOT_KEPT, self._place(selection), what="selection withReplacement")
        if section.find(SECTION) is not None:
            self.report.loss(Odd.NOT_KEPT, self._place(section), what="assessmentSection within selection")
        required = [each for each in section.iter(REFERENCE) if is_true(each, "required")]
        fixed = [slot for each in required for slot in self._slot(each)]
        others = [name for name in names if name not in {each.question for each in fixed}]
        worths = {each.maximum for each in slots}
        worth = next(iter(worths)) if len(worths) == 1 else None
        if len(worths) > 1:
            self.report.loss(Odd.NOT_KEPT, self._place(section), what="weight")
        drawn: Slots = [*fixed]
        if others and count > len(fixed):
            drawn.append(Draw(count=min(count - len(fixed), len(others)), questions=tuple(others), maximum=worth))
        return drawn

    def _slot(self, reference: Element) -> Iterator[Fixed]:
        href = reference.get("href", "")
        name = beside(self.source.name, href) if self.source.name else href
        question = self.known.get(name)
        if question is None:
            # Why it is not there is told where it was read, or was not found.
            return
        weight = next((number_of(each.get("value", "")) for each in reference.iterchildren("weight")), None)
        worth = None
        if weight is not None and weight != 1:
            worth = rounded(weight * Fraction(str(question.maximum)))
        yield Fixed(question=question.identifier, maximum=worth)
