"""A question of each kind in one attempt, answered by keyboard alone, with scripts and without."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lti_tool.db import db, transaction
from lti_tool.models import Course
from quizzes.designing.plan import FixedPlan, Plan, SectionPlan
from quizzes.marking import Kind
from quizzes.models import Answer, AnswerFile, Quiz
from quizzes.questions import Bank, Question, QuestionVersion
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.keyboard import Keyboard
from tests.browser.test_files import ARRIVED, PLAN
from tests.cast import THEN
from tests.quizzes.making import changed
from tests.quizzes.one_of_each import RIGHT, a_quiz_of_all_kinds

pytestmark = pytest.mark.browser

ENTERED = {**RIGHT, Kind.NUMERIC: {"number": "1495", "unit": "m"}, Kind.SHORT_TEXT: {"text": "Fire alarm"}}
"""Nothing in it that is put in order before it is kept."""


def asks_for_everything() -> None:
    """The quiz of the course asks a question of each kind."""
    with transaction() as session:
        quiz = session.scalars(select(Quiz)).one()
        a_quiz_of_all_kinds(session, session.get_one(Course, quiz.course_id))
        bank = session.scalars(select(Bank).where(Bank.name == "all")).one()
        upload = Question(bank=bank, name="upload", category=bank.categories[0])
        body = {"text": "Hand in your plan.", "most": 2, "types": ["pdf", "png"]}
        told = {"n": 1, "difficulty": 1, "kind": Kind.UPLOAD, "sha256": "", "created": THEN}
        session.add(QuestionVersion(question=upload, body=body, **told))
        session.flush()
        asked = session.scalars(select(Question.id).where(Question.bank_id == bank.id).order_by(Question.id))
        changed(session, quiz, plan=Plan(sections=(SectionPlan(slots=tuple(FixedPlan(question=n) for n in asked)),)))


def kinds(inside: Inside) -> dict[int, Kind]:
    """What the one attempt there is asks, by place."""
    return inside.do(lambda: {each.place: each.version.kind for each in db.session.scalars(select(Answer))})


def stored(inside: Inside) -> dict[Kind, dict[str, list[str]]]:
    def read() -> dict[Kind, dict[str, list[str]]]:
        answers = db.session.scalars(select(Answer)).all()
        return {
            each.version.kind: {
                part: sorted(said) if part == "chosen" else said for part, said in each.response.items()
            }
            for each in answers
        }

    return inside.do(read)


def as_kept(entered: dict[str, Any]) -> dict[str, list[str]]:
    return {part or "chosen": sorted([said] if isinstance(said, str) else said) for part, said in entered.items()}


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_every_kind_is_answered_by_keyboard_alone(sit: Sit, inside: Inside, has_scripts: bool):
    leo = sit("leo", java_script_enabled=has_scripts)
    tool = leo.open("quiz")
    inside.do(asks_for_everything)
    keyboard = Keyboard(leo)
    keyboard.tab_to("Start the quiz")
    keyboard.press("Enter")
    tool.locator("#answers[data-is-ready]" if has_scripts else "#answers").wait_for()
    asked = kinds(inside)
    [upload] = [place for place, kind in asked.items() if kind is Kind.UPLOAD]

    for place, kind in sorted(asked.items()):
        for part, value in ENTERED.get(kind, {}).items():
            keyboard.enter(f"q{place}-{part}" if part else f"q{place}", value)
    keyboard.tab_to_field(f"q{upload}-files")
    if has_scripts:
        keyboard.choose(PLAN)
    else:
        # Without scripts nobody can hear that a chooser opens.
        tool.get_by_label("Your files").set_input_files(PLAN)
        keyboard.tab_to("Upload")
        keyboard.press("Enter")
    expect(tool.locator(ARRIVED)).to_have_count(1)
    if has_scripts:
        expect(tool.locator("#saving")).to_have_text("Saved")
    expect(tool.locator("#still-open")).to_have_text("All questions are answered.")
    keyboard.tab_to("Hand in")
    keyboard.press("Enter")

    expect(leo.heading).to_have_text("You have handed in: Onboarding quiz")
    assert set(asked.values()) == set(Kind)
    found = stored(inside)
    kept = {kind: as_kept(entered) for kind, entered in ENTERED.items()} | {Kind.ORDERING: {"order": ["one", "two"]}}
    assert {kind: found[kind] for kind in kept} == kept
    assert inside.do(lambda: db.session.scalars(select(AnswerFile.file_name)).all()) == ["Plan.pdf"]
    assert keyboard.lost == []
