"""An attempt that nothing can lose: a network that goes away, another tab, time that is granted, a visit that ends."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, select

from campus.testing import CampusInHand
from lti_tool import clock
from lti_tool.arrivals.sessions import BrowserSession
from lti_tool.db import db, transaction
from lti_tool.models import Enrolment, Role
from quizzes.accommodations import granting
from quizzes.accommodations.models import Reason
from quizzes.designing.settings import Navigation
from quizzes.models import Attempt, Quiz
from quizzes.timing import Accommodation
from tests.browser import acts
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.keyboard import Keyboard
from tests.browser.people import Desk, View
from tests.browser.test_journeys import right
from tests.quizzes.making import changed

pytestmark = pytest.mark.browser

FIVE_SECONDS = 5_000
"""Of the page's own clock: what is granted must be on a page by then."""

NO_CONNECTION = re.compile(r"^Not saved since \d\d:\d\d: no connection; nothing is lost, keep this page open\.$")


def saved(tool: View) -> None:
    expect(tool.locator("#saving")).to_have_text("Saved")


def kept(inside: Inside) -> dict[int, list[str]]:
    """The options kept so far in the one attempt there is."""

    def read() -> dict[int, list[str]]:
        attempt = db.session.scalars(select(Attempt)).one()
        return {answer.place: answer.chosen for answer in attempt.answers if answer.chosen}

    return inside.do(read)


def grant(inside: Inside, granted: Accommodation) -> None:
    def give() -> None:
        with transaction() as session:
            attempt = session.scalars(select(Attempt)).one()
            by = session.scalars(select(Enrolment).where(Enrolment.role == Role.LEARNER).order_by(Enrolment.id)).first()
            assert by is not None
            granting.grant(
                session,
                attempt.enrolment,
                None,
                granted,
                reason=Reason.AGREED,
                valid_until=None,
                by=by,
                at=clock.now(),
            )

    inside.do(give)


def test_answers_chosen_while_the_network_is_gone_arrive_afterwards(sit: Sit, inside: Inside):
    leo = sit("leo")
    tool = leo.open("quiz")
    answers = right(inside, acts.start_quiz(tool), how_many=3)
    first, *others = answers
    acts.click_answers(tool, {first: answers[first]})
    saved(tool)

    leo.watch.suffer("ERR_INTERNET_DISCONNECTED")
    leo.page.context.set_offline(True)
    acts.click_answers(tool, {name: answers[name] for name in others})
    expect(tool.locator("#saving")).to_have_text(NO_CONNECTION)
    assert list(kept(inside)) == [int(first[1:])]
    leo.page.context.set_offline(False)
    saved(tool)

    assert {f"q{place}": sorted(chosen) for place, chosen in kept(inside).items()} == {
        name: sorted(options) for name, options in answers.items()
    }
    expect(tool.locator("#still-open")).to_have_text("17 questions are still open.")


def test_the_tab_closed_while_the_network_was_gone_loses_nothing(sit: Sit, inside: Inside):
    leo = sit("leo")
    tool = leo.open("quiz")
    answers = right(inside, acts.start_quiz(tool), how_many=2)
    leo.watch.suffer("ERR_INTERNET_DISCONNECTED")
    leo.page.context.set_offline(True)
    acts.click_answers(tool, answers)
    expect(tool.locator("#saving")).to_contain_text("no connection")
    again = leo.other_tab()
    leo.page.close()
    leo.page.context.set_offline(False)

    tool = again.open("quiz")
    tool.get_by_role("link", name="Continue the quiz").click()

    saved(tool)
    expect(tool.locator("input[name^=q]:checked")).to_have_count(sum(map(len, answers.values())))
    assert len(kept(inside)) == 2


def test_time_granted_while_it_runs_is_on_the_page_within_seconds(sit: Sit, inside: Inside):
    leo = sit("leo")
    leo.page.clock.install()
    tool = leo.open("quiz")
    acts.start_quiz(tool)
    expect(tool.locator("#time-left")).to_have_text("About 30 minutes left")
    leo.page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))

    grant(inside, Accommodation(multiplier=1.5))
    leo.page.clock.run_for(FIVE_SECONDS)

    expect(tool.locator("#time-left")).to_have_text("About 45 minutes left")
    expect(tool.locator("#time-warning")).to_have_text("You have been granted more time. About 45 minutes left")
    expect(tool.locator("#granted")).to_have_text("Granted to you: 50% more time.")

    grant(inside, Accommodation(is_unlimited=True))
    leo.page.clock.run_for(FIVE_SECONDS)

    expect(tool.locator("#time-left")).to_have_text("No time limit")


