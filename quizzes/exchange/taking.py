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

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lti_tool.bulk import Bulk, many_objects
from lti_tool.db import new_public_ids
from lti_tool.models import Enrolment
from quizzes.bank import queries
from quizzes.bank.tags import words_in
from quizzes.bank.writing import Said
from quizzes.exchange.folding import folded_in, title_of
from quizzes.exchange.pictures import Pictures, as_files_name, media_keys, renamed
from quizzes.exchange.topics import NO_NAMES, Topics
from quizzes.formats.equality import content_key
from quizzes.formats.model import Path
from quizzes.formats.model import Question as Told
from quizzes.formats.reports import Odd, Reporter
from quizzes.questions import LONGEST_TITLE, QUESTION_TAG, Bank, Category, Question, QuestionState, QuestionVersion, Tag

AT_ONCE = 1_000
"""Rows that are written in one statement."""
USUAL_DIFFICULTY = 2
_QUESTIONS = Bulk(Question, "public_id", "bank_id", "name", "title", "category_id", "state")
_VERSIONS = Bulk(
    QuestionVersion,
    *("public_id", "question_id", "n", "kind", "text_format", "body", "difficulty", "maximum", "sha256"),
    *("created", "author_id", "note"),
)
_TAGGED = Bulk(QUESTION_TAG, "question_id", "tag_id")
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
    named: dict[str, int] = field(default_factory=dict)
    """The ids of those that are new, by what the file calls them."""
    known_as: dict[str, str] = field(default_factory=dict)
    """The public ids of what the bank asked already, by what the file calls the same."""
    again: dict[str, str] = field(default_factory=dict)
    """What the file calls those that ask the same as one above, and that one."""


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
    names: Mapping[str, Path] = NO_NAMES,
    told: Callable[[int], None] = lambda _number: None,
) -> Taken:
    """The questions, as `formats.registry` reads them, into the bank; those that it knows only if wanted `again`.

    `category` and `difficulty` are for those that say nothing of it; `names` are what the file knows topics by; `told`
    hears after each batch how many there are.
    """
    session.refresh(bank, with_for_update=True)
    with many_objects(), ExitStack() as files:
        topics = Topics(session, bank, category, report, names)
        taker = _Taker(session, bank, topics, Pictures(session, bank, files, at=at))
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
    keys = media_keys(session, bank)
    return {content_key(kind, as_files_name(body, keys)): public_id for public_id, kind, body in found}


class _Taker:
    def __init__(self, session: Session, bank: Bank, topics: Topics, pictures: Pictures) -> None:
        self.session, self.bank, self.topics, self.pictures = session, bank, topics, pictures
        self.taken = Taken()
        self.tags = _Tags(session, bank)
        self.names = set(session.scalars(select(Question.name).where(Question.bank_id == bank.id)))

    def new(self, questions: Iterable[Told], report: Reporter) -> Iterator[Told]:
        """Those that neither the bank nor the file above them asks."""
        known, above = keys_of(self.session, self.bank), dict[bytes, str]()
        for question in questions:
            key = content_key(question.kind, question.body)
            if key in known:
                self.taken.known_as[question.identifier] = known[key]
            elif key in above:
                self.taken.again[question.identifier] = above[key]
            else:
                above[key] = question.identifier
                yield question
                continue
            self.taken.known += 1
            report.note(Odd.KNOWN, question.place)

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
        ids = self._made(kept, state, report)
        public = new_public_ids(len(kept))
        about = (at, by.id if by else None, "")
        _VERSIONS.insert(
            self.session,
            (
                (name, number, 1, *_version(question, difficulty), *about)
                for name, number, question in zip(public, ids, kept, strict=True)
            ),
        )
        self.tags.put(list(zip(ids, kept, strict=True)))
        self.taken.made += ids
        for number, question in zip(ids, batch, strict=True):
            if question.identifier:
                self.taken.named.setdefault(question.identifier, number)

    def _made(self, questions: Sequence[Told], state: QuestionState, report: Reporter) -> list[int]:
        """The ids of new questions, in their order: found again by what was made up for them, in bulk."""
        public = new_public_ids(len(questions))
        states = [(QuestionState.DRAFT if each.is_draft else state).value for each in questions]
        rows = [
            (
                *(name, self.bank.id, self._name(each, report) or name, title_of(each)[:LONGEST_TITLE]),
                *(self.topics.at(each.category, each.place).id, its),
            )
            for name, each, its in zip(public, questions, states, strict=True)
        ]
        _QUESTIONS.insert(self.session, rows)
        self.taken.drafts += states.count(QuestionState.DRAFT.value)
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

    def _name(self, question: Told, report: Reporter) -> str:
        """What the file knows it by, if that can be its name here."""
        name = question.identifier
        if name and name not in self.names and _NAME.fullmatch(name):
            self.names.add(name)
            return name
        if name:
            report.note(Odd.NAME_NOT_KEPT, question.place, what=name)
        return ""


def _version(question: Told, difficulty: int) -> tuple[object, ...]:
    """What the version says, and how that is known again."""
    said = Said(
        kind=question.kind,
        text_format=question.text_format,
        body=dict(question.body),
        difficulty=question.difficulty or difficulty,
        maximum=question.maximum,
    )
    return said.kind.value, said.text_format.value, said.in_json, said.difficulty, said.maximum, said.sha256


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
        rows = [(number, self._ids[word]) for number, words in wanted for word in words]
        if rows:
            _TAGGED.insert(self._session, rows)
