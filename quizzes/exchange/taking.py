"""Questions of a file into a bank: all of them or, where it fails, none; the caller commits.

Thousands at once: rows are written in bulk, in batches, while the file is still being read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from lti_tool.db import new_public_id
from lti_tool.models import Enrolment
from quizzes.bank import queries
from quizzes.bank.tags import words_in
from quizzes.bank.writing import Said
from quizzes.exchange.folding import folded_in
from quizzes.exchange.pictures import Pictures, renamed
from quizzes.exchange.topics import Topics
from quizzes.formats.equality import content_key
from quizzes.formats.model import Question as Told
from quizzes.formats.reports import Odd, Part, Reporter
from quizzes.questions import QUESTION_TAG, Bank, Category, Question, QuestionState, QuestionVersion, Tag

AT_ONCE = 1_000
"""Rows that are written in one statement."""
USUAL_DIFFICULTY = 2
_QUESTION, _VERSION = cast(Table, Question.__table__), cast(Table, QuestionVersion.__table__)
"""Rows are written past the mapper, which would keep books of each of them."""
_NAME = re.compile(r"[\w.:-]{1,64}")


@dataclass
class Taken:
    """What became of the questions of a file."""

    made: list[int] = field(default_factory=list)
    """The ids of those that are new, in the order of the file."""
    drafts: int = 0
    """How many of them are drafts because something of them is missing."""
    known: int = 0
    """How many were left out because the bank, or the file above them, asks the same already."""


def take(
    session: Session,
    bank: Bank,
    questions: Iterable[Told],
    *,
    category: Category,
    at: datetime,
    report: Reporter,
    by: Enrolment | None = None,
    state: QuestionState = QuestionState.READY,
    difficulty: int = USUAL_DIFFICULTY,
    again: bool = False,
    told: Callable[[int], None] = lambda _number: None,
) -> Taken:
    """The questions, as `formats.registry` reads them, into the bank; those that it knows only if wanted `again`.

    `category` and `difficulty` are for those that say nothing of it; `told` hears after each batch how many there are.
    """
    session.refresh(bank, with_for_update=True)
    with ExitStack() as files:
        taker = _Taker(session, bank, Topics(session, bank, category, report), Pictures(session, bank, files, at=at))
        new = taker.new(questions, report) if not again else questions
        rest = iter(new)
        while batch := list(islice(rest, AT_ONCE)):
            taker.keep(batch, at=at, by=by, state=state, difficulty=difficulty, report=report)
            told(len(taker.taken.made))
    return taker.taken


def keys_of(session: Session, bank: Bank) -> Mapping[bytes, str]:
    """What the bank's questions ask, each with its public id; retired ones left out."""
    standing = queries.with_newest().where(Question.bank_id == bank.id, Question.state != QuestionState.RETIRED)
    found = session.execute(standing.with_only_columns(Question.public_id, QuestionVersion.kind, QuestionVersion.body))
    return {content_key(kind, body): public_id for public_id, kind, body in found}


