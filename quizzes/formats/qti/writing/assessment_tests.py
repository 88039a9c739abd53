"""A quiz as a test (`assessmentTest`), with names of QTI 2: sections, selection, ordering, time, weights, control.

A rule becomes a section of its own that is not shown, with a selection among all that it can draw; the reader takes it
for a part of the section around it. Sections that change places stand together in one that is shuffled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from quizzes.formats.model import Draw, Fixed, Quiz, Reviewed, Section
from quizzes.formats.numbers import approximately
from quizzes.formats.qti.content import paragraph
from quizzes.formats.qti.names import OURS
from quizzes.formats.qti.writing.markup import filled, made
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.safe_xml import Element
from quizzes.formats.texts import as_html

WEIGHT, SCORE = "W", "SCORE"
AROUND = "sections"
"""The section that holds those that change places."""


@dataclass(frozen=True)
class Item:
    """A question that is in the package."""

    identifier: str
    """As its item has it."""
    href: str
    """From where the test lies."""
    resource: str
    """As the manifest has it."""
    maximum: Fraction


class QuizWriter:
    """Makes one test; `items` are the written questions by the identifiers that the quiz names."""

    def __init__(self, quiz: Quiz, items: Mapping[str, Item], title: str, report: Reporter, *, is_new: bool) -> None:
        self.quiz, self.items, self.format, self.report = quiz, items, title, report
        self.is_new = is_new
        self.worth = Fraction(0)
        """What can be earned in all."""
        self.named: Counter[str] = Counter()
        """How often it names which question."""

    def test(self) -> Element | None:
        """None where nothing of it can be said."""
        sections = list(self._sections())
        if not sections:
            return None
        quiz = self.quiz
        part = made(
            "testPart",
            control(quiz.reviewed),
            *sections,
            identifier="part-1",
            navigationMode="linear" if quiz.is_linear else "nonlinear",
            submissionMode="individual" if quiz.reviewed and quiz.reviewed.is_one_by_one else "simultaneous",
        )
        limit = None
        if quiz.seconds:
            limit = made("timeLimits", maxTime=str(quiz.seconds), allowLateSubmission="false")
        return made(
            "assessmentTest",
            self._outcome(),
            limit,
            part,
            _added_up(),
            identifier=quiz.identifier or "quiz",
            title=quiz.title,
            toolName=OURS,
            toolVersion="1",
        )

    def _outcome(self) -> Element:
        """What is earned, out of how much, and from where on it is enough."""
        enough = None
        if self.quiz.pass_percent is not None and self.worth:
            enough = approximately(self.worth * self.quiz.pass_percent / 100)
        start = made("defaultValue", made("value", "0"))
        about = {"identifier": SCORE, "cardinality": "single", "baseType": "float"}
        most = approximately(self.worth) if self.worth else None
        return made("outcomeDeclaration", start, normalMaximum=most, masteryValue=enough, **about)

    def _sections(self) -> Iterator[Element]:
        made_of = [self._section(section, n) for n, section in enumerate(self.quiz.sections, start=1)]
        found = [each for each in made_of if each is not None]
        if self.quiz.is_shuffled and found:
            ordering = made("ordering", shuffle="true")
            yield made("assessmentSection", ordering, *found, identifier=AROUND, title=AROUND, visible="false")
        else:
            yield from found

    def _section(self, section: Section, number: int) -> Element | None:
        name = f"section-{number}"
        slots = [each for n, slot in enumerate(section.slots, start=1) for each in self._slot(slot, f"{name}-{n}")]
        if not slots:
            return None
        return made(
            "assessmentSection",
            _ordering(section),
            self._instructions(section),
            *slots,
            identifier=name,
            title=section.title or name,
            visible=str(bool(section.title)).lower(),
        )

    def _instructions(self, section: Section) -> Element | None:
        if not section.instructions:
            return None
        html = paragraph(as_html(section.instructions, self.quiz.text_format))
        # Only QTI 3 wants to know what it is for.
        use = "instructions" if self.is_new else None
        return filled(made("rubricBlock", view="candidate", use=use), html, str)

    def _slot(self, slot: Fixed | Draw, name: str) -> Iterator[Element]:
        if isinstance(slot, Fixed):
            if item := self.items.get(slot.question):
                worth = _worth(slot, item)
                self.worth += worth
                yield self._reference(slot.question, item, worth)
            return
        pool = [(each, self.items[each]) for each in slot.questions if each in self.items]
        count = min(slot.count, len(pool))
        if count < slot.count:
            self.report.loss(Odd.FEWER, self.quiz.place, asked=slot.count, left=count)
        if not count:
            return
        worths = [_worth(slot, item) for _name, item in pool]
        self.worth += count * max(worths)
        rows = [self._reference(each, item, worth) for (each, item), worth in zip(pool, worths, strict=True)]
        chosen = made("selection", select=str(count), withReplacement="false")
        about = {"identifier": name, "title": name, "visible": "false", "keepTogether": "false"}
        yield made("assessmentSection", chosen, *rows, **about)

    def _reference(self, name: str, item: Item, worth: Fraction) -> Element:
        """What was asked before has another name here: those of a test are different."""
        times = self.named[name]
        self.named[name] += 1
        weight = None
        if item.maximum and worth != item.maximum:
            weight = made("weight", identifier=WEIGHT, value=approximately(worth / item.maximum))
        identifier = f"{item.identifier}-{times + 1}" if times else item.identifier
        return made("assessmentItemRef", weight, identifier=identifier, href=item.href)


def _worth(slot: Fixed | Draw, item: Item) -> Fraction:
    """What is only read is worth nothing, whatever is said."""
    if slot.maximum is None or not item.maximum:
        return item.maximum
    return Fraction(str(slot.maximum))


def control(reviewed: Reviewed | None) -> Element | None:
    """What is allowed while a question is answered, and shown afterwards."""
    if reviewed is None:
        return None
    return made(
        "itemSessionControl",
        maxAttempts="1",
        showFeedback=_said(reviewed.reasons),
        allowReview=_said(reviewed.answers),
        showSolution=_said(reviewed.key),
        allowComment="false",
        allowSkipping="true",
    )


def _said(is_so: bool) -> str:
    return str(is_so).lower()


def _ordering(section: Section) -> Element | None:
    return made("ordering", shuffle="true") if section.is_shuffled else None


def _added_up() -> Element:
    earned = made("sum", made("testVariables", variableIdentifier=SCORE, weightIdentifier=WEIGHT))
    return made("outcomeProcessing", made("setOutcomeValue", earned, identifier=SCORE))
