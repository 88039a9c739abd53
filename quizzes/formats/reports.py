"""What of a file is not carried over: where it stands, what it is, why, and how much it matters.

Nothing disappears in silence: whoever leaves something out says so here. A report of a bad file stays short enough to
be read; what is more is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from quizzes.formats.model import NOWHERE, Place

MOST_ALIKE, MOST_FINDINGS = 100, 2_000
LONGEST_WORD = 120
"""Of what a finding quotes from the file."""


class Severity(IntEnum):
    NOTE = 1
    """Carried over, in a way that is worth knowing."""
    LOSS = 2
    """The question is there, and something of it is not."""
    ERROR = 3
    """The question is not there."""


class Odd(StrEnum):
    """What can be said of any file; `wording` says each in a sentence. A format may have more in an enum of its own."""

    # Of the file as a whole.
    EMPTY = "file_empty"
    TOO_LARGE = "file_too_large"
    NOT_KNOWN = "file_not_known"
    NO_QUESTIONS = "file_no_questions"
    TOO_MANY = "file_too_many"
    GUESSED = "encoding_guessed"
    BAD_SIGNS = "encoding_bad_signs"
    BREAKS_OFF = "file_breaks_off"
    BAD_XML = "file_bad_xml"
    ENTITIES = "file_entities"
    UNEXPECTED = "unexpected"
    # Of a question that is read.
    NO_SUCH_KIND = "no_such_kind"
    """We have no such kind: `what` is the file's word for it."""
    NOT_COMPLETE = "not_complete"
    """`wrong` is a `quizzes.bank.checking.Wrong`."""
    NOT_READ = "not_read"
    """`what` is how it begins."""
    NOT_KEPT = "not_kept"
    """`what` is the construct as the file has it."""
    NAME_NOT_KEPT = "name_not_kept"
    """`what` is what the file calls a question."""
    BAD_VALUE = "bad_value"
    """`what` names the construct, `said` what stands there; the usual one is taken."""
    KEPT_AS = "kept_as"
    """`what` is kept as `now`, words of ours for a kind or a format."""
    CLEANED = "cleaned"
    """`what` are the tags and attributes that are not let through."""
    PICTURE_ELSEWHERE = "picture_elsewhere"
    PICTURE_MISSING = "picture_missing"
    FILE_NOT_TAKEN = "file_not_taken"
    QUIZ_NOT_MADE = "quiz_not_made"
    """`what` is a quiz of the file: its questions are taken, and it is not."""
    NOT_FINISHED = "not_finished"
    """A draft that nobody could be asked yet; the place names it."""
    KNOWN = "known"
    """The bank asks the same already, or the file further above."""
    # Of a question that is written.
    KIND_NOT_SAID = "kind_not_said"
    """`format` has no such `kind`."""
    NOT_SAID = "not_said"
    """`format` cannot say `part`."""
    SAID_AS = "said_as"
    """`format` says `part` in another way, such as a text format."""
    # Of a quiz that is written.
    NOT_ASKED = "not_asked"
    """A question that the quiz names, and does not ask as things stand."""
    FEWER = "fewer"
    """Of the `asked` questions that a rule draws only `left` can be said."""


class Part(StrEnum):
    """Parts of a question or quiz that a format may be unable to say."""

    KIND = "kind"
    TITLE = "title"
    IDENTIFIER = "identifier"
    CATEGORY = "category"
    TAGS = "tags"
    MAXIMUM = "maximum"
    DIFFICULTY = "difficulty"
    WHY = "why"
    FEEDBACK = "feedback"
    WHOLE = "whole"
    HINTS = "hints"
    PENALTY = "penalty"
    MEDIA = "media"
    TEXT_FORMAT = "text_format"
    SCORING = "scoring"
    WEIGHTS = "weights"
    FIXED = "fixed"
    UNITS = "units"
    TOLERANCE = "tolerance"
    CASE = "case"
    RUBRIC = "rubric"
    WORDS = "words"
    FILES = "files"
    LINES = "lines"
    QUIZ = "quiz"
    LANGUAGE = "language"
    LICENSE = "license"
    LINE_BREAKS = "line_breaks"
    SIGNS = "signs"
    LENGTH = "length"
    # Of a quiz.
    DRAWS = "draws"
    SHARES = "shares"
    SEEN = "seen"
    ENEMIES = "enemies"
    DATES = "dates"
    TRIES = "tries"
    PAUSES = "pauses"
    GRADING = "grading"
    TOPIC_MARK = "topic_mark"
    PAGES = "pages"
    ACCESS_CODE = "access_code"
    PRACTICE = "practice"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not carried over as it stands."""

    severity: Severity
    odd: StrEnum
    place: Place = NOWHERE
    about: Mapping[str, Any] = field(default_factory=dict)
    """What its sentence names."""


Alike = tuple[Severity, StrEnum, Part | None]
"""What findings have in common that are counted together."""


@dataclass(frozen=True, slots=True)
class Report:
    """The first findings of each sort, in the order of the file, and how many there are of each."""

    findings: tuple[Finding, ...] = ()
    counted: Mapping[Alike, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counted.values())

    @property
    def untold(self) -> int:
        """How many were counted and are not among the findings."""
        return self.total - len(self.findings)

    def number(self, severity: Severity) -> int:
        return sum(number for (each, *_rest), number in self.counted.items() if each is severity)

    @property
    def is_clean(self) -> bool:
        """Whether all of it is carried over."""
        return not (self.number(Severity.ERROR) or self.number(Severity.LOSS))

    def and_then(self, other: Report) -> Report:
        """Both."""
        return Report((*self.findings, *other.findings), dict(Counter(self.counted) + Counter(other.counted)))


class Reporter:
    """Collects findings while a file is read or written; every one is counted, the first ones of each sort are kept."""

    def __init__(self, most: int = MOST_FINDINGS, alike: int = MOST_ALIKE) -> None:
        self._most, self._most_alike = most, alike
        self._found: list[Finding] = []
        self._counted: Counter[Alike] = Counter()

    def note(self, odd: StrEnum, place: Place = NOWHERE, **about: Any) -> None:
        self._say(Severity.NOTE, odd, place, about)

    def loss(self, odd: StrEnum, place: Place = NOWHERE, **about: Any) -> None:
        self._say(Severity.LOSS, odd, place, about)

    def error(self, odd: StrEnum, place: Place = NOWHERE, **about: Any) -> None:
        self._say(Severity.ERROR, odd, place, about)

    @property
    def has_errors(self) -> bool:
        return any(severity is Severity.ERROR for severity, *_rest in self._counted)

    def _say(self, severity: Severity, odd: StrEnum, place: Place, about: Mapping[str, Any]) -> None:
        alike = (severity, odd, about.get("part"))
        self._counted[alike] += 1
        if self._counted[alike] <= self._most_alike and len(self._found) < self._most:
            place = Place(place.line, _short(place.item))
            self._found.append(Finding(severity, odd, place, {name: _short(each) for name, each in about.items()}))

    def done(self) -> Report:
        return Report(tuple(self._found), dict(self._counted))


def _short(said: Any) -> Any:
    """Files may quote megabytes; a sentence does not. Members of enums stay what they are."""
    if type(said) is not str or len(said) <= LONGEST_WORD:
        return said
    return said[:LONGEST_WORD].rstrip() + "…"
