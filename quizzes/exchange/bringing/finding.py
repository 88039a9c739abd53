"""Questions of a file found among the others: by words, by kind, by what is to be decided of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from quizzes.bank.finding import folded, place_of
from quizzes.exchange.bringing.models import ImportedQuestion, QuestionImport
from quizzes.kinds import Kind

AT_ONCE = 20
"""Questions on a page."""
READ_AT_ONCE = 2_000


class Show(StrEnum):
    """Which of them."""

    PROBLEMS = "problems"
    """Drafts, and those of which something is not kept."""
    KNOWN = "known"
    """Asked already, by the bank or further above in the file."""
    NEW = "new"
    TICKED = "ticked"


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What somebody looks for; what is not said narrows nothing."""

    words: str = ""
    show: Show | None = None
    kind: Kind | None = None

    @property
    def is_everything(self) -> bool:
        return not (self.words or self.show or self.kind)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of it."""

    rows: Sequence[ImportedQuestion]
    first: int
    """How many stand before these."""
    number: int
    """Of all pages together."""


def find(session: Session, brought: QuestionImport, sought: Sought, first: int) -> Found:
    """In the order of the file; behind the last page is the last page."""
    hits = numbers(session, brought, sought) if sought.words else None
    number = len(hits) if hits is not None else _counted(session, brought, sought)
    first = min(first, max(number - 1, 0)) // AT_ONCE * AT_ONCE
    wanted = select(ImportedQuestion).where(*_narrowed(brought, sought)).order_by(ImportedQuestion.n)
    if hits is None:
        wanted = wanted.offset(first).limit(AT_ONCE)
    else:
        wanted = wanted.where(ImportedQuestion.n.in_(hits[first : first + AT_ONCE]))
    return Found(rows=session.scalars(wanted).all(), first=first, number=number)


def numbers(session: Session, brought: QuestionImport, sought: Sought) -> list[int]:
    """Of all that are found."""
    narrowed = _narrowed(brought, sought)
    if not sought.words:
        return list(session.scalars(select(ImportedQuestion.n).where(*narrowed).order_by(ImportedQuestion.n)))
    said = select(ImportedQuestion.n, ImportedQuestion.said).where(*narrowed).order_by(ImportedQuestion.n)
    return list(_with_words(session, said, folded(sought.words)))


def _counted(session: Session, brought: QuestionImport, sought: Sought) -> int:
    rows = select(func.count()).select_from(ImportedQuestion).where(*_narrowed(brought, sought))
    return session.scalar(rows) or 0


def _narrowed(brought: QuestionImport, sought: Sought) -> list[ColumnElement[bool]]:
    """What is said besides words."""
    wanted = [ImportedQuestion.import_id == brought.id]
    is_known = (ImportedQuestion.known_as != "") | ImportedQuestion.same_as.is_not(None)
    match sought.show:
        case Show.PROBLEMS:
            wanted.append(~(ImportedQuestion.is_complete & ImportedQuestion.is_whole))
        case Show.KNOWN:
            wanted.append(is_known)
        case Show.NEW:
            wanted.append(~is_known)
        case Show.TICKED:
            wanted.append(ImportedQuestion.is_wanted.is_(True))
    if sought.kind:
        wanted.append(ImportedQuestion.kind == sought.kind)
    return wanted


def _with_words(session: Session, said: Select[int, str], words: str) -> Iterator[int]:
    """Read here and not by the database, as those of a bank are: see `quizzes.bank.queries`.

    What has not even the longest of the words in it is not taken apart, which is most of a large file.
    """
    longest = json.dumps(max(words.split(), key=len, default=""), ensure_ascii=False)[1:-1]
    for number, text in session.execute(said.execution_options(yield_per=READ_AT_ONCE)):
        if longest in (text.casefold() if text.isascii() else folded(text)):
            told = json.loads(text)
            if place_of(words, told["body"], [*told["tags"], *told["category"]], told["title"]) is not None:
                yield number
