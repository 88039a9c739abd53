"""A mentorship's ninety days as its two people live them, compressed by moving the clock, in headless Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
import vobject  # type: ignore[import-untyped]
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from campus.testing import CampusInHand
from lti_tool.db import db
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from tests.browser import acts
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.consuming import progress_from_outside, templates_of
from tests.browser.days import campus_of_then, day_of, follow, home_base, log_in_twenty_seconds, on_day, paired
from tests.browser.people import Desk
from tests.browser.test_journeys import right

pytestmark = pytest.mark.browser


@pytest.fixture
def campus(inside: Inside, tool_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CampusInHand]:
    with campus_of_then(inside, tool_url, monkeypatch) as campus:
        yield campus


def the_mentorship() -> Mentorship:
    return db.session.scalars(select(Mentorship)).one()


def mailed(app: Flask) -> list[EmailMessage]:
    """What has been mailed so far, the oldest first."""
    files = sorted(Path(app.config["MAIL_FOLDER"]).glob("*.eml"))
    return [message_from_bytes(each.read_bytes(), policy=default) for each in files]


def test_ninety_days_of_a_mentorship(
    app: Flask, sit: Sit, inside: Inside, deliver: Callable[[], int], work: Callable[[], int], tool_url: str
):
    with on_day(0):
        ines, maya, leo = (sit(person) for person in ("ines", "maya", "leo"))
        ines.open("mentoring")
        deliver()
        inside.do(paired(ines, "leo"))
        deliver()
        _agree(leo)

    with on_day(1):
        # Maya is asked for her signature on her first page; with it they are under way.
        deliver()
        maya.open("mentoring")
        expect(maya.tool.locator("main")).to_contain_text("waits for your signature")
        follow(maya, "Sign the agreement", "Agreement")
        maya.tool.get_by_role("button", name=re.compile("^Sign version 1")).click()
        acts.flash(maya.tool, "It holds from now on.")
        assert inside.do(lambda: the_mentorship().state) is MentorshipState.ACTIVE
        _book(maya, day_of(3))
        deliver()
        _take_into_calendar(leo, day_of(3))

    with on_day(4):
        log_in_twenty_seconds(leo)
        home_base(maya)
        follow(maya, "Your brief before you meet", "Before you meet")
        expect(maya.tool.locator("main")).to_contain_text("I read the handbook")
        _set_a_goal(leo, day_of(60))
        _give_a_task(maya, day_of(10))
        _write_to_each_other(leo, maya)

    with on_day(12):
        # What was done for the goal, and a task ticked.
        deliver()
        home_base(leo)
        leo.tool.get_by_role("link", name="I know whom to ask").first.click()
        leo.tool.get_by_label("What did you do for it since last time?").fill(
            "I asked Chloé about the archive on Monday"
        )
        leo.tool.get_by_label("Half way").check()
        leo.tool.get_by_role("button", name="Keep it").click()
        acts.flash(leo.tool, "Kept.")
        home_base(leo)
        leo.tool.get_by_role("button", name=re.compile("^Mark as done.*Read chapter two")).click()
        expect(leo.tool.locator("#section-tasks")).to_contain_text("Not done after all")
        leo.open("quiz")
        acts.click_answers(leo.tool, right(inside, acts.start_quiz(leo.tool), how_many=14))
        acts.hand_in_all_the_same(leo.tool)
        expect(leo.heading).to_have_text("You earned 14 of 20")
        deliver()

    # Then nobody does anything for weeks. Each is asked once on a day, and Ines sees that they fade.
    with on_day(50, hour=2):
        deliver()
        already = len(mailed(app))
    with on_day(50, hour=3):
        work()
    with on_day(50, hour=15):
        deliver()
        new = mailed(app)[already:]
        assert len({each["To"] for each in new}) == len(new) == 2
        assert all("quiet" in str(each.get_body(("plain",)).get_content()) for each in new)
        ines.open("mentoring")
        expect(ines.tool.locator("#panel-waiting-too-long")).to_contain_text("nothing booked")
        ines.tool.get_by_role("link", name=re.compile("^Write")).first.click()
        expect(ines.heading).to_contain_text("Write to")
        ines.tool.get_by_role("textbox").first.fill("How is it going? I am glad to help.")
        ines.tool.get_by_role("button", name="Send").click()
        acts.flash(ines.tool, "Sent.")
        ines.open("mentoring")
        follow(ines, "See the progress", "Progress")
        expect(ines.tool.get_by_role("link", name="1 Stalled")).to_be_visible()

    with on_day(51):
        deliver()
        _book(leo, day_of(52))
    with on_day(53):
        log_in_twenty_seconds(leo)
    with on_day(54, hour=3):
        work()

    with on_day(85):
        # The end is near: thanks, what comes next, a summary to keep.
        deliver()
        home_base(leo)
        follow(leo, "Finish well", "A good end")
        follow(leo, "Say thank you", "Thank ")
        leo.tool.get_by_label("What do you thank them for?").fill("You always had time for one more question.")
        leo.tool.get_by_role("button", name="Send").click()
        acts.flash(leo.tool, "Your thanks are with")
        home_base(leo)
        follow(leo, "Finish well", "A good end")
        leo.tool.get_by_label("I would mentor somebody myself").check()
        leo.tool.get_by_role("button", name="Say so").click()
        acts.flash(leo.tool, "Kept.")
        with leo.page.expect_download() as started:
            leo.tool.get_by_role("link", name="Keep it as a file").click()
        assert "Maya Okonkwo" in started.value.path().read_text("utf-8")
        home_base(maya)
        follow(maya, "Finish well", "A good end")
        expect(maya.tool.locator("main")).to_contain_text("You always had time for one more question.")
        maya.tool.get_by_role("button", name="Complete it now").click()
        acts.flash(maya.tool, "ompleted")
        assert inside.do(lambda: the_mentorship().state) is MentorshipState.COMPLETED
        deliver()
        leo.open("mentoring")
        follow(leo, "Notices", "Notices")
        expect(leo.tool.locator("main")).to_contain_text("mentor")

    with on_day(90):
        _read_progress(ines, leo)
    found, statements = progress_from_outside(app, inside, tool_url)
    [mentorship] = found["mentorships"].values()
    shares = list(found["quizzes"].values())
    assert (mentorship["state"], mentorship["held"], mentorship["goals"], mentorship["reached"]) == ("done", 2, 1, 0)
    assert [list(people.values()) for people in shares] == [[(0.7, True)]]
    assert templates_of(statements) >= TOLD


TOLD = {
    *("course-entered", "mentorship-assigned", "mentorship-was-assigned", "agreement-signed", "mentorship-began"),
    *("meeting-scheduled", "meeting-attended", "goal-set", "goal-progressed", "task-given", "task-got", "task-done"),
    *("question-answered", "attempt-completed", "attempt-passed"),
    *("mentorship-stalled", "mentorship-recovered", "mentorship-completed"),
}


def _read_progress(ines: Desk, leo: Desk) -> None:
    """What somebody outside makes of the statements below stands on the tool's own pages."""
    ines.open("mentoring")
    follow(ines, "See the progress", "Progress")
    row = ines.tool.get_by_role("row", name="Leo Nowak")
    expect(row).to_contain_text("Completed")
    assert [cell.inner_text() for cell in row.get_by_role("cell").all()][1:4] == ["2", "0 of 1", "1 of 1"]
    leo.open("mentoring")
    follow(leo, "My progress", "My progress")
    expect(leo.tool.locator("main")).to_contain_text("70%")


