"""Many who tell at once, over HTTP: each statement is there once, and nobody meets an error of ours."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.xapi.lrs.telling import LEO, QUIZ, id_of, told
from tests.xapi.lrs.visitors import Program, program
from xapi.lrs.models import Document, Store, StoredStatement

CLIENTS = 8


def at_once(lrs: Program, app: Flask, act: Callable[[Program, int], int]) -> Counter[int]:
    """How often each status was the answer, when all began together."""
    statuses: list[int] = []
    start = threading.Barrier(CLIENTS)

    def run(n: int) -> None:
        own = Program(app.test_client(), lrs.key, lrs.version)
        start.wait()
        statuses.append(act(own, n))

    threads = [threading.Thread(target=run, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(statuses)


def test_eight_clients_post_the_same_200_statements_at_once(app: Flask, session: Session, store: Store):
    lrs = program(app.test_client(), session, store)
    statements = [told(f"n{n}") for n in range(200)]

    answers = at_once(lrs, app, lambda own, _n: own.tell(*statements).status_code)

    assert answers == {200: CLIENTS}
    assert session.scalar(select(func.count()).select_from(StoredStatement)) == 200


def test_of_eight_who_say_different_things_under_one_id_one_is_believed(app: Flask, session: Session, store: Store):
    lrs = program(app.test_client(), session, store)

    answers = at_once(
        lrs, app, lambda own, n: own.tell(told(f"own {n}"), told(f"said {n}", id=id_of("same"))).status_code
    )

    assert answers == {200: 1, 409: CLIENTS - 1}
    assert session.scalar(select(func.count()).select_from(StoredStatement)) == 2


def test_of_eight_who_make_one_document_at_once_one_does(app: Flask, session: Session, store: Store):
    lrs = program(app.test_client(), session, store, version="2.0.0")
    where: dict[str, Any] = {"activityId": QUIZ, "agent": LEO, "stateId": "one"}

    answers = at_once(
        lrs,
        app,
        lambda own, n: (
            own.send("PUT", "activities/state", {"n": n}, headers={"If-None-Match": "*"}, **where).status_code
        ),
    )

    assert answers == {204: 1, 412: CLIENTS - 1}
    assert session.scalar(select(func.count()).select_from(Document)) == 1


def test_eight_who_add_to_one_document_at_once_all_find_their_word_in_it(app: Flask, session: Session, store: Store):
    lrs = program(app.test_client(), session, store)
    where: dict[str, Any] = {"agent": LEO, "profileId": "one"}

    answers = at_once(lrs, app, lambda own, n: own.send("POST", "agents/profile", {f"k{n}": n}, **where).status_code)

    assert answers == {204: CLIENTS}
    assert lrs.send("GET", "agents/profile", **where).get_json() == {f"k{n}": n for n in range(CLIENTS)}
