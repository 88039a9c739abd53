"""Marking a quiz anew: a million answers, foreseen and written, one question of four hundred having had a wrong key.

Of a database of its own, SQLite on this machine's disk and then PostgreSQL. Everything is marked anew; a four hundredth
of the answers changes.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

import mentoring
import quizzes
import reviews
import xapi
from bench import speed
from bench.bench import Bench
from bench.figures import work
from bench.table import Check, Row
from lti_tool import cli
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import db, new_public_id, table, transaction
from lti_tool.models import Course, Deployment, Enrolment, Person, Platform, Role, Standing
from lti_tool.running import working
from quizzes.designing import revising
from quizzes.designing.plan import Plan
from quizzes.designing.settings import DEFAULT
from quizzes.kinds import CHOSEN
from quizzes.marking import Kind
from quizzes.marks import regrading
from quizzes.marks.judging import Policy
from quizzes.marks.models import Grading, RegradeRun, RunState
from quizzes.models import Answer, Attempt, Finish, Quiz
from quizzes.questions import Bank, Category, Question, QuestionVersion
from quizzes.reports import keeping

ITEMS, ASKED, LETTERS = 400, 20, "abcd"
THEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WITHIN = 15.0
"""Seconds for a million answers, foreseen and written."""


@dataclass(frozen=True)
class Size:
    learners: int

    @property
    def answers(self) -> int:
        return self.learners * ASKED


QUICK, FULL = Size(200), Size(50_000)


def rows(bench: Bench) -> Iterator[Row | Check]:
    size = QUICK if bench.size.is_quick else FULL
    with ExitStack() as opened:
        folder = opened.enter_context(tempfile.TemporaryDirectory())
        yield from _measured(bench, size, "SQLite", f"sqlite:///{folder}/bench.sqlite")
        if server := bench.scratch_postgres(opened):
            yield from _measured(bench, size, "PostgreSQL", server)


def _measured(bench: Bench, size: Size, on: str, database: str) -> Iterator[Row | Check]:
    bench.say(f"Marking {size.answers:,} answers anew on {on}")
    with tempfile.TemporaryDirectory() as folder:
        config = replace(Config.from_env({}), root=Path(folder), database_url=database)
        app = create_app(config, (mentoring, quizzes, reviews, xapi))
        with app.app_context():
            cli.prepare_database()
            run_id = _prepare(size)
        index = speed.index()
        began, worked = time.perf_counter(), time.process_time()
        working.drain(app)
        looked = time.perf_counter() - began
        with app.app_context(), transaction() as session:
            regrading.commit(session, session.get_one(RegradeRun, run_id), at=THEN)
        working.drain(app)
        seconds, cpu = time.perf_counter() - began, time.process_time() - worked
        with app.app_context():
            run = db.session.get_one(RegradeRun, run_id)
            written = db.session.scalar(select(func.count()).select_from(Grading)) or 0
            has_worked = run.state is RunState.DONE and written == run.foreseen["answers"] > 0
            db.session.rollback()
            db.engine.dispose()
    note = f"foreseen in {looked:.1f} s; {written:,} answers changed, their learners' grades with them"
    yield Row(
        what=f"Mark {size.answers:,} answers anew, {on}",
        rate=size.answers / seconds,
        p50=seconds,
        cpu_ms=1000 * cpu,
        work=work(1000 * cpu, index),
        note=note,
    )
    yield Check(
        what=f"Marking anew writes what it has foreseen, {on}", has_passed=has_worked, found=f"{written:,} answers"
    )
    if not bench.size.is_quick:
        yield Check(
            what=f"{size.answers:,} answers marked anew within {WITHIN:g} s, {on}",
            has_passed=seconds <= WITHIN,
            found=f"{seconds:.1f} s",
        )


def _prepare(size: Size) -> int:
    """A quiz that everybody has taken, its first question's key corrected since, and the wish to mark it anew."""
    with transaction() as session:
        quiz, versions, by = _quiz(session)
        _take(session, size, quiz, versions)
        keeping.gather(session, quiz)
        wrong = versions[0]
        session.add(
            QuestionVersion(
                question_id=wrong.question_id,
                n=2,
                difficulty=1,
                kind=wrong.kind,
                body={**wrong.body, "right": ["b"]},
                sha256="2",
                created=THEN,
            )
        )
        run = RegradeRun(
            quiz_id=quiz.id, policy=Policy.NEW_VERSION, reason="The key was wrong", by_id=by.id, asked=THEN
        )
        session.add(run)
        session.flush()
        regrading.ask(session, run)
        return run.id