def _agree(leo: Desk) -> None:
    """Leo writes down what they agree on and signs."""
    home_base(leo)
    follow(leo, "Write the agreement", "^Agreement")
    follow(leo, "Write the agreement", "Write the agreement")
    leo.tool.get_by_label("What the mentee expects").fill("To find my way around 🧭")
    leo.tool.get_by_role("button", name="Sign and send it").click()
    acts.flash(leo.tool, "signed")


def _book(desk: Desk, day: date) -> None:
    home_base(desk)
    follow(desk, "Book a meeting", "Book a meeting with")
    desk.tool.get_by_label("Day").fill(day.isoformat())
    desk.tool.get_by_label("Time", exact=True).fill("15:00")
    desk.tool.get_by_role("button", name="Book the meeting").click()
    acts.flash(desk.tool, "Booked for")


def _take_into_calendar(leo: Desk, day: date) -> None:
    home_base(leo)
    leo.tool.locator("#section-meetings li a").first.click()
    expect(leo.heading).to_contain_text("Meeting with")
    with leo.page.expect_download() as started:
        leo.tool.get_by_role("link", name="For my calendar (.ics)").click()
    event = vobject.readOne(started.value.path().read_text("utf-8"), validate=True).vevent
    assert event.dtstart.value.astimezone(UTC).date() == day


def _set_a_goal(leo: Desk, day: date) -> None:
    home_base(leo)
    follow(leo, "Set a goal", "Set a goal")
    leo.tool.get_by_label("What do you want to reach?").fill("I know whom to ask")
    leo.tool.get_by_label("By when").fill(day.isoformat())
    leo.tool.get_by_role("button", name="Set this goal").click()
    acts.flash(leo.tool, "Your goal is set.")


def _give_a_task(maya: Desk, day: date) -> None:
    home_base(maya)
    follow(maya, "Give a task", "Give a task")
    maya.tool.get_by_label("What is to be done").fill("Read chapter two")
    maya.tool.get_by_label("By which day").fill(day.isoformat())
    maya.tool.get_by_role("button", name="Give the task").click()
    acts.flash(maya.tool, "The task is given, and told.")


def _write_to_each_other(leo: Desk, maya: Desk) -> None:
    home_base(leo)
    leo.tool.get_by_label("Your message").fill("I shall be ten minutes late on Thursday")
    leo.tool.locator("#section-conversation").get_by_role("button", name="Send").click()
    acts.flash(leo.tool, "Sent.")
    home_base(maya)
    expect(maya.tool.locator("#section-conversation")).to_contain_text("ten minutes late")
