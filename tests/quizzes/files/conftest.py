"""A quiz that asks for a file after one single choice, and Leo who takes it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.models import Course, Enrolment
from quizzes import starting
from quizzes.marking import Kind
from quizzes.models import Answer, AnswerFile, Attempt, Quiz
from tests import files
from tests.cast import THEN, Cast
from tests.quizzes.one_of_each import BODIES, a_quiz_of_all_kinds

Send = Callable[..., TestResponse]
SEED = bytes([3]) * 16
"""Of which the single choice comes first."""


@pytest.fixture(autouse=True)
def _at_nine() -> Iterator[None]:
    with clock.moved_to(THEN):
        yield


@pytest.fixture(autouse=True)
def folder(app: Flask, tmp_path: Path) -> Path:
    """Where files lie."""
    app.config["UPLOADS"] = str(tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def body() -> dict[str, Any]:
    """What the question says of the files it takes."""
    return {"most": 2, "types": ["pdf", "png"]}


@pytest.fixture
def quiz(session: Session, course: Course, body, monkeypatch: pytest.MonkeyPatch) -> Quiz:
    monkeypatch.setitem(BODIES, Kind.UPLOAD, body)
    return a_quiz_of_all_kinds(session, course, Kind.SINGLE, Kind.UPLOAD)


@pytest.fixture
def attempt(session: Session, quiz: Quiz, leo: Enrolment) -> Attempt:
    attempt = starting.start(session, quiz, leo, seed=SEED, at=THEN)
    session.commit()
    return attempt


@pytest.fixture
def as_leo(client: FlaskClient, cast: Cast, leo: Enrolment) -> FlaskClient:
    return cast.visit(client, leo)


def address_of(attempt: Attempt, rest: str = "") -> str:
    return f"/courses/{attempt.quiz.course.public_id}/quizzes/attempts/{attempt.public_id}{rest}"


def asking(attempt: Attempt) -> Answer:
    return next(each for each in attempt.answers if each.version.kind is Kind.UPLOAD)


def a_file(name: str = "Plan.pdf", content: bytes = files.PDF) -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


def save(client: FlaskClient, attempt: Attempt, *sent: FileStorage, **said: Any) -> TestResponse:
    """Without JavaScript: the form as a whole."""
    data = {f"q{asking(attempt).place}-files": list(sent), **said}
    return client.post(address_of(attempt, "/answers"), data=data, content_type="multipart/form-data")


def send(client: FlaskClient, attempt: Attempt, *sent: FileStorage, place: int = 0, **said: Any) -> TestResponse:
    """As the page does that has JavaScript."""
    place = place or asking(attempt).place
    data = {f"q{place}-files": list(sent), **said}
    return client.post(address_of(attempt, f"/questions/{place}/files"), data=data, content_type="multipart/form-data")


def kept(session: Session) -> list[str]:
    """What the files are called that there are."""
    session.rollback()
    return list(session.scalars(select(AnswerFile.file_name).order_by(AnswerFile.id)))


def on_disk(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))
