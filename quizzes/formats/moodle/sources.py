"""A question of a file on its way: the element that it is read from, and what was read before its texts are settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from quizzes.formats.model import Place
from quizzes.formats.moodle.elements import Element, is_yes, said, text_of
from quizzes.formats.pictures import Named
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.texts import Written
from quizzes.kinds import Kind

Comment = tuple[str, int | str, Written]
"""What is said to a row of a list, by its place there; or to an answer by its whole path, beside no list."""


class Wrong(StrEnum):
    """What can be wrong in Moodle's own way."""

    NO_NUMBER = "moodle_no_number"
    NO_SUCH_GAP = "moodle_no_such_gap"
    NO_ANSWERS = "moodle_no_answers"


class NotRead(Exception):
    def __init__(self, wrong: StrEnum, what: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.what = wrong, what


@dataclass
class Parsed:
    """A question whose texts wait until the format of all of them is known."""

    kind: Kind
    make: Callable[[Sequence[str]], dict[str, Any]] = field(default=lambda _texts: {})
    """The body's parts, from the texts."""
    texts: list[Written] = field(default_factory=list)
    feedback: list[Comment] = field(default_factory=list)
    text: str | None = None
    """The question itself where it is another than the file's."""


@dataclass(slots=True)
class Source:
    """A question in the file."""

    element: Element
    parts: Mapping[str, Sequence[Element]]
    """The element's children by their tags."""
    usual: str
    """How its texts are written where nothing is said."""
    pictures: Named
    place: Place
    report: Reporter
    text: str

    def said(self, name: str) -> str:
        """What the first part with this tag says."""
        return said(self.parts[name][0]) if name in self.parts else ""

    def text_of(self, element: Element | None) -> Written:
        return text_of(element, self.usual, self.pictures)

    def answers(self) -> Sequence[Element]:
        found = self.parts.get("answer")
        if not found:
            raise NotRead(Wrong.NO_ANSWERS)
        return found

    def is_shuffled(self) -> bool:
        return is_yes(self.said("shuffleanswers"), usual=True)

    def lose(self, what: str) -> None:
        self.report.loss(Odd.NOT_KEPT, self.place, what=what)
