"""Banks, questions and answers from before there were kinds keep what they say, and stay readable."""

from __future__ import annotations

import json

from alembic import command
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session

from lti_tool.migrating import alembic_config, migrate
from quizzes import banks
from quizzes.models import Attempt
from quizzes.questions import Bank, Question
from quizzes.stocking import newest_versions, stock
from tests.cast import THEN as MOMENT
from tests.lti_tool.upgrading import insert

THEN = "2026-11-23 09:00:00"
BODY = {
    "text": "Which?",
    "options": [{"id": "a", "text": "One", "fixed": False}, {"id": "b", "text": "Two", "fixed": False}],
    "right": ["b"],
    "why": "So.",
}


def fill(connection: Connection) -> None:
    """Rows that are added later get low numbers of their own.

    A bank with three questions, one of them retired and one moved to another topic, and an attempt at two."""
    addresses = dict.fromkeys(("issuer", "auth_url", "token_url", "jwks_url"), "https://campus.example")
    rest = {"standing": "active", "created": THEN}
    platform = {"id": 1, "public_id": "p", "name": "Campus", "client_id": "x", "family": "moodle", **addresses, **rest}
    platform |= {"framed_from": "[]", "is_mended": False}
    insert(connection, "platform", **_known(connection, "platform", platform))
    insert(
        connection,
        "deployment",
        **_known(connection, "deployment", {"id": 1, "platform_id": 1, "deployment_id": "1", **rest}),
    )
    course = {"id": 1, "public_id": "c", "deployment_id": 1, "context_id": "2", "title": "Course", "label": "C"}
    course |= {"line_item_scopes": "[]", "next_number": 2, "created": THEN}
    insert(connection, "course", **_known(connection, "course", course))
    person = {"id": 1, "public_id": "q", "platform_id": 1, "subject": "1", "created": THEN}
    person |= dict.fromkeys(("name", "given_name", "email", "locale", "time_zone"), "")
    insert(connection, "person", **_known(connection, "person", person))
    enrolment = {"id": 1, "public_id": "e", "course_id": 1, "person_id": 1, "role": "learner", "number": 1}
    enrolment |= {"is_active": True, "is_test": False, "created": THEN}
    insert(connection, "enrolment", **_known(connection, "enrolment", enrolment))
    topics = json.dumps([{"id": "tea", "title": "Tea"}, {"id": "soup", "title": "Soup"}])
    bank = {"id": 1001, "name": "small", "title": "Small", "language": "en", "license": "MIT", "topics": topics}
    insert(connection, "bank", **bank, fingerprint="f")
    for number, name in enumerate(("one", "two", "gone"), start=1):
        insert(connection, "question", id=1000 + number, bank_id=1001, name=name, is_retired=name == "gone")
    for number, (question, n, topic) in enumerate(((1, 1, "tea"), (1, 2, "soup"), (2, 1, "tea"), (3, 1, "old")), 1):
        version = {
            "id": 1000 + number,
            "public_id": f"v{number}",
            "question_id": 1000 + question,
            "n": n,
            "topic": topic,
        }
        version |= {"difficulty": 1, "kind": "single", "body": json.dumps(BODY), "sha256": "s", "created": THEN}
        insert(connection, "question_version", **version)
    quiz = {"id": 1, "public_id": "z", "course_id": 1, "bank_id": 1001, "name": "onboarding", "title": "Quiz"}
    quiz |= {"draw_count": 2, "time_limit": 60, "max_attempts": 2, "pass_percent": 50, "created": THEN}
    insert(connection, "quiz", **quiz)
    attempt = {
        "id": 1,
        "public_id": "a",
        "quiz_id": 1,
        "enrolment_id": 1,
        "n": 1,
        "seed": bytes(16),
        "pool": "[1001, 1003]",
    }
    attempt |= {
        "pool": "[1001, 1003]",
        "algorithm": "hmac-sha256-fy/1",
        "started": THEN,
        "deadline": THEN,
        "maximum": 2.0,
        "submitted": THEN,
    }
    insert(connection, "attempt", **attempt, finish="learner", raw=1.0)
    for place, (version_id, chosen) in enumerate(((1001, '["b"]'), (1003, "[]")), start=1):
        answer = {"id": place, "attempt_id": 1, "place": place, "version_id": version_id, "option_order": "[1, 0]"}
        answer |= {"chosen": chosen, "fraction": float(place == 1), "mark": float(place == 1)}
        insert(connection, "answer", **answer)


def _known(connection: Connection, table: str, values: dict[str, object]) -> dict[str, object]:
    """What the table had then, and an empty text where nothing was said of something that it wants."""
    columns = inspect(connection).get_columns(table)
    kept = {name: value for name, value in values.items() if name in {each["name"] for each in columns}}
    for each in columns:
        if not each["nullable"] and each["default"] is None and each["name"] not in kept:
            kept[each["name"]] = _nothing(str(each["type"]))
    return kept


def _nothing(kind: str) -> object:
    if "JSON" in kind:
        return "[]"
    if "INT" in kind or "DOUBLE" in kind or "FLOAT" in kind:
        return 0
    if "BOOL" in kind:
        return False
    return THEN if "DATE" in kind or "TIME" in kind else ""


def test_old_questions_get_their_topics_and_old_answers_their_shape(old_database: Engine):
    command.upgrade(alembic_config(old_database), "0030")
    with old_database.begin() as connection:
        fill(connection)

    migrate(old_database)

    with old_database.connect() as connection:
        public = connection.execute(text("SELECT count(DISTINCT public_id) FROM question")).scalar()
    with Session(old_database) as session:
        bank = session.query(Bank).one()
        assert [(each.name, each.title) for each in bank.categories] == [
            ("tea", "Tea"),
            ("soup", "Soup"),
            ("old", "old"),
        ]
        questions = session.query(Question).order_by(Question.id).all()
        assert [(each.category.name, each.state.value) for each in questions] == [
            ("soup", "ready"),
            ("tea", "ready"),
            ("old", "retired"),
        ]
        attempt = session.query(Attempt).one()
        assert [answer.response for answer in attempt.answers] == [{"chosen": ["b"]}, {}]
        assert [(answer.maximum, answer.is_open) for answer in attempt.answers] == [(1.0, False), (1.0, True)]
        assert attempt.unmarked == 0
        assert bank.course_id is None

        stock(session, banks.load("onboarding"), at=MOMENT)
        session.commit()
        assert len(newest_versions(session, session.query(Bank).filter_by(name="onboarding").one())) == 60
    assert public == 3
