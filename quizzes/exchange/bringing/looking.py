"""The file is read and each of its questions is put down as it was read; of the bank nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from lti_tool import jobs, uploads
from lti_tool.bulk import Bulk, many_objects
from lti_tool.db import db, table, transaction
from lti_tool.jobs import Job, JobFailed, Task
from lti_tool.models import Enrolment
from lti_tool.pages import read_by
from quizzes.exchange import banks, taking
from quizzes.exchange.bringing import drafting, staging
from quizzes.exchange.bringing.models import ImportedPicture, ImportedQuestion, ImportState, QuestionImport
from quizzes.exchange.folding import folded_in
from quizzes.exchange.together import in_words
from quizzes.formats import registry
from quizzes.formats.base import About
from quizzes.formats.equality import content_key
from quizzes.formats.model import Place, Question
from quizzes.formats.reports import Report, Reporter, Severity
from quizzes.questions import Bank, Category

JOB = "questions-look"
AT_ONCE = 300_000
"""Bytes that are read while somebody waits; a larger file is read by a job."""
PACKED_AT_ONCE = 20_000
"""Of a package, which holds a hundred times as much, and whose rules are tried."""
ROWS = 500
KEPT = timedelta(days=7)
"""After that a file that nobody decided on is forgotten."""
LONGEST_PLACE = 255
_ROWS = Bulk(
    ImportedQuestion,
    *("import_id", "n", "said", "place", "kind", "is_complete", "is_whole", "known_as", "same_as", "is_wanted"),
    "question",
)


@dataclass
class Wish:
    """What somebody says of a file they bring."""

    category: Category
    format: str = ""
    """Empty to have it recognized."""
    is_draft: bool = False


def begin(
    session: Session, bank: Bank, file: FileStorage, wish: Wish, *, by: Enrolment, at: datetime
) -> QuestionImport:
    """The file is kept and read, now or by a job. Commits."""
    _forget(session, at)
    is_small = uploads.size_of(file) <= (PACKED_AT_ONCE if _is_packed(file) else AT_ONCE)
    with uploads.kept(file) as name:
        brought = QuestionImport(
            bank_id=bank.id,
            category_id=wish.category.id,
            by_id=by.id,
            filename=(file.filename or "")[-255:],
            file=name,
            format=wish.format,
            is_draft=wish.is_draft,
            asked=at,
        )
        session.add(brought)
        session.flush()
        if not is_small:
            jobs.ask(session, JOB, {"import": brought.id}, key=key_of(brought), course=by.course, by=by)
        session.commit()
    if is_small:
        look(brought.id, lambda _done, _total: None)
        session.refresh(brought)
    return brought


def _is_packed(file: FileStorage) -> bool:
    begins = file.stream.read(2)
    file.stream.seek(0)
    return bool(begins == b"PK")


def key_of(brought: QuestionImport) -> str:
    return f"questions-import:{brought.public_id}"


def job_of(session: Session, brought: QuestionImport) -> Job | None:
    return jobs.newest(session, key_of(brought))


def init_app(app: Flask) -> None:
    jobs.register(app, JOB, _work)
    uploads.register_keeper(app, _kept)


def _work(task: Task) -> Mapping[str, Any]:
    if db.session.get(QuestionImport, task.body["import"]) is None:
        raise JobFailed("it is too old to be read")
    return {"questions": look(task.body["import"], task.report)}


def look(import_id: int, report: Callable[[int, int | None], None]) -> int:
    """Read the whole file; how many questions can be taken. What was read before a crash is read again."""
    brought = db.session.get_one(QuestionImport, import_id)
    if brought.state is not ImportState.LOOKING:
        return int(brought.counted.get("questions", 0))
    content = uploads.path_of(brought.file).read_bytes()
    known = taking.keys_of(db.session, brought.bank)
    elsewhere = banks.known(db.session, brought.bank)
    filename, wanted, by = brought.filename, brought.format, brought.by
    db.session.commit()
    with transaction() as session:
        _clear(session, import_id)
    told, about = _Telling(), About(elsewhere=elsewhere)
    found = registry.found_format(content, filename, wanted, told)
    reading = _Reading(import_id, known)
    with read_by(by) if by is not None else nullcontext(), many_objects():
        if found is not None:
            for batch in _batches(registry.stream(found, content, told, about)):
                for each in batch:
                    # Only for what it tells: a bank keeps less than a file may say.
                    folded_in(each, told)
                with transaction() as session:
                    reading.put(session, batch, told.places)
                told.places.clear()
                # A bar is never beyond its end, however the file was counted.
                report(reading.number, max(about.expected, reading.number) if about.expected > 0 else None)
        said = told.done()
        with transaction() as session:
            row = session.get_one(QuestionImport, import_id, with_for_update=True)
            row.format, row.encoding = found.name if found else "", about.encoding
            row.findings, row.banks = in_words(said), banks.told(about)
            row.quizzes = drafting.staged(about.quizzes, reading.named, elsewhere)
            row.counted = {"questions": reading.number, "known": reading.known_ones, **_counted(said)}
            row.state = ImportState.LOOKED
            uploads.remove_once_committed(session, [row.file])
            row.file = ""
    return reading.number


class _Telling(Reporter):
    """Knows of which questions something is not kept, however many they are."""

    def __init__(self) -> None:
        super().__init__()
        self.places: set[Place] = set()

    def _say(self, severity: Severity, odd: StrEnum, place: Place, about: Mapping[str, Any]) -> None:
        super()._say(severity, odd, place, about)
        if severity >= Severity.LOSS:
            self.places.add(place)


def _batches(questions: Iterator[Question]) -> Iterator[list[Question]]:
    while batch := list(islice(questions, ROWS)):
        yield batch


@dataclass
class _Reading:
    import_id: int
    known: Mapping[bytes, str]
    number: int = 0
    known_ones: int = 0
    seen: dict[bytes, int] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)
    named: dict[str, int] = field(default_factory=dict)
    """The numbers of questions by what the file calls them, the first of each name."""

    def put(self, session: Session, batch: Collection[Question], losses: Collection[Place]) -> None:
        from quizzes.formats import wording  # which loads all formats

        at = wording.placing()
        rows = [self._row(each, at(each.place), is_whole=each.place not in losses) for each in batch]
        _ROWS.insert(session, rows)
        new = {each.key: each for question in batch for each in question.media if each.key not in self.pictures}
        if new:
            self.pictures |= set(new)
            named = [
                {"key": key, "name": each.name[-255:], "mimetype": each.mimetype[:64], "content": each.content}
                for key, each in new.items()
            ]
            session.execute(insert(table(ImportedPicture)), [{"import_id": self.import_id, **each} for each in named])

    def _row(self, question: Question, place: str, *, is_whole: bool) -> Sequence[object]:
        self.number += 1
        key = content_key(question.kind, question.body)
        known_as, same_as = self.known.get(key, ""), self.seen.get(key)
        self.seen.setdefault(key, self.number)
        if question.identifier:
            self.named.setdefault(question.identifier, self.number)
        is_known = bool(known_as) or same_as is not None
        self.known_ones += is_known
        there = (self.import_id, self.number, staging.written(question), place[:LONGEST_PLACE], question.kind.value)
        return *there, not question.is_draft, is_whole, known_as, same_as, not is_known, ""


def _counted(report: Report) -> dict[str, int]:
    numbers = {severity.name.lower(): report.number(severity) for severity in Severity}
    return {**numbers, "untold": report.untold}


def _kept(session: Session, names: Collection[str]) -> Collection[str]:
    return session.scalars(select(QuestionImport.file).where(QuestionImport.file.in_(names))).all()


def _forget(session: Session, at: datetime) -> None:
    """What nobody decided on within a week goes."""
    old = session.scalars(
        select(QuestionImport).where(
            QuestionImport.asked < at - KEPT, QuestionImport.state.in_((ImportState.LOOKING, ImportState.LOOKED))
        )
    ).all()
    forget(session, old)


def forget(session: Session, brought: Collection[QuestionImport]) -> None:
    uploads.remove_once_committed(session, [each.file for each in brought if each.file])
    for each in brought:
        _clear(session, each.id)
        session.delete(each)
    session.flush()


def _clear(session: Session, import_id: int) -> None:
    session.execute(delete(ImportedQuestion).where(ImportedQuestion.import_id == import_id))
    session.execute(delete(ImportedPicture).where(ImportedPicture.import_id == import_id))