def test_the_tab_opened_last_answers_and_the_other_can_be_read_and_takes_it_back(sit: Sit, inside: Inside):
    leo = sit("leo")
    tool = leo.open("quiz")
    answers = right(inside, acts.start_quiz(tool), how_many=2)
    one, two = answers
    acts.click_answers(tool, {one: answers[one]})
    saved(tool)

    other = leo.other_tab()
    other.open("quiz")
    other.tool.get_by_role("link", name="Continue the quiz").click()
    other.tool.locator("#answers").wait_for()

    expect(tool.locator("#elsewhere")).to_contain_text("You have opened this attempt on another page or device")
    expect(tool.locator(f"input[name={two}]").first).to_be_disabled()
    expect(tool.get_by_role("button", name="Hand in")).to_be_disabled()
    acts.click_answers(other.tool, {two: answers[two]})
    saved(other.tool)

    tool.get_by_role("button", name="Go on here instead").click()
    expect(tool.locator(f"input[name={two}]").first).to_be_enabled()
    expect(tool.locator(f"input[name={two}]:checked")).to_have_count(len(answers[two]))
    expect(other.tool.locator("#elsewhere")).to_be_visible()
    assert len(kept(inside)) == 2


def test_a_visit_that_ends_keeps_the_answers_until_the_quiz_is_opened_again(sit: Sit, inside: Inside):
    leo = sit("leo")
    tool = leo.open("quiz")
    answers = right(inside, acts.start_quiz(tool), how_many=2)
    saved_first, later = answers
    acts.click_answers(tool, {saved_first: answers[saved_first]})
    saved(tool)
    inside.do(_end_all_visits)
    leo.watch.expect("status of 40")

    acts.click_answers(tool, {later: answers[later]})
    expect(tool.locator("#saving")).to_contain_text("open the quiz there again")
    tool = leo.open("quiz")
    tool.get_by_role("link", name="Continue the quiz").click()

    saved(tool)
    assert len(kept(inside)) == 2


def _end_all_visits() -> None:
    with transaction() as session:
        session.execute(delete(BrowserSession))


def test_when_the_time_is_over_what_waits_is_sent_and_handed_in(sit: Sit, inside: Inside):
    leo = sit("leo")
    tool = leo.open("quiz")
    answers = list(right(inside, acts.start_quiz(tool), how_many=14).items())
    acts.click_answers(tool, dict(answers[:-1]))
    inside.do(_almost_over)
    acts.click_answers(tool, dict(answers[-1:]))

    expect(leo.heading).to_have_text("You earned 14 of 20")


def _almost_over() -> None:
    with transaction() as session:
        attempt = session.scalars(select(Attempt)).one()
        attempt.deadline = clock.now().replace(microsecond=0) + (attempt.deadline - attempt.started) / 120  # type: ignore[operator]


def test_a_quiz_without_a_way_back_with_the_keyboard_alone(sit: Sit, inside: Inside):
    leo = sit("leo")
    leo.open("quiz")
    inside.do(_ten_a_page)
    keyboard = Keyboard(leo)
    keyboard.tab_to("Start the quiz")
    keyboard.press("Enter")
    leo.tool.locator("#answers").wait_for()
    address = str(leo.tool.locator("#answers").evaluate("form => form.action"))
    answers = right(inside, address, how_many=20)

    for question, options in list(answers.items())[:10]:
        keyboard.answer(question, options)
    keyboard.tab_to("Next page, without a way back")
    keyboard.press("Enter")
    leo.tool.get_by_role("heading", name="Question 11 of 20").wait_for()
    for question, options in list(answers.items())[10:]:
        keyboard.answer(question, options)
    expect(leo.tool.locator("#still-open")).to_have_text("All questions are answered.")
    keyboard.tab_to("Hand in")
    keyboard.press("Enter")

    expect(leo.heading).to_have_text("You earned 20 of 20")
    assert keyboard.lost == []


def _ten_a_page() -> None:
    with transaction() as session:
        quiz = session.scalars(select(Quiz)).one()
        changed(session, quiz, per_page=10, navigation=Navigation.SEQUENTIAL)


def test_a_question_to_look_at_again_is_flagged_in_the_strip(sit: Sit, inside: Inside, campus: CampusInHand):
    leo = sit("leo")
    tool = leo.open("quiz")
    acts.start_quiz(tool)

    tool.locator("#question-4").get_by_label("Look at this again").check()
    saved(tool)
    _reload(leo)

    expect(tool.locator("[data-number='4'] .when-flagged:not([hidden])")).to_have_count(1)
    expect(tool.locator("#question-4").get_by_label("Look at this again")).to_be_checked()


def _reload(desk: Desk) -> None:
    desk.open("quiz")
    desk.tool.get_by_role("link", name="Continue the quiz").click()
    desk.tool.locator("#answers").wait_for()
