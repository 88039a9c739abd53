"""Ten minutes without a network in the middle of an attempt: within its time nothing is lost, after it all is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lti_tool import clock
from lti_tool.db import db
from quizzes.models import Answer, Attempt
from quizzes.models.attempt import Finish
from tests.browser import acts
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.people import Desk
from tests.browser.test_attempts import NO_CONNECTION, saved
from tests.browser.test_journeys import right

pytestmark = pytest.mark.browser

Given = dict[str, tuple[int, list[str]]]
"""What was answered, by the field of the question: the answer's number and the options chosen."""

# What the page keeps of answers that the server has not acknowledged.
QUEUE = """async () => {
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const base = await asked(indexedDB.open("quiz"));
  return asked(base.transaction("answers").objectStore("answers").getAll());
}"""


@pytest.fixture
def pass_time() -> Iterator[Callable[[Desk, timedelta], None]]:
    """So much time goes by, for the server and on the page that stands open."""
    with ExitStack() as moved:

        def pass_time(desk: Desk, time: timedelta) -> None:
            moved.enter_context(clock.moved_by(time))
            desk.page.clock.fast_forward(int(time.total_seconds() * 1000))

        yield pass_time


PassTime = Callable[[Desk, timedelta], None]


def begin(sit: Sit, inside: Inside, how_many: int) -> tuple[Desk, dict[str, list[str]]]:
    """Leo begins the quiz on a page whose clock the test moves; the right answers to its first questions."""
    leo = sit("leo")
    leo.page.clock.install()
    tool = leo.open("quiz")
    answers = {name: sorted(chosen) for name, chosen in right(inside, acts.start_quiz(tool), how_many=how_many).items()}
    tool.locator("#answers[data-is-ready]").wait_for()
    return leo, answers


def part(answers: dict[str, list[str]], first: int, last: int) -> dict[str, list[str]]:
    return dict(list(answers.items())[first:last])


def waiting(desk: Desk) -> Given:
    return {
        f"q{each['place']}": (each["seq"], sorted(each["response"]["chosen"])) for each in desk.frame.evaluate(QUEUE)
    }


def stored(inside: Inside) -> Given:
    def read() -> Given:
        answers = db.session.scalars(select(Answer).order_by(Answer.place))
        return {f"q{each.place}": (each.seq, sorted(each.chosen)) for each in answers if each.chosen}

    return inside.do(read)


def goes_offline(desk: Desk) -> None:
    desk.watch.suffer("ERR_INTERNET_DISCONNECTED")
    desk.page.context.set_offline(True)


def test_ten_minutes_without_a_network_lose_nothing_and_double_nothing(sit: Sit, inside: Inside, pass_time: PassTime):
    leo, answers = begin(sit, inside, how_many=6)
    tool, saving = leo.tool, leo.tool.locator("#saving")
    acts.click_answers(tool, part(answers, 0, 2))
    saved(tool)
    before = stored(inside)

    goes_offline(leo)
    acts.click_answers(tool, part(answers, 2, 4))
    expect(saving).to_have_text(NO_CONNECTION)
    since = saving.inner_text()
    pass_time(leo, timedelta(minutes=5))
    acts.click_answers(tool, part(answers, 4, 6))
    pass_time(leo, timedelta(minutes=5))
    expect(saving).to_have_text(since)
    kept = waiting(leo)
    assert (list(kept), stored(inside)) == (list(answers)[2:], before)
    leo.page.context.set_offline(False)
    saved(tool)

    assert stored(inside) == before | kept
    assert {name: chosen for name, (_number, chosen) in stored(inside).items()} == answers
    assert waiting(leo) == {}
    acts.hand_in_all_the_same(tool)
    expect(leo.heading).to_have_text("You earned 6 of 20")


def test_of_a_cut_over_the_deadline_what_had_arrived_counts_and_what_had_not_is_said(
    sit: Sit, inside: Inside, deliver: Callable[[], int], pass_time: PassTime
):
    leo, answers = begin(sit, inside, how_many=4)
    tool = leo.tool
    acts.click_answers(tool, part(answers, 0, 2))
    saved(tool)
    before = stored(inside)
    pass_time(leo, timedelta(minutes=25))

    goes_offline(leo)
    acts.click_answers(tool, part(answers, 2, 4))
    expect(tool.locator("#saving")).to_have_text(NO_CONNECTION)
    pass_time(leo, timedelta(minutes=10))
    deliver()
    assert inside.do(_how_it_ended) == Finish.TIMER
    leo.watch.expect("status of 410")
    leo.page.context.set_offline(False)

    late = tool.locator("#too-late")
    expect(late.get_by_role("button", name="Show my result")).to_be_focused()
    expect(late).to_contain_text("so they do not count: 3, 4. What was saved before counts.")
    assert stored(inside) == before
    late.get_by_role("button", name="Show my result").click()
    expect(leo.heading).to_have_text("You earned 2 of 20")


def _how_it_ended() -> Finish | None:
    return db.session.scalars(select(Attempt)).one().finish
