"""The short way to begin an attempt: it writes what the long way writes, and leaves to it what is not as for most."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.brief import brief_transaction
from lti_tool.db import db, transaction
from lti_tool.models import Course, Enrolment, Role
from lti_tool.outbox import Happening, Letter
from lti_tool.roster.groups import CourseGroup, GroupMembership, Source
from quizzes import deriving, starting
from quizzes.accommodations import granting, overriding
from quizzes.accommodations.models import Reason
from quizzes.attempts.log import AttemptEntry
from quizzes.designing import revising
from quizzes.models import Attempt, Quiz
from quizzes.questions import Question, QuestionState, QuestionVersion
from quizzes.timing import Accommodation, Instead
from tests.cast import THEN, Cast
from tests.quizzes.conftest import Start
from tests.quizzes.making import a_quiz, changed

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SEED = bytes(range(16))
Act = Callable[[Session], object]


@pytest.fixture(autouse=True)
def _at_that_time():
    with clock.moved_to(THEN):
        yield


@pytest.fixture
def nora(cast: Cast, course: Course, start: Start) -> Enrolment:
    """She has begun before, so what the quiz draws from is known."""
    nora = cast.enrol(course, "Nora")
    start(2, who=nora)
    return nora


@pytest.fixture
def as_leo(client: FlaskClient, cast: Cast, leo: Enrolment) -> FlaskClient:
    return cast.visit(client, leo)


@pytest.fixture
def long_way(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Remembers who began by all the rules."""
    went: list[str] = []
    by_all_rules = starting.start

    def start(session: Session, quiz: Quiz, me: Enrolment, **more: Any) -> Attempt:
        went.append(me.name)
        return by_all_rules(session, quiz, me, **more)

    monkeypatch.setattr(starting, "start", start)
    return went


@pytest.fixture
def meanwhile(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Act], None]:
    """Somebody else does this after a start has read and drawn, and before it holds anything."""

    def arranged(act: Act) -> None:
        def elsewhere() -> None:
            with app.app_context(), transaction() as theirs:
                act(theirs)

        @contextmanager
        def held() -> Iterator[Any]:
            somebody = threading.Thread(target=elsewhere)
            somebody.start()
            somebody.join()
            with brief_transaction() as here:
                yield here

        monkeypatch.setattr("quizzes.beginning.brief_transaction", held)

    return arranged


