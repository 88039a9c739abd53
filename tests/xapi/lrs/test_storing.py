"""Telling twice stores once; what is stored is complete; numbers and times only grow."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.db import db, writing
from tests.xapi.lrs.conftest import THEN
from tests.xapi.lrs.telling import AUTHORITY, LEO, QUIZ, ZOE, about, activity, found, id_of, keep, told
from tests.xapi.samples import BASE, changed
from xapi.lrs import storing
from xapi.lrs.models import KnownActivity, Mention, Store, StoredStatement
from xapi.lrs.storing import Conflict


def bodies(session: Session, store: Store) -> list[dict[str, Any]]:
    wanted = select(StoredStatement.body).where(StoredStatement.store_id == store.id).order_by(StoredStatement.seq)
    return [json.loads(body) for body in session.scalars(wanted)]


def test_a_statement_is_given_out_as_it_was_told_with_what_the_store_adds(session: Session, store: Store):
    assert keep(session, store, BASE) == [BASE["id"]]

    assert bodies(session, store) == [
        {**BASE, "stored": "2026-11-23T09:00:00.000000Z", "authority": AUTHORITY, "version": "1.0.0"}
    ]


def test_what_is_missing_is_filled_in_and_what_is_the_stores_own_is_replaced(session: Session, store: Store):
    anonymous = {
        "actor": ZOE,
        "verb": {"id": "http://adlnet.gov/expapi/verbs/answered"},
        "object": activity(QUIZ),
        "context": {"contextActivities": {"parent": activity(QUIZ)}},
        "stored": "2011-01-01T00:00:00Z",
        "version": "1.0.3",
        "authority": ZOE,
    }
    before = json.dumps(anonymous)

    [made] = keep(session, store, anonymous)

    assert bodies(session, store) == [
        {
            **anonymous,
            "id": made,
            "context": {"contextActivities": {"parent": [activity(QUIZ)]}},
            "timestamp": "2026-11-23T09:00:00.000000Z",
            "stored": "2026-11-23T09:00:00.000000Z",
            "authority": AUTHORITY,
        }
    ]
    assert json.dumps(anonymous) == before


def test_scores_texts_and_strange_characters_come_back_as_they_went_in(session: Session, store: Store):
    result = {
        "score": {"scaled": 0.12123434, "raw": 1e300, "min": -7},
        "response": '草 🙂 \u0000 " \\ \u2028',
        "extensions": {"https://e.org/x": [None, {}, "", 1.0, 10**300, {"deep": [[[]]]}]},
    }

    keep(session, store, changed(("result", result)))

    assert bodies(session, store)[0]["result"] == result


def test_telling_again_stores_nothing_new(session: Session, store: Store):
    keep(session, store, told("one"), told("two"))
    before = bodies(session, store)

    assert keep(session, store, told("two"), told("one"), at=THEN + timedelta(hours=1)) == [
        id_of("two"),
        id_of("one"),
    ]

    assert bodies(session, store) == before
    session.refresh(store)
    assert (store.last_seq, store.last_stored) == (2, THEN + timedelta(microseconds=1))


def test_a_batch_of_old_and_new_stores_the_new(session: Session, store: Store):
    keep(session, store, told("one"))

    keep(session, store, told("two"), told("one"), told("three"), told("two"))

    assert found(session, store) == ["three", "two", "one"]


@pytest.mark.parametrize(
    "again",
    [
        changed(("id", BASE["id"].upper())),
        changed(("timestamp", "2026-01-01T00:00:00Z")),
        changed(("verb.display", {"de": "beantwortete"})),
        changed(("object.definition", {"name": {"en": "Question 3"}})),
        changed(("object", {"id": BASE["object"]["id"]})),
        changed(("actor", {"account": BASE["actor"]["account"]})),
        changed(("result.duration", "PT1M30.509S")),
        changed(("result.score", {"scaled": 0.5, "raw": 5.0, "min": 0, "max": 10})),
        changed(("context.contextActivities.parent", BASE["context"]["contextActivities"]["parent"][0])),
        changed(("context.registration", BASE["context"]["registration"].upper())),
        changed(("authority", ZOE), ("version", "1.0.3"), ("stored", "2011-01-01T00:00:00Z")),
    ],
)  # fmt: skip
def test_the_same_in_other_words_is_no_conflict(session: Session, store: Store, again: dict[str, Any]):
    keep(session, store, BASE)

    assert keep(session, store, again) == [BASE["id"]]

    assert len(bodies(session, store)) == 1


@pytest.mark.parametrize(
    "other",
    [
        changed(("actor", ZOE)),
        changed(("verb.id", "http://adlnet.gov/expapi/verbs/passed")),
        changed(("object.id", QUIZ)),
        changed(("object", about("something"))),
        changed(("result.success", False)),
        changed(("result.duration", "PT1M30.51S")),
        changed(("result.response", "b")),
        changed(("result.extensions", {"https://e.org/x": True})),
        changed(("context.contextActivities.parent", [activity(QUIZ), activity(QUIZ + "1")])),
        changed(("context.instructor", LEO)),
    ],
)  # fmt: skip
def test_something_else_under_the_same_id_is_a_conflict(session: Session, store: Store, other: dict[str, Any]):
    keep(session, store, BASE)
    before = bodies(session, store)

    with pytest.raises(Conflict) as caught:
        storing.store(session, store, [told("new"), other], AUTHORITY, THEN)
    session.rollback()

    assert caught.value.statement_id == BASE["id"]
    assert bodies(session, store) == before


def test_true_is_not_one(session: Session, store: Store):
    keep(session, store, changed(("context.extensions", {"https://e.org/x": 1})))

    with pytest.raises(Conflict):
        keep(session, store, changed(("context.extensions", {"https://e.org/x": True})))


def test_a_batch_that_contradicts_itself_is_a_conflict(session: Session, store: Store):
    with pytest.raises(Conflict):
        storing.store(session, store, [told("one"), told("one", verb="passed")], AUTHORITY, THEN)
    session.rollback()

    assert bodies(session, store) == []


def test_members_and_sub_statements_are_compared_by_what_they_mean(session: Session, store: Store):
    sub = {"objectType": "SubStatement", "actor": LEO, "verb": {"id": "https://e.org/v"}, "object": activity(QUIZ)}
    crew = {"objectType": "Group", "member": [LEO, ZOE]}
    keep(session, store, told("one", actor=crew, object=sub))

    keep(
        session,
        store,
        told(
            "one",
            actor={"objectType": "Group", "member": [ZOE, {"account": LEO["account"]}]},
            object={**sub, "verb": {"id": "https://e.org/v", "display": {"en": "did"}}, "object": {"id": QUIZ}},
        ),
    )

    with pytest.raises(Conflict):
        keep(session, store, told("one", actor=crew, object={**sub, "actor": ZOE}))


def test_what_is_rolled_back_leaves_nothing(session: Session, store: Store):
    storing.store(session, store, [told("one")], AUTHORITY, THEN)
    session.rollback()
    keep(session, store, told("two"))

    assert found(session, store) == ["two"]
    counted = [session.scalar(select(func.count()).select_from(table)) for table in (Mention, KnownActivity)]
    assert counted == [4, 0]
    assert session.scalars(select(StoredStatement.seq)).all() == [1]


def test_stored_grows_strictly_even_if_the_clock_stands_or_goes_back(session: Session, store: Store):
    keep(session, store, told("one"), told("two"))
    keep(session, store, told("three"), at=THEN - timedelta(hours=1))
    keep(session, store, told("four"), at=THEN + timedelta(seconds=1))

    assert [body["stored"] for body in bodies(session, store)] == [
        "2026-11-23T09:00:00.000000Z",
        "2026-11-23T09:00:00.000001Z",
        "2026-11-23T09:00:00.000002Z",
        "2026-11-23T09:00:01.000000Z",
    ]


def test_a_statement_and_its_act_share_one_transaction_and_two_calls_may_share_it_too(session: Session, store: Store):
    storing.store(session, store, [told("one")], AUTHORITY, THEN)
    storing.store(session, store, [told("two"), told("one")], AUTHORITY, THEN)
    session.commit()

    assert found(session, store) == ["two", "one"]


def test_storing_nothing_is_nothing(session: Session, store: Store):
    assert keep(session, store) == []


def test_the_store_of_a_platform_is_made_once(session: Session, store: Store, other_store: Store):
    platforms = {store.platform_id, other_store.platform_id}

    assert len(platforms) == 2
    assert len(session.scalars(select(Store)).all()) == 2


def test_eight_who_tell_the_same_at_once_store_it_once(app: Flask, session: Session, store: Store):
    statements = [told(f"n{n}") for n in range(200)]
    results: list[object] = []

    def tell() -> None:
        try:
            with writing(), Session(db_engine, expire_on_commit=False) as own:
                mine = own.get_one(Store, store.id)
                results.append(len(storing.store(own, mine, statements, AUTHORITY, THEN)))
                own.commit()
        except Exception as error:
            results.append(error)

    with app.app_context():
        db_engine = db.engine
    session.commit()
    threads = [threading.Thread(target=tell) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [200] * 8
    assert session.scalar(select(func.count()).select_from(StoredStatement)) == 200


def test_eight_who_tell_different_things_at_once_are_numbered_without_gap(app: Flask, session: Session, store: Store):
    failed: list[Exception] = []

    def tell(who: int) -> None:
        try:
            for n in range(5):
                with writing(), Session(db_engine, expire_on_commit=False) as own:
                    mine = own.get_one(Store, store.id)
                    storing.store(own, mine, [told(f"{who} {n}"), told("everybody's")], AUTHORITY, THEN)
                    own.commit()
        except Exception as error:
            failed.append(error)

    with app.app_context():
        db_engine = db.engine
    session.commit()
    threads = [threading.Thread(target=tell, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert session.scalars(select(StoredStatement.seq).order_by(StoredStatement.seq)).all() == list(range(1, 42))
    stored = session.scalars(select(StoredStatement.stored).order_by(StoredStatement.seq)).all()
    assert stored == [THEN + timedelta(microseconds=n) for n in range(41)]
