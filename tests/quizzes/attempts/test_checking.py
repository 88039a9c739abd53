"""A question is checked while its attempt runs: its answer is marked, told and stays; what comes late is refused."""

from __future__ import annotations

import html
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.models import Enrolment
from quizzes import closing
from quizzes.attempts import log, saving
from quizzes.attempts.wording import line
from quizzes.deriving import derive
from quizzes.designing.reviewing import PRESETS, Preset
from quizzes.designing.settings import Navigation
from quizzes.kinds import CHOSEN
from quizzes.marking import Kind
from quizzes.models import Attempt, Finish
from tests.cast import THEN, Cast
from tests.quizzes.attempts.test_saving import kept, option, send, there
from tests.quizzes.conftest import Start, right_answers
from tests.quizzes.making import changed
from tests.quizzes.one_of_each import BODIES, RIGHT, a_quiz_of_all_kinds

NOW = THEN + timedelta(minutes=5)
STAYS = "Question 1 has been checked, so its answer stays as it was then."


@pytest.fixture(autouse=True)
def _five_minutes_later():
    with clock.moved_to(NOW):
        yield


@pytest.fixture
def as_leo(client: FlaskClient, cast: Cast, leo: Enrolment) -> FlaskClient:
    return cast.visit(client, leo)


@pytest.fixture
def attempt(session, quiz, start: Start) -> Attempt:
    """One at a quiz in which each question can be checked."""
    changed(session, quiz, review=PRESETS[Preset.ONE_BY_ONE])
    return start()


def check(client: FlaskClient, attempt: Attempt, place: int, seq: int) -> TestResponse:
    return client.post(there(attempt, f"questions/{place}/check"), data={"seq": str(seq)})


def right(attempt: Attempt, place: int) -> dict[str, list[str]]:
    return right_answers(attempt, [place])[place]


def wrong(attempt: Attempt, place: int) -> dict[str, list[str]]:
    answer = attempt.answers[place - 1]
    taken = next(each for each in answer.options if each.id not in answer.version.right_answer[CHOSEN])
    return {CHOSEN: [taken.id]}


def entries(session: Session, attempt: Attempt, kind: log.Kind) -> list[tuple[int | None, int | None]]:
    return [(each.place, each.seq) for each in log.entries(session, attempt) if each.kind is kind]


def test_a_check_marks_the_answer_tells_it_and_lets_it_stay(as_leo, session, attempt):
    send(as_leo, attempt, [1, 4, right(attempt, 1)], [2, 4, wrong(attempt, 2), True])

    told = [check(as_leo, attempt, place, 4) for place in (1, 2)]
    late = send(as_leo, attempt, [1, 5, wrong(attempt, 1)])

    assert [each.status_code for each in told] == [200, 200]
    assert [word in told[0].json["html"] for word in ("Right", "Not right", "disabled")] == [True, False, True]
    assert attempt.answers[1].version.why in html.unescape(told[1].json["html"])
    assert (late.status_code, late.json["error"], late.json["checked"]) == (409, STAYS, [1])
    assert kept(session, attempt) == {1: (4, right(attempt, 1)), 2: (4, wrong(attempt, 2))}
    assert [(each.checked, each.fraction, each.is_flagged) for each in attempt.answers[:3]] == [
        (NOW, 1.0, False),
        (NOW, 0.0, False),
        (None, None, False),
    ]
    assert entries(session, attempt, log.Kind.CHECKED) == [(1, 4), (2, 4)]
    said = [line(each).words for each in log.entries(session, attempt) if each.kind is log.Kind.CHECKED]
    assert said[0] == "Question 1 checked: its answer, number 4, stays"


def test_the_key_does_not_leave_before_the_check(as_leo, attempt):
    before = [
        as_leo.get(there(attempt, "").rstrip("/")).text,
        send(as_leo, attempt, [1, 4, right(attempt, 1)]).text,
        check(as_leo, attempt, 1, 3).text,
    ]

    assert not [page for page in before for answer in attempt.answers if answer.version.why in html.unescape(page)]


