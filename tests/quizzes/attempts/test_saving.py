"""Answers kept one by one: each at most once, the newest last, in time or not at all."""

from __future__ import annotations

import json
import random
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.models import Enrolment
from quizzes import closing, starting
from quizzes.attempts import log
from quizzes.attempts.batches import HIGHEST
from quizzes.kinds import CHOSEN
from quizzes.marking import Kind
from quizzes.models import Attempt, Finish
from tests.cast import THEN, Cast
from tests.quizzes.conftest import Start, right_answers
from tests.quizzes.one_of_each import a_quiz_of_all_kinds

NOW = THEN + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _five_minutes_later():
    with clock.moved_to(NOW):
        yield


@pytest.fixture
def as_leo(client: FlaskClient, cast: Cast, leo: Enrolment) -> FlaskClient:
    return cast.visit(client, leo)


def there(attempt: Attempt, rest: str) -> str:
    return f"/courses/{attempt.quiz.course.public_id}/quizzes/attempts/{attempt.public_id}/{rest}"


def send(client: FlaskClient, attempt: Attempt, *entries: list[Any], epoch: int = 0) -> TestResponse:
    return client.post(there(attempt, "batch"), json={"epoch": epoch, "answers": list(entries)})


def option(attempt: Attempt, place: int, which: int = 0) -> dict[str, list[str]]:
    return {CHOSEN: [attempt.answers[place - 1].options[which].id]}


def kept(session: Session, attempt: Attempt) -> dict[int, tuple[int, dict[str, list[str]]]]:
    session.rollback()
    session.expire_all()
    return {each.place: (each.seq, each.response) for each in attempt.answers if each.seq}


def test_a_batch_is_kept_and_says_what_time_it_is(as_leo, session, start: Start):
    attempt = start()

    answer = send(as_leo, attempt, [2, 1, option(attempt, 2)], [5, 7, option(attempt, 5)])

    assert answer.status_code == 200
    assert answer.json == {
        "now": "2026-11-23T09:05:00+00:00",
        "deadline": "2026-11-23T09:30:00+00:00",
        "left": 1500.0,
        "epoch": 0,
        "is_open": True,
        "answers": {"2": 1, "5": 7},
        "answered": {"2": True, "5": True},
        "refused": {},
    }
    assert kept(session, attempt) == {2: (1, option(attempt, 2)), 5: (7, option(attempt, 5))}
    assert attempt.answers[1].saved == NOW


def test_a_form_with_the_batch_in_it_does_the_same(as_leo, session, start: Start):
    attempt = start()
    batch = json.dumps({"answers": [[1, 3, option(attempt, 1)]]})

    assert as_leo.post(there(attempt, "batch"), data={"batch": batch}).status_code == 200

    assert kept(session, attempt) == {1: (3, option(attempt, 1))}


def test_the_same_batch_twice_changes_nothing(as_leo, session, start: Start):
    attempt = start()
    answers = [send(as_leo, attempt, [1, 4, option(attempt, 1)]) for _ in range(2)]

    assert [answer.json["answers"] for answer in answers if answer.json] == [{"1": 4}] * 2
    assert [entry.seq for entry in log.entries(session, attempt) if entry.kind is log.Kind.SAVED] == [4]


def test_an_older_answer_does_not_take_the_place_of_a_newer_one(as_leo, session, start: Start):
    attempt = start()
    send(as_leo, attempt, [1, 4, option(attempt, 1, 1)])

    answer = send(as_leo, attempt, [1, 3, option(attempt, 1, 0)])

    assert (answer.status_code, answer.json["error"]) == (409, "A newer answer to question 1 is kept already.")
    assert answer.json["answers"] == {"1": 4}
    assert kept(session, attempt) == {1: (4, option(attempt, 1, 1))}


def test_another_answer_under_the_same_number_is_not_called_kept(as_leo, session, start: Start):
    attempt = start()
    send(as_leo, attempt, [1, 4, option(attempt, 1, 1)])

    answer = send(as_leo, attempt, [1, 4, option(attempt, 1, 0)])

    sentence = "Not saved: another page of yours has answered question 1 meanwhile. Reload this page to see how."
    assert (answer.status_code, answer.json["refused"]) == (409, {"1": sentence})
    assert kept(session, attempt) == {1: (4, option(attempt, 1, 1))}


def test_a_form_counts_on_from_the_highest_number(as_leo, session, start: Start):
    attempt = start()
    send(as_leo, attempt, [1, HIGHEST, option(attempt, 1, 1)])

    as_leo.post(there(attempt, "answers"), data={"q1": option(attempt, 1, 0)[CHOSEN]})

    assert kept(session, attempt) == {1: (HIGHEST + 1, option(attempt, 1, 0))}


