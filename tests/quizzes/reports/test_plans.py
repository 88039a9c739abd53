"""No page of a report reads a table of answers twice: held against the plans of both databases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import db
from lti_tool.models import Course, Role
from quizzes import closing, starting
from quizzes.kinds import Kind
from quizzes.models import Attempt, Quiz
from quizzes.reports import reading
from quizzes.reports.columns import Which
from quizzes.reports.exporting.tables import What
from tests.cast import THEN, Cast
from tests.quizzes.one_of_each import a_quiz_of_all_kinds

Asked = list[tuple[str, Any]]
OF_ANSWERS = {"answer", "attempt_facts", "live_sums", "grading", "attempt_entry", "answer_file"}
"""Where there is a row for each answer or attempt, or what was made of them."""
LOOKUP = re.compile(r"USING INTEGER PRIMARY KEY|sqlite_autoindex|\((rowid|attempt_id|id)=\?")

NUMBERS = re.compile(r"SELECT (count\(\*\) AS \w+|attempt_facts\.attempt_id)\s+FROM attempt_facts\s")


@pytest.fixture(autouse=True)
def _at_ten():
    with clock.moved_to(THEN + timedelta(hours=1)):
        yield


@pytest.fixture
def asked(app: Flask) -> Callable[[], Any]:
    """What the database is asked to find within a block, with its values."""

    @contextmanager
    def listen() -> Iterator[Asked]:
        found: Asked = []

        def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                found.append((statement, values))

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", hear)
        yield found
        event.remove(engine, "before_cursor_execute", hear)

    return listen


def plan_of(session: Session, statement: str, values: Any) -> list[tuple[str, bool]]:
    """The tables a statement reads, once for each time it does, and whether it goes through more than rows that it
    knows the numbers of."""
    session.rollback()
    connection: Any = session.connection().connection.dbapi_connection
    cursor = connection.cursor()
    if session.get_bind().dialect.name == "postgresql":
        # So few rows are quicker read through; what would be done with many is what counts.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values)
        [(plan,)] = cursor.fetchall()
        return list(_nodes(plan[0]["Plan"]))
    cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
    names = _names(statement)
    steps = [re.match(r"(SCAN|SEARCH) (\S+)", row[3]) for row in cursor.fetchall()]
    details = [step.string for step in steps if step]
    return [
        (names.get(detail.split()[1], detail.split()[1]), not LOOKUP.search(detail) or detail.startswith("SCAN"))
        for detail in details
    ]


def _names(statement: str) -> Mapping[str, str]:
    """The tables of a statement by the names they go by in it."""
    said = re.findall(r"(?:FROM|JOIN|,)\s+\"?(\w+)\"? AS \"?(\w+)\"?", statement)
    return {alias: table for table, alias in said}


def _nodes(node: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    if "Relation Name" in node:
        yield node["Relation Name"], not node.get("Index Name", "").endswith("_pkey")
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)


def reads(session: Session, found: Asked) -> Counter[str]:
    """How often each table of answers is gone through.

    How many rows there are, and the numbers of the next few hundred, an index tells without reading any of them.
    """
    plans = [plan_of(session, statement, values) for statement, values in found if not NUMBERS.match(statement)]
    return Counter(table for plan in plans for table, is_whole in plan if is_whole and table in OF_ANSWERS)


@pytest.fixture
def as_ines(app: Flask, cast: Cast, course: Course) -> FlaskClient:
    return cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))


@pytest.fixture
def taken(session: Session, cast: Cast, course: Course) -> tuple[Quiz, list[Attempt]]:
    """A quiz with a question of each sort of report, which three have handed in."""
    quiz = a_quiz_of_all_kinds(session, course, Kind.SINGLE, Kind.MULTIPLE, Kind.SHORT_TEXT)
    attempts = []
    for name in ("Leo", "Nora", "Omar"):
        attempt = starting.start(session, quiz, cast.enrol(course, name), seed=b"1" * 16, at=THEN)
        closing.hand_in(session, attempt, {}, at=THEN + timedelta(minutes=9))
        session.commit()
        attempts.append(attempt)
    return quiz, attempts


PAGES = (
    "results",
    "results?sort=best&show=passed",
    "learners/{learner}",
    "results/{attempt}",
    *(f"figures?which={which.value}" for which in Which),
    "figures?order=hardest",
    "figures/{single}",
    "figures/{text}",
    "usage-data.qti30",
    "tables",
    *(f"tables/{what.value}.csv" for what in What if what is not What.RESULTS),
    "tables/results.qti30",
    "mail",
)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_reads_a_table_of_answers_twice(session: Session, as_ines, taken, asked, page: str):
    quiz, attempts = taken
    versions = {answer.version.kind: answer.version.public_id for answer in attempts[0].answers}
    address = page.format(
        learner=attempts[0].enrolment.public_id,
        attempt=attempts[0].public_id,
        single=versions[Kind.SINGLE],
        text=versions[Kind.SHORT_TEXT],
    )

    with asked() as found:
        answer = as_ines.get(f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/{address}")

    assert answer.status_code == 200, answer.status
    assert {table: times for table, times in reads(session, found).items() if times > 1} == {}


def test_the_figures_are_read_from_the_facts_and_nothing_else(session: Session, as_ines, taken, asked):
    quiz, _attempts = taken

    with asked() as found:
        as_ines.get(f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/figures")

    assert reads(session, found) == {"attempt_facts": 1}


def test_the_measure_would_notice(session: Session, taken, asked):
    quiz, _attempts = taken

    with asked() as found:
        for _each in range(2):
            reading.columns_of(session, quiz)

    assert reads(session, found) == {"attempt_facts": 2}
