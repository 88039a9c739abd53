"""What saving a table would do, row by row, before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.models import Enrolment
from lti_tool.tables.finding import Directory
from lti_tool.tables.reading import Row, Table
from lti_tool.tables.words import sentence_of, sentence_of_row

MOST_IN_SUMMARY = 20


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Planned:
    """One row and what saving it does."""

    number: int
    whom: str
    """The person's name, or what the row says of them."""
    fate: Fate
    sentence: str
    """What will happen, or what stands in the way and how to put it right."""
    change: tuple[Any, ...] = ()
    """What is saved, as JSON can say it; empty where nothing is."""

    @property
    def anchor(self) -> str:
        return f"row-{self.number}"

    @property
    def told(self) -> str:
        """The sentence where the row does not stand beside it."""
        return sentence_of_row(self.number, self.sentence)


@dataclass(frozen=True)
class Preview:
    """All rows of a table, and what is worth knowing of the table as a whole."""

    rows: Sequence[Planned]
    notes: Sequence[str] = ()

    @property
    def refused(self) -> list[Planned]:
        return [row for row in self.rows if row.fate == Fate.REFUSED]

    @property
    def changes(self) -> list[tuple[Any, ...]]:
        return [row.change for row in self.rows if row.change]

    def is_of(self, changes: Sequence[Sequence[Any]]) -> bool:
        """Whether saving still means exactly these changes."""
        return [list(change) for change in self.changes] == [list(change) for change in changes]

    @property
    def told(self) -> list[Planned]:
        """The refused rows that stand in the summary; the others stand in the table."""
        return self.refused[:MOST_IN_SUMMARY]

    @property
    def untold(self) -> int:
        return len(self.refused) - len(self.told)

    @property
    def status(self) -> int:
        return 422 if self.refused else 200


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The words and addresses of one kind of table, for the pages all kinds share."""

    title: str
    intro: str
    columns: Sequence[tuple[str, str]]
    """What the header calls each, and what stands below."""
    example: str
    look_url: str
    save_url: str
    back_url: str
    download_url: str


def plan(table: Table, directory: Directory, judge: Callable[[Row, Enrolment], Planned]) -> list[Planned]:
    """What becomes of each row; `judge` says it of a row whose person is known and stands in no other row."""
    found = {row.number: directory.named_in(row.cells) for row in table.rows if row.trouble is None}
    numbers: dict[int, list[int]] = {}
    for number, each in found.items():
        if each.person is not None:
            numbers.setdefault(each.person.id, []).append(number)
    planned = []
    for row in table.rows:
        if row.trouble is not None:
            planned.append(refused(row.number, _said(row.cells), sentence_of(row.trouble)))
        elif (person := found[row.number].person) is None:
            planned.append(refused(row.number, _said(row.cells), found[row.number].sentence))
        elif len(numbers[person.id]) > 1:
            planned.append(refused(row.number, person.name, _twice(numbers[person.id])))
        else:
            planned.append(judge(row, person))
    return planned


def refused(number: int, whom: str, sentence: str) -> Planned:
    return Planned(number, whom, Fate.REFUSED, sentence)


def _said(cells: Mapping[str, str]) -> str:
    """What a row calls somebody we do not know."""
    return cells["name"] or cells["person"] or cells["mail"] or str(_("Nobody"))


def _twice(numbers: Sequence[int]) -> str:
    rows = ", ".join(str(number) for number in numbers)
    return str(_("The same person stands in several rows: %(rows)s. Leave only one of them.", rows=rows))


def notes_of(table: Table) -> list[str]:
    """What is worth knowing of a table that could be read."""
    notes = []
    if table.is_guessed:
        notes.append(
            _("The letters were taken for Windows-1252. If names look wrong, save the table as “CSV UTF-8” instead.")
        )
    if table.unknown:
        notes.append(
            ngettext(
                "One column is not known here and was not read: %(columns)s.",
                "%(num)d columns are not known here and were not read: %(columns)s.",
                len(table.unknown),
                columns=", ".join(table.unknown),
            )
        )
    return notes
