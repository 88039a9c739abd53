"""How questions did, in the words of usage data: the figures of the pages, and no more of few answers than they say."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from lti_tool import clock
from lti_tool.models import Role
from quizzes import closing, starting
from quizzes.formats import registry
from quizzes.formats.usage import Glossary
from quizzes.kinds import Kind
from quizzes.reports import figures
from quizzes.reports.columns import Which
from quizzes.reports.usage import OURS, statistics_of
from tests.cast import THEN, Cast
from tests.quizzes.one_of_each import a_quiz_of_all_kinds

LATER = THEN + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _at_ten():
    with clock.moved_to(LATER):
        yield


@pytest.fixture
def as_ines(app: Flask, cast: Cast, course) -> FlaskClient:
    return cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))


def said_of(session, quiz, **more):
    found = statistics_of(session, quiz, Which.FIRST, at=LATER.date(), **more)
    by_item: dict[str, dict[str, float]] = {}
    for each in found:
        by_item.setdefault(each.item, {})[f"{each.name} {each.choice}".strip()] = each.value
    return by_item


def test_of_few_answers_it_says_what_the_pages_show(session, quiz, hand_in):
    attempt = hand_in(10)

    by_item = said_of(session, quiz)

    right, wrong = (by_item[attempt.answers[place].version.question.name] for place in (0, 19))
    assert len(by_item) == 20
    assert {"AIS": 1, "P-value": 1, "Facility": 1, "MetBy": 1}.items() <= right.items()
    assert {"AIS": 0, "P-value": 0, "Facility": 0, "MetBy": 1}.items() <= wrong.items()
    held_back = {"PTbis", *(OURS[key] for key in ("corrected", "effective", "discrimination", "efficiency"))}
    assert held_back & set(right) == set()


def test_of_enough_answers_it_says_all_of_it(session, quiz, cast, course, hand_in, monkeypatch):
    monkeypatch.setattr(figures, "ENOUGH", 4)
    for number in range(8):
        hand_in(4 + 2 * number, seed=number + 1, who=cast.enrol(course, f"Learner {number}"))

    found = statistics_of(session, quiz, Which.FIRST, at=LATER.date())

    by_name = {each.name: each for each in found if each.cases >= 4}
    assert {"AIS", "P-value", "PTbis", "DiscriminationIndex", "DiscriminativeEfficiency"} <= set(by_name)
    assert {each.glossary for each in found if each.choice} == {Glossary.CHOICE}
    pair = [each for each in found if each.item == by_name["PTbis"].item]
    values = {each.name: each.value for each in pair if not each.choice}
    assert values["PTbis"] == values["DiscriminationIndex"]
    assert -1 <= values["PTbis"] <= 1
    assert by_name["AIS"].context.endswith(f"/xapi/activities/quiz/{quiz.public_id}#first")


def test_where_part_of_a_mark_is_earned_no_word_for_all_or_nothing_is_used(session, course, leo):
    quiz = a_quiz_of_all_kinds(session, course, Kind.MULTIPLE)
    attempt = starting.start(session, quiz, leo, seed=bytes(16), at=THEN)
    closing.hand_in(session, attempt, {1: {"chosen": ["a"]}}, at=THEN)
    session.commit()

    [values] = said_of(session, quiz).values()

    assert (values["AIS"], values["Facility"], "P-value" in values) == (0.5, 0.5, False)
    assert [values[f"NumberChoosingResponse c{n}"] for n in (1, 2, 3)] == [1, 0, 0]


@pytest.mark.parametrize("version", ["qti30", "qti22", "qti21"])
def test_the_file_names_the_questions_as_packages_with_them_do(as_ines, course, quiz, hand_in, version):
    hand_in(10)
    at = f"/courses/{course.public_id}/quizzes/{quiz.public_id}"

    page = as_ines.get(f"{at}/figures").text
    answer = as_ines.get(f"{at}/usage-data.{version}?which=first")

    assert f"{at}/usage-data.{version}?which=first" in page
    assert f"usage-data-{version}.xml" in answer.headers["Content-Disposition"]
    package = as_ines.get(f"{at}/design/take-along/file?format=qti21").get_data()
    names = {each.identifier for each in registry.read(package).bank.questions}
    told = {each.get("identifier") for each in etree.fromstring(answer.get_data()).iter("{*}targetObject")}
    assert told <= names
    assert len(told) == 20


def test_figures_go_along_with_a_quiz_and_with_a_bank(as_ines, course, quiz, hand_in):
    hand_in(10)
    at = f"/courses/{course.public_id}"
    addresses = [f"{at}/quizzes/{quiz.public_id}/design", f"{at}/banks/{quiz.bank.public_id}"]

    for address in addresses:
        page = as_ines.get(f"{address}/take-along?format=qti30&figures=y").text
        file = as_ines.get(f"{address}/take-along/file?format=qti30&figures=y").get_data()
        without = as_ines.get(f"{address}/take-along/file?format=qti30").get_data()

        told = etree.fromstring(zipfile.ZipFile(io.BytesIO(file)).read("usage-data.xml"))
        assert len({each.get("identifier") for each in told.iter("{*}targetObject")}) == 20
        assert "usage-data.xml" not in zipfile.ZipFile(io.BytesIO(without)).namelist()
        assert "figures=y" in page


def test_as_long_as_nobody_has_handed_in_there_is_no_file(as_ines, course, quiz, start):
    start()
    at = f"/courses/{course.public_id}/quizzes/{quiz.public_id}"

    assert as_ines.get(f"{at}/usage-data.qti30").headers["Location"] == f"{at}/figures"
    assert as_ines.get(f"{at}/usage-data.qti12").status_code == 404


def test_figures_are_for_those_who_teach_this_course(app, cast, course, leo, quiz, hand_in):
    hand_in(4)
    at = f"/courses/{course.public_id}/quizzes/{quiz.public_id}/usage-data.qti30"

    assert cast.visit(app.test_client(), leo).get(at).status_code == 403
    omar = cast.enrol(cast.course("Another"), "Omar", Role.INSTRUCTOR)
    assert cast.visit(app.test_client(), omar).get(at).status_code == 404
    zoe = cast.visit(app.test_client(), cast.enrol(course, "Zoe", Role.DESIGNER))
    bank = f"/courses/{course.public_id}/banks/{quiz.bank.public_id}/take-along"
    file = zoe.get(f"{bank}/file?format=qti30&figures=y").get_data()
    assert "usage-data.xml" not in zipfile.ZipFile(io.BytesIO(file)).namelist()
    assert "With the figures" not in zoe.get(bank).text
