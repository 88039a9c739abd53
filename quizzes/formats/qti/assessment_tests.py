"""Tests (`assessmentTest`) as quizzes: sections, what is drawn, in which order, time and weights; the rest is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from quizzes.formats.model import Draw, Fixed, Place, Quiz, Reviewed, Section
from quizzes.formats.packages import beside
from quizzes.formats.qti.content import Content
from quizzes.formats.qti.names import is_true, number
from quizzes.formats.qti.sources import Source
from quizzes.formats.qti.values import number_of, whole
from quizzes.formats.qti.worths import MOST_SECONDS, worth_of
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.safe_xml import Element
from quizzes.rich import TextFormat

TEST, SECTION, REFERENCE = "assessmentTest", "assessmentSection", "assessmentItemRef"
SECTIONS = (SECTION, "assessmentSectionRef")
_SUMMED = {"setOutcomeValue", "sum", "testVariables", "outcomeProcessing", "variable", "baseValue"}
"""What outcome processing uses that only adds up what the items earned, as every quiz here does."""
_LEFT_OUT = ("preCondition", "branchRule", "testFeedback", "variableMapping", "templateDefault")
_CONTROLLED = {"showFeedback": "false", "allowReview": "true", "showSolution": "false"}
"""What a session control has where it says nothing, and that is kept."""
_NOT_CONTROLLED = {"maxAttempts": ("0", "1"), "allowComment": ("false", "0"), "validateResponses": ("false", "0")}
"""What it may say that every quiz here does anyway."""
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
    known: Mapping[str, Sequence[Known]]
    """The questions by the files that they stand in: an item that asks in several ways is several of them."""
    report: Reporter
    among: Mapping[str, Source]
    """Sections in files of their own."""
    is_shuffled: bool = field(default=False, init=False)

    def quiz(self) -> Quiz:
        root = self.source.root
        self._tell_left_out()
        parts = list(root.iter("testPart"))
        return Quiz(
            title=root.get("title", ""),
            identifier=root.get("identifier", ""),
            text_format=TextFormat.HTML,
            sections=tuple(self._all_sections(parts)),
            seconds=self._seconds(parts),
            is_shuffled=self.is_shuffled,
            is_linear=bool(parts) and all(each.get("navigationMode") == "linear" for each in parts),
            pass_percent=_pass_percent(root),
            reviewed=_reviewed(parts[0]) if len(parts) == 1 else None,
            place=self._place(root),
        )

    def _place(self, element: Element) -> Place:
        return Place(element.sourceline or 0, self.source.name or self.source.root.get("title", ""))

    def _seconds(self, parts: list[Element]) -> int | None:
        """Of the whole test; of its only part, where that says it."""
        limits = list(self.source.root.iterchildren("timeLimits"))
        if not limits and len(parts) == 1:
            limits = list(parts[0].iterchildren("timeLimits"))
        for each in limits:
            if is_true(each, "allowLateSubmission"):
                self.report.note(Odd.NOT_KEPT, self._place(each), what="timeLimits allowLateSubmission")
            limit = number_of(each.get("maxTime", ""))
            if limit and limit >= 1:
                return whole(limit, MOST_SECONDS)
        return None

    # What is told.

    def _tell_left_out(self) -> None:
        root = self.source.root
        parts = list(root.iter("testPart"))
        for each in root.iter(*_LEFT_OUT):
            self.report.loss(Odd.NOT_KEPT, self._place(each), what=str(each.tag))
        for each in root.iter("timeLimits"):
            above = each.getparent()
            if above is not root and not (parts == [above] and root.find("timeLimits") is None):
                self.report.loss(Odd.NOT_KEPT, self._place(each), what=f"{above.tag} timeLimits")
        for each in root.iter("itemSessionControl"):
            self._tell_control(each, is_of_all=[each.getparent()] == parts)
        if len({each.get("navigationMode") for each in parts}) > 1:
            self.report.loss(Odd.NOT_KEPT, self._place(root), what="navigationMode of single parts")
        for each in root.iter(REFERENCE, *SECTIONS):
            if is_true(each, "fixed"):
                self.report.note(Odd.NOT_KEPT, self._place(each), what=f"{each.tag} fixed")
        for each in root.iter("outcomeProcessing"):
            used = {str(inner.tag) for inner in each.iter()}
            if not used <= _SUMMED:
                what = f"outcomeProcessing {', '.join(sorted(used - _SUMMED))}"
                self.report.loss(Odd.NOT_KEPT, self._place(each), what=what)

    def _tell_control(self, control: Element, *, is_of_all: bool) -> None:
        if not is_of_all:
            self.report.loss(Odd.NOT_KEPT, self._place(control), what="itemSessionControl")
            return
        for name, usual in _NOT_CONTROLLED.items():
            if control.get(name, usual[0]) not in usual:
                self.report.loss(Odd.NOT_KEPT, self._place(control), what=f"itemSessionControl {name}")

    # Sections.

    def _all_sections(self, parts: list[Element]) -> Iterator[Section]:
        tops = [each for part in parts for each in part.iterchildren(*SECTIONS)]
        if len(tops) == 1 and self._holds_only_sections(tops[0]):
            self.is_shuffled = _is_shuffled(tops[0])
        for each in tops:
            yield from self._sections(each)

    def _holds_only_sections(self, section: Element) -> bool:
        """Whether it is there for the order of those within it."""
        if section.tag != SECTION or section.find("selection") is not None or section.find(REFERENCE) is not None:
            return False
        inner = list(section.iterchildren(*SECTIONS))
        return bool(inner) and not any(_joins(each) for each in inner)

    def _found(self, section: Element) -> tuple[TestReader, Element] | None:
        """A section, or what is in the file that stands for it; None, which is told, where that is not there."""
        if section.tag == SECTION:
            return self, section
        found = self.among.get(beside(self.source.name, section.get("href", "")))
        if found is None:
            self.report.loss(Wrong.ITEM_MISSING, self._place(section), what=section.get("href", ""))
            return None
        return TestReader(found, self.known, self.report, {}), found.root

    def _sections(self, section: Element) -> Iterator[Section]:
        """A section, and after it those within it that stand for themselves."""
        if (found := self._found(section)) is None:
            return
        reader, root = found
        selection = root.find("selection")
        slots = reader._slots(root)
        is_shown = root.get("visible", "true") != "false"
        if slots:
            yield Section(
                slots=tuple(slots),
                title=root.get("title", "") if is_shown else "",
                instructions=reader._instructions(root),
                is_shuffled=_is_shuffled(root),
            )
        elif root.find("rubricBlock") is not None:
            self.report.loss(Odd.NOT_KEPT, reader._place(root), what="rubricBlock")
        if selection is not None:
            return
        apart = [each for each in root.iterchildren(*SECTIONS) if not _joins(each)]
        if slots and apart and _is_shuffled(root):
            self.report.loss(Odd.NOT_KEPT, reader._place(root), what="ordering of assessmentSection")
        for each in apart:
            yield from reader._sections(each)

    def _slots(self, section: Element) -> Slots:
        """What a section asks itself: its items, what it draws, and what sections ask that are only parts of it."""
        selection = section.find("selection")
        if selection is not None:
            return self._drawn(section, selection)
        slots: Slots = []
        for each in section.iterchildren(REFERENCE, *SECTIONS):
            if each.tag == REFERENCE:
                slots += self._slot(each)
            elif _joins(each):
                slots += self._slots(each)
        return slots

    def _instructions(self, section: Element) -> str:
        content = Content(self.source.bytes_of, self._place(section), self.report)
        return "".join(content.html(each) for each in section.iterchildren("rubricBlock"))

    def _drawn(self, section: Element, selection: Element) -> Slots:
        """What is required, and beside it a draw among all others."""
        slots = [(each, slot) for each in section.iter(REFERENCE) for slot in self._slot(each)]
        count = number(selection, "select", len(slots))
        if is_true(selection, "withReplacement"):
            self.report.loss(Odd.NOT_KEPT, self._place(selection), what="selection withReplacement")
        if section.find(SECTION) is not None:
            self.report.loss(Odd.NOT_KEPT, self._place(section), what="assessmentSection within selection")
        self._tell_apart([each for each, _slot in slots if not is_true(each, "required")])
        fixed = [slot for each, slot in slots if is_true(each, "required")]
        there = {each.question for each in fixed}
        others = [(each, slot) for each, slot in slots if slot.question not in there]
        drawn: Slots = [*fixed]
        if others and count > len(fixed):
            names = tuple(dict.fromkeys(slot.question for _each, slot in others))
            worth = self._worth(section, others)
            drawn.append(Draw(count=min(count - len(fixed), len(names)), questions=names, maximum=worth))
        return drawn

    def _tell_apart(self, drawn: list[Element]) -> None:
        """Items that are several questions here, of which a draw may ask some only."""
        for each, questions in Counter(drawn).items():
            if questions > 1:
                self.report.loss(Wrong.DRAWN_APART, self._place(each), number=questions)

    def _worth(self, section: Element, slots: list[tuple[Element, Fixed]]) -> float | None:
        """What each question of a draw is worth: one rule says it of all of them. None where no weight does."""
        if all(slot.maximum is None for _each, slot in slots):
            return None
        asked = [(self._known(each, slot).maximum, slot) for each, slot in slots]
        # What is only read is worth nothing, whatever is said.
        worths = Counter(worth if slot.maximum is None else slot.maximum for worth, slot in asked if worth)
        if len(worths) > 1:
            self.report.loss(Odd.NOT_KEPT, self._place(section), what="weight")
        return worths.most_common(1)[0][0] if worths else None

    def _known(self, reference: Element, slot: Fixed) -> Known:
        return next(each for each in self.known[self._name(reference)] if each.identifier == slot.question)

    def _name(self, reference: Element) -> str:
        href = reference.get("href", "")
        return beside(self.source.name, href) if self.source.name else href

    def _slot(self, reference: Element) -> Iterator[Fixed]:
        # Why an item is not there is told where it was read, or was not found.
        for question in self.known.get(self._name(reference), ()):
            weight = next((number_of(each.get("value", "")) for each in reference.iterchildren("weight")), None)
            worth = None
            if weight is not None and weight != 1:
                worth = worth_of(weight * Fraction(str(question.maximum)), self._place(reference), self.report)
            yield Fixed(question=question.identifier, maximum=worth)


def _is_shuffled(section: Element) -> bool:
    return any(is_true(each, "shuffle") for each in section.iterchildren("ordering"))


def _joins(section: Element) -> bool:
    """Whether nobody sees where it begins and ends: it is not shown, and is mixed with what is around it."""
    if section.tag != SECTION or section.find("rubricBlock") is not None:
        return False
    return section.get("visible") in ("false", "0") and section.get("keepTogether") in ("false", "0")


def _pass_percent(root: Element) -> int | None:
    """From where on it is enough, where the test says so of what can be earned."""
    for each in root.iterchildren("outcomeDeclaration"):
        enough, most = (number_of(each.get(name, "")) for name in ("masteryValue", "normalMaximum"))
        if enough is not None and most and 0 <= enough <= most:
            return round(100 * enough / most)
    return None


def _reviewed(part: Element) -> Reviewed | None:
    control = part.find("itemSessionControl")
    if control is None:
        return None
    feedback, review, solution = (control.get(name, usual) in ("true", "1") for name, usual in _CONTROLLED.items())
    return Reviewed(
        is_one_by_one=part.get("submissionMode", "individual") == "individual",
        answers=review,
        key=solution,
        reasons=feedback,
    )
