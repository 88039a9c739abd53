"""Questions are checked while the attempt runs, by keyboard, with scripts and without; and what axe finds there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from lti_tool import clock
from lti_tool.db import db, transaction
from quizzes.attempts import checking
from quizzes.designing.reviewing import PRESETS, Preset
from quizzes.models import Attempt, Quiz
from quizzes.queries import attempt_to_change
from tests.browser import acts
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.keyboard import Keyboard
from tests.browser.people import View
from tests.browser.test_attempts import saved
from tests.browser.test_journeys import right
from tests.browser.touring import Begin
from tests.quizzes.making import changed

pytestmark = pytest.mark.browser


def lets_check() -> None:
    with transaction() as session:
        changed(session, session.scalars(select(Quiz)).one(), review=PRESETS[Preset.ONE_BY_ONE])


def checked(inside: Inside) -> dict[int, float | None]:
    def read() -> dict[int, float | None]:
        attempt = db.session.scalars(select(Attempt)).one()
        return {each.place: each.fraction for each in attempt.answers if each.is_checked}

    return inside.do(read)


def question(tool: View, name: str) -> Locator:
    return tool.locator(f"#question-{name[1:]}")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_question_is_checked_and_its_answer_stays(sit: Sit, inside: Inside, has_scripts: bool):
    leo = sit("leo", java_script_enabled=has_scripts)
    tool = leo.open("quiz")
    inside.do(lets_check)
    tool.get_by_role("button", name="Start the quiz").click()
    tool.locator("#answers").wait_for()
    action = tool.locator("#answers").get_attribute("action") or ""
    answers = right(inside, action, how_many=2)
    first, second = answers
    expect(tool.locator("#about-checks")).to_contain_text("Checking fixes your answer: you cannot change it any more")

    acts.click_answers(tool, {first: answers[first]})
    question(tool, first).get_by_role("button", name="Check").press("Enter")

    expect(question(tool, first).locator(".outcome")).to_contain_text("Right")
    expect(question(tool, first).locator("input[name^=q]").first).to_be_disabled()
    expect(question(tool, first).get_by_role("button", name="Check")).to_have_count(0)
    acts.click_answers(tool, {second: answers[second]})
    tool.get_by_role("button", name="Save answers").click()
    expect(tool.locator("#still-open")).to_have_text("18 questions are still open.")
    assert checked(inside) == {int(first[1:]): 1.0}


def test_the_focus_goes_where_the_outcome_stands(sit: Sit, inside: Inside):
    leo = sit("leo")
    leo.open("quiz")
    inside.do(lets_check)
    keyboard = Keyboard(leo)
    keyboard.tab_to("Start the quiz")
    keyboard.press("Enter")
    leo.tool.locator("#answers[data-is-ready]").wait_for()
    address = str(leo.tool.locator("#answers").evaluate("form => form.action"))
    (name, options), *_others = right(inside, address, how_many=1).items()

    keyboard.answer(name, options)
    keyboard.tab_to(f"Check\nquestion {name[1:]}")
    keyboard.press("Enter")

    expect(leo.tool.locator(f"#outcome-{name[1:]}")).to_be_focused()
    assert keyboard.lost == []


def test_a_check_asked_for_without_a_network_waits_and_a_changed_mind_takes_it_back(sit: Sit, inside: Inside):
    leo = sit("leo")
    tool = leo.open("quiz")
    inside.do(lets_check)
    answers = right(inside, acts.start_quiz(tool), how_many=2)
    first, second = answers
    tool.locator("#answers[data-is-ready]").wait_for()

    leo.page.context.set_offline(True)
    acts.click_answers(tool, answers)
    expect(tool.locator("#saving")).to_contain_text("no connection")
    for name in (first, second):
        question(tool, name).get_by_role("button", name="Check").click()
    expect(tool.locator(f"#saved-{first[1:]}")).to_have_text("Checking…")
    with leo.page.expect_event("requestfailed"):
        question(tool, second).get_by_label("Look at this again").check()
    leo.page.context.set_offline(False)

    expect(question(tool, first).locator(".outcome")).to_contain_text("Right")
    saved(tool)
    assert checked(inside) == {int(first[1:]): 1.0}
    # How often the page tried to reach the server meanwhile depends on how long all this took.
    for _ in [each for each in leo.watch.complaints() if "ERR_INTERNET_DISCONNECTED" in each]:
        leo.watch.expect("ERR_INTERNET_DISCONNECTED")


def test_what_another_page_has_checked_is_shown_and_a_late_answer_is_told_so(sit: Sit, inside: Inside):
    leo = sit("leo")
    tool = leo.open("quiz")
    inside.do(lets_check)
    drawn = right(inside, acts.start_quiz(tool), how_many=20)
    # Of several ticks, where one was drawn: a request that sends none of them must not untick what is shown.
    name, options = max(drawn.items(), key=lambda each: len(each[1]))
    answers = {name: options}
    tool.locator("#answers[data-is-ready]").wait_for()
    leo.watch.expect("status of 409 .*/batch")
    leo.watch.expect("status of 409 .*/check")
    acts.click_answers(tool, answers)
    saved(tool)

    # As another page of theirs does that has not heard yet that it is no more its turn.
    inside.do(lambda: _check(int(name[1:])))
    others = "".join(f":not([value='{option}'])" for option in options)
    taken = question(tool, name).locator(f"input[name={name}]{others}").first
    taken.check()

    expect(question(tool, name).locator(".outcome")).to_contain_text("Right")
    expect(tool.locator(f"#saved-{name[1:]}")).to_have_text(
        f"Question {name[1:]} has been checked, so its answer stays as it was then."
    )
    for option in options:
        expect(question(tool, name).locator(f"input[name={name}][value='{option}']")).to_be_checked()


def _check(place: int) -> None:
    with transaction() as session:
        attempt = attempt_to_change(session, Attempt.submitted.is_(None))
        assert attempt is not None
        assert checking.check(session, attempt, place, at=clock.now()) is None


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_open_questions_are_named_once_before_handing_in(sit: Sit, inside: Inside, has_scripts: bool):
    leo = sit("leo", java_script_enabled=has_scripts)
    tool = leo.open("quiz")
    tool.get_by_role("button", name="Start the quiz").click()
    tool.locator("#answers").wait_for()
    answers = right(inside, tool.locator("#answers").get_attribute("action") or "", how_many=19)
    acts.click_answers(tool, answers)

    tool.get_by_role("button", name="Hand in").press("Enter")
    expect(leo.heading).to_have_text("1 question is still open")
    tool.get_by_role("link", name="Question 20").press("Enter")
    tool.locator("#answers").wait_for()
    expect(tool.locator("#question-20")).to_be_in_viewport()
    tool.get_by_role("button", name="Hand in").press("Enter")
    tool.get_by_role("button", name="Hand in all the same").press("Enter")

    expect(leo.heading).to_have_text("You earned 19 of 20")


@pytest.mark.judges
@pytest.mark.sqlite
def test_the_pages_of_it(begin: Begin, inside: Inside, is_framed: bool):
    tour = begin("leo", "quiz")
    inside.do(lets_check)
    tour.press("Start the quiz", "questions that can be checked", "quiz", "#answers[data-is-ready]")
    tool = tour.desk.tool
    for place in (1, 2):
        tool.locator(f"#question-{place} input[name=q{place}]").first.check()
        tool.locator(f"#question-{place}").get_by_role("button", name="Check").click()
        tool.locator(f"#outcome-{place}").wait_for()
    tour.look("questions that were checked", "quiz", ".outcome")
    teacher = begin("ines", "mentoring")
    teacher.follow("Quiz", "results", "Onboarding quiz")
    course = teacher.path.split("/quizzes/")[0]
    quiz = inside.do(lambda: db.session.scalars(select(Quiz)).one().public_id)
    teacher.go(f"{course}/quizzes/{quiz}/design/review", "boxes", "What learners see")
    teacher.go(f"{course}/quizzes/{quiz}/preview", "preview", "Preview")
    first = teacher.desk.tool.locator("#question-1")
    first.locator("input[name=q1]").first.check()
    first.get_by_role("button", name="Check").click()
    teacher.look("preview with a check", "Preview", ".outcome")

    assert tour.found == {}
    assert teacher.found == {}
