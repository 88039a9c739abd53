"""What quizzes hang on the ground floor: the activity behind a link, and the cards of the home pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool import activities, clock
from lti_tool.models import Placement, Role
from lti_tool.panels import Urgency
from quizzes import feature
from quizzes.accommodations import granting
from quizzes.accommodations.models import Reason
from quizzes.models import Quiz
from quizzes.timing import Accommodation
from tests.cast import THEN
from tests.quizzes.conftest import hand_in
from tests.quizzes.making import a_quiz


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask, session) -> Iterator[None]:
    with clock.moved_to(THEN), app.test_request_context():
        yield


@pytest.fixture
def placement(session, course) -> Placement:
    link = Placement(
        deployment_id=course.deployment_id,
        course_id=course.id,
        resource_link_id="link-1",
        activity="quiz",
        created=THEN,
    )
    session.add(link)
    session.commit()
    return link


def quiz_url(quiz: Quiz, rest: str = "") -> str:
    return f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}{rest}"


def open_by(me, placement: Placement | None) -> str:
    activity = activities.find("quiz")
    assert activity is not None
    assert activity.is_graded
    return activity.open(me, placement)


def test_the_first_to_open_the_link_makes_the_quiz_and_ties_the_link_to_it(session, leo, placement):
    address = open_by(leo, placement)

    quiz = session.scalars(select(Quiz)).one()
    assert address == quiz_url(quiz)
    assert placement.reference == f"quiz:{quiz.public_id}"
    assert quiz.published.outlined.asks == 20
    assert (quiz.settings.minutes, quiz.settings.attempts) == (30, 2)


def test_a_second_link_opens_the_same_quiz(session, leo, placement):
    assert open_by(leo, placement) == open_by(leo, None)
    assert len(session.scalars(select(Quiz)).all()) == 1


def test_a_link_that_knows_its_quiz_keeps_it(session, leo, quiz, placement):
    other = a_quiz(session, quiz.course, quiz.bank)
    placement.reference = other.reference

    assert open_by(leo, placement) == quiz_url(other)


def test_a_link_copied_from_another_course_opens_this_courses_quiz(cast, session, leo, quiz, placement):
    elsewhere = cast.course("Another course")
    theirs = a_quiz(session, elsewhere, quiz.bank, "onboarding", "Theirs")
    placement.reference = theirs.reference

    assert open_by(leo, placement) == quiz_url(quiz)
    assert placement.reference == quiz.reference


def test_staff_come_to_the_results(cast, course, placement, session):
    ines = cast.enrol(course, "Ines", Role.INSTRUCTOR)

    address = open_by(ines, placement)

    assert address == quiz_url(session.scalars(select(Quiz)).one(), "/results")


def test_a_course_without_a_quiz_has_no_card(cast, course, leo):
    assert feature.learner_card(leo) is None
    assert feature.class_card(cast.enrol(course, "Ines", Role.INSTRUCTOR)) is None


def test_a_learner_is_asked_to_begin_to_go_on_and_to_try_again(session, leo, start, quiz):
    asked = [next_step(leo)]
    attempt = start(1)
    asked.append(next_step(leo))
    hand_in(session, attempt, right=3)
    asked.append(next_step(leo))
    hand_in(session, start(2), right=4)
    asked.append(next_step(leo))

    course = quiz.course.public_id
    assert asked == [
        (Urgency.NEXT, "Go to the quiz", quiz_url(quiz)),
        (Urgency.WAITING, "Continue the quiz", f"/courses/{course}/quizzes/attempts/{attempt.public_id}"),
        (Urgency.USEFUL, "Go to the quiz", quiz_url(quiz)),
        (Urgency.QUIET, None, None),
    ]


def next_step(me) -> tuple[Urgency, str | None, str | None]:
    card = feature.learner_card(me)
    assert card is not None
    step = card.next_step
    return card.urgency, step.label if step else None, step.url if step else None


def test_who_has_passed_is_not_asked_to_try_again(session, leo, start):
    hand_in(session, start(), right=14)

    assert next_step(leo) == (Urgency.QUIET, None, None)


def test_who_was_granted_another_attempt_is_asked_to_try_again(session, cast, course, leo, start):
    for seed in (1, 2):
        hand_in(session, start(seed), right=3)
    granting.grant(
        session,
        leo,
        None,
        Accommodation(attempts=1),
        reason=Reason.AGREED,
        valid_until=None,
        by=cast.enrol(course, "Ines", Role.INSTRUCTOR),
        at=THEN,
    )

    assert next_step(leo)[:2] == (Urgency.USEFUL, "Go to the quiz")


def test_the_home_pages_print_the_cards(app, session, cast, course, leo, start):
    hand_in(session, start(), right=14)
    ines = cast.enrol(course, "Ines", Role.INSTRUCTOR)
    home = f"/courses/{course.public_id}/"

    pages = [cast.visit(app.test_client(), each).get(home).text for each in (leo, ines)]

    assert "You have earned 14 of 20." in pages[0]
    assert "1 of 1 learner has a result." in pages[1]
    assert "Their best attempts average 70%." in pages[1]


def test_the_card_lists_every_quiz_that_is_due_the_most_urgent_first(
    app, session, cast, course, leo, quiz, start, queries
):
    client, home = cast.visit(app.test_client(), leo), f"/courses/{course.public_id}/"
    hand_in(session, start(), right=3)
    with queries() as asked_of_one:
        client.get(home)
    bank = quiz.bank
    a_quiz(session, course, bank, "tea", "Making tea", closes=THEN + timedelta(days=9))
    a_quiz(session, course, bank, "fire", "Fire drill", closes=THEN + timedelta(days=2))
    a_quiz(session, course, bank, "over", "Last week", closes=THEN - timedelta(days=2))
    with queries() as asked_of_all:
        page = client.get(home).text

    card = page[page.index('id="panel-quiz"') :]
    titles = ["Fire drill", "Due as well", "Making tea", "Onboarding quiz", "All quizzes"]
    assert [card.index(title) for title in titles] == sorted(card.index(title) for title in titles)
    assert "Last week" not in card
    assert ("You may try again." in card, card.count("It closes at")) == (True, 2)
    # Whether one of them closes is asked of all at once.
    assert len(asked_of_all) <= len(asked_of_one) + 1
    for name in ("more", "and more"):
        a_quiz(session, course, bank, name, name.title(), closes=THEN + timedelta(days=3))
    with queries() as asked_of_more:
        client.get(home)
    assert len(asked_of_more) == len(asked_of_all)
