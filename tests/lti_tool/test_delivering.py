"""Letters are delivered once, tried again when that can help, and never hold up another lane."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.db import transaction
from lti_tool.outbox import Dead, Done, Errand, Lane, Later, Letter, LetterState, Outcome, Pause, Rest
from lti_tool.running.delivering import _LANES_DUE, HOLD, deliver, deliver_due, drain, tell_waiting


class Remembering:
    """A carrier that does what the test says and remembers what it was handed."""

    def __init__(self, answer: Callable[[Errand], Outcome] = lambda _errand: Done(), batch: int = 10) -> None:
        self.answer, self.batch = answer, batch
        self.carried: list[object] = []

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        self.carried += [errand.body["n"] for errand in errands]
        return [self.answer(errand) for errand in errands]


def post(*numbers: int, lane: str = "test:a", key: str | None = None, after: timedelta = timedelta()) -> None:
    with transaction() as session:
        for number in numbers:
            outbox.post(session, lane, {"n": number}, key=key, due=clock.now() + after)


def letters(session: Session) -> list[tuple[object, str, int, str]]:
    session.expire_all()
    rows = session.scalars(select(Letter).order_by(Letter.id))
    return [(row.body["n"], row.state.value, row.attempts, row.error) for row in rows]


def carry_with(app: Flask, carrier: Remembering) -> Remembering:
    outbox.register_carrier(app, "test", carrier)
    return carrier


def test_letters_of_a_lane_go_in_order_and_once(app: Flask, session: Session):
    carrier = carry_with(app, Remembering(batch=2))
    post(1, 2, 3)

    assert (drain(app), carrier.carried) == (3, [1, 2, 3])
    assert deliver_due(app) == 0


def test_a_letter_waits_until_it_is_due(app: Flask, session: Session):
    carrier = carry_with(app, Remembering())
    post(1, after=timedelta(hours=1))

    assert deliver_due(app) == 0
    with clock.moved_by(timedelta(hours=1, seconds=1)):
        assert deliver_due(app) == 1
    assert carrier.carried == [1]


def test_a_failed_letter_is_kept_with_its_error_and_tried_later(app: Flask, session: Session):
    carry_with(app, Remembering(lambda _errand: Later("campus.example answered HTTP 503")))
    post(1)

    assert (deliver_due(app), deliver_due(app)) == (1, 0)
    assert letters(session) == [(1, "waiting", 1, "campus.example answered HTTP 503")]
    with clock.moved_by(timedelta(seconds=3)):
        assert deliver_due(app) == 1


def test_the_other_sides_wish_to_be_asked_later_is_honoured(app: Flask, session: Session):
    carry_with(app, Remembering(lambda _errand: Later("too many requests", 120)))
    post(1)
    deliver_due(app)

    with clock.moved_by(timedelta(seconds=118)):
        assert deliver_due(app) == 0
    with clock.moved_by(timedelta(seconds=122)):
        assert deliver_due(app) == 1


def test_what_cannot_help_is_given_up_and_the_rest_goes_on(app: Flask, session: Session):
    carry_with(app, Remembering(lambda errand: Dead("HTTP 404") if errand.body["n"] == 1 else Done()))
    post(1, 2)

    drain(app)

    assert letters(session) == [(1, "dead", 1, "HTTP 404"), (2, "delivered", 1, "")]


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(row.levelname, row.getMessage()) for row in caplog.records if row.getMessage().startswith("outbox ")]


def test_the_log_says_what_could_not_be_brought_and_what_waits(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
):
    answers: dict[int, Outcome] = {
        1: Later("HTTP 503"),
        2: Later("HTTP 503"),
        3: Dead("HTTP 404\nforged"),
        4: Done(),
        5: Pause("HTTP 401"),
    }
    carry_with(app, Remembering(lambda errand: answers[errand.body["n"]]))
    caplog.set_level(logging.INFO)
    with clock.moved_to(datetime(2026, 11, 2, 9, 0, tzinfo=UTC)):
        post(*answers)
        deliver_due(app)
        tried = lines(caplog)
        caplog.clear()
        tell_waiting()

    assert tried == [
        ("INFO", "outbox lane=test:a later=2 problem=HTTP 503"),
        ("WARNING", "outbox lane=test:a given_up=1 problem=HTTP 404\\nforged"),
        ("WARNING", "outbox lane=test:a paused=1 problem=HTTP 401"),
    ]
    assert lines(caplog) == [
        ("WARNING", "outbox lane=test:a dead=1 oldest=2026-11-02T09:00Z paused=HTTP 401"),
        ("WARNING", "outbox lane=test:a waiting=3 oldest=2026-11-02T09:00Z paused=HTTP 401"),
    ]


def test_a_paused_lane_keeps_its_letters_and_its_neighbour_runs(app: Flask, session: Session):
    carry_with(app, Remembering(lambda errand: Pause("HTTP 401") if errand.lane == "test:a" else Done()))
    post(1)
    post(2, lane="test:b")

    drain(app)
    post(3)
    drain(app)

    assert letters(session) == [(1, "waiting", 1, "HTTP 401"), (2, "delivered", 1, ""), (3, "waiting", 0, "")]
    assert session.scalars(select(Lane.paused).where(Lane.name == "test:a")).one() == "HTTP 401"


def test_a_lane_that_rests_keeps_its_order_and_goes_on_by_itself(app: Flask, session: Session):
    answers: list[Outcome] = [Done(), Rest("HTTP 503", 60), Rest("HTTP 503", 60)]
    carrier = carry_with(app, Remembering(lambda _errand: answers.pop(0) if answers else Done()))
    post(1, 2, 3)
    drain(app)
    post(4)

    assert (drain(app), carrier.carried) == (0, [1, 2, 3])
    assert letters(session)[1] == (2, "waiting", 1, "HTTP 503")
    with clock.moved_by(timedelta(seconds=61)):
        drain(app)
    assert carrier.carried == [1, 2, 3, 2, 3, 4]


def test_a_lane_rests_longer_each_time(app: Flask, session: Session):
    carry_with(app, Remembering(lambda _errand: Rest("HTTP 503")))
    post(1)
    at, rests = clock.now(), []

    for _ in range(6):
        with clock.moved_to(at):
            drain(app)
        session.rollback()
        until = session.scalars(select(Lane.held_until)).one()
        assert until is not None
        rests.append((until - at).total_seconds())
        at = until

    assert [2**n <= rest <= 2 ** (n + 1) for n, rest in enumerate(rests)] == [True] * 6


def test_an_operator_cuts_a_rest_short_and_the_order_stays(app: Flask, session: Session):
    answers: list[Outcome] = [Rest("HTTP 503", 3600), Rest("HTTP 503", 3600)]
    carrier = carry_with(app, Remembering(lambda _errand: answers.pop(0) if answers else Done()))
    post(1)
    post(2, after=-timedelta(hours=1))
    drain(app)

    app.test_cli_runner().invoke(args=["outbox", "retry", "test:a"], catch_exceptions=False)
    drain(app)

    assert carrier.carried == [2, 1, 2, 1]


@pytest.mark.sqlite
def test_looking_for_lanes_never_goes_through_their_letters(app: Flask, session: Session):
    """PostgreSQL plans by what there is, which here is next to nothing."""
    asked = str(_LANES_DUE.compile(session.get_bind(), compile_kwargs={"literal_binds": False}))

    plan = [row.detail for row in session.execute(text(f"EXPLAIN QUERY PLAN {asked}".replace("?", "''")))]

    assert [step for step in plan if "SCAN letter" in step] == []
    assert any("SEARCH letter USING" in step for step in plan)


def test_a_carrier_that_crashes_loses_nothing(app: Flask, session: Session, caplog: pytest.LogCaptureFixture):
    def crash(_errand: Errand) -> Outcome:
        raise RuntimeError("Leo's secret")

    carry_with(app, Remembering(crash))
    post(1)

    drain(app)

    assert letters(session) == [(1, "waiting", 1, "RuntimeError inside the tool; see the log")]


def test_a_slow_lane_does_not_hold_up_another(app: Flask, session: Session):
    other_is_done = threading.Event()

    def answer(errand: Errand) -> Outcome:
        if errand.lane == "test:a":
            return Done() if other_is_done.wait(10) else Dead("held up")
        other_is_done.set()
        return Done()

    carry_with(app, Remembering(answer))
    post(1)
    post(2, lane="test:b")

    drain(app)

    assert [state for _n, state, _tries, _error in letters(session)] == ["delivered", "delivered"]


def test_a_lane_held_by_a_dead_worker_is_taken_over_when_its_time_is_up(app: Flask, session: Session):
    carrier = carry_with(app, Remembering())
    post(1)
    with transaction():
        session.add(Lane(name="test:a", held_by="dead", held_until=clock.now() + HOLD))

    assert deliver_due(app) == 0
    with clock.moved_by(HOLD + timedelta(seconds=1)):
        assert deliver_due(app) == 1
    assert carrier.carried == [1]


def test_a_lane_is_served_by_one_worker_at_a_time(app: Flask, session: Session):
    carried: list[object] = []
    both_started = threading.Barrier(2, timeout=10)

    def answer(errand: Errand) -> Outcome:
        carried.append(errand.body["n"])
        return Done()

    carry_with(app, Remembering(answer))
    post(*range(20))

    def work() -> None:
        both_started.wait()
        deliver_due(app)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    drain(app)

    assert sorted(map(int, map(str, carried))) == list(range(20))


def test_a_second_letter_under_the_same_key_replaces_the_waiting_one(app: Flask, session: Session):
    carrier = carry_with(app, Remembering())
    post(1, key="grade:7", after=timedelta(hours=1))
    post(2, key="grade:7")

    drain(app)

    assert carrier.carried == [2]


def test_news_posted_while_a_letter_is_under_way_is_delivered_as_well(app: Flask, session: Session):
    carrier = Remembering()

    def answer(errand: Errand) -> Outcome:
        if errand.body["n"] == 1:
            post(2, key="grade:7")
        return Done()

    carrier.answer = answer
    carry_with(app, carrier)
    post(1, key="grade:7")

    drain(app)

    assert carrier.carried == [1, 2]
    assert [state for _n, state, _tries, _error in letters(session)] == [LetterState.DELIVERED.value]


def test_a_worker_that_lost_its_lane_stops_at_once(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lti_tool.running.delivering.WRITE_EVERY", -1.0)
    carried: list[object] = []

    class Slow:
        batch = 10

        def carry(self, errands: Sequence[Errand]) -> Iterator[Outcome]:
            for errand in errands:
                carried.append(errand.body["n"])
                with transaction() as own:
                    own.execute(update(Lane).values(held_by="somebody else"))
                yield Done()

    outbox.register_carrier(app, "test", Slow())
    post(1, 2, 3)

    deliver_due(app)

    assert carried == [1]
    assert [state for _n, state, _tries, _error in letters(session)] == ["delivered", "waiting", "waiting"]


def test_the_loop_serves_a_quick_lane_while_a_slow_one_is_under_way(app: Flask, session: Session):
    slow_may_end, told_to_stop = threading.Event(), threading.Event()
    quick: list[object] = []

    def answer(errand: Errand) -> Outcome:
        if errand.lane == "test:a":
            slow_may_end.wait(20)
            return Done()
        quick.append(errand.body["n"])
        if len(quick) == 1:
            post(3, lane="test:b")
        else:
            slow_may_end.set()
            told_to_stop.set()
        return Done()

    carry_with(app, Remembering(answer))
    post(1)
    post(2, lane="test:b")

    deliver(app, told_to_stop.is_set, pause=0.02)

    assert quick == [2, 3]


def test_the_loop_comes_back_to_a_lane_as_soon_as_it_is_let_go(app: Flask, session: Session):
    told_to_stop = threading.Event()

    def answer(errand: Errand) -> Outcome:
        told_to_stop.wait(0.1)
        if errand.body["n"] == 8:
            told_to_stop.set()
        return Done()

    carrier = carry_with(app, Remembering(answer, batch=1))
    post(*range(9))
    began = time.monotonic()

    deliver(app, told_to_stop.is_set, pause=2.0)

    assert carrier.carried == list(range(9))
    assert time.monotonic() - began < 9, "not a pause for each"


def test_two_who_post_under_one_key_at_once_leave_one_letter(app: Flask, session: Session):
    together = threading.Barrier(2)

    def post_one(number: int) -> None:
        with app.app_context():
            together.wait(10)
            with transaction() as own:
                is_postgres = own.get_bind().dialect.name == "postgresql"
                own.execute(select(1))
                if is_postgres:
                    together.wait(10)
                outbox.post(own, "test:a", {"n": number}, key="errand")

    with ThreadPoolExecutor(2) as pool:
        for work in [pool.submit(post_one, number) for number in (1, 2)]:
            work.result(30)

    session.expire_all()
    letter = session.scalars(select(Letter)).one()
    assert (letter.key, letter.edition, letter.state) == ("errand", 2, LetterState.WAITING)
