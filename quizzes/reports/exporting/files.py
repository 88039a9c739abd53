"""Tables, and results for other systems, as files: at once where they are small, by a job where they are large."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import IO, Any

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from lti_tool import clock, jobs, uploads
from lti_tool.db import db, let_go, transaction
from lti_tool.jobs import Job, JobFailed, Task
from lti_tool.models import Enrolment, Person
from lti_tool.pages import read_by
from lti_tool.tables import excel, writing
from quizzes.models import Quiz
from quizzes.reports.exporting.models import QuizExport
from quizzes.reports.exporting.tables import Export, Row, What, export, size

JOB = "quiz-export"
KEPT = timedelta(days=1)
"""How long a file can be fetched: what stands in it belongs to people."""
MOST_AT_ONCE = 100
"""Attempts of which tables are made while somebody waits."""
REPORTED = 2_000
"""Rows after which a job says how far it has come."""


class Form(StrEnum):
    EXCEL = "xlsx"
    CSV = "csv"
    QTI_30 = "qti30"
    QTI_22 = "qti22"
    QTI_21 = "qti21"

    @property
    def is_table(self) -> bool:
        return self in (Form.EXCEL, Form.CSV)


MIMETYPES = {Form.EXCEL: excel.MIMETYPE, Form.CSV: "text/csv; charset=utf-8"}
PACKED = "application/zip"


def mimetype_of(form: Form) -> str:
    return MIMETYPES.get(form, PACKED)


def name_of(what: What, form: Form) -> str:
    """What the file is called that somebody takes along."""
    return f"{what.value}.{form.value}" if form.is_table else f"{what.value}-{form.value}.zip"


def is_large(session: Session, quiz: Quiz) -> bool:
    return size(session, quiz) > MOST_AT_ONCE


def make(
    file: IO[bytes],
    session: Session,
    quiz: Quiz,
    what: What,
    form: Form,
    told: Callable[[int], None] = lambda _number: None,
) -> None:
    """Write it; `told` hears now and then how far it has come."""
    if form.is_table:
        made = export(session, quiz, what)
        _write(file, Export(made.name, made.header, _counted(made.rows, told)), form)
    else:
        from quizzes.reports.exporting import results  # which loads the formats

        results.write_all(file, session, quiz, form.value, told)


def _write(file: IO[bytes], made: Export, form: Form) -> None:
    if form is Form.EXCEL:
        excel.write(file, made.name, made.header, made.rows)
    else:
        writing.write(file, made.header, made.rows)


def ask(session: Session, quiz: Quiz, what: What, form: Form, *, by: Enrolment, at: datetime) -> QuizExport:
    """Have it made; the caller commits. One that is asked for and not made yet is not asked for again."""
    _forget(session, at)
    waiting = session.scalar(
        select(QuizExport).where(
            QuizExport.quiz_id == quiz.id,
            QuizExport.asked_by_id == by.id,
            QuizExport.what == what.value,
            QuizExport.form == form.value,
            QuizExport.file == "",
        )
    )
    if waiting is not None and (job := job_of(session, waiting)) is not None and job.is_unfinished:
        return waiting
    asked = QuizExport(quiz_id=quiz.id, asked_by_id=by.id, what=what.value, form=form.value, asked=at)
    session.add(asked)
    session.flush()
    jobs.ask(session, JOB, {"export": asked.id}, key=_key(asked), course=quiz.course, by=by)
    return asked


def job_of(session: Session, asked: QuizExport) -> Job | None:
    return jobs.newest(session, _key(asked))


def _key(asked: QuizExport) -> str:
    return f"{JOB}:{asked.public_id}"


def mine(session: Session, quiz: Quiz, me: Enrolment, *, at: datetime) -> list[QuizExport]:
    """What I asked for and can still fetch, the newest first."""
    wanted = (QuizExport.quiz_id == quiz.id, QuizExport.asked_by_id == me.id, QuizExport.asked > at - KEPT)
    return list(session.scalars(select(QuizExport).where(*wanted).order_by(QuizExport.id.desc())))


def init_app(app: Flask) -> None:
    jobs.register(app, JOB, _make)
    uploads.register_keeper(app, _kept)


def _kept(session: Session, names: Collection[str]) -> Collection[str]:
    """Whatever is too old to be fetched lets go of its file."""
    wanted = select(QuizExport.file).where(QuizExport.file.in_(names), QuizExport.asked > clock.now() - KEPT)
    return session.scalars(wanted).all()


def _forget(session: Session, at: datetime) -> None:
    """Files follow by themselves, once no row names them."""
    session.execute(delete(QuizExport).where(QuizExport.asked < at - KEPT))


def given_out(session: Session, person: Person) -> list[dict[str, Any]]:
    """Which tables a person asked for. Not what stands in them: that belongs to everybody in the class, and what it
    says of this person is given out with their attempts."""
    wanted = select(QuizExport).join(QuizExport.asked_by).where(Enrolment.person_id == person.id)
    return [
        {"quiz": each.quiz.title, "table": each.what, "form": each.form, "asked": each.asked.isoformat()}
        for each in session.scalars(wanted.order_by(QuizExport.id))
    ]


def forget(session: Session, person: Person) -> int:
    """Every table that may tell of a person goes, and its file with it, whoever asked for it; how many."""
    courses = select(Enrolment.course_id).where(Enrolment.person_id == person.id)
    found = session.scalars(select(QuizExport).join(QuizExport.quiz).where(Quiz.course_id.in_(courses))).all()
    uploads.remove_once_committed(session, [each.file for each in found if each.file])
    for each in found:
        session.delete(each)
    session.flush()
    return len(found)


def _make(task: Task) -> dict[str, Any]:
    asked = db.session.get(QuizExport, task.body["export"])
    if asked is None:
        raise JobFailed("it is too old to be made")
    form, total = Form(asked.form), size(db.session, asked.quiz)
    with uploads.begun() as file, read_by(asked.asked_by):
        make(file, db.session, asked.quiz, What(asked.what), form, task.report)
        let_go()
        file.seek(0)
        with uploads.kept(FileStorage(file, filename=asked.what)) as name, transaction() as session:
            row = session.get(QuizExport, asked.id)
            if row is None:
                raise JobFailed("it is too old to be made")
            row.file = name
    return {"attempts": total}


def _counted(rows: Iterator[Row], report: Callable[[int], None]) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if number % REPORTED == 0:
            let_go()
            report(number)
        yield row