def begin(client: FlaskClient, quiz: Quiz, **fields: str) -> str:
    """Where a click on the button leads to."""
    answer = client.post(f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/attempts", data=fields)
    return f"{answer.status_code} {answer.headers.get('Location', '')}"


def attempts(session: Session, quiz: Quiz, leo: Enrolment) -> list[Attempt]:
    session.rollback()
    session.expire_all()
    mine = select(Attempt).where(Attempt.quiz_id == quiz.id, Attempt.enrolment_id == leo.id)
    return list(session.scalars(mine.order_by(Attempt.n)))


def leads_to(quiz: Quiz, attempt: Attempt) -> str:
    return f"302 /courses/{quiz.course.public_id}/quizzes/attempts/{attempt.public_id}"


def written(session: Session, attempt: Attempt) -> dict[str, Any]:
    """All that is written of an attempt, without what makes it this learner's."""

    def plain(row: object, *own: str) -> dict[str, Any]:
        return {key: value for key, value in vars(row).items() if not key.startswith("_") and key not in own}

    session.rollback()
    session.expire_all()
    for row in (session.get_one(Attempt, attempt.id), *attempt.answers):
        session.refresh(row)
    entries = session.scalars(select(AttemptEntry).where(AttemptEntry.attempt_id == attempt.id))
    letters = [each for each in session.scalars(select(Letter)) if each.body == {"attempt": attempt.id}]
    happened = [each for each in session.scalars(select(Happening)) if f'"{attempt.public_id}"' in each.body]
    return {
        "attempt": plain(attempt, "id", "public_id", "enrolment_id", "answers", "enrolment", "quiz", "revision"),
        "answers": [plain(each, "id", "attempt_id", "attempt", "version", "files") for each in attempt.answers],
        "entries": [plain(each, "id", "attempt_id") for each in entries],
        "letters": [plain(each, "id", "body") for each in letters],
        "happened": [
            each.body.replace(attempt.public_id, "?")
            .replace(attempt.enrolment.person.subject, "?")
            .replace(each.event_id, "?")
            for each in happened
        ],
    }


def test_it_writes_what_the_long_way_writes(session, quiz, leo, nora, as_leo, cast, long_way):
    omar = cast.enrol(quiz.course, "Omar")
    session.commit()

    address = begin(as_leo, quiz)

    (mine,) = attempts(session, quiz, leo)
    assert (address, long_way) == (leads_to(quiz, mine), [])
    theirs = starting.start(session, quiz, omar, seed=mine.seed, at=THEN)
    session.commit()
    assert written(session, mine) == written(session, theirs)
    assert {name: len(rows) for name, rows in written(session, mine).items() if name != "attempt"} == {
        "answers": 20,
        "entries": 1,
        "letters": 1,
        "happened": 1,
    }


def test_what_was_met_in_another_quiz_of_the_course_counts(session, quiz, leo, nora, as_leo, start: Start, long_way):
    """Those met come last, in another order of options; some of them were written anew meanwhile."""
    start(1)
    for question in session.scalars(select(Question).where(Question.bank_id == quiz.bank.id).limit(20)).all():
        last = session.scalars(select(QuestionVersion).where(QuestionVersion.question_id == question.id)).one()
        session.add(
            QuestionVersion(
                question=question,
                n=2,
                kind=last.kind,
                difficulty=last.difficulty,
                body={**last.body, "options": list(reversed(last.body["options"]))},
                sha256="",
                created=THEN,
            )
        )
    another = a_quiz(session, quiz.course, quiz.bank, asks=55)
    starting.start(session, another, nora, seed=SEED, at=THEN)
    session.commit()
    long_way.clear()

    begin(as_leo, another)

    (mine,) = attempts(session, another, leo)
    drawn = [(each.version.question_id, each.version_id, tuple(each.option_order)) for each in mine.answers]
    derived = deriving.derive(session, mine)
    assert drawn == [(each.question, each.version, each.option_order) for each in derived]
    assert (len(drawn), long_way) == (55, [])


def test_a_preview_student_leaves_no_trace(session, quiz, nora, client, cast, long_way):
    preview = cast.enrol(quiz.course, "Test student", is_test=True)
    session.commit()
    before = session.scalar(select(func.count()).select_from(Happening))
    session.commit()

    begin(cast.visit(client, preview), quiz)

    assert len(attempts(session, quiz, preview)) == 1
    assert (session.scalar(select(func.count()).select_from(Happening)), long_way) == (before, [])


def test_it_asks_and_writes_in_few_statements(session, quiz, leo, nora, as_leo, queries):
    with queries() as statements:
        begin(as_leo, quiz)

    said = [each.split()[0] for each in statements]
    assert (said.count("INSERT"), len(said) <= 16) == (5, True)


# What is left to the long way


def test_the_first_of_all_makes_what_the_others_draw_from(session, quiz, leo, as_leo, long_way):
    address = begin(as_leo, quiz)

    assert (address, long_way) == (leads_to(quiz, *attempts(session, quiz, leo)), ["Leo"])


def test_an_open_attempt_is_gone_on_with(session, quiz, leo, nora, as_leo, start: Start, long_way):
    running = start()
    long_way.clear()

    assert (begin(as_leo, quiz), long_way) == (leads_to(quiz, running), ["Leo"])


def test_a_second_attempt_keeps_to_the_rules_of_second_attempts(session, quiz, leo, nora, as_leo, start, long_way):
    changed(session, quiz, wait_once=MINUTE)
    start().submit({}, THEN)
    session.commit()
    long_way.clear()

    begin(as_leo, quiz)
    with clock.moved_to(THEN + MINUTE):
        begin(as_leo, quiz)

    assert [each.n for each in attempts(session, quiz, leo)] == [1, 2]
    assert long_way == ["Leo", "Leo"]


def granted(session: Session, quiz: Quiz, leo: Enrolment) -> None:
    whom, by = session.get_one(Enrolment, leo.id), session.scalars(select(Enrolment).limit(1)).one()
    twice = Accommodation(multiplier=2)
    granting.grant(session, whom, None, twice, reason=Reason.AGREED, valid_until=None, by=by, at=THEN)


def otherwise(session: Session, quiz: Quiz, leo: Enrolment) -> None:
    whom = session.get_one(Enrolment, leo.id)
    overriding.put(session, session.get_one(Quiz, quiz.id), whom, Instead(limit=HOUR), at=THEN)


def otherwise_for_a_group(session: Session, quiz: Quiz, leo: Enrolment) -> None:
    group = CourseGroup(course_id=quiz.course_id, source=Source.SERVICE, reference="n", name="North", created=THEN)
    session.add(group)
    session.flush()
    session.add(GroupMembership(group_id=group.id, enrolment_id=leo.id))
    overriding.put(session, session.get_one(Quiz, quiz.id), group, Instead(limit=HOUR), at=THEN)


def published_anew(session: Session, quiz: Quiz, _leo: Enrolment) -> None:
    changed(session, session.get_one(Quiz, quiz.id), limit=HOUR)


UNUSUAL = [granted, otherwise, otherwise_for_a_group]


@pytest.mark.parametrize("act", UNUSUAL)
def test_whoever_has_more_time_gets_it(session, quiz, leo, nora, as_leo, long_way, act):
    act(session, quiz, leo)
    session.commit()

    begin(as_leo, quiz)

    assert [each.deadline for each in attempts(session, quiz, leo)] == [THEN + HOUR]
    assert long_way == ["Leo"]


def test_an_access_code_is_asked_for(session, quiz, leo, nora, as_leo, long_way):
    changed(session, quiz, access_code="tulip")

    begin(as_leo, quiz, code="rose")
    refused = attempts(session, quiz, leo)
    begin(as_leo, quiz, code="tulip")

    assert (refused, len(attempts(session, quiz, leo)), long_way) == ([], 1, ["Leo", "Leo"])


@pytest.mark.parametrize("settings", [{"opens": THEN + HOUR}, {"closes": THEN}])
def test_outside_the_opening_hours_nothing_begins(session, quiz, leo, nora, as_leo, long_way, settings):
    changed(session, quiz, **settings)

    assert begin(as_leo, quiz) == f"302 /courses/{quiz.course.public_id}/quizzes/{quiz.public_id}"
    assert (attempts(session, quiz, leo), long_way) == ([], ["Leo"])


def test_a_quiz_that_is_not_there_is_not_found(session, quiz, leo, as_leo, cast):
    draft = a_quiz(session, quiz.course, quiz.bank)
    revising.take_back(session, draft)
    elsewhere = a_quiz(session, cast.course("Another"), quiz.bank, name="else")
    session.commit()
    foreign = f"/courses/{quiz.course.public_id}/quizzes/{elsewhere.public_id}/attempts"

    assert (begin(as_leo, draft), as_leo.post(foreign).status_code) == ("404 ", 404)


def test_questions_that_are_gone_since_are_not_asked(session, quiz, leo, nora, as_leo):
    gone = session.scalars(select(Question).where(Question.bank_id == quiz.bank.id).limit(45)).all()
    for question in gone:
        question.state = QuestionState.RETIRED
    session.commit()

    begin(as_leo, quiz)

    (mine,) = attempts(session, quiz, leo)
    assert not {each.id for each in gone} & {each.version.question_id for each in mine.answers}


def test_staff_begin_nothing(session, quiz, client, cast, nora):
    ines = cast.enrol(quiz.course, "Ines", Role.INSTRUCTOR)

    assert begin(cast.visit(client, ines), quiz) == "403 "


# What happens between reading and holding


@pytest.mark.parametrize("act", [*UNUSUAL, published_anew])
def test_what_holds_since_a_moment_ago_holds(session, quiz, leo, nora, as_leo, long_way, meanwhile, act):
    meanwhile(lambda theirs: act(theirs, quiz, leo))

    begin(as_leo, quiz)

    (mine,) = attempts(session, quiz, leo)
    current = session.get_one(Quiz, quiz.id, populate_existing=True).published
    assert (mine.deadline, mine.revision_id, long_way) == (THEN + HOUR, current.id, ["Leo"])


def test_begun_in_another_tab_a_moment_ago_it_is_the_same_attempt(session, quiz, leo, nora, as_leo, meanwhile):
    def other_tab(theirs: Session) -> None:
        me, what = theirs.get_one(Enrolment, leo.id), theirs.get_one(Quiz, quiz.id)
        starting.start(theirs, what, me, seed=SEED, at=THEN)

    meanwhile(other_tab)

    address = begin(as_leo, quiz)

    (mine,) = attempts(session, quiz, leo)
    assert (address, mine.seed) == (leads_to(quiz, mine), SEED)


def test_taken_back_a_moment_ago_it_is_not_begun(session, quiz, leo, as_leo, nora, meanwhile):
    """Nobody has begun this one; what it draws from is known from another that is alike."""
    alike = a_quiz(session, quiz.course, quiz.bank, plan=quiz.published.outlined)
    meanwhile(lambda theirs: revising.take_back(theirs, theirs.get_one(Quiz, alike.id)))

    assert begin(as_leo, alike) == "404 "
    assert attempts(session, alike, leo) == []


def test_four_tabs_at_once_get_the_same_attempt(app: Flask, session, quiz, leo, nora, cast):
    tabs = [cast.visit(app.test_client(), leo) for _ in range(4)]
    address = f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/attempts"
    session.commit()
    together = threading.Barrier(4)
    got: list[str] = []

    def click(tab: FlaskClient) -> None:
        together.wait()
        got.append(tab.post(address).headers["Location"])

    threads = [threading.Thread(target=click, args=(tab,)) for tab in tabs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (mine,) = attempts(session, quiz, leo)
    assert [f"302 {each}" for each in got] == [leads_to(quiz, mine)] * 4


def test_nothing_is_written_of_a_start_that_fails(session, quiz, leo, nora, as_leo, monkeypatch):
    def fail(*_here: object, **_event: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("quizzes.beginning.outbox.announce", fail)
    as_leo.application.config["PROPAGATE_EXCEPTIONS"] = False
    address = begin(as_leo, quiz)
    with as_leo.application.app_context():
        db.session.rollback()

    assert (address, attempts(session, quiz, leo)) == ("500 ", [])