@pytest.mark.parametrize(
    ("place", "seq", "status", "sentence"),
    [
        (1, 3, 409, "Not saved: another page of yours has answered question 1 meanwhile."),
        (2, 0, 422, "Question 2 is still open. Answer it first, then have it checked."),
        (21, 0, 422, "Question 21 cannot be checked while the attempt runs."),
    ],
)
def test_what_is_not_there_as_the_page_has_it_is_not_checked(as_leo, session, attempt, place, seq, status, sentence):
    send(as_leo, attempt, [1, 4, right(attempt, 1)])

    answer = check(as_leo, attempt, place, seq)

    told: dict[str, str] = answer.json or {}
    assert (answer.status_code, list(told)) == (status, ["error"])
    assert sentence in told["error"]
    session.expire_all()
    assert [each.place for each in attempt.answers if each.is_checked] == []


def test_checked_twice_is_checked_once_and_another_page_is_told_what_stays(as_leo, session, attempt):
    send(as_leo, attempt, [1, 4, right(attempt, 1)])

    told = [check(as_leo, attempt, 1, seq) for seq in (4, 4, 9)]

    assert [each.status_code for each in told] == [200, 200, 409]
    assert [each.json.get("error") for each in told] == [None, None, STAYS]
    assert told[2].json["html"] == told[0].json["html"]
    assert entries(session, attempt, log.Kind.CHECKED) == [(1, 4)]


def test_where_the_quiz_tells_nothing_meanwhile_nothing_is_checked(as_leo, session, start: Start):
    attempt = start()
    send(as_leo, attempt, [1, 4, right(attempt, 1)])

    answer = check(as_leo, attempt, 1, 4)
    page = as_leo.get(there(attempt, "").rstrip("/")).text

    assert (answer.status_code, 'name="check"' in page) == (422, False)
    session.expire_all()
    assert not attempt.answers[0].is_checked


def test_without_scripts_a_button_of_the_form_does_it(as_leo, session, attempt):
    page = as_leo.get(there(attempt, "").rstrip("/")).text
    fields = {"page": "1", "q1": wrong(attempt, 1)[CHOSEN], "q2": right(attempt, 2)[CHOSEN]}

    answer = as_leo.post(there(attempt, "answers"), data={**fields, "check": "1"})
    shown = as_leo.get(answer.location).text
    as_leo.post(there(attempt, "answers"), data={"page": "1", "q2": right(attempt, 2)[CHOSEN]})

    assert "Checking fixes your answer: you cannot change it any more in this attempt." in page
    assert page.index("about-checks") < page.index('name="check"')
    assert answer.location.endswith("#question-1")
    assert ("Not right" in shown, attempt.answers[0].version.why in html.unescape(shown)) == (True, True)
    assert shown.count('name="check"') == page.count('name="check"') - 1
    # A page leaves out what was checked, and says nothing by that.
    assert {place: response for place, (_seq, response) in kept(session, attempt).items()} == {
        1: wrong(attempt, 1),
        2: right(attempt, 2),
    }


def test_without_scripts_an_open_question_is_not_checked_and_an_old_page_changes_nothing(as_leo, session, attempt):
    opened = as_leo.post(there(attempt, "answers"), data={"page": "1", "check": "1"}, follow_redirects=True)
    as_leo.post(there(attempt, "answers"), data={"page": "1", "q1": right(attempt, 1)[CHOSEN], "check": "1"})

    old = as_leo.post(there(attempt, "answers"), data={"page": "1", "q1": wrong(attempt, 1)[CHOSEN]})
    told = as_leo.get(old.location).text

    assert "Question 1 is still open. Answer it first, then have it checked." in opened.text
    assert STAYS in told
    assert kept(session, attempt) == {1: (1, right(attempt, 1))}


def test_it_counts_when_the_attempt_is_handed_in_and_is_derived_as_drawn(as_leo, session, attempt):
    send(as_leo, attempt, [1, 4, right(attempt, 1)], [2, 4, wrong(attempt, 2)])
    for place in (1, 2):
        check(as_leo, attempt, place, 4)
    session.expire_all()

    closing.hand_in(session, attempt, {1: wrong(attempt, 1), 3: right(attempt, 3)}, at=NOW)
    session.commit()

    assert (attempt.raw, attempt.answers[0].response) == (2.0, right(attempt, 1))
    assert [each.version for each in derive(session, attempt)] == [each.version_id for each in attempt.answers]


