"""A quiz put together in Chromium: every page of the designer, narrow and wide, and rows put in order by mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.models import Enrolment, Person
from lti_tool.roster.groups import CourseGroup, GroupMembership, Source
from quizzes.designing import revising
from quizzes.models import Quiz
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.people import WIDE
from tests.browser.touring import Begin, Tour

pytestmark = pytest.mark.browser


def a_group() -> None:
    """The course has a group with everybody in it."""
    with transaction() as session:
        people = session.scalars(select(Enrolment).order_by(Enrolment.id)).all()
        group = CourseGroup(
            course_id=people[0].course_id,
            source=Source.SERVICE,
            reference="evening",
            name="Evening class",
            created=clock.now(),
        )
        session.add(group)
        session.flush()
        session.add_all(GroupMembership(group_id=group.id, enrolment_id=each.id) for each in people)


def begin_quiz(tour: Tour) -> str:
    """A quiz of the course's own; where it is designed."""
    tour.follow("All quizzes", "all quizzes", "^Quizzes$")
    tour.follow("New quiz", "a new quiz", "^New quiz$")
    tour.desk.tool.get_by_label("Title").fill("Fire safety")
    tour.press("Make the quiz", "its design", "^Fire safety$")
    tour.open_all("its design, all of it open", "^Fire safety$")
    return tour.path


@pytest.mark.judges
@pytest.mark.sqlite
def test_every_page_of_the_designer(begin: Begin, inside: Inside, is_framed: bool):
    refused = ["Blocked autofocusing"] * is_framed
    tour = begin("leo", "quiz")
    inside.do(a_group)
    tour = begin("ines", "quiz")
    tool = tour.desk.tool

    design = begin_quiz(tour)
    tour.follow("Add questions", "questions to choose", "^Questions that everybody gets$")
    tour.open_all("questions to choose, all of it open", "^Questions that everybody gets$")
    tour.expects("status of 422", *refused)
    tour.press("Add those that are ticked", "none was ticked", "^Questions that everybody gets$", ".error-summary")
    for box in tool.locator("main table input[type=checkbox]").all()[:3]:
        box.check()
    tour.press("Add those that are ticked", "three added", "^Questions that everybody gets$", ".flash.is-success")
    tour.go(design, "its design with questions", "^Fire safety$")
    tour.go(f"{design}/slots/2", "a question of it", "^Number 2: a question$")
    tour.go(f"{design}/slots/1", "a rule of it", "^Number 1: a rule$")
    tour.go(f"{design}/sections/1/rules/new", "a new rule", "^New rule$")
    tool.get_by_label("How many questions").fill("80")
    tour.press("Save the rule", "what cannot be published", "^Fire safety$", ".flash.is-success")
    tour.go(f"{design}/sections/1", "its section", "^Section 1$")
    tool.get_by_label("Heading").fill("The building")
    tool.get_by_label("What to read before").fill("Think of the floor you work on.\nOne answer each.")
    tour.press("Save", "its design with a section", "^Fire safety$", ".flash.is-success")
    tour.go(f"{design}/review", "the matrix", "^What learners see$")
    tool.locator("input[name=later][value=attempt]").uncheck()
    tour.expects("status of 422", *refused)
    tour.press("Save", "the matrix, refused", "^What learners see$", ".error-summary")
    tour.go(design.removesuffix("/design") + "/preview", "its preview", "^Preview: Fire safety$")
    tour.press("Mark these answers", "its preview, marked", "^Preview: Fire safety$", "#earned-title")
    tour.follow("Quiz", "results", "^Results")
    tour.follow("Other rules for some", "no other rules", "^Other rules for some")
    tool.get_by_label("For", exact=True).select_option("Evening class")
    tour.expects("status of 422", *refused)
    tour.press("Save", "other rules, refused", "^Other rules for some", ".error-summary")
    tool.get_by_label("Minutes for an attempt").fill("60")
    tour.press("Save", "other rules", "^Other rules for some", ".flash.is-success")

    assert tour.found == {}


@pytest.fixture
def ines(sit: Sit) -> Tour:
    """Her window, wide."""
    desk = sit("ines", WIDE)
    desk.open_window("quiz")
    return Tour(desk)


def test_rows_are_put_in_order_by_mouse_and_by_buttons(ines: Tour, inside: Inside):
    tour, tool = ines, ines.desk.tool
    design = begin_quiz(tour)
    tour.follow("Add questions", "questions to choose", "^Questions that everybody gets$")
    for box in tool.locator("main table input[type=checkbox]").all()[:3]:
        box.check()
    tour.press("Add those that are ticked", "three added", "^Questions that everybody gets$", ".flash.is-success")
    tour.go(design, "its design again", "^Fire safety$")
    before = asked(inside)

    rows = tool.locator(".drag-places li")
    grip = rows.nth(3).locator(".grip")
    expect(grip).to_be_visible()
    with tour.desk.frame.expect_navigation():
        grip.drag_to(rows.nth(0), target_position={"x": 20, "y": 10})
    expect(tool.locator(".flash.is-success")).to_have_text(re.compile("Saved"))
    dragged = asked(inside)
    with tour.desk.frame.expect_navigation():
        rows.nth(0).get_by_role("button", name=re.compile("^Down")).click()

    assert dragged == [before[3], *before[:3]]
    assert asked(inside) == [before[0], before[3], *before[1:3]]


def asked(inside: Inside) -> list[str]:
    """What the quiz asks, slot by slot."""

    def read() -> list[str]:
        quiz = db.session.scalars(select(Quiz).order_by(Quiz.id.desc()).limit(1)).one()
        return [str(slot) for slot in revising.newest(db.session, quiz).outlined.slots]

    return inside.do(read)


def test_the_header_of_somebody_with_a_long_name_stays_one_line(ines: Tour, inside: Inside):
    inside.do(lambda: _named("Ines Instructor-Longname"))

    ines.desk.frame.goto(ines.desk.frame.url)
    header = ines.desk.tool.locator(".page-header")

    expect(header).to_contain_text("Ines Instructor-Longname")
    tops = header.locator(":scope > *").evaluate_all("all => all.map(it => Math.round(it.getBoundingClientRect().top))")
    assert max(tops) - min(tops) < 16


def _named(name: str) -> None:
    with transaction() as session:
        ines = session.scalars(select(Person).where(Person.name.startswith("Ines"))).one()
        ines.name = name
