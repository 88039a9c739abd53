"""What a format is: something that is recognized, read and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from quizzes.formats.model import Bank, Path, Question, Quiz, Reference
from quizzes.formats.reports import Report, Reporter


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read from a file, and what was not."""

    format: str = ""
    """The name of the format; empty if it is none of ours."""
    encoding: str = ""
    """How its letters were written; empty for what is no text."""
    bank: Bank
    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file, and what of the bank it cannot say."""

    content: bytes
    report: Report
    ending: str = ""
    """Of its name, where it is not the usual one of the format."""


@dataclass(slots=True)
class About:
    """What a file says beside its questions; filled in while they are read."""

    encoding: str = ""
    expected: int = 0
    """About how many questions there are, told before the first one; 0 where it takes reading them to know."""
    title: str = ""
    language: str = ""
    license: str = ""
    categories: list[Path] = field(default_factory=list)
    """In the order of the file; those of questions are known from these as well."""
    banks: dict[str, Path] = field(default_factory=dict)
    """The topics that banks and categories of the file have become, by what the file knows these by."""
    within: dict[Path, list[str]] = field(default_factory=dict)
    """What the file calls the questions in each of these topics."""
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """What is there already, by the same: the titles of banks and topics. Said by whoever has the file read."""
    quizzes: list[Quiz] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    """The banks that the quizzes draw from."""


class Format(Protocol):
    """A format of files with questions."""

    @property
    def name(self) -> str:
        """As addresses, commands and forms name it, such as `gift`."""

    @property
    def title(self) -> str:
        """What people call it, such as `Moodle XML`."""

    @property
    def ending(self) -> str:
        """Of files that we write, such as `xml`."""

    def recognize(self, content: bytes, filename: str) -> int:
        """How likely a file is of this format, from 0 (it is not) to 100 (its own words say so)."""

    def questions(self, content: bytes, report: Reporter, about: About) -> Iterator[Question]:
        """The questions one after the other, so that a file of any length needs little memory.

        What is wrong with one is reported, and the next one follows. What the file says beside questions is put into
        `about` by the time the last one has come.
        """

    def write(self, bank: Bank) -> Written: ...


def categories_of(questions: Iterable[Question], others: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Every topic that the questions name, and these others, each once."""
    return tuple(dict.fromkeys([*others, *(each.category for each in questions if each.category)]))