def _quiz(session: Session) -> tuple[Quiz, list[QuestionVersion], Enrolment]:
    platform = Platform(
        name="Bench",
        issuer="https://bench.example",
        client_id="bench",
        auth_url="https://bench.example/auth",
        token_url="https://bench.example/token",
        jwks_url="https://bench.example/jwks",
        created=THEN,
    )
    session.add(platform)
    session.flush()
    deployment = Deployment(platform_id=platform.id, deployment_id="1", standing=Standing.ACTIVE, created=THEN)
    session.add(deployment)
    session.flush()
    course = Course(
        deployment_id=deployment.id, context_id="c", title="A course", label="C", line_item_scopes=[], created=THEN
    )
    person = Person(platform_id=platform.id, subject="ines", name="Ines", created=THEN)
    session.add_all([course, person])
    session.flush()
    ines = Enrolment(course_id=course.id, person_id=person.id, role=Role.INSTRUCTOR, number=1, created=THEN)
    bank = Bank(course_id=course.id, name="bench", title="Bench", language="en", license="MIT")
    bank.categories.append(Category(name="topic", title="A topic"))
    session.add_all([ines, bank])
    versions = []
    for number in range(ITEMS):
        body = {
            "text": f"Question {number}?",
            "options": [{"id": letter, "text": letter.upper()} for letter in LETTERS],
            "right": ["a"],
        }
        question = Question(bank=bank, name=f"q{number}", category=bank.categories[0])
        versions.append(
            QuestionVersion(question=question, n=1, difficulty=1, kind=Kind.SINGLE, body=body, sha256="1", created=THEN)
        )
    session.add_all(versions)
    session.flush()
    plan = Plan.of_one_rule(bank.id, ASKED)
    quiz = revising.make(session, course, bank, "Bench", plan, DEFAULT, name="bench", at=THEN)
    revising.publish(session, quiz, at=THEN)
    return quiz, versions, ines


def _take(session: Session, size: Size, quiz: Quiz, versions: list[QuestionVersion]) -> None:
    chance = random.Random(1)
    platform = quiz.course.platform.id
    ids = range(1_000, 1_000 + size.learners)
    session.execute(
        insert(table(Person)),
        [
            {
                "id": n,
                "platform_id": platform,
                "subject": f"s{n}",
                "name": "",
                "public_id": new_public_id(),
                "created": THEN,
            }
            for n in ids
        ],
    )
    session.execute(
        insert(table(Enrolment)),
        [
            {"id": n, "course_id": quiz.course_id, "person_id": n, "role": Role.LEARNER, "number": n, "created": THEN}
            for n in ids
        ],
    )
    for start in range(0, size.learners, 1_000):
        attempts, answers = [], []
        for n in ids[start : start + 1_000]:
            given = [(version.id, chance.choice(LETTERS)) for version in chance.sample(versions, ASKED)]
            raw = float(sum(letter == "a" for _version, letter in given))
            attempts.append(
                {
                    "id": n,
                    "quiz_id": quiz.id,
                    "revision_id": quiz.published.id,
                    "enrolment_id": n,
                    "n": 1,
                    "seed": b"1" * 16,
                    "pool": [],
                    "started": THEN,
                    "deadline": THEN + timedelta(minutes=30),
                    "maximum": float(ASKED),
                    "submitted": THEN + timedelta(minutes=10),
                    "finish": Finish.LEARNER,
                    "raw": raw,
                }
            )
            answers += [
                {
                    "attempt_id": n,
                    "place": place,
                    "version_id": version,
                    "option_order": [0, 1, 2, 3],
                    "maximum": 1.0,
                    "response": {CHOSEN: [letter]},
                    "fraction": float(letter == "a"),
                    "mark": float(letter == "a"),
                }
                for place, (version, letter) in enumerate(given, start=1)
            ]
        session.execute(insert(table(Attempt)), attempts)
        session.execute(insert(table(Answer)), answers)
