"""What quizzes hold about a person: attempts and written questions, which stay when their name is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from lti_tool import personal_data
from lti_tool.models import Enrolment, Person
from lti_tool.personal_data import Keeper, Plain
from quizzes import closing
from quizzes.accommodations.models import Grant
from quizzes.accommodations.overrides import Override
from quizzes.attempts import log
from quizzes.attempts.log import AttemptEntry
from quizzes.exchange.bringing import personal as bringing
from quizzes.marks import personal as marks_personal
from quizzes.models import Answer, AnswerFile, Attempt
from quizzes.questions import QuestionVersion
from quizzes.reports.exporting import files
from quizzes.reports.mailing import keeping as mailing

ORDER = 20


def init_app(app: Flask) -> None:
    personal_data.register(app, Keeper(key="quizzes", order=ORDER, export=export, erase=erase))


def export(session: Session, person: Person) -> Plain:
    return {
        "attempts": [_attempt(session, each) for each in _attempts(session, person)],
        "marks_given": marks_personal.given_by(session, person),
        "granted": [_granted(each) for each in _grants(session, person)],
        "tables_asked_for": files.given_out(session, person),
        **mailing.given_out(session, person),
        "files_with_questions": bringing.given_out(session, person),
        "other_rules": [_otherwise(each) for each in _overrides(session, person)],
        "questions_written": [_written(each) for each in session.scalars(_versions_by(person))],
    }


def _granted(grant: Grant) -> dict[str, Any]:
    return {
        "quiz": grant.quiz.title if grant.quiz else None,
        "percent_more_time": round((grant.multiplier - 1) * 100),
        "minutes_more": grant.extra_minutes,
        "no_time_limit": grant.is_unlimited,
        "more_attempts": grant.attempts,
        "beyond_the_close": grant.extends,
        "closes": _said(grant.closes),
        "valid_until": _said(grant.valid_until),
        "reason": grant.reason.value,
        "granted": grant.granted.isoformat(),
    }


def _otherwise(override: Override) -> dict[str, Any]:
    return {
        "quiz": override.quiz.title,
        "opens": _said(override.opens),
        "closes": _said(override.closes),
        "minutes": override.minutes,
        "attempts": override.attempts,
    }


def _written(version: QuestionVersion) -> dict[str, Any]:
    return {
        "version": version.public_id,
        "number": version.n,
        "text": version.text,
        "note": version.note,
        "at": version.created.isoformat(),
    }


def _versions_by(person: Person) -> Select[QuestionVersion]:
    theirs = select(Enrolment.id).where(Enrolment.person_id == person.id)
    return select(QuestionVersion).where(QuestionVersion.author_id.in_(theirs)).order_by(QuestionVersion.id)


def _said(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _attempt(session: Session, attempt: Attempt) -> dict[str, Any]:
    return {
        "quiz": attempt.quiz.title,
        "number": attempt.n,
        "started": attempt.started.isoformat(),
        "submitted": attempt.submitted.isoformat() if attempt.submitted else None,
        "score": attempt.raw,
        "maximum": attempt.maximum,
        "answers": [
            {
                "question": each.version.public_id,
                "answer": each.response,
                "files": [_file(file) for file in each.files],
                "points": each.mark,
                "marked": marks_personal.of_answer(session, each),
            }
            for each in attempt.answers
        ],
        "log": [
            {"what": each.kind.value, "at": each.at.isoformat(), "question": each.place, "number": each.seq}
            for each in log.entries(session, attempt)
        ],
    }


def _file(file: AnswerFile) -> dict[str, Any]:
    """The file itself they have, or take from the page of their attempt."""
    return {
        "id": file.public_id,
        "name": file.file_name,
        "kind": file.kind,
        "bytes": file.size,
        "at": file.created.isoformat(),
    }


def erase(session: Session, person: Person, at: datetime) -> Sequence[str]:
    attempts = _attempts(session, person)
    grants = _grants(session, person)
    for grant in grants:
        session.delete(grant)
    for attempt in attempts:
        closing.end_untold(session, attempt, at=at)
    for override in _overrides(session, person):
        session.delete(override)
    ids = [attempt.id for attempt in attempts]
    mailing.forget(session, person)
    bringing.forget(session, person)
    tables = files.forget(session, person)
    session.execute(delete(AttemptEntry).where(AttemptEntry.attempt_id.in_(ids)))
    handed_in = _forget_files(session, ids)
    for attempt in attempts:
        attempt.network = attempt.opened_by = ""
    marks_personal.forget(session, attempts)
    written = _forget_author(session, person)
    session.flush()
    return [
        f"Kept: {len(attempts)} attempts at quizzes, counted for the class, under no name; none goes on.",
        f"Erased: what happened while they ran, and {len(grants)} grants of more time or attempts.",
        "Erased: what those who mark wrote about the answers.",
        "Erased: which reports they had mailed, whether their manager may get theirs, and that one was sent.",
        f"Erased: {tables} tables to take along of their courses, whoever had them prepared.",
        f"Erased: {handed_in} files handed in; they are gone from the disk within two days.",
        f"Kept: {written} texts of questions, which are the course's; who wrote them is erased.",
    ]


def _forget_files(session: Session, attempts: Sequence[int]) -> int:
    """How many they handed in. The files themselves follow, once no row names them."""
    answers = select(Answer.id).where(Answer.attempt_id.in_(attempts))
    handed_in = list(session.scalars(select(AnswerFile.id).where(AnswerFile.answer_id.in_(answers))))
    session.execute(delete(AnswerFile).where(AnswerFile.id.in_(handed_in)))
    return len(handed_in)


def _forget_author(session: Session, person: Person) -> int:
    """How many texts they wrote. What those say never changes, so this goes past what guards it."""
    written = list(session.scalars(_versions_by(person).with_only_columns(QuestionVersion.id)))
    if written:
        session.execute(update(QuestionVersion).where(QuestionVersion.id.in_(written)).values(author_id=None))
    return len(written)


def _grants(session: Session, person: Person) -> Sequence[Grant]:
    return session.scalars(
        select(Grant).join(Grant.enrolment).where(Enrolment.person_id == person.id).order_by(Grant.id)
    ).all()


def _overrides(session: Session, person: Person) -> Sequence[Override]:
    """Those for them alone; what their groups have is the groups'."""
    return session.scalars(
        select(Override).join(Override.enrolment).where(Enrolment.person_id == person.id).order_by(Override.id)
    ).all()


def _attempts(session: Session, person: Person) -> Sequence[Attempt]:
    return session.scalars(
        select(Attempt).join(Attempt.enrolment).where(Enrolment.person_id == person.id).order_by(Attempt.id)
    ).all()