def test_of_several_answers_to_one_question_the_newest_is_kept(as_leo, session, start: Start):
    attempt = start()

    send(as_leo, attempt, [1, 9, option(attempt, 1, 1)], [1, 8, option(attempt, 1, 0)])

    assert kept(session, attempt) == {1: (9, option(attempt, 1, 1))}


def test_what_is_wrong_with_one_answer_keeps_no_other_waiting(as_leo, session, start: Start):
    attempt = start()

    answer = send(as_leo, attempt, [1, 1, {CHOSEN: ["forged"]}], [2, 1, option(attempt, 2)], [21, 1, {}])

    assert answer.status_code == 200
    assert answer.json["answers"] == {"1": 0, "2": 1}
    assert answer.json["refused"] == {
        "1": "Not saved: question 1 cannot be answered like that. Look at it again.",
        "21": "This attempt has no question 21.",
    }
    assert kept(session, attempt) == {2: (1, option(attempt, 2))}


@pytest.mark.parametrize(
    ("entry", "status", "sentence"),
    [
        ([1, 1, {CHOSEN: ["forged"]}], 422, "Not saved: question 1 cannot be answered like that. Look at it again."),
        ([21, 1, {}], 422, "This attempt has no question 21."),
    ],
)
def test_alone_it_is_refused(as_leo, session, start: Start, entry, status, sentence):
    attempt = start()

    answer = send(as_leo, attempt, entry)

    assert (answer.status_code, answer.json["error"]) == (status, sentence)
    assert kept(session, attempt) == {}


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"answers": []}',
        b'{"answers": [[1, 1]]}',
        b'{"answers": [[1, 1, {}, 1]]}',
        b'{"answers": [[0, 1, {}]]}',
        b'{"answers": [[1, 0, {}]]}',
        b'{"answers": [[1, true, {}]]}',
        b'{"answers": [[1, 1.0, {}]]}',
        b'{"answers": [[1, 2147483648, {}]]}',
        b'{"answers": [[1, 1, []]]}',
        b'{"answers": [[1, 1, {"chosen": "a"}]]}',
        b'{"answers": [[1, 1, {"chosen": [1]}]]}',
        b'{"answers": [[1, 1, {"chosen": ["\\u0000"]}]]}',
        b'{"answers": [[1, 1, {"\\ud800": ["a"]}]]}',
        b'{"answers": ' + b"[" * 100_000,
        json.dumps({"answers": [[1, each + 1, {}] for each in range(201)]}).encode(),
        '{"answers": "é"}'.encode("latin-1"),
    ],
)
def test_what_is_no_batch_is_refused_in_words(as_leo, session, start: Start, sent):
    attempt = start()

    answer = as_leo.post(there(attempt, "batch"), data=sent, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json == {"error": "These answers did not arrive as they should. Reload the page and answer again."}
    assert kept(session, attempt) == {}


def test_until_the_grace_is_over_it_is_taken_and_not_a_moment_longer(as_leo, session, start: Start):
    attempt = start()
    last = THEN + timedelta(minutes=31)

    with clock.moved_to(last):
        in_time = send(as_leo, attempt, [1, 1, option(attempt, 1)])
    with clock.moved_to(last + timedelta(microseconds=1)):
        late = send(as_leo, attempt, [2, 1, option(attempt, 2)])

    assert (in_time.status_code, late.status_code) == (200, 410)
    assert late.json["error"] == "Your time was over before this answer came. What was saved until then is marked."
    assert {place: seq for place, seq in late.json["answers"].items() if seq} == {"1": 1}
    assert list(kept(session, attempt)) == [1]


def test_after_handing_in_nothing_is_taken(as_leo, session, start: Start):
    attempt = start()
    closing.hand_in(session, attempt, {}, at=NOW)
    session.commit()

    answer = send(as_leo, attempt, [1, 1, option(attempt, 1)])

    assert answer.status_code == 410
    assert answer.json["error"] == "This attempt has been handed in; it takes no answers any more."
    assert set(answer.json["answers"].values()) == {0}
    assert kept(session, attempt) == {}


def test_the_last_answer_acknowledged_is_marked_when_the_server_closes(as_leo, session, start: Start):
    attempt = start()
    for place, response in right_answers(attempt, range(1, 4)).items():
        assert send(as_leo, attempt, [place, 1, response]).status_code == 200

    session.rollback()
    session.expire_all()
    closing.close_if_over(session, attempt, at=THEN + timedelta(hours=1))
    session.commit()

    assert (attempt.raw, attempt.finish, attempt.submitted) == (3.0, Finish.TIMER, attempt.deadline)


def test_nobody_answers_in_somebody_elses_attempt(app: Flask, cast, course, session, start: Start):
    attempt = start()
    as_nora = cast.visit(app.test_client(), cast.enrol(course, "Nora"))

    answers = [
        send(as_nora, attempt, [1, 1, option(attempt, 1)]),
        as_nora.post(there(attempt, "opening"), data={"page": "0" * 16}),
        as_nora.get(there(attempt, "pulse")),
        send(app.test_client(), attempt, [1, 1, option(attempt, 1)]),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 401]
    assert kept(session, attempt) == {}


def test_a_flag_is_kept_with_the_answer_and_stays_where_nothing_is_said_of_it(as_leo, session, start: Start):
    attempt = start()
    send(as_leo, attempt, [1, 1, {}, True])
    send(as_leo, attempt, [1, 2, option(attempt, 1)])

    assert kept(session, attempt) == {1: (2, option(attempt, 1))}
    assert [each.place for each in attempt.answers if each.is_flagged] == [1]

    send(as_leo, attempt, [1, 3, option(attempt, 1), False])
    kept(session, attempt)
    assert not attempt.answers[0].is_flagged


def test_however_batches_are_mixed_up_the_newest_answers_are_kept(as_leo, session, start: Start):
    attempt = start()
    mixed = random.Random(6)
    entries = [[place, seq, option(attempt, place, seq % 2)] for place in (1, 2, 3) for seq in range(1, 7)]
    mixed.shuffle(entries)

    while entries:
        taken, entries = entries[:2], entries[1:]
        send(as_leo, attempt, *taken)

    assert kept(session, attempt) == {place: (6, option(attempt, place, 0)) for place in (1, 2, 3)}


def test_sent_from_two_tabs_at_once_the_newer_answer_stays(app: Flask, cast, session, leo, start: Start):
    attempt = start()
    batches = [[[1, seq, option(attempt, 1, seq % 2)]] for seq in range(1, 9)]
    clients = [cast.visit(app.test_client(), leo) for _ in batches]
    address, together = there(attempt, "batch"), threading.Barrier(len(batches))
    session.commit()
    statuses: list[int] = []

    def click(client: FlaskClient, entries: list[list[Any]]) -> None:
        together.wait()
        statuses.append(client.post(address, json={"answers": entries}).status_code)

    tabs = [threading.Thread(target=click, args=each) for each in zip(clients, batches, strict=True)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    assert set(statuses) <= {200, 409}
    assert kept(session, attempt) == {1: (8, option(attempt, 1, 0))}


def test_an_answer_costs_few_statements(as_leo, start: Start, queries):
    attempt = start()
    address, chosen = there(attempt, "batch"), option(attempt, 1)
    send(as_leo, attempt, [1, 1, {}])

    with queries() as asked:
        as_leo.post(address, json={"answers": [[1, 2, chosen]]})

    assert [each.split(None, 1)[0] for each in asked] == ["SELECT"] * 4 + ["UPDATE", "INSERT"]


# Bad input


NOT_AS_IT_SHOULD = "These answers did not arrive as they should. Reload the page and answer again."


def test_an_answer_of_four_megabytes_is_refused_in_words_and_keeps_what_was_there(as_leo, session, start: Start):
    attempt = start()
    send(as_leo, attempt, [1, 1, option(attempt, 1)])

    answers = [
        send(as_leo, attempt, [1, 2, {CHOSEN: ["x" * 4_000_000]}]),
        send(as_leo, attempt, [2, 2, option(attempt, 2)], [1, 2, {CHOSEN: ["x" * 4_000_000]}]),
    ]
    form = as_leo.post(there(attempt, "answers"), data={"q1": "x" * 4_000_000})

    for answer in answers:
        assert answer.status_code == 413
        assert answer.json == {"error": "Not saved: this is longer than an answer may be. Make it shorter."}
    assert form.status_code == 422
    assert kept(session, attempt) == {1: (1, option(attempt, 1))}
    assert [entry.kind for entry in log.entries(session, attempt)] == [log.Kind.STARTED, log.Kind.SAVED]


@pytest.mark.parametrize(("kind", "part", "most"), [(Kind.ESSAY, "text", 100_000), (Kind.SHORT_TEXT, "text", 1_000)])
def test_an_answer_that_is_too_long_is_refused_and_the_others_are_kept(as_leo, session, course, leo, kind, part, most):
    quiz = a_quiz_of_all_kinds(session, course, Kind.SINGLE, kind)
    attempt = starting.start(session, quiz, leo, seed=b"1" * 16, at=THEN)
    session.commit()
    place = next(each.place for each in attempt.answers if each.version.kind is kind)
    single = next(each for each in attempt.answers if each.version.kind is Kind.SINGLE)
    chosen = {CHOSEN: [single.options[0].id]}

    fits = send(as_leo, attempt, [place, 1, {part: ["y" * most]}])
    alone = send(as_leo, attempt, [place, 2, {part: ["x" * (most + 1)]}])
    both = send(as_leo, attempt, [place, 2, {part: ["x" * (most + 1)]}], [single.place, 1, chosen])

    said = f"Not saved: the answer to question {place} is longer than one may be. Make it shorter."
    assert (fits.status_code, alone.status_code, both.status_code) == (200, 422, 200)
    assert (alone.json["error"], both.json["refused"]) == (said, {str(place): said})
    assert kept(session, attempt) == {place: (1, {part: ["y" * most]}), single.place: (1, chosen)}


@pytest.mark.parametrize(
    "sent",
    [
        b'{"answers": [[1, 9, {}], [2, -1, {}]]}',
        b'{"answers": [[1, 9, {}], [2, 1e400, {}]]}',
        b'{"answers": [[1, 9, {}], [2, NaN, {}]]}',
        b'{"answers": [[1, 9, {}], [2, 2000000001, {}]]}',
        b'{"answers": [[1, 9, {}], [2, 99999999999999999999999999, {}]]}',
        b'{"answers": [[1, 9, {}], [2, "3", {}]]}',
        b'{"answers": [[1, 9, {}], [2, 3, {"chosen": null}]]}',
        b'{"answers": [[1, 9, {}], [2, 3, {"chosen": ["\\ud800"]}]]}',
        b'{"answers": [[1, 9, {}], {"place": 2}]}',
        b'{"answers": {"1": [9, {}]}}',
        b'{"answers": [[1, 9, {}]], "epoch": -1}',
        b'{"answers": [[1, 9, {}]], "epoch": "1"}',
        b'{"answers": [[1, 9, {}]], "epoch": true}',
        b'{"answers": [[1, 9, {}]]} {"answers": [[1, 10, {}]]}',
        b"\xff\xfe",
        b'{"answers": [[1, 9, ' + b'{"a": ' * 50_000 + b"[]" + b"}" * 50_000 + b"]]}",
    ],
)
def test_a_batch_of_which_one_part_is_odd_keeps_nothing_of_it(as_leo, session, start: Start, sent):
    """Answer 9 to question 1 is sound, and would be newer than the one that is kept."""
    attempt = start()
    send(as_leo, attempt, [1, 4, option(attempt, 1)])

    answer = as_leo.post(there(attempt, "batch"), data=sent, content_type="application/json")

    assert (answer.status_code, answer.json) == (400, {"error": NOT_AS_IT_SHOULD})
    assert kept(session, attempt) == {1: (4, option(attempt, 1))}


def test_more_answers_than_a_batch_may_have_are_refused_and_as_many_as_it_may_have_are_kept(
    as_leo, session, start: Start
):
    attempt = start()
    rows = [[place, seq, option(attempt, place, seq % 2)] for seq in range(1, 11) for place in range(1, 21)]

    too_many = send(as_leo, attempt, *rows, [1, 11, option(attempt, 1)])
    assert (too_many.status_code, too_many.json, kept(session, attempt)) == (400, {"error": NOT_AS_IT_SHOULD}, {})
    as_many = send(as_leo, attempt, *rows)

    assert as_many.status_code == 200
    assert kept(session, attempt) == {place: (10, option(attempt, place, 0)) for place in range(1, 21)}


def test_a_number_as_high_as_can_be_is_the_last_one_and_lower_ones_change_nothing(as_leo, session, start: Start):
    attempt = start()

    highest = send(as_leo, attempt, [1, HIGHEST, option(attempt, 1)])
    backwards = [send(as_leo, attempt, [1, HIGHEST - step, option(attempt, 1, 1)]) for step in (1, 1_000, HIGHEST - 1)]

    assert highest.status_code == 200
    assert [each.status_code for each in backwards] == [409] * 3
    assert {each.json["error"] for each in backwards} == {"A newer answer to question 1 is kept already."}
    assert {each.json["answers"]["1"] for each in backwards} == {HIGHEST}
    assert kept(session, attempt) == {1: (HIGHEST, option(attempt, 1))}


def test_a_batch_that_is_much_too_old_is_refused_and_keeps_nothing(as_leo, session, start: Start):
    attempt = start()
    send(as_leo, attempt, [1, 1, option(attempt, 1)])

    with clock.moved_to(THEN + timedelta(minutes=50)):
        answer = send(as_leo, attempt, [1, 2, option(attempt, 1, 1)], [2, 2, option(attempt, 2)])

    assert answer.status_code == 410
    assert answer.json["error"] == "Your time was over before this answer came. What was saved until then is marked."
    assert {place: seq for place, seq in answer.json["answers"].items() if seq} == {"1": 1}
    assert kept(session, attempt) == {1: (1, option(attempt, 1))}
