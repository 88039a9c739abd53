"""Tables to take along: what stands in them, as which files, for whom; small ones at once, large ones by a job."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from lti_tool import clock, uploads
from lti_tool.models import Course, Role
from lti_tool.running.working import work_once
from quizzes import closing, personal, starting
from quizzes.kinds import Kind
from quizzes.reports.exporting import files
from quizzes.reports.exporting.models import QuizExport
from tests.cast import THEN, Cast
from tests.quizzes.one_of_each import a_quiz_of_all_kinds

LATER = THEN + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _at_ten():
    with clock.moved_to(LATER):
        yield


@pytest.fixture
def as_ines(app: Flask, cast: Cast, course: Course) -> FlaskClient:
    return cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))


@pytest.fixture
def at(course, quiz):
    return f"/courses/{course.public_id}/quizzes/{quiz.public_id}/tables"


@pytest.fixture
def is_large(monkeypatch):
    monkeypatch.setattr(files, "MOST_AT_ONCE", 0)


def rows_of(answer) -> list[list[str]]:
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_class(as_ines, at, hand_in, cast, course):
    cast.enrol(course, "Omar")
    hand_in(16)

    header, leo, omar = rows_of(as_ines.get(f"{at}/class.csv"))

    assert header[:9] == [
        *("Name", "State", "Attempts", "Earned", "Of", "Percent", "Minutes", "Last activity", "Ready")
    ]
    assert leo[:9] == ["Leo", "passed", "1", "16.0", "20.0", "80.0", "10.0", "2026-11-23 09:10", "ready"]
    assert omar == ["Omar", "nothing handed in", "0", *[""] * (len(header) - 3)]
    assert all(heading.endswith(", percent") for heading in header[9:])
    assert "100.0" in leo[9:]


def test_each_attempt_of_each_learner(as_ines, at, hand_in, cast, course):
    hand_in(4)
    hand_in(12, who=cast.enrol(course, "Nora"))
    hand_in(20, seed=2)

    rows = rows_of(as_ines.get(f"{at}/attempts.csv"))

    assert [row[:2] + row[5:8] for row in rows[1:]] == [
        ["Leo", "1", "4.0", "20.0", "20.0"],
        ["Nora", "1", "12.0", "20.0", "60.0"],
        ["Leo", "2", "20.0", "20.0", "100.0"],
    ]


def test_the_questions(as_ines, at, hand_in):
    attempt = hand_in(20)

    rows = rows_of(as_ines.get(f"{at}/questions.csv"))

    assert rows[0][:7] == ["Question", "Topic", "Name", "Version", "Kind", "Answers", "Met by"]
    assert {row[2] for row in rows[1:]} == {answer.version.question.name for answer in attempt.answers}
    assert {(row[5], row[6], row[7]) for row in rows[1:]} == {("1", "1", "100.0")}


def test_every_answer_and_none_of_them_is_a_formula(as_ines, session, course, leo):
    quiz = a_quiz_of_all_kinds(session, course, Kind.SHORT_TEXT)
    attempt = starting.start(session, quiz, leo, seed=bytes(16), at=THEN)
    typed = '=HYPERLINK("https://evil.example";"Click")'
    closing.hand_in(session, attempt, {1: {"text": [typed]}}, at=THEN)
    session.commit()
    at = f"/courses/{course.public_id}/quizzes/{quiz.public_id}/tables"

    header, row = rows_of(as_ines.get(f"{at}/answers.csv"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_ines.get(f"{at}/answers.xlsx").data))

    assert header == ["Name", "Attempt", "Place", "Topic", "Question", "Answer", "Percent", "Earned", "Of"]
    assert row == ["Leo", "1", "1", "A topic", "This is short_text?", f"'{typed}", "0.0", "0.0", "1.0"]
    assert book.get_sheet_by_name("Answers").to_python()[1][5] == f"'{typed}"


def test_somebody_whose_name_is_withheld_keeps_their_number(as_ines, at, hand_in, session, leo):
    hand_in(4)
    leo.person.name = ""
    session.commit()

    rows = rows_of(as_ines.get(f"{at}/answers.csv"))

    assert {row[0] for row in rows[1:]} == {leo.name}
    assert leo.name.startswith("Participant ")


def test_large_tables_are_made_by_a_job_and_fetched_by_whoever_asked(
    app, as_ines, at, hand_in, session, cast, course, is_large
):
    hand_in(12)
    assert as_ines.get(f"{at}/answers.xlsx").status_code == 302

    page = as_ines.post(f"{at}/answers.xlsx", follow_redirects=True).text
    again = as_ines.post(f"{at}/answers.xlsx", follow_redirects=True).text
    assert "Is being prepared" in page
    assert again.count("Is being prepared") == 1
    work_once(app, lambda: False)

    asked = session.scalars(select(QuizExport)).one()
    assert "Fetch the Excel file" in as_ines.get(at).text
    answer = as_ines.get(f"{at}/made/{asked.public_id}")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert (len(rows), rows[1][0]) == (21, "Leo")
    answer.close()
    assert answer.headers["Content-Disposition"] == "attachment; filename=answers.xlsx"
    as_ana = cast.visit(app.test_client(), cast.enrol(course, "Ana", Role.ASSISTANT))
    assert as_ana.get(f"{at}/made/{asked.public_id}").status_code == 404


def test_after_a_day_a_file_is_gone(app, cast, course, at, hand_in, session, is_large):
    ines = cast.enrol(course, "Ines", Role.INSTRUCTOR)
    as_ines = cast.visit(app.test_client(), ines)
    hand_in(12)
    as_ines.post(f"{at}/class.csv")
    work_once(app, lambda: False)
    asked = session.scalars(select(QuizExport)).one()
    public_id = asked.public_id

    with clock.moved_to(LATER + files.KEPT + timedelta(minutes=1)):
        as_ines = cast.visit(app.test_client(), ines)
        assert as_ines.get(f"{at}/made/{asked.public_id}").status_code == 404
        assert files._kept(session, [asked.file]) == []
        as_ines.post(f"{at}/class.csv")
        assert public_id not in session.scalars(select(QuizExport.public_id)).all()


def test_when_somebody_is_erased_tables_that_tell_of_them_go_with_their_files(
    app, cast, course, at, hand_in, session, leo, is_large
):
    ines = cast.enrol(course, "Ines", Role.INSTRUCTOR)
    as_ines = cast.visit(app.test_client(), ines)
    hand_in(12)
    as_ines.post(f"{at}/answers.csv")
    work_once(app, lambda: False)
    asked = session.scalars(select(QuizExport)).one()
    address, place = f"{at}/made/{asked.public_id}", uploads.path_of(asked.file)
    assert place.exists()
    [given] = personal.export(session, ines.person)["tables_asked_for"]

    personal.erase(session, leo.person, LATER)
    session.rollback()
    stayed = place.exists()
    said = personal.erase(session, leo.person, LATER)
    session.commit()

    assert (stayed, place.exists(), as_ines.get(address).status_code) == (True, False, 404)
    assert (given["table"], given["form"]) == ("answers", "csv")
    assert any(each.startswith("Erased: 1 tables to take along") for each in said)
    assert personal.export(session, leo.person)["tables_asked_for"] == []


def test_a_table_there_is_not_is_not_found(as_ines, at):
    assert [as_ines.get(f"{at}/{name}").status_code for name in ("everything.csv", "class.pdf", "made/x")] == [404] * 3


def test_tables_are_for_those_who_teach_this_course(app, cast, course, leo, at, hand_in):
    hand_in(4)
    as_leo = cast.visit(app.test_client(), leo)
    as_omar = cast.visit(app.test_client(), cast.enrol(cast.course("Another"), "Omar", Role.INSTRUCTOR))

    for who, status in ((as_leo, 403), (as_omar, 404)):
        assert [who.get(at).status_code, who.get(f"{at}/class.csv").status_code] == [status] * 2
        assert who.post(f"{at}/class.csv").status_code == status
