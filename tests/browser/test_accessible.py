"""Every page of the tool, as each role meets it, narrow and wide, framed and alone: axe and the ruler find nothing."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from campus.testing import CampusInHand
from lti_tool import clock
from lti_tool.db import transaction
from lti_tool.models import Enrolment, Platform, Role
from quizzes.models import Quiz
from quizzes.reports.mailing import scheduling
from quizzes.reports.mailing.times import Rhythm
from tests.browser import acts
from tests.browser.aside import Inside, aside
from tests.browser.touring import Begin
from tools.scene import set_scene
from xapi.progress.mailing import scheduling as progress_mail
from xapi.progress.mailing import times

pytestmark = [pytest.mark.browser, pytest.mark.judges, pytest.mark.sqlite]


@pytest.fixture
def scene(app: Flask, campus: CampusInHand) -> None:
    aside(lambda: set_scene(app, campus))


def test_what_an_instructor_of_an_empty_course_sees(begin: Begin, is_framed: bool):
    tour = begin("ines", "mentoring")

    tour.look("home", "Next for you")
    tour.follow("Pairing", "board without mentors", "Pair mentors and mentees")
    tour.follow("Mentors", "mentors", "Who mentors")
    tour.desk.tool.get_by_role("row").locator("input[inputmode=numeric]").first.fill("-1")
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press("Save", "mentors, refused", "Who mentors", ".error-summary")
    tour.follow("Quiz", "quizzes", "Quizzes")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_an_instructor_sees(begin: Begin, is_framed: bool):
    tour = begin("ines", "mentoring")

    tour.look("home", "Next for you")
    tour.follow("Mentors", "mentors", "Who mentors")
    tour.follow("Pairing", "board", "Pair mentors and mentees")
    tour.open_all("board, all of it open", "Pair mentors and mentees")
    acts.pick_here(tour.desk.tool, "Bobby <script>alert(1)</script> D'Angelo", "Amara Okafor")
    acts.pick_here(tour.desk.tool, "Pavel Horák", "Amara Okafor")
    acts.pick_here(tour.desk.tool, "Li Wei", "Amara Okafor")
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press("Assign", "board, refused", "Pair mentors and mentees", ".error-summary")
    tour.follow("Mentorships", "mentorships", "Mentorships")
    tour.desk.tool.locator("table a").first.click()
    tour.look("a mentorship", " and ")
    for each in tour.desk.tool.locator("details").all():
        each.evaluate("it => { it.open = true }")
    tour.look("a mentorship, all of it open", " and ")
    tour.follow("Quiz", "results", "Results")
    tour.follow(re.compile("^Attempt 1"), "a learner's result", "earned")
    tour.follow("Question 1", "an answer to be marked", "Question 1")
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press("Save and next", "an answer to be marked, refused", "Question 1", ".error-summary")
    tour.follow("Back to the list", "what waits for marking", "Marking")
    tour.press("Hide names", "what waits, without names", "Marking")
    tour.follow("Back to the class", "results", "Results")
    tour.follow("Mark answers anew", "marking anew", "Mark anew")
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press("Show what would change", "marking anew, refused", "Mark anew", ".error-summary")
    tour.desk.tool.get_by_label("Why").fill("The key was wrong")
    tour.press("Show what would change", "what marking anew would change", "Mark anew")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_an_instructor_who_grants_more_time_sees(begin: Begin, is_framed: bool):
    tour = begin("ines", "mentoring")

    tour.look("home", "Next for you")
    tour.follow("Quiz", "results", "Results")
    tour.follow("More time and more attempts", "nothing granted", "More time and more attempts")
    tour.desk.tool.locator("main ul.plain-list a").first.click()
    tour.look("granting", "More for")
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press("Grant", "nothing was granted", "More for", ".error-summary")
    tour.desk.tool.get_by_label("Percent more time").fill("50")
    tour.press("Grant", "granted", "More time and more attempts", ".flash.is-success")
    tour.desk.tool.locator("main table a").first.click()
    tour.look("granted before", "More for")
    tour.follow("Quiz", "results again", "Results")
    tour.follow(re.compile("^Attempt 1"), "a result", "earned")
    tour.follow("What happened in this attempt", "what happened", "What happened")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_an_instructor_sees_of_what_became_of_a_quiz(begin: Begin, is_framed: bool):
    tour = begin("ines", "mentoring")

    tour.follow("Quiz", "results", "Results")
    tour.open_all("results, all of it open", "Results")
    tour.follow("Mail this report", "mail", "Mail this report")
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press("Save when it comes to you", "mail, nothing chosen", "Mail this report", ".error-summary")
    tour.desk.tool.get_by_label("As soon as a learner is ready, or has no attempt left").check()
    tour.press("Save when they go to managers", "mail, arranged", "Mail this report", "text=Saved.")
    tour.open_all("mail, all of it open", "Mail this report")
    tour.follow("Back to the class", "results once more", "Results")
    tour.follow("Tables to take along", "tables", "Tables to take along")
    tour.follow("Back to the class", "results again", "Results")
    tour.follow("How each question did", "questions", "Questions in figures")
    tour.go_each(tour.path, "/figures/", "A question in figures", most=1)
    tour.follow("Back to the questions", "questions again", "Questions in figures")
    tour.follow("Home", "home again", ".")
    tour.follow("See the progress", "progress", "^Progress$")
    tour.follow("Reports to managers by mail", "progress mail", "Progress reports to managers")
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press("Save when they go to managers", "progress mail, nothing chosen", "Progress reports", ".error-summary")
    tour.desk.tool.get_by_label("Every month, on the first such day of the month").check()
    tour.press("Save when they go to managers", "progress mail, arranged", "Progress reports", "text=Saved.")
    tour.open_all("progress mail, all of it open", "Progress reports to managers")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_an_instructor_who_brings_tables_sees(begin: Begin, is_framed: bool):
    tour = begin("ines", "mentoring")

    tour.look("home", "Next for you")
    tour.follow("Mentors", "mentors", "Who mentors")
    tour.desk.tool.locator("summary", has_text="Let everybody shown mentor").click()
    tour.look("mentors, everybody shown", "Who mentors")
    tour.follow("Add mentors by a table (CSV)", "a table of mentors", "Add mentors by a table")
    tour.desk.tool.get_by_label("Or paste the rows").fill("name,places\nAmara Okafor,9\nNobody,1")
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press("Look at it first", "what a table does", "What this table does", ".error-summary")
    tour.press("Save one row", "mentors, saved", "Who mentors", ".flash.is-success")
    tour.desk.tool.locator("summary", has_text="More").first.click()
    tour.look("more pages", "Who mentors")
    tour.follow("People", "people", "People of the course")
    tour.follow("Who manages whom", "managers", "Who manages whom")
    tour.follow("Bring a table (CSV)", "a table of managers", "Managers by a table")
    tour.desk.tool.get_by_label("Or paste the rows").fill("places\n1")
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press("Look at it first", "a table of no use", "Managers by a table", ".error-summary")
    tour.follow("Cancel", "managers again", "Who manages whom")
    tour.follow(re.compile("^Record"), "somebody's manager", "Who manages")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_an_instructor_sees_of_people(begin: Begin):
    tour = begin("ines", "mentoring")

    tour.follow("Mentors", "mentors", "Who mentors")
    tour.follow("Who takes part", "everybody", "Who takes part")
    tour.follow("Maya Okonkwo", "a mentor", "Maya Okonkwo")
    tour.open_all("a mentor, all of it open", "Maya Okonkwo")
    tour.follow("Change the offer", "their offer", "What Maya Okonkwo offers")
    tour.open_all("their offer, all of it open", "What Maya Okonkwo offers")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_somebody_sees_of_their_part(begin: Begin, is_framed: bool):
    tour = begin("maya", "mentoring")

    tour.follow("My part", "my part", "My part in mentoring")
    tour.follow("Say what you offer", "offer", "What you offer")
    tour.open_all("offer, all of it open", "What you offer")
    tour.desk.tool.locator("#from-0-0").fill("18:00")
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press("Save", "offer, refused", "What you offer", ".error-summary")
    tour.desk.tool.locator("#until-0-0").fill("19:30")
    tour.press("Save", "my part, offered", "My part in mentoring", ".flash.is-success")
    tour.open_all("my part, all of it open", "My part in mentoring")
    tour.follow("Directory of mentors", "directory", "Mentors in this course")
    for link, heading in (
        ("Whom you would like to be matched with", "Whom you would like"),
        ("Whom you would rather not be matched with", "Whom you would rather not"),
        ("Suggest somebody as a mentor", "Suggest somebody"),
    ):
        tour.follow("My part", "my part", "My part in mentoring")
        tour.follow(link, link, heading)
        tour.desk.tool.get_by_label("Find somebody").fill("li")
        tour.press("Find", f"{link}, found", heading, "text=Li Wei")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_a_mentor_sees(begin: Begin):
    tour = begin("maya", "mentoring")

    tour.look("home", "Next for you")
    tour.follow("Quiz", "quiz", "Onboarding quiz")
    tour.follow("Notices", "notices", "Notices")
    tour.follow("Choose what is mailed", "what is mailed", "What is mailed")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_a_learner_sees(begin: Begin):
    tour = begin("leo", "mentoring")

    tour.look("home", "Next for you")
    tour.desk.tool.locator("#panel-your-mentor a").first.click()
    tour.look("their mentorship", "You and")
    tour.follow("Open the timeline", "their timeline", "Timeline")
    tour.open_all("their timeline, all of it open", "Timeline")
    tour.desk.tool.locator("main a").first.click()
    tour.follow("Write the agreement", "no agreement", "Agreement")
    tour.follow("Write the agreement", "writing the agreement", "Write the agreement")
    tour.press("Sign and send it", "their agreement", "Agreement", ".flash.is-success")
    tour.follow("Quiz", "quiz", "Onboarding quiz")
    tour.press("Start the next attempt", "attempt", "quiz", "#answers")
    tour.desk.tool.locator("input[type=radio]").first.check()
    tour.desk.tool.locator(".saved", has_text="Saved").wait_for()
    tour.look("attempt, one answered", "quiz")
    tour.desk.tool.get_by_role("button", name="Save answers", exact=True).click()
    tour.look("attempt, saved", "quiz", "#saving:has-text('Saved')")
    tour.press("Hand in", "questions still open", "are still open")
    tour.press("Hand in all the same", "result", "You earned")
    tour.follow("Back to the quiz", "quiz, attempts used up", "quiz")
    tour.follow("My part", "my part", "My part in mentoring")
    tour.follow("Who manages you at work", "my manager", "Who is your manager")
    tour.desk.tool.get_by_label("Name").fill("Vera Stein")
    tour.desk.tool.get_by_label("Mail").fill("vera@example.org")
    tour.press("Save", "my manager, said", "Who is your manager", ".flash.is-success")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_a_learner_sees_of_a_report_to_their_manager(begin: Begin, inside: Inside):
    inside.do(_reports_go_to_managers)
    tour = begin("leo", "mentoring")

    tour.follow("Quiz", "quiz, nobody recorded", "Onboarding quiz")
    tour.follow("Say who it is", "my manager", "Who is your manager")
    tour.desk.tool.get_by_label("Name").fill("Vera Stein")
    tour.desk.tool.get_by_label("Mail").fill("vera@example.org")
    tour.press("Save", "my manager, said", "Who is your manager", ".flash.is-success")
    tour.follow("Quiz", "quiz, asked", "Onboarding quiz")
    tour.press("I agree", "quiz, agreed", "Onboarding quiz", ".flash.is-success")
    tour.press("Send nothing more", "quiz, taken back", "Onboarding quiz", "text=you would rather not")
    tour.follow("My progress", "my progress, asked", "My progress")
    tour.press("I agree", "my progress, agreed", "My progress", ".flash.is-success")
    tour.press("Send nothing more", "my progress, taken back", "My progress", "text=you would rather not")

    assert tour.found == {}


def _reports_go_to_managers() -> None:
    with transaction() as session:
        ines = session.scalars(
            select(Enrolment).where(Enrolment.role == Role.INSTRUCTOR).order_by(Enrolment.id)
        ).first()
        assert ines is not None
        for quiz in session.scalars(select(Quiz)):
            scheduling.arrange(session, quiz, None, Rhythm.SETTLED, None, by=ines, at=clock.now())
        progress_mail.arrange(session, ines.course, times.Rhythm.MONTHLY, 0, by=ines, at=clock.now())


def test_what_is_said_when_something_went_wrong(begin: Begin, inside: Inside, tool_url: str):
    tour = begin("leo", "mentoring")
    home = tour.desk.frame.url

    for page, address, heading in (
        ("front page", tool_url, "Mentoring for any course page"),
        ("not found", f"{tool_url}/nowhere", "There is nothing here"),
        ("not open", f"{home}/mentoring/mentors", "not open to you"),
    ):
        if page != "front page":
            tour.expects("status of 40")
        tour.desk.frame.goto(address)
        tour.look(page, heading)
    tour.desk.page.context.clear_cookies(name="mentoring")
    tour.expects("status of 401")
    tour.desk.frame.goto(home)
    tour.look("nobody known", "open this from your course page")
    inside.do(_forget_the_campus)
    tour.expects("status of 40")
    tour.desk.open("mentoring")
    tour.desk.window = None
    tour.look("launch refused", ".")

    assert tour.found == {}


def _forget_the_campus() -> None:
    with transaction() as session:
        session.scalars(select(Platform)).one().client_id = "somebody else"