class _Taker:
    def __init__(self, session: Session, bank: Bank, topics: Topics, pictures: Pictures) -> None:
        self.session, self.bank, self.topics, self.pictures = session, bank, topics, pictures
        self.taken = Taken()
        self.tags = _Tags(session, bank)
        self.names = set(session.scalars(select(Question.name).where(Question.bank_id == bank.id)))

    def new(self, questions: Iterable[Told], report: Reporter) -> Iterator[Told]:
        """Those that neither the bank nor the file above them asks."""
        keys = set(keys_of(self.session, self.bank))
        for question in questions:
            key = content_key(question.kind, question.body)
            if key in keys:
                self.taken.known += 1
                report.note(Odd.KNOWN, question.place)
                continue
            keys.add(key)
            yield question

    def keep(
        self,
        batch: Sequence[Told],
        *,
        at: datetime,
        by: Enrolment | None,
        state: QuestionState,
        difficulty: int,
        report: Reporter,
    ) -> None:
        kept = [self._with_pictures(folded_in(each, report), report) for each in batch]
        rows = [self._row(each, state, report) for each in kept]
        ids = self._made(rows)
        said = [_said(each, difficulty) for each in kept]
        self.session.execute(insert(_VERSION), [_version(*each, at, by) for each in zip(ids, said, strict=True)])
        self.tags.put(list(zip(ids, kept, strict=True)))
        self.taken.made += ids
        self.taken.drafts += sum(row["state"] is QuestionState.DRAFT for row in rows)

    def _made(self, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """The ids of new questions, in the order of these rows: found again by what was made up for them, in bulk."""
        self.session.execute(insert(_QUESTION), rows)
        public = [row["public_id"] for row in rows]
        wanted = select(Question.public_id, Question.id).where(Question.public_id.in_(public))
        ids = dict(self.session.execute(wanted).all())
        return [ids[public_id] for public_id in public]

    def _with_pictures(self, question: Told, report: Reporter) -> Told:
        """With the names that its pictures have in the bank; one that is not taken leaves a draft."""
        if not question.media:
            return question
        names = {media.key: self.pictures.name_of(media) for media in question.media}
        for media in question.media:
            if names[media.key] is None:
                report.loss(Odd.FILE_NOT_TAKEN, question.place, what=media.name)
        here = {key: name for key, name in names.items() if name is not None}
        is_draft = question.is_draft or len(here) < len(names)
        return replace(question, body=renamed(dict(question.body), here), is_draft=is_draft)

    def _row(self, question: Told, state: QuestionState, report: Reporter) -> dict[str, Any]:
        public_id = new_public_id()
        return {
            "public_id": public_id,
            "bank_id": self.bank.id,
            "name": self._name(question, report) or public_id,
            "category_id": self.topics.at(question.category, question.place).id,
            "state": QuestionState.DRAFT if question.is_draft else state,
        }

    def _name(self, question: Told, report: Reporter) -> str:
        """What the file knows it by, if that can be its name here."""
        name = question.identifier
        if name and name not in self.names and _NAME.fullmatch(name):
            self.names.add(name)
            return name
        if name:
            report.note(Odd.NOT_KEPT, question.place, part=Part.IDENTIFIER, what=name)
        return ""


def _said(question: Told, difficulty: int) -> Said:
    return Said(
        kind=question.kind,
        text_format=question.text_format,
        body=dict(question.body),
        difficulty=question.difficulty or difficulty,
        maximum=question.maximum,
    )


def _version(question_id: int, said: Said, at: datetime, by: Enrolment | None) -> dict[str, Any]:
    return {
        "public_id": new_public_id(),
        "question_id": question_id,
        "n": 1,
        "kind": said.kind,
        "text_format": said.text_format,
        "body": said.body,
        "difficulty": said.difficulty,
        "maximum": said.maximum,
        "sha256": said.sha256,
        "created": at,
        "author_id": by.id if by else None,
    }


@lru_cache(maxsize=4096)
def _words(tags: tuple[str, ...]) -> list[str]:
    return words_in(",".join(tags))


class _Tags:
    """The words of a bank, each made once."""

    def __init__(self, session: Session, bank: Bank) -> None:
        self._session, self._bank = session, bank
        self._ids = self._known()

    def _known(self) -> dict[str, int]:
        wanted = select(Tag.word, Tag.id).where(Tag.bank_id == self._bank.id)
        return dict(self._session.execute(wanted).all())

    def put(self, questions: Sequence[tuple[int, Told]]) -> None:
        wanted = [(number, _words(question.tags)) for number, question in questions if question.tags]
        new = [word for word in dict.fromkeys(word for _n, words in wanted for word in words) if word not in self._ids]
        if new:
            self._session.execute(insert(Tag), [{"bank_id": self._bank.id, "word": word} for word in new])
            self._ids = self._known()
        rows = [{"question_id": number, "tag_id": self._ids[word]} for number, words in wanted for word in words]
        if rows:
            self._session.execute(insert(QUESTION_TAG), rows)
