"""Files handed in by keyboard alone, with scripts and without; and what axe and the ruler find on the pages of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, expect
from sqlalchemy import select

from lti_tool.db import db, transaction
from quizzes.designing.plan import FixedPlan, Plan, SectionPlan
from quizzes.marking import Kind
from quizzes.models import AnswerFile, Attempt, Quiz
from quizzes.questions import Bank, Category, Question, QuestionVersion
from tests import files
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.keyboard import Keyboard
from tests.browser.test_attempts import NO_CONNECTION
from tests.browser.touring import Begin
from tests.cast import THEN
from tests.quizzes.making import changed

pytestmark = pytest.mark.browser

PLAN: FilePayload = {"name": "Plan.pdf", "mimeType": "application/pdf", "buffer": files.PDF}
PICTURE: FilePayload = {"name": "plan.png", "mimeType": "image/png", "buffer": files.png()}

# What the server has: names that still wait to be sent are a list of their own.
ARRIVED = ".handed-in:not([id^=waiting]) li"


def asks_for_files() -> None:
    """The quiz of the course asks for nothing but two files at most."""
    with transaction() as session:
        quiz = session.scalars(select(Quiz)).one()
        bank = Bank(course_id=quiz.course_id, name="files", title="Files", language="en", license="MIT")
        bank.categories.append(Category(name="topic", title="A topic"))
        question = Question(bank=bank, name="plan", category=bank.categories[0])
        body = {"text": "Hand in your plan.", "most": 2, "types": ["pdf", "png"]}
        told = {"n": 1, "difficulty": 1, "kind": Kind.UPLOAD, "sha256": "", "created": THEN}
        session.add_all([bank, QuestionVersion(question=question, body=body, **told)])
        session.flush()
        changed(session, quiz, plan=Plan(sections=(SectionPlan(slots=(FixedPlan(question=question.id),)),)))


def kept(inside: Inside) -> list[str]:
    return inside.do(lambda: list(db.session.scalars(select(AnswerFile.file_name).order_by(AnswerFile.id))))


def is_handed_in(inside: Inside) -> bool:
    return inside.do(lambda: not db.session.scalars(select(Attempt)).one().is_open)


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_files_are_handed_in_with_the_keyboard_alone(sit: Sit, inside: Inside, has_scripts: bool):
    leo = sit("leo", java_script_enabled=has_scripts)
    tool = leo.open("quiz")
    inside.do(asks_for_files)
    tool.get_by_role("button", name="Start the quiz").press("Enter")
    tool.locator("#answers").wait_for()

    for number, file in enumerate((PLAN, PICTURE), start=1):
        # How a chooser is opened by keyboard, the next test tells; without scripts nobody can hear that it opens.
        tool.get_by_label("Your files").set_input_files(file)
        if not has_scripts:
            tool.get_by_role("button", name="Upload").press("Enter")
        expect(tool.locator(ARRIVED)).to_have_count(number)
    assert kept(inside) == ["Plan.pdf", "plan.png"]
    if has_scripts:
        expect(tool.locator("#saving")).to_have_text("Saved")
        expect(tool.locator("#saved-1")).to_have_text("Saved")
        expect(tool.get_by_role("button", name="Upload")).to_be_hidden()
    tool.get_by_role("button", name="Remove Plan.pdf").press("Enter")
    expect(tool.locator(ARRIVED)).to_have_count(1)
    assert kept(inside) == ["plan.png"]
    expect(tool.locator("#still-open")).to_have_text("All questions are answered.")
    tool.get_by_role("button", name="Hand in").press("Enter")

    expect(leo.heading).to_have_text("You have handed in: Onboarding quiz")
    expect(tool.locator("main")).to_contain_text("plan.png")
    assert is_handed_in(inside)


def test_the_field_is_reached_by_tab_and_seen(sit: Sit, inside: Inside):
    leo = sit("leo")
    tool = leo.open("quiz")
    inside.do(asks_for_files)
    keyboard = Keyboard(leo)
    keyboard.tab_to("Start the quiz")
    keyboard.press("Enter")
    tool.locator("#answers").wait_for()

    keyboard.tab_to("Your files")
    keyboard.choose(PLAN)
    expect(tool.locator(ARRIVED)).to_have_count(1)
    keyboard.tab_to("Hand in")
    keyboard.press("Enter")

    expect(leo.heading).to_have_text("You have handed in: Onboarding quiz")
    assert keyboard.lost == []


def test_a_file_chosen_while_the_network_is_gone_arrives_afterwards(sit: Sit, inside: Inside):
    leo = sit("leo")
    tool = leo.open("quiz")
    inside.do(asks_for_files)
    tool.get_by_role("button", name="Start the quiz").click()
    tool.locator("#answers[data-is-ready]").wait_for()
    leo.watch.suffer("ERR_INTERNET_DISCONNECTED")

    leo.page.context.set_offline(True)
    tool.get_by_label("Your files").set_input_files(PLAN)
    expect(tool.locator("#saving")).to_have_text(NO_CONNECTION)
    expect(tool.locator("#waiting-1")).to_have_text("Plan.pdf: waits to be sent")
    leo.page.context.set_offline(False)

    expect(tool.locator("#saving")).to_have_text("Saved")
    expect(tool.locator("#waiting-1")).to_be_hidden()
    assert kept(inside) == ["Plan.pdf"]


def test_what_is_not_taken_is_said_at_the_question(sit: Sit, inside: Inside):
    leo = sit("leo")
    tool = leo.open("quiz")
    inside.do(asks_for_files)
    tool.get_by_role("button", name="Start the quiz").click()
    tool.locator("#answers[data-is-ready]").wait_for()
    leo.watch.expect("status of 422")

    tool.get_by_label("Your files").set_input_files({**PLAN, "buffer": files.png()})

    expect(tool.get_by_role("alert").filter(has_text="Plan.pdf was not taken.")).to_be_visible()
    assert kept(inside) == []


@pytest.mark.judges
@pytest.mark.sqlite
def test_the_pages_of_it(begin: Begin, inside: Inside, is_framed: bool):
    tour = begin("leo", "quiz")
    inside.do(asks_for_files)
    tour.press("Start the quiz", "a question that asks for files", "quiz", "#answers[data-is-ready]")
    tour.desk.tool.get_by_label("Your files").set_input_files([PLAN, PICTURE])
    tour.look("files handed in", "quiz", ".handed-in li:nth-child(2)")
    tour.press("Hand in", "files wait for marking", "You have handed in")
    teacher = begin("ines", "mentoring")
    teacher.look("a home page on which answers wait", "Next for you", "main:has-text('answer waits for marking')")
    teacher.follow("See what waits", "what waits", "Marking")
    teacher.follow(re.compile("^Mark these"), "files to be marked", "Question 1")

    assert tour.found == {}
    assert teacher.found == {}
