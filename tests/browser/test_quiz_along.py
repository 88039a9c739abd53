"""A teacher takes a quiz along for other systems, with how its questions did, and brings it back as a draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from campus.testing import CampusInHand
from tests.browser.aside import aside
from tests.browser.test_banks import begin_bank
from tests.browser.touring import Begin
from tools.scene import set_scene

pytestmark = [pytest.mark.browser, pytest.mark.judges, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def scene(app: Flask, campus: CampusInHand) -> None:
    aside(lambda: set_scene(app, campus))


def test_a_quiz_goes_out_and_comes_back_as_a_draft(begin: Begin, work: Callable[[], int]):
    tour = begin("ines", "quiz")
    tool, main = tour.desk.tool, tour.desk.tool.locator("main")
    results = tour.path

    tour.follow("How each question did", "figures", "^Questions in figures")
    expect(main).to_contain_text("as usage data of QTI")
    tour.go(results.replace("/results", "/tables"), "tables", "^Tables to take along")
    expect(main).to_contain_text("Results for other systems")
    tour.go(results, "results", "^Results")
    tour.follow("Take the quiz along as a file", "taking a quiz along", "^Take the quiz along as a file$")
    tool.get_by_label("As", exact=True).select_option(label="QTI 3.0")
    tool.get_by_label("With the figures of the questions").check()
    tour.press("See what it can say", "what it cannot say", "^Take the quiz along as a file$", ".findings")
    expect(main).to_contain_text("QTI 3.0 cannot say this: how many attempts there are.")
    with tour.desk.frame.page.expect_download() as begun:
        tool.get_by_role("link", name="Download the file").click()
    package = Path(begun.value.path()).read_bytes()

    tour.go(results, "results again", "^Results")
    begin_bank(tour)
    tour.follow("Bring from a file", "bringing", "^Bring questions from a file$")
    file = {"name": "quiz.zip", "mimeType": "application/zip", "buffer": package}
    tool.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
    expect(tool.get_by_label("File", exact=True)).to_have_value(re.compile("quiz"))
    tool.get_by_role("button", name="Look at it").click()
    tool.get_by_role("heading", level=1, name="quiz.zip").wait_for()
    work()
    tour.go(tour.path, "what the package holds", r"^quiz\.zip$")
    tool.get_by_label(re.compile("^Also make a draft of a quiz from it")).check()
    tour.press("Take what is ticked", "taken", r"^quiz\.zip$", ".state.is-done")
    expect(main).to_contain_text("A draft of a quiz")
    main.locator("p", has_text="A draft of a quiz").get_by_role("link").click()
    tour.look("the draft", "^Onboarding", "#plan-title")
    expect(main).to_contain_text("Learners do not find it yet.")

    assert tour.found == {}


def test_learners_and_those_who_teach_take_a_result_along(begin: Begin):
    tour = begin("ines", "quiz")
    tour.follow(re.compile("^Attempt 1"), "a learner's result", "earned")
    tour.open_all("a learner's result, all of it open", "earned")
    with tour.desk.frame.page.expect_download() as begun:
        tour.desk.tool.get_by_role("link", name="QTI 3.0").click()

    assert begun.value.suggested_filename == "attempt-1-qti30.xml"
    assert "assessmentResult" in Path(begun.value.path()).read_text()
    assert tour.found == {}
