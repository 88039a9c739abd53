"""Attempts as results of QTI: a learner takes what they may see of their own, those who teach anybody's."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import select

from lti_tool import clock
from lti_tool.models import Course, Role
from lti_tool.running.working import work_once
from quizzes import closing, starting
from quizzes.designing.reviewing import PRESETS, Preset
from quizzes.formats import registry
from quizzes.kinds import Kind
from quizzes.reports.exporting import files, results
from quizzes.reports.exporting.models import QuizExport
from tests.cast import THEN, Cast
from tests.quizzes.making import a_quiz, changed
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
def as_leo(app: Flask, cast: Cast, leo) -> FlaskClient:
    return cast.visit(app.test_client(), leo)


def own(attempt, version: str = "qti30") -> str:
    return f"/courses/{attempt.quiz.course.public_id}/quizzes/attempts/{attempt.public_id}/result.{version}"


def theirs(attempt, version: str = "qti30") -> str:
    quiz = attempt.quiz
    return f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/results/{attempt.public_id}/result.{version}"


def names_in(root) -> set[str]:
    return {each.tag.partition("}")[2] for each in root.iter()}


@pytest.mark.parametrize("version", ["qti30", "qti22", "qti21"])
def test_those_who_teach_take_all_of_it_and_no_name(as_ines, hand_in, leo, version):
    attempt = hand_in(16)

    answer = as_ines.get(theirs(attempt, version))
    root = etree.fromstring(answer.get_data())

    assert f"attempt-1-{version}.xml" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert leo.name not in answer.text
    assert root[0].get("sourcedId") == f"learner-{leo.public_id}"
    outcome = root.find("{*}testResult/{*}outcomeVariable")
    assert (outcome[0].text, outcome.get("normalMaximum"), outcome.get("masteryValue")) == ("16", "20", "14")
    items = root.findall("{*}itemResult")
    assert len(items) == 20
    assert [each.find("{*}outcomeVariable/{*}value").text for each in items] == ["1"] * 16 + ["0"] * 4
    right, given = (
        [[value.text for value in each.iterfind(f".//{{*}}{what}/{{*}}value")] for each in items[:16]]
        for what in ("correctResponse", "candidateResponse")
    )
    assert right == given


def test_items_have_the_names_that_the_package_with_the_quiz_gives_them(as_ines, hand_in, quiz, course):
    attempt = hand_in(16)

    result = etree.fromstring(as_ines.get(theirs(attempt)).get_data())
    at = f"/courses/{course.public_id}/quizzes/{quiz.public_id}/design/take-along/file?format=qti30"
    bank = registry.read(as_ines.get(at).get_data()).bank

    assert {each.get("identifier") for each in result.findall("{*}itemResult")} <= {
        each.identifier for each in bank.questions
    }
    assert result.find("{*}testResult").get("identifier") == bank.quizzes[0].identifier


def test_learners_never_get_right_answers_before_their_time(as_leo, hand_in, session, quiz):
    attempt = hand_in(16)

    before = etree.fromstring(as_leo.get(own(attempt)).get_data())
    hand_in(4, seed=2)
    after = etree.fromstring(as_leo.get(own(attempt)).get_data())

    assert "correctResponse" not in names_in(before)
    assert before.find("{*}testResult/{*}outcomeVariable/{*}value").text == "16"
    assert "correctResponse" in names_in(after)


@pytest.mark.parametrize(
    ("preset", "there"),
    [
        (Preset.SCORE, {"outcomeVariable"}),
        (Preset.AFTER_LAST, {"outcomeVariable", "itemResult"}),
        (Preset.AT_ONCE, {"outcomeVariable", "itemResult", "correctResponse"}),
    ],
)
def test_what_is_in_it_is_what_the_page_shows(as_leo, hand_in, session, quiz, preset, there):
    changed(session, quiz, review=PRESETS[preset])
    attempt = hand_in(16)

    root = etree.fromstring(as_leo.get(own(attempt)).get_data())

    assert names_in(root) & {"outcomeVariable", "itemResult", "correctResponse"} == there
    assert own(attempt) in as_leo.get(own(attempt).rpartition("/")[0]).text


def test_as_long_as_nothing_is_shown_there_is_nothing_to_take(as_leo, hand_in, session, quiz):
    changed(session, quiz, review=PRESETS[Preset.WHEN_CLOSED])
    attempt = hand_in(16)

    assert as_leo.get(own(attempt)).status_code == 404
    assert "result.qti30" not in as_leo.get(own(attempt).rpartition("/")[0]).text


def test_of_a_running_attempt_there_is_nothing(as_leo, as_ines, start):
    attempt = start()

    assert [as_leo.get(own(attempt)).status_code, as_ines.get(theirs(attempt)).status_code] == [404, 404]
    assert as_leo.get(own(attempt, "qti12")).status_code == 404


def test_nobody_takes_what_is_somebody_elses(app, cast, course, hand_in, as_leo):
    attempt = hand_in(16)
    nora = cast.visit(app.test_client(), cast.enrol(course, "Nora"))
    omar = cast.visit(app.test_client(), cast.enrol(cast.course("Another"), "Omar", Role.INSTRUCTOR))

    assert nora.get(own(attempt)).status_code == 404
    assert as_leo.get(theirs(attempt)).status_code == 403
    assert omar.get(theirs(attempt)).status_code == 404


def test_what_waits_for_marks_has_none(as_ines, session, course, leo):
    quiz = a_quiz_of_all_kinds(session, course, Kind.ESSAY, Kind.SINGLE)
    attempt = starting.start(session, quiz, leo, seed=bytes(16), at=THEN)
    said = {each.place: {"text": ["Words\nof mine"]} for each in attempt.answers if each.version.kind is Kind.ESSAY}
    closing.hand_in(session, attempt, said, at=THEN)
    session.commit()

    root = etree.fromstring(as_ines.get(theirs(attempt)).get_data())

    assert root.findall("{*}testResult/{*}outcomeVariable/{*}value") == []
    assert sorted(each.get("sessionStatus") for each in root.findall("{*}itemResult")) == [
        "final",
        "pendingExternalScoring",
    ]


@pytest.fixture
def tables(course, quiz) -> str:
    return f"/courses/{course.public_id}/quizzes/{quiz.public_id}/tables"


def test_of_the_class_there_is_a_file_for_each_attempt(as_ines, tables, hand_in, cast, course, leo, start):
    nora = cast.enrol(course, "Nora")
    hand_in(4)
    hand_in(12, who=nora)
    hand_in(20, seed=2)
    start(who=cast.enrol(course, "Omar"))

    answer = as_ines.get(f"{tables}/results.qti30")
    package = zipfile.ZipFile(io.BytesIO(answer.get_data()))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="results-qti30.zip"'
    earned = {
        name: etree.fromstring(package.read(name)).find("{*}testResult//{*}outcomeVariable/{*}value").text
        for name in package.namelist()
    }
    assert earned == {
        f"learner-{leo.public_id}/attempt-1.xml": "4",
        f"learner-{nora.public_id}/attempt-1.xml": "12",
        f"learner-{leo.public_id}/attempt-2.xml": "20",
    }


def test_of_a_large_class_a_job_makes_them(app, as_ines, tables, hand_in, session, monkeypatch):
    monkeypatch.setattr(files, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(results, "AT_ONCE", 1)
    hand_in(4)
    hand_in(12, seed=2)

    page = as_ines.post(f"{tables}/results.qti21", follow_redirects=True).text
    assert "Is being prepared" in page
    work_once(app, lambda: False)

    asked = session.scalars(select(QuizExport)).one()
    assert "Fetch the package" in as_ines.get(tables).text
    answer = as_ines.get(f"{tables}/made/{asked.public_id}")
    assert len(zipfile.ZipFile(io.BytesIO(answer.data)).namelist()) == 2
    assert answer.headers["Content-Disposition"] == "attachment; filename=results-qti21.zip"
    answer.close()


def test_a_result_is_no_table_and_a_table_no_result(as_ines, tables):
    wrong = ("results.csv", "results.xlsx", "class.qti30", "results.qti12")

    assert [as_ines.get(f"{tables}/{name}").status_code for name in wrong] == [404] * 4


def test_a_quiz_that_nobody_has_taken_has_an_empty_package(as_ines, session, course, quiz):
    other = a_quiz(session, course, quiz.bank)

    answer = as_ines.get(f"/courses/{course.public_id}/quizzes/{other.public_id}/tables/results.qti30")

    assert zipfile.ZipFile(io.BytesIO(answer.get_data())).namelist() == []
