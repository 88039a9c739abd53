"""Questions on several pages, free or one after the other; flags; a form from a page that is no more its turn."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from lti_tool import clock
from lti_tool.models import Enrolment
from quizzes import starting
from quizzes.attempts import log
from quizzes.attempts.pages import Pages
from quizzes.designing.settings import Navigation
from quizzes.marking import Kind as MarkingKind
from tests.cast import THEN, Cast
from tests.quizzes.attempts.test_saving import kept, option, send, there
from tests.quizzes.conftest import Start, as_form, right_answers
from tests.quizzes.making import changed
from tests.quizzes.one_of_each import a_quiz_of_all_kinds, as_entered


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.moved_to(THEN):
        yield


@pytest.fixture
def as_leo(client: FlaskClient, cast: Cast, leo: Enrolment) -> FlaskClient:
    return cast.visit(client, leo)


@pytest.fixture
def paged(session, quiz, start: Start):
    """An attempt of three pages: seven, seven and six questions."""

    def begin(navigation: Navigation):
        changed(session, quiz, per_page=7, navigation=navigation)
        return start()

    return begin


def shown(page: str) -> list[int]:
    return [place for place in range(1, 21) if f'id="question-{place}"' in page]


@pytest.mark.parametrize(
    ("questions", "per_page", "pages"), [(20, 0, 1), (20, 20, 1), (20, 7, 3), (21, 7, 3), (1, 5, 1)]
)
def test_questions_fill_one_page_after_the_other(questions, per_page, pages):
    found = Pages(questions, per_page)

    assert found.count == pages
    assert {found.of(place) for place in range(1, questions + 1)} == set(range(1, pages + 1))
    assert [found.nearest(page) for page in (-1, 0, pages, pages + 1)] == [1, 1, pages, pages]


def test_where_moving_is_free_each_page_shows_its_questions(as_leo, paged):
    address = there(paged(Navigation.FREE), "").rstrip("/")

    assert shown(as_leo.get(address).text) == list(range(1, 8))
    assert shown(as_leo.get(f"{address}?page=3").text) == list(range(15, 21))
    assert shown(as_leo.get(f"{address}?page=99").text) == list(range(15, 21))
    assert shown(as_leo.get(f"{address}?page=x").text) == list(range(1, 8))
    assert f'{address}?page=2#question-8"' in as_leo.get(address).text


def test_going_to_another_page_keeps_what_was_answered(as_leo, session, paged):
    attempt = paged(Navigation.FREE)
    form = as_form(right_answers(attempt, [2])) | {"page": "1", "go": "3", "flag5": "y"}

    answer = as_leo.post(there(attempt, "answers"), data=form)

    assert answer.location == there(attempt, "").rstrip("/") + "?page=3"
    assert kept(session, attempt) == {2: (1, attempt.answers[1].version.right_answer)}
    assert [each.place for each in attempt.answers if each.is_flagged] == [5]
    assert [(each.kind.value, each.place) for each in log.entries(session, attempt)] == [
        ("started", None),
        ("saved", 2),
    ]


def test_one_after_the_other_there_is_no_way_back(as_leo, session, paged):
    attempt = paged(Navigation.SEQUENTIAL)
    address = there(attempt, "").rstrip("/")
    assert shown(as_leo.get(f"{address}?page=3").text) == list(range(1, 8))

    as_leo.post(there(attempt, "answers"), data={"page": "1", "go": "2"})

    page = html.unescape(as_leo.get(f"{address}?page=1").text)
    assert shown(page) == list(range(8, 15))
    assert "Hand in" not in page
    refused = send(as_leo, attempt, [1, 1, option(attempt, 1)])
    assert (refused.status_code, refused.json["error"]) == (
        409,
        "You have gone on from question 1, and there is no way back.",
    )
    assert send(as_leo, attempt, [8, 1, option(attempt, 8)]).status_code == 200
    assert list(kept(session, attempt)) == [8]
    assert [each.kind.value for each in log.entries(session, attempt)] == ["started", "went on", "saved"]


def test_pressed_twice_it_goes_on_by_one_page(as_leo, session, paged):
    attempt = paged(Navigation.SEQUENTIAL)

    for _ in range(2):
        as_leo.post(there(attempt, "answers"), data={"page": "1", "go": "2"})
        session.rollback()

    session.refresh(attempt)
    assert attempt.page == 2


@pytest.mark.parametrize("rest", ["answers", ""])
def test_a_page_one_has_gone_on_from_takes_nothing_away_from_the_next(as_leo, session, course, leo, rest):
    quiz = a_quiz_of_all_kinds(session, course, MarkingKind.NUMERIC, MarkingKind.MULTIPLE)
    changed(session, quiz, per_page=1, navigation=Navigation.SEQUENTIAL)
    attempt = starting.start(session, quiz, leo, seed=bytes(16), at=THEN)
    session.commit()
    first, second = ({"page": page, **as_entered(attempt.answers[page - 1].version.kind, page)} for page in (1, 2))
    as_leo.post(there(attempt, "answers"), data={**first, "go": "2"})
    as_leo.post(there(attempt, "answers"), data={**second, "flag2": "y"})

    again = as_leo.post(there(attempt, rest).rstrip("/"), data=first, follow_redirects=True)

    assert "You have gone on from that page already, and there is no way back." in again.text
    session.refresh(attempt)
    assert attempt.is_open
    assert kept(session, attempt)[2][1]
    assert attempt.answers[1].is_flagged


def test_the_last_page_hands_in_all_of_them(as_leo, session, paged):
    attempt = paged(Navigation.SEQUENTIAL)
    for page in (1, 2):
        places = range(7 * page - 6, 7 * page + 1)
        form = as_form(right_answers(attempt, places)) | {"page": str(page), "go": str(page + 1)}
        as_leo.post(there(attempt, "answers"), data=form)

    answer = as_leo.post(
        there(attempt, "").rstrip("/"),
        data=as_form(right_answers(attempt, range(15, 21))) | {"page": "3"},
        follow_redirects=True,
    )

    assert "You earned 20 of 20" in answer.text


@pytest.mark.parametrize("rest", ["", "answers"])
def test_a_form_from_an_older_page_is_looked_over_first(as_leo, session, start: Start, rest):
    attempt = start()
    as_leo.post(there(attempt, "opening"), data={"page": "1" * 16})
    send(as_leo, attempt, [1, 10001, option(attempt, 1, 1)], epoch=1)
    older = {"q1": option(attempt, 1, 0)["chosen"], "epoch": "0"}

    answer = as_leo.post(there(attempt, rest).rstrip("/"), data=older)

    assert answer.status_code == 409
    assert "You went on with this attempt on another page or device." in answer.text
    assert 'name="epoch" value="1"' in answer.text
    assert kept(session, attempt) == {1: (10001, option(attempt, 1, 1))}
    assert attempt.is_open


def test_handed_in_without_a_form_what_was_sent_one_by_one_counts(as_leo, session, start: Start):
    attempt = start()
    for place, response in right_answers(attempt, [1, 2]).items():
        send(as_leo, attempt, [place, 1, response])

    answer = as_leo.post(there(attempt, "").rstrip("/"), data={"sure": "1"}, follow_redirects=True)

    assert "You earned 2 of 20" in answer.text


def test_what_a_page_of_ours_leaves_open_is_open(as_leo, session, start: Start):
    attempt = start()
    place = next(each.place for each in attempt.answers if each.version.kind is MarkingKind.MULTIPLE)
    send(as_leo, attempt, [place, 1, option(attempt, place), True])

    as_leo.post(there(attempt, "answers"), data={"page": "1", "epoch": "0"})

    assert kept(session, attempt) == {place: (2, {})}
    assert [each.place for each in attempt.answers if each.is_flagged] == []


def test_flags_are_shown_again_and_in_the_strip(as_leo, start: Start):
    attempt = start()
    as_leo.post(there(attempt, "answers"), data={"flag3": "y"})

    page = as_leo.get(there(attempt, "").rstrip("/")).text

    assert len(re.findall(r"<input[^>]* checked", page)) == 1
    assert 'class="is-flagged" data-number="3"' in page