def test_when_the_time_is_over_what_was_checked_is_marked_with_the_rest(as_leo, session, attempt):
    send(as_leo, attempt, [1, 4, right(attempt, 1)], [2, 4, right(attempt, 2)])
    check(as_leo, attempt, 1, 4)

    with clock.moved_to(attempt.deadline + timedelta(seconds=60)):
        in_grace = check(as_leo, attempt, 2, 4)
    with clock.moved_to(attempt.deadline + timedelta(seconds=61)):
        too_late = check(as_leo, attempt, 3, 0)
        session.expire_all()
        closing.close_if_over(session, attempt, at=clock.now())
        session.commit()

    assert (in_grace.status_code, too_late.status_code) == (200, 410)
    assert (attempt.raw, attempt.finish) == (2.0, Finish.TIMER)


def test_there_is_no_way_back_to_check(as_leo, session, quiz, start: Start):
    changed(session, quiz, review=PRESETS[Preset.ONE_BY_ONE], navigation=Navigation.SEQUENTIAL, per_page=5)
    attempt = start()
    send(as_leo, attempt, [1, 4, right(attempt, 1)])
    as_leo.post(there(attempt, "answers"), data={"page": "1", "q1": right(attempt, 1)[CHOSEN], "go": "2"})

    answer = check(as_leo, attempt, 1, 4)

    sentence = "You have gone on from question 1, and there is no way back."
    assert (answer.status_code, answer.json) == (409, {"error": sentence})


def test_every_kind_that_is_marked_at_once_can_be_checked(session, course, leo, as_leo):
    quiz = a_quiz_of_all_kinds(session, course)
    changed(session, quiz, review=PRESETS[Preset.ONE_BY_ONE])
    as_leo.post(f"/courses/{course.public_id}/quizzes/{quiz.public_id}/attempts")
    attempt = session.query(Attempt).one()
    kinds = [answer.version.kind for answer in attempt.answers]
    fields = {
        f"q{place}-{part}" if part else f"q{place}": said
        for place, kind in enumerate(kinds, start=1)
        for part, said in RIGHT[kind].items()
    }
    here = there(attempt, "").rstrip("/")
    page = as_leo.get(here).text

    for place in range(1, len(kinds) + 1):
        as_leo.post(f"{here}/answers", data={"page": "1", **fields, "check": str(place)})

    by_people = {Kind.ESSAY, Kind.DESCRIPTION}
    assert page.count('name="check"') == len(BODIES) - len(by_people)
    session.expire_all()
    assert {each.version.kind: each.fraction for each in attempt.answers if each.is_checked} == dict.fromkeys(
        set(BODIES) - by_people, 1.0
    )
    assert as_leo.get(here).text.count("Checked: this answer stays.") == len(BODIES) - len(by_people)


def together(*acts: Callable[[], TestResponse]) -> list[TestResponse]:
    with ThreadPoolExecutor(len(acts)) as threads:
        return [each.result() for each in [threads.submit(act) for act in acts]]


def test_of_a_check_and_an_answer_that_arrive_together_one_comes_first(app: Flask, cast, session, leo, attempt):
    """Whichever it is, what is told as checked is what is marked."""
    clients = [cast.visit(app.test_client(), leo) for _ in range(2)]

    for place in range(2, 12):
        send(clients[0], attempt, [place, 1, right(attempt, place)])
        checks, answers = together(
            partial(check, clients[0], attempt, place, 1),
            partial(send, clients[1], attempt, [place, 2, wrong(attempt, place)]),
        )
        session.rollback()
        session.expire_all()
        answer = attempt.answers[place - 1]
        outcome = (checks.status_code, answers.status_code, answer.seq, answer.fraction)
        assert outcome in [(200, 409, 1, 1.0), (409, 200, 2, None)]


def test_the_statement_itself_leaves_a_checked_answer_alone(as_leo, session, attempt):
    """Whoever has read the row before it was checked writes nothing any more."""
    send(as_leo, attempt, [1, 4, right(attempt, 1)])
    session.execute(
        text("UPDATE answer SET checked = :now WHERE attempt_id = :a AND place = 1"), {"now": NOW, "a": attempt.id}
    )
    session.commit()

    changed_rows = saving._KEEP.run(session, row=attempt.answers[0].id, number=9, said={}, now=NOW)

    assert changed_rows == 0


def test_staff_read_in_the_log_what_was_checked(as_leo, session, attempt):
    send(as_leo, attempt, [7, 4, option(attempt, 7)])
    check(as_leo, attempt, 7, 4)

    assert [line(each).words for each in log.entries(session, attempt)][-1] == (
        "Question 7 checked: its answer, number 4, stays"
    )
