"""The page on which reports are mailed, and what a learner sees of it, as their readers see them."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.contacts.models import Outsider
from lti_tool.manager_mail.standing import hash_of
from lti_tool.models import Role
from quizzes.reports.mailing.models import ReportConsent, ReportSchedule
from quizzes.reports.mailing.times import Rhythm
from tests.cast import THEN
from tests.quizzes.making import changed
from tests.quizzes.reports.mailing import A_DAY, VERA, Office

LATER = THEN + timedelta(minutes=15)


@pytest.fixture(autouse=True)
def _now():
    with clock.moved_to(LATER):
        yield


@pytest.fixture
def as_ines(office: Office) -> FlaskClient:
    return office.visit(office.ines)


@pytest.fixture
def at(office: Office) -> str:
    return f"{office.page}/mail"


def words(answer: TestResponse) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def schedules(office: Office) -> list[tuple[bool, Rhythm | None, int | None]]:
    office.session.rollback()
    office.session.expire_all()
    found = office.session.scalars(select(ReportSchedule).order_by(ReportSchedule.id))
    return [(each.reader_id is not None, each.rhythm, each.weekday) for each in found]


def test_the_results_lead_there_and_nothing_goes_before_somebody_says_so(office: Office, as_ines: FlaskClient, at: str):
    results = as_ines.get(f"{office.page}/results").text
    page = words(as_ines.get(at))

    assert f'href="{at}"' in results
    for sentence in (
        *("Nothing goes by itself.", "None has been sent so far."),
        *("Nothing goes by itself, and no learner is asked.", "None was sent yet."),
    ):
        assert sentence in page
    assert "Of 1 learner no manager is recorded. Record who manages whom" in page
    assert "An example stands here as soon as somebody has a result." in page


def test_an_instructor_has_the_class_report_come_and_stops_it_with_one_click(office: Office, as_ines, at: str):
    saved = as_ines.post(f"{at}/class", data={"mine-rhythm": "weekly", "mine-weekday": "4"}, follow_redirects=True)
    kept = schedules(office)
    stopped = as_ines.post(f"{at}/class/stop", follow_redirects=True)

    for sentence in ("It goes every week unless nothing has changed. The day is Friday.", "Next on Nov 27, 2026, 7:00"):
        assert sentence in words(saved)
    assert kept == [(True, Rhythm.WEEKLY, 4)]
    assert "Stopped. Nothing goes by itself any more." in words(stopped)
    assert schedules(office) == [(True, None, None)]
    assert office.delivered(THEN + 30 * A_DAY) == []


def test_the_class_report_goes_now_and_once_however_often_the_page_is_sent(office: Office, as_ines, at: str, hand_in):
    hand_in(16)
    for _ in range(2):
        answer = as_ines.post(f"{at}/class/now", data={"once": "abcdefgh"}, follow_redirects=True)

    assert "The class report is on its way to you." in words(answer)
    assert "Last sent on Nov 23, 2026, 9:15" in words(answer)
    assert [taken.recipient for taken in office.delivered(LATER)] == ["ines@school.example"]


def test_who_asks_for_it_at_night_reads_when_its_mail_comes(office: Office, session, as_ines, at: str):
    office.ines.person.own_time_zone = "America/Los_Angeles"
    session.commit()

    answer = as_ines.post(f"{at}/class/now", follow_redirects=True)

    assert "Its mail comes when your quiet hours end, Nov 23, 2026, 7:00 AM PST." in words(answer)
    assert (office.delivered(LATER), len(office.to("ines@school.example", THEN + timedelta(hours=8)))) == ([], 1)


def test_who_wants_no_mail_reads_that_it_stands_among_their_notices(office: Office, session, as_ines, at: str):
    office.ines.person.email = ""
    session.commit()

    answer = as_ines.post(f"{at}/class/now", follow_redirects=True)

    assert "The class report stands among your notices." in words(answer)


def test_the_page_shows_what_each_of_them_reads(office: Office, as_ines, at: str, hand_in):
    office.managed()
    hand_in(16)

    page = words(as_ines.get(at))

    assert "1 of 1 learner has a result. 1 passed, and 1 is ready." in page
    assert "Leo took the quiz Onboarding quiz in the course Starting at work." in page
    assert "Ready: the quiz is passed, and enough is understood." in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Choose when it goes."),
        ({"mine-rhythm": "settled"}, "Choose when it goes: take one of the list."),
        ({"mine-rhythm": "weekly", "mine-weekday": "9"}, "Choose a day of the list."),
        ({"mine-rhythm": "closing"}, "The quiz does not close. Set a day in its settings and publish it"),
    ],
)
def test_what_cannot_be_is_said_with_its_cure(office: Office, as_ines, at: str, said: dict[str, str], sentence: str):
    answer = as_ines.post(f"{at}/class", data=said)

    assert (answer.status_code, schedules(office)) == (422, [])
    assert sentence in words(answer)


def test_of_a_quiz_that_has_closed_no_report_waits_for_it(office: Office, session, as_ines, at: str):
    changed(session, office.quiz, closes=THEN)

    answer = as_ines.post(f"{at}/managers", data={"managers-rhythm": "closing"})

    assert answer.status_code == 422
    assert "The quiz has closed already. Send the report now, or choose another time." in words(answer)


def test_to_managers_on_request(office: Office, as_ines, at: str, hand_in):
    office.managed()
    first = as_ines.post(f"{at}/managers/now", follow_redirects=True)
    saved = as_ines.post(f"{at}/managers", data={"managers-rhythm": "request"}, follow_redirects=True)
    nobody = as_ines.post(f"{at}/managers/now", follow_redirects=True)
    hand_in(16)
    office.agreed()
    for _ in range(2):
        sent = as_ines.post(f"{at}/managers/now", data={"once": "abcdefgh"}, follow_redirects=True)
    [taken] = office.delivered(LATER)[:1]

    assert "Choose first when reports go to managers" in words(first)
    assert "The page of the quiz asks each learner whether they agree." in words(saved)
    assert "There is nothing to send: see below what stands in the way for each learner." in words(nobody)
    assert "1 report is on its way" in words(sent)
    assert taken.recipient == VERA.mail
    page = words(as_ines.get(at))
    assert "Vera Stein Agreed Nov 23, 2026, 9:15" in page


def test_stopping_reports_to_managers_asks_no_learner_any_more(office: Office, as_ines, at: str):
    office.managed()
    office.arranged(Rhythm.SETTLED)
    before = words(office.visit(office.leo).get(office.page))
    as_ines.post(f"{at}/managers/stop")

    assert "A report to your manager" in before
    assert "A report to your manager" not in words(office.visit(office.leo).get(office.page))
    assert schedules(office) == [(False, None, None)]


@pytest.mark.parametrize(
    ("obstacle", "sentence"),
    [
        ("nobody", "Record : Leo No manager is recorded."),
        ("no mail", "Olga There is no mail address of their manager here."),
        ("not asked", "Vera Stein The learner has not said yes or no yet"),
        ("no", "Vera Stein The learner would rather not."),
        ("another", "Vera Stein It is somebody else than the learner has agreed to."),
        ("no result", "Vera Stein Agreed. There is no result yet."),
    ],
)
def test_what_stands_in_the_way_is_said_for_each_learner(office: Office, as_ines, at, obstacle: str, sentence: str):
    office.arranged(Rhythm.SETTLED)
    if obstacle == "no mail":
        office.managed(office.cast.enrol(office.quiz.course, "Olga"))
    if obstacle == "another":
        office.managed(Outsider("Otto", "otto@firm.example"))
        office.agreed(mail="otto@firm.example")
    if obstacle in ("not asked", "no", "another", "no result"):
        office.managed()
    if obstacle == "no":
        office.visit(office.leo).post(f"{office.page}/manager-report/refuse")
    if obstacle == "no result":
        office.agreed()

    assert sentence in words(as_ines.get(at))


def test_practice_says_that_nothing_is_told_to_managers(office: Office, session, as_ines, at: str):
    changed(session, office.quiz, is_practice=True)

    assert "This quiz is for practice: nobody passes it, and nothing is told to managers." in words(as_ines.get(at))


def test_a_page_of_fifty_asks_as_often_as_one_of_one(office: Office, as_ines, at: str, queries):
    def asked() -> int:
        with queries() as found:
            as_ines.get(at)
        return len(found)

    office.managed(office.cast.enrol(office.quiz.course, "M"), office.cast.enrol(office.quiz.course, "P"))
    asked()
    one = asked()
    for number in range(3):
        person, other = (office.cast.enrol(office.quiz.course, f"{name}{number}") for name in "PQ")
        office.managed(Outsider(f"M{number}", f"m{number}@firm.example"), person)
        office.managed(office.cast.enrol(office.quiz.course, f"N{number}"), other)

    assert asked() == one


def test_a_long_class_is_shown_page_by_page(office: Office, as_ines, at: str):
    for number in range(60):
        office.cast.enrol(office.quiz.course, f"Person {number:02}")

    first, second = words(as_ines.get(at)), words(as_ines.get(f"{at}?from=50"))

    assert "1 to 50 of 61" in first
    assert "51 to 61 of 61" in second


def test_it_is_for_instructors_of_this_course(office: Office, at: str):
    cast, course = office.cast, office.quiz.course
    ana = cast.enrol(course, "Ana", Role.ASSISTANT)
    visitors = {
        403: [office.leo, ana, cast.enrol(course, "Oskar", Role.OBSERVER)],
        404: [cast.enrol(cast.course("Another"), "Omar", Role.INSTRUCTOR)],
    }
    acts = ["class", "class/now", "class/stop", "managers", "managers/now", "managers/stop"]

    for status, people in visitors.items():
        for person in people:
            client = office.visit(person)
            assert client.get(at).status_code == status
            assert {client.post(f"{at}/{act}").status_code for act in acts} == {status}
    assert at not in office.visit(ana).get(f"{office.page}/results").text
    assert schedules(office) == []


def test_a_learner_is_told_before_they_start_and_says_yes(office: Office):
    office.managed()
    office.arranged(Rhythm.SETTLED)
    as_leo = office.visit(office.leo)

    page = as_leo.get(office.page)
    agreed = as_leo.post(
        f"{office.page}/manager-report/agree", data={"whom": hash_of(VERA.mail)}, follow_redirects=True
    )

    assert page.text.index("A report to your manager") < page.text.index("Start the quiz")
    assert "how each topic went, and whether you are ready or not yet. No question and no answer of yours" in words(
        page
    )
    assert "It would go to Vera Stein ." in words(page)
    assert "You agreed on Nov 23, 2026 : Vera Stein gets it." in words(agreed)
    assert agreed.text.index("A report to your manager") > agreed.text.index("Start the quiz")


def test_a_yes_to_somebody_they_did_not_see_is_none(office: Office):
    office.managed()
    office.arranged(Rhythm.SETTLED)
    as_leo = office.visit(office.leo)

    for whom in ("", hash_of("otto@firm.example")):
        answer = as_leo.post(f"{office.page}/manager-report/agree", data={"whom": whom}, follow_redirects=True)
        assert "Who gets it has changed meanwhile, or nobody does any more." in words(answer)
    assert office.session.scalar(select(func.count()).select_from(ReportConsent)) == 0


def test_a_learner_stops_it_and_agrees_again(office: Office):
    office.managed()
    office.arranged(Rhythm.WEEKLY)
    office.agreed()
    as_leo, say = office.visit(office.leo), f"{office.page}/manager-report"

    stopped = as_leo.post(f"{say}/refuse", follow_redirects=True)
    again = as_leo.post(f"{say}/agree", data={"whom": hash_of(VERA.mail)}, follow_redirects=True)

    assert "You said on Nov 23, 2026 that you would rather not. Nothing is sent. Agree after all" in words(stopped)
    assert "Vera Stein gets it." in words(again)


def test_a_learner_without_a_manager_can_say_who_it_is(office: Office):
    office.arranged(Rhythm.CLOSING)

    page = office.visit(office.leo).get(office.page)

    assert "Nobody is recorded as your manager, so nothing is sent. Say who it is" in words(page)
    assert "/my-manager" in page.text


def test_the_result_says_who_reads_what(office: Office, hand_in):
    office.managed()
    office.arranged(Rhythm.SETTLED)
    attempt = hand_in(16)
    address = f"/courses/{office.quiz.course.public_id}/quizzes/attempts/{attempt.public_id}"
    as_leo = office.visit(office.leo)

    before = words(as_leo.get(address))
    office.agreed()

    sentence = "Your manager gets how each topic went and whether you are ready, as you agreed."
    assert sentence not in before
    assert sentence in words(as_leo.get(address))


def test_nobody_but_the_learner_agrees(office: Office):
    office.managed()
    office.arranged(Rhythm.SETTLED)
    said = {"whom": hash_of(VERA.mail)}
    elsewhere = office.cast.enrol(office.cast.course("Another"), "Omar")

    assert office.visit(office.ines).post(f"{office.page}/manager-report/agree", data=said).status_code == 403
    assert office.visit(elsewhere).post(f"{office.page}/manager-report/agree", data=said).status_code == 404
    assert office.session.scalar(select(func.count()).select_from(ReportConsent)) == 0


def test_publishing_with_another_closing_day_moves_the_report(office: Office, session, as_ines, at: str):
    changed(session, office.quiz, closes=THEN + A_DAY)
    as_ines.post(f"{at}/class", data={"mine-rhythm": "closing"})
    changed(session, office.quiz, closes=THEN + 2 * A_DAY)
    as_ines.post(f"{office.page}/design/publication")

    session.expire_all()
    due = session.scalars(select(ReportSchedule.next_due)).one()
    assert due == THEN + 2 * A_DAY + timedelta(seconds=60)
