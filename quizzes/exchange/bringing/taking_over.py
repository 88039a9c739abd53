"""The chosen questions come into the bank: all of them in one transaction, or none; and they can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from lti_tool import clock, jobs
from lti_tool.db import db, table, transaction
from lti_tool.jobs import JobFailed, Task
from lti_tool.models import Course
from quizzes.bank import writing
from quizzes.exchange import banks, taking
from quizzes.exchange.bringing import drafting, staging
from quizzes.exchange.bringing.looking import key_of
from quizzes.exchange.bringing.models import ImportedPicture, ImportedQuestion, ImportState, QuestionImport
from quizzes.formats.model import Media
from quizzes.formats.model import Question as Told
from quizzes.formats.reports import Reporter
from quizzes.questions import Question, QuestionState

TAKE, UNDO = "questions-take", "questions-take-back"
AT_ONCE = 300
"""Questions that are taken, or taken back, while somebody waits."""
ROWS = 500
TICKED_AT_ONCE = 10_000
BACK_AT_ONCE = 50
"""Questions taken back in one transaction."""


_BECAME = (
    update(table(ImportedQuestion))
    .where(
        table(ImportedQuestion).c.import_id == bindparam("brought"), table(ImportedQuestion).c.n == bindparam("number")
    )
    .values(question=bindparam("became"), said="")
)


class ChangedMeanwhile(Exception):
    """Somebody else has taken it, or taken it back, or the topic is gone."""


def choose(session: Session, brought: QuestionImport, shown: Collection[int], wanted: Collection[int]) -> None:
    """Of those that were shown, these are wanted; the caller commits."""
    here = (ImportedQuestion.import_id == brought.id, ImportedQuestion.n.in_(shown))
    session.execute(update(ImportedQuestion).where(*here).values(is_wanted=ImportedQuestion.n.in_(wanted)))


def choose_all(
    session: Session, brought: QuestionImport, *, known_ones: bool, among: Sequence[int] | None = None
) -> None:
    """All of the file or all `among` it with these numbers, with those that are known or without."""
    is_new = (ImportedQuestion.known_as == "") & ImportedQuestion.same_as.is_(None)
    _tick(session, brought, True if known_ones else is_new, among)


def choose_none(session: Session, brought: QuestionImport, among: Sequence[int] | None = None) -> None:
    _tick(session, brought, False, among)


def _tick(
    session: Session, brought: QuestionImport, is_wanted: bool | ColumnElement[bool], among: Sequence[int] | None
) -> None:
    rows = update(ImportedQuestion).where(ImportedQuestion.import_id == brought.id).values(is_wanted=is_wanted)
    if among is None:
        session.execute(rows)
    for first in range(0, len(among or ()), TICKED_AT_ONCE):
        session.execute(rows.where(ImportedQuestion.n.in_((among or ())[first : first + TICKED_AT_ONCE])))


def number_wanted(session: Session, brought: QuestionImport) -> int:
    wanted = (ImportedQuestion.import_id == brought.id, ImportedQuestion.is_wanted)
    return session.scalar(select(func.count()).select_from(ImportedQuestion).where(*wanted)) or 0


def begin(session: Session, brought: QuestionImport, *, at: datetime) -> None:
    """Take the wanted ones over, now or by a job. Commits. Raises ChangedMeanwhile."""
    _move(session, brought, ImportState.LOOKED, ImportState.TAKING)
    _go(session, brought, TAKE, number_wanted(session, brought))


def begin_undo(session: Session, brought: QuestionImport) -> None:
    """Take back what came of it, now or by a job. Commits. Raises ChangedMeanwhile."""
    _move(session, brought, ImportState.TAKEN, ImportState.UNDOING)
    _go(session, brought, UNDO, int(brought.counted.get("made", 0)))


def _move(session: Session, brought: QuestionImport, before: ImportState, after: ImportState) -> None:
    session.refresh(brought, with_for_update=True)
    if brought.state is not before:
        raise ChangedMeanwhile
    brought.state = after


def _go(session: Session, brought: QuestionImport, kind: str, number: int) -> None:
    is_small = number <= AT_ONCE
    if not is_small:
        course = session.get(Course, brought.bank.course_id)
        jobs.ask(session, kind, {"import": brought.id}, key=key_of(brought), course=course, by=brought.by)
    session.commit()
    if is_small:
        _WORK[kind](brought.id)
        session.refresh(brought)


def init_app(app: Flask) -> None:
    jobs.register(app, TAKE, _run)
    jobs.register(app, UNDO, _run)


def _run(task: Task) -> Mapping[str, Any]:
    if db.session.get(QuestionImport, task.body["import"]) is None:
        raise JobFailed("it is gone")
    db.session.commit()
    return _WORK[task.kind](task.body["import"], task.report)


Progress = Callable[[int, int | None], None]
"""Hears how far it has come."""


def _silent(_done: int, _total: int | None) -> None:
    """While somebody waits for the page."""


def _take(import_id: int, _report: Progress = _silent) -> Mapping[str, Any]:
    at = clock.now()
    with transaction() as session:
        brought = session.get_one(QuestionImport, import_id, with_for_update=True, populate_existing=True)
        if brought.state is not ImportState.TAKING:
            return {}
        numbers: list[int] = []
        taken = taking.take(
            session,
            brought.bank,
            _wanted(session, brought, numbers),
            category=brought.category,
            at=at,
            report=Reporter(),
            by=brought.by,
            state=QuestionState.DRAFT if brought.is_draft else QuestionState.READY,
            again=True,
            names=banks.paths(brought.banks),
        )
        drafting.make(session, brought, dict(zip(numbers, taken.made, strict=True)), at=at)
        _remember(session, brought, numbers, taken.made)
        brought.counted = {**brought.counted, "made": len(taken.made), "drafts": taken.drafts}
        brought.state, brought.ended = ImportState.TAKEN, at
    return {"made": len(taken.made)}


def _wanted(session: Session, brought: QuestionImport, numbers: list[int]) -> Iterator[Told]:
    """One after the other; `numbers` are those that were given out."""
    last = 0
    while True:
        rows = session.execute(
            select(ImportedQuestion.n, ImportedQuestion.said)
            .where(ImportedQuestion.import_id == brought.id, ImportedQuestion.is_wanted, ImportedQuestion.n > last)
            .order_by(ImportedQuestion.n)
            .limit(ROWS)
        ).all()
        if not rows:
            return
        for n, said in rows:
            numbers.append(n)
            yield staging.read(said, pictures_of(session, brought, said))
        last = rows[-1].n


def pictures_of(session: Session, brought: QuestionImport, said: str) -> Mapping[str, Media]:
    named = staging.named_in(said)
    if not named:
        return {}
    found = session.scalars(
        select(ImportedPicture).where(ImportedPicture.import_id == brought.id, ImportedPicture.key.in_(named))
    )
    return {each.key: Media(each.content, each.name, each.mimetype) for each in found}


def _remember(session: Session, brought: QuestionImport, numbers: list[int], made: list[int]) -> None:
    """What became of each; what they said stands in the bank from now on."""
    for first in range(0, len(made), ROWS):
        ids = made[first : first + ROWS]
        names = dict(iter(session.execute(select(Question.id, Question.public_id).where(Question.id.in_(ids)))))
        became = [
            {"number": n, "became": names[number]} for n, number in zip(numbers[first : first + ROWS], ids, strict=True)
        ]
        session.connection().execute(_BECAME, [{"brought": brought.id, **each} for each in became])
    session.execute(delete(ImportedPicture).where(ImportedPicture.import_id == brought.id))
    session.execute(
        delete(ImportedQuestion).where(ImportedQuestion.import_id == brought.id, ImportedQuestion.question == "")
    )


def _undo(import_id: int, report: Progress = _silent) -> Mapping[str, Any]:
    """Those that were asked meanwhile, or that a quiz names, or that somebody has changed, stay.

    Bit by bit, so that others can write in between; broken off, it goes on with what is left.
    """
    with transaction() as session:
        brought = session.get_one(QuestionImport, import_id, with_for_update=True)
        drafting.take_back(session, brought)
        total = int(brought.counted.get("made", 0))
    last = done = kept = 0
    while numbers := _numbers_beyond(db.session, import_id, last):
        db.session.commit()
        with transaction() as session:
            kept += sum(not _taken_back(session, question) for question in _made(session, import_id, numbers))
        last, done = numbers[-1], done + len(numbers)
        report(done, max(total, done))
    with transaction() as session:
        brought = session.get_one(QuestionImport, import_id, with_for_update=True, populate_existing=True)
        if brought.state is ImportState.UNDOING:
            removed = int(brought.counted.get("made", 0)) - kept
            brought.counted = {**brought.counted, "removed": removed, "kept": kept}
            brought.state, brought.ended = ImportState.UNDONE, clock.now()
    return {"kept": kept}


def _numbers_beyond(session: Session, import_id: int, last: int) -> Sequence[int]:
    """The next of the file, while it is being taken back."""
    wanted = (
        select(ImportedQuestion.n)
        .join(QuestionImport, QuestionImport.id == ImportedQuestion.import_id)
        .where(QuestionImport.id == import_id, QuestionImport.state == ImportState.UNDOING, ImportedQuestion.n > last)
        .order_by(ImportedQuestion.n)
    )
    return session.scalars(wanted.limit(BACK_AT_ONCE)).all()


def _made(session: Session, import_id: int, numbers: Sequence[int]) -> Sequence[Question]:
    here = (ImportedQuestion.import_id == import_id, ImportedQuestion.n.in_(numbers))
    names = select(ImportedQuestion.question).where(*here)
    return session.scalars(select(Question).where(Question.public_id.in_(names)).order_by(Question.id)).all()


def _taken_back(session: Session, question: Question) -> bool:
    return _is_as_it_came(session, question) and _removed(session, question)


def _is_as_it_came(session: Session, question: Question) -> bool:
    return writing.newest_of(session, question).n == 1


def _removed(session: Session, question: Question) -> bool:
    try:
        writing.remove(session, question)
    except writing.IsUsed:
        return False
    return True


_WORK: Mapping[str, Callable[..., Mapping[str, Any]]] = {TAKE: _take, UNDO: _undo}
