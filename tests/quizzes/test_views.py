"""Who may open which page of a quiz, and what happens there."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.models import Course, Enrolment, Role
from lti_tool.outbox import Happening
from quizzes.designing import revising
from quizzes.designing.settings import Navigation
from quizzes.models import Attempt, Finish, Quiz
from tests.cast import THEN, Cast
from tests.quizzes.conftest import as_form, right_answers
from tests.quizzes.making import changed


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.moved_to(THEN):
        yield


@pytest.fixture
def as_leo(client: FlaskClient, cast: Cast, leo: Enrolment) -> FlaskClient:
    return cast.visit(client, leo)


@pytest.fixture
def as_ines(app: Flask, cast: Cast, course: Course) -> FlaskClient:
    return cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))


@pytest.fixture
def as_zoe(app: Flask, cast: Cast) -> FlaskClient:
    """Zoe learns in another course."""
    return cast.visit(app.test_client(), cast.enrol(cast.course("Another course"), "Zoe"))


def quiz_url(quiz: Quiz, rest: str = "") -> str:
    return f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}{rest}"


def attempt_url(attempt: Attempt, rest: str = "") -> str:
    return f"/courses/{attempt.quiz.course.public_id}/quizzes/attempts/{attempt.public_id}{rest}"


def text_of(answer: TestResponse) -> str:
    return html.unescape(answer.text)


def count(session: Session, name: str) -> int:
    return session.scalar(select(func.count()).select_from(Happening).where(Happening.name == name)) or 0


def hand_in(session, attempt: Attempt, right: int = 20) -> None:
    attempt.submit(right_answers(attempt, range(1, right + 1)), THEN + timedelta(minutes=10))
    session.commit()


# Starting


def test_a_learner_is_told_what_awaits_them(as_leo, quiz):
    page = as_leo.get(quiz_url(quiz)).text

    assert "20 questions." in page
    assert "You have 30 minutes from the moment you start." in page
    assert "2 attempts. The best one counts." in page
    assert "You pass with 70% or more." in page
    assert "Start the quiz" in page


def test_starting_leads_to_twenty_questions(as_leo, session, quiz):
    answer = as_leo.post(quiz_url(quiz, "/attempts"), follow_redirects=True)

    attempt = session.scalars(select(Attempt)).one()
    assert answer.request.path == attempt_url(attempt)
    assert "Question 20 of 20" in answer.text
    assert "About 30 minutes left" in answer.text


def test_starting_twice_leads_to_the_same_attempt(as_leo, session, quiz):
    places = [as_leo.post(quiz_url(quiz, "/attempts")).location for _ in range(2)]

    assert places == [attempt_url(session.scalars(select(Attempt)).one())] * 2


def test_after_two_attempts_there_is_no_third(as_leo, session, quiz, start):
    for seed in (1, 2):
        hand_in(session, start(seed))

    answer = as_leo.post(quiz_url(quiz, "/attempts"), follow_redirects=True)

    assert "You have used all your attempts" in answer.text
    assert "Start the next attempt" not in answer.text
    assert session.scalar(select(func.count()).select_from(Attempt)) == 2


# Answering


def test_the_page_never_gives_the_key_away(as_leo, start):
    attempt = start()

    page = text_of(as_leo.get(attempt_url(attempt)))

    assert [answer.place for answer in attempt.answers if answer.version.text not in page] == []
    assert [answer.place for answer in attempt.answers if answer.version.why in page] == []


def test_answers_are_saved_without_javascript(as_leo, session, start):
    attempt = start()

    answer = as_leo.post(
        attempt_url(attempt, "/answers"), data=as_form(right_answers(attempt, [1, 2])), follow_redirects=True
    )

    assert "Your answers so far are saved." in answer.text
    assert attempt.unanswered == list(range(3, 21))
    assert attempt.is_open


@pytest.mark.parametrize("rest", ["", "/answers"])
def test_an_option_the_question_does_not_have_is_refused(as_leo, start, rest):
    attempt = start()

    answer = as_leo.post(attempt_url(attempt, rest), data={"q1": "forged"})

    assert answer.status_code == 422
    assert (attempt.is_open, attempt.answers[0].chosen) == (True, [])


# Handing in


def test_handing_in_shows_what_was_earned(as_leo, session, start):
    attempt = start()

    answer = as_leo.post(
        attempt_url(attempt),
        data=as_form(right_answers(attempt, range(1, 15))) | {"sure": ["1"]},
        follow_redirects=True,
    )

    assert "You earned 14 of 20" in answer.text
    assert attempt.finish is Finish.LEARNER
    assert count(session, "QuizSubmitted") == 1


def test_with_questions_still_open_it_is_asked_once_and_nothing_is_lost(as_leo, session, start):
    attempt = start()
    answers = as_form(right_answers(attempt, range(1, 18)))

    asked = as_leo.post(attempt_url(attempt), data={"page": "1", **answers, "flag2": "y", "flag19": "y"})
    page = as_leo.get(asked.location).text
    fields = {"epoch": re.findall(r'name="epoch" value="(\d+)"', page), "sure": "1"}

    assert (asked.status_code, asked.location) == (302, attempt_url(attempt, "/handing-in"))
    session.refresh(attempt)
    assert (attempt.is_open, attempt.unanswered, count(session, "QuizSubmitted")) == (True, [18, 19, 20], 0)
    assert "<h1>3 questions are still open</h1>" in page
    before, again = text_of_lists(page)
    assert [before, again] == [["Question 18", "Question 19 flagged", "Question 20"], ["Question 2"]]
    assert f'href="{attempt_url(attempt)}#question-18"' in page
    done = as_leo.post(attempt_url(attempt), data=fields, follow_redirects=True)
    assert "You earned 17 of 20" in done.text


def text_of_lists(page: str) -> list[list[str]]:
    lists = re.findall(r'<ul class="questions">(.*?)</ul>', page, re.S)
    return [
        [" ".join(re.sub("<[^>]+>", " ", item).split()) for item in re.findall("<li>(.*?)</li>", each, re.S)]
        for each in lists
    ]


def test_with_nothing_open_or_no_time_left_nothing_is_asked(as_leo, session, start):
    whole = start(1)
    answer = as_leo.post(attempt_url(whole), data=as_form(right_answers(whole)) | {"flag2": ["y"]})
    late = start(2)

    with clock.moved_to(late.deadline):
        over = as_leo.post(attempt_url(late), data=as_form(right_answers(late, [1])))

    assert [each.location for each in (answer, over)] == [attempt_url(whole), attempt_url(late)]
    assert [(each.raw, each.finish) for each in (whole, late)] == [(20.0, Finish.LEARNER), (1.0, Finish.LEARNER)]


def test_where_there_is_no_way_back_it_is_asked_only_of_what_can_still_be_answered(as_leo, session, quiz, start):
    changed(session, quiz, per_page=10, navigation=Navigation.SEQUENTIAL)
    attempt = start()
    as_leo.post(attempt_url(attempt, "/answers"), data={"page": "1", "go": "2"})

    asked = as_leo.post(attempt_url(attempt), data=as_form(right_answers(attempt, range(11, 20))) | {"page": ["2"]})
    page = as_leo.get(asked.location).text
    done = as_leo.post(attempt_url(attempt), data=as_form(right_answers(attempt, range(11, 21))) | {"page": ["2"]})

    assert text_of_lists(page) == [[*(f"Question {n} no way back" for n in range(1, 11)), "Question 20"]]
    assert done.location == attempt_url(attempt)
    session.refresh(attempt)
    assert attempt.raw == 10.0


def test_an_attempt_that_is_over_asks_nothing(as_leo, session, start):
    attempt = start()
    hand_in(session, attempt)

    answer = as_leo.get(attempt_url(attempt, "/handing-in"))

    assert answer.location == attempt_url(attempt)


def test_handing_in_twice_counts_once(as_leo, session, start):
    attempt = start()
    as_leo.post(attempt_url(attempt), data=as_form(right_answers(attempt, [1])) | {"sure": ["1"]})

    answer = as_leo.post(attempt_url(attempt), data=as_form(right_answers(attempt)), follow_redirects=True)

    assert "You earned 1 of 20" in answer.text
    assert attempt.raw == 1.0
    assert [count(session, name) for name in ("QuizSubmitted", "GradeChanged")] == [1, 1]


def test_answers_under_way_at_the_deadline_still_count(as_leo, start):
    attempt = start()

    with clock.moved_to(attempt.deadline + timedelta(seconds=60)):
        as_leo.post(attempt_url(attempt), data=as_form(right_answers(attempt)))

    assert (attempt.raw, attempt.finish, attempt.submitted) == (20.0, Finish.LEARNER, attempt.deadline)


@pytest.mark.parametrize("rest", ["", "/answers"])
def test_too_late_what_was_saved_is_marked(as_leo, session, start, rest):
    attempt = start()
    attempt.save(right_answers(attempt, [1]), THEN)
    session.commit()

    with clock.moved_to(attempt.deadline + timedelta(seconds=61)):
        answer = as_leo.post(attempt_url(attempt, rest), data=as_form(right_answers(attempt)), follow_redirects=True)

    assert "You earned 1 of 20" in answer.text
    assert "Your time was over" in answer.text
    assert attempt.finish is Finish.TIMER


def test_an_attempt_that_nobody_closed_yet_says_so_and_offers_to(as_leo, start):
    attempt = start()

    with clock.moved_to(attempt.deadline + timedelta(minutes=5)):
        page = as_leo.get(attempt_url(attempt)).text

    assert "Your time is over." in page
    assert "Show my result" in page
    assert "Question 1 of 20" not in page
    assert attempt.is_open


# The result


def test_right_answers_stay_hidden_while_an_attempt_is_left(as_leo, session, start):
    attempt = start()
    hand_in(session, attempt, right=19)
    missed = attempt.answers[-1].version

    page = text_of(as_leo.get(attempt_url(attempt)))

    assert missed.text in page
    assert missed.why not in page
    assert "The right answers are shown here once your attempts are used up." in page


def test_right_answers_of_all_attempts_are_shown_once_none_is_left(as_leo, session, start):
    attempts = [start(1)]
    hand_in(session, attempts[0], right=19)
    attempts.append(start(2))
    assert attempts[0].answers[-1].version.why not in text_of(as_leo.get(attempt_url(attempts[0])))
    hand_in(session, attempts[1], right=18)

    pages = [text_of(as_leo.get(attempt_url(attempt))) for attempt in attempts]

    for attempt, page in zip(attempts, pages, strict=True):
        assert attempt.answers[-1].version.why in page
    assert "The best one counts. That is 19 of 20." in pages[1]


# The class


def test_an_instructor_sees_the_whole_class(as_ines, session, cast, course, quiz, start):
    cast.enrol(course, "Zoe")
    hand_in(session, start(), right=15)

    page = as_ines.get(quiz_url(quiz, "/results")).text

    assert "1 of 2 learners have a result." in page
    assert "1 has passed." in page
    assert "Attempt 1: 15 of 20" in page
    assert page.index("Leo") < page.index("Zoe")
    assert "Not started" in page


def test_an_instructor_opens_one_result_with_the_key(as_ines, session, quiz, start):
    attempt = start()
    hand_in(session, attempt, right=15)

    page = text_of(as_ines.get(quiz_url(quiz, f"/results/{attempt.public_id}")))

    assert "Leo</bdi> earned 15 of 20" in page
    assert attempt.answers[-1].version.why in page


def test_a_running_attempt_has_no_result_yet(as_ines, quiz, start):
    assert as_ines.get(quiz_url(quiz, f"/results/{start().public_id}")).status_code == 404


def test_a_longer_class_asks_the_database_no_more_often(as_ines, session, cast, course, quiz, start, queries):
    hand_in(session, start(1))
    with queries() as few:
        as_ines.get(quiz_url(quiz, "/results"))
    for name in ("Nora", "Omar"):
        hand_in(session, start(1, who=cast.enrol(course, name)))

    with queries() as many:
        as_ines.get(quiz_url(quiz, "/results"))

    assert len(many) == len(few)


# Doors


def test_a_course_without_a_quiz_says_so_and_its_instructor_can_add_one(as_leo, as_ines, session, course):
    there = f"/courses/{course.public_id}/quizzes/"
    assert "This course has no quiz yet." in as_leo.get(there).text
    assert "Add the onboarding quiz" in as_ines.get(there).text
    assert as_leo.post(there).status_code == 403

    as_ines.post(there)

    quiz = session.scalars(select(Quiz)).one()
    assert as_leo.get(there).location == quiz_url(quiz)
    assert as_ines.get(there).location == quiz_url(quiz, "/results")


def test_whoever_has_several_quizzes_sees_how_far_they_are_with_each(as_leo, as_ines, session, course, quiz, start):
    ines = session.scalars(select(Enrolment).where(Enrolment.role == Role.INSTRUCTOR)).one()
    second = revising.copy(session, quiz, "Fire safety", ines, at=THEN)
    revising.publish(session, second, at=THEN)
    session.commit()
    there = f"/courses/{course.public_id}/quizzes/"
    before = as_leo.get(there).text

    start()
    after = as_leo.get(there).text

    assert [page.count("You have not started yet.") for page in (before, after)] == [2, 1]
    assert ["Running" in page for page in (before, after)] == [False, True]
    assert quiz_url(second) in after


def test_learners_do_not_see_the_class_and_staff_does_not_take_the_quiz(as_leo, as_ines, quiz, start):
    attempt = start()

    assert as_leo.get(quiz_url(quiz, "/results")).status_code == 403
    assert as_ines.get(quiz_url(quiz)).status_code == 403
    assert as_ines.post(quiz_url(quiz, "/attempts")).status_code == 403
    assert as_ines.get(attempt_url(attempt)).status_code == 403


@pytest.mark.parametrize("role", [Role.DESIGNER, Role.OBSERVER, Role.GUEST])
def test_who_neither_learns_nor_teaches_is_not_let_in(app, cast, course, quiz, role):
    visitor = cast.visit(app.test_client(), cast.enrol(course, "Zoe", role))
    index = f"/courses/{course.public_id}/quizzes/"

    addresses = [index, quiz_url(quiz), quiz_url(quiz, "/results")]

    assert [visitor.get(address).status_code for address in addresses] == [403] * 3


def test_an_assistant_sees_the_class_too(app, cast, course, quiz):
    as_ana = cast.visit(app.test_client(), cast.enrol(course, "Ana", Role.ASSISTANT))

    assert as_ana.get(quiz_url(quiz, "/results")).status_code == 200


def test_nobody_opens_somebody_elses_attempt(app, cast, course, quiz, start):
    attempt = start()
    as_nora = cast.visit(app.test_client(), cast.enrol(course, "Nora"))

    answers = [
        as_nora.get(attempt_url(attempt)),
        as_nora.post(attempt_url(attempt), data={}),
        as_nora.post(attempt_url(attempt, "/answers"), data={}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3


def test_a_stranger_from_another_course_finds_nothing(as_zoe, quiz, start):
    attempt = start()

    addresses = [quiz_url(quiz), attempt_url(attempt), f"/courses/{quiz.course.public_id}/quizzes/"]

    assert [as_zoe.get(address).status_code for address in addresses] == [404] * 3


def test_a_quiz_of_another_course_is_not_found_in_mine(app, cast, quiz, start):
    attempt = start()
    elsewhere = cast.course("Another course")
    as_omar = cast.visit(app.test_client(), cast.enrol(elsewhere, "Omar", Role.INSTRUCTOR))
    base = f"/courses/{elsewhere.public_id}/quizzes/{quiz.public_id}/results"

    assert [as_omar.get(url).status_code for url in (base, f"{base}/{attempt.public_id}")] == [404, 404]


def test_without_a_visit_the_pages_ask_to_come_from_the_course(client, quiz, start):
    attempt = start()

    assert [client.get(url).status_code for url in (quiz_url(quiz), attempt_url(attempt))] == [401, 401]


def test_what_there_is_to_do_stands_above_the_class(as_ines, session, quiz, leo):
    page = as_ines.get(quiz_url(quiz, "/results")).text

    main = page.partition("<main")[2]
    links = ["Change the quiz", "Answers that wait", "Mark answers anew", "More time", "All quizzes", ">Questions<"]
    assert sorted(links, key=main.index) == links
    assert max(map(main.index, links)) < main.index("<table")


def test_the_banks_hang_under_the_quiz(as_ines, course, quiz):
    page = as_ines.get(f"/courses/{course.public_id}/banks/").text

    navigation = page.partition("<nav")[2].partition("</nav>")[0]
    assert "Questions" not in navigation
    assert navigation.partition('aria-current="page"')[2].startswith(">Quiz<")
