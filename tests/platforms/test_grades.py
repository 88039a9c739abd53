"""Grades as the 1EdTech suite certifies them, and what Moodle 4.5 answered to 73 odd calls, met by our own client.

https://www.imsglobal.org/spec/lti/v1p3/cert/ section 6.4; `moodle-4.5/README.md` says how the answers were recorded.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock, outbox
from lti_tool.claims import LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, RESULT_SCOPE, SCORE_SCOPE
from lti_tool.db import transaction
from lti_tool.events import GradeChanged
from lti_tool.gradebook import ColumnState, Grade, GradeColumn, GradeState, Trouble, columns, comparing, results
from lti_tool.models import Course, Enrolment
from lti_tool.outgoing.http import Answer
from lti_tool.outgoing.services import Service
from lti_tool.running.delivering import drain
from tests.cast import THEN, Cast
from tests.conftest import Arrive
from tests.journeys.walking import right_answers, start_quiz, sure
from tests.lti_tool.grading import deliver, earn
from tests.platforms.recordings import recorded

SERVICES = "http://localhost:8100/mod/lti/services.php/2/lineitems"
QUIZ = f"{SERVICES}/2/lineitem?type_id=1"
REVIEW = f"{SERVICES}/3/lineitem?type_id=1"


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_a_learner_launch_then_a_column_and_scores_by_ourselves(
    app: Flask,
    session: Session,
    campus: CampusInHand,
    arrive: Arrive,
    caplog: pytest.LogCaptureFixture,
    flavor: str,
):
    """CERT-AGS-01: the launch has its verdict in the log, the platform every score, and no name is in any line."""
    caplog.set_level(logging.INFO)
    campus.set_flavor(flavor)

    leo = arrive("leo", "quiz")
    attempt = start_quiz(leo, leo.page)  # type: ignore[attr-defined]
    leo.post(attempt, data=sure(right_answers(session, attempt, how_many=14)))
    earn(session, campus, "leo", 4.5, activity="exam:final", title="Final exam", maximum=5)
    deliver(app)

    assert campus.gradebook() == {("leo", "Onboarding quiz"): 14, ("leo", "Final exam"): 4.5}
    assert [(entry["effect"], entry["score"]) for entry in campus.score_log()] == [("graded", 14), ("graded", 4.5)]
    assert campus.refusals() == []
    lines = [record.getMessage() for record in caplog.records]
    assert sum("verdict=ok" in line and line.startswith("launch") for line in lines) == 1
    assert [line for line in lines if "Nowak" in line or "Bearer" in line] == []


def cases(*files: str) -> list[Any]:
    return [each for name in files for each in recorded(name)]


def case(label: str) -> Any:
    """One recorded call with its answer."""
    [found] = [each for each in cases("ags-nrps-edge-cases", "ags-edge-cases-2") if each["label"] == label]
    return found


def answer_of(each: Any) -> Answer:
    status, body = each["status"], each["body"]
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {name.lower(): value for name, value in each.get("response_headers", {}).items()}
    return Answer(status, headers, text.encode(), each["request"]["url"])


@dataclass
class RecordedMoodle:
    """Answers our client with what Moodle really said, and remembers what it was asked."""

    says: dict[tuple[str, str], list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)

    def will_say(self, method: str, url: str, *answers: Answer) -> None:
        self.says[method, url] = list(answers)

    def call(self, method: str, url: str, **rest: Any) -> Answer:
        self.asked.append((method, url, rest))
        answers = self.says[method, url]
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture
def moodle(monkeypatch: pytest.MonkeyPatch) -> RecordedMoodle:
    moodle = RecordedMoodle()
    monkeypatch.setattr(Service, "call", lambda _self, method, url, **rest: moodle.call(method, url, **rest))
    return moodle


@pytest.fixture
def course(session: Session, cast: Cast) -> Course:
    platform = cast.platform("Moodle")
    platform.issuer, platform.family = "http://localhost:8100", "moodle"
    for name in ("auth_url", "token_url", "jwks_url"):
        setattr(platform, name, f"http://localhost:8100/mod/lti/{name}.php")
    course = cast.course("MENTOR101")
    course.line_items_url = f"{SERVICES}?type_id=1"
    course.line_item_scopes = [LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE, RESULT_SCOPE, SCORE_SCOPE]
    session.commit()
    return course


def column(session: Session, course: Course, activity: str, line_item: str | None = None) -> GradeColumn:
    state = ColumnState.STANDING if line_item else ColumnState.UNSOUGHT
    made = GradeColumn(
        course_id=course.id, activity=activity, title="x", maximum=20, state=state, line_item=line_item, created=THEN
    )
    session.add(made)
    session.commit()
    return made


def learner(session: Session, cast: Cast, course: Course, subject: str) -> Enrolment:
    enrolment = cast.enrol(course, f"Learner {subject}")
    enrolment.person.subject = subject
    session.commit()
    return enrolment


def announce(session: Session, who: Enrolment, score: float, *, activity: str = "quiz-1", at: datetime = THEN) -> None:
    with transaction():
        outbox.announce(
            session,
            GradeChanged(
                at=at, who=who.who, where=who.course.where, activity=activity, title="Quiz", score=score, maximum=20.0
            ),
        )


def test_our_score_is_the_one_that_moodle_took(
    app: Flask, session: Session, cast: Cast, course: Course, moodle: RecordedMoodle
):
    """AGS-01: the address with /scores before the query, the media type, every name in the body."""
    sample = recorded("ags-score-post")
    said, answered = sample["request"], sample["response"]
    moodle.will_say("POST", said["url"], Answer(answered["status"], {}, b"", said["url"]))
    column(session, course, "quiz-1", QUIZ)
    who = learner(session, cast, course, said["body"]["userId"])
    earned = datetime.fromisoformat(said["body"]["timestamp"])

    with clock.moved_to(earned + timedelta(milliseconds=200)):
        announce(session, who, 15.5, at=earned)
        drain(app)

    [(method, url, rest)] = moodle.asked
    expected = {**said["body"], "timestamp": "2026-11-22T12:22:53.579Z"}
    del expected["comment"]
    assert (method, url, rest["content_type"]) == ("POST", said["url"], said["headers"]["Content-Type"])
    assert json.loads(rest["body"]) == expected


def test_our_new_column_is_the_one_that_moodle_made(
    session: Session, course: Course, moodle: RecordedMoodle, cast: Cast
):
    """AGS-01"""
    sample = recorded("ags-lineitem-create")
    said, answered = sample["request"], sample["response"]
    moodle.will_say("GET", f"{SERVICES}?type_id=1&resource_id=review-1", Answer(200, {}, b"[]", SERVICES))
    moodle.will_say("POST", said["url"], Answer(201, {}, json.dumps(answered["body"]).encode(), said["url"]))
    wanted = column(session, course, "review-1")
    wanted.title, wanted.maximum = said["body"]["label"], said["body"]["scoreMaximum"]
    session.commit()

    found = columns.ready(wanted)

    method, url, rest = moodle.asked[-1]
    assert (method, url) == ("POST", said["url"])
    assert (rest["accept"], rest["content_type"]) == (said["headers"]["Accept"], said["headers"]["Content-Type"])
    assert json.loads(rest["body"]) == {**said["body"], "tag": "review-1"}
    assert found.line_item == answered["body"]["id"]


def test_the_recorded_filters_find_our_column(session: Session, course: Course, moodle: RecordedMoodle):
    """AGS-09: by resource id; the column has another tool's tag there, which is not ours."""
    by_id = case("GET lineitems filter resource_id")
    moodle.will_say("GET", f"{SERVICES}?type_id=1&resource_id=review-1", answer_of(by_id))
    moodle.will_say("POST", f"{SERVICES}?type_id=1", answer_of(case("create lineitem no scoreMaximum")))
    ours = column(session, course, "review-1")
    ours_tag = by_id["body"][0]["tag"]

    assert (ours_tag, ours.tag) == ("review", "review-1")
    with pytest.raises(Exception, match="HTTP 400"):
        columns.ready(ours)

    ours.activity = "review"
    session.commit()
    named = [{**by_id["body"][0], "resourceId": "review"}]
    moodle.will_say("GET", f"{SERVICES}?type_id=1&resource_id=review", Answer(200, {}, json.dumps(named).encode(), ""))
    assert columns.ready(ours).line_item == REVIEW


def test_lists_are_asked_for_by_their_exact_media_type(session: Session, course: Course, moodle: RecordedMoodle):
    """Without it Moodle answers 400."""
    assert case("list lineitems no Accept")["status"] == 400
    right = case("list lineitems")
    moodle.will_say("GET", f"{SERVICES}?type_id=1&resource_id=quiz-1", answer_of(right))
    moodle.will_say("POST", f"{SERVICES}?type_id=1", answer_of(case("create lineitem wrong content-type json")))
    ours = column(session, course, "quiz-1")
    with pytest.raises(Exception, match="HTTP 400"):
        columns.ready(ours)

    assert moodle.asked[0][2]["accept"] == right["request"]["headers"]["Accept"]
    assert all("limit" not in parse_qs(urlsplit(url).query) for _method, url, _rest in moodle.asked)


@pytest.mark.parametrize("label", ["score for teacher", "score for user not in course (id 4)"])
def test_moodles_400_for_somebody_who_cannot_be_graded_is_final(
    app: Flask, session: Session, cast: Cast, course: Course, moodle: RecordedMoodle, label: str
):
    """AGS-07"""
    moodle.will_say("POST", QUIZ.replace("?", "/scores?"), answer_of(case(label)))
    column(session, course, "quiz-1", QUIZ)
    announce(session, learner(session, cast, course, "3"), 5)

    drain(app)
    with clock.moved_by(timedelta(days=1)):
        drain(app)

    session.rollback()
    assert session.scalars(select(Grade.trouble)).one() is Trouble.REFUSED
    assert len(moodle.asked) == 1


def test_moodles_409_of_the_same_second_is_followed_by_a_later_time(
    app: Flask, session: Session, cast: Cast, course: Course, moodle: RecordedMoodle
):
    """AGS-02"""
    scores, seen = QUIZ.replace("?", "/scores?"), QUIZ.replace("?", "/results?")
    taken, clash = case("coupled: first"), case("coupled: same second +0.5s")
    moodle.will_say("POST", scores, answer_of(clash), answer_of(taken))
    moodle.will_say("GET", f"{seen}&user_id=20", answer_of(case("coupled results u20")))
    column(session, course, "quiz-1", QUIZ)
    who = learner(session, cast, course, "20")
    with clock.moved_to(THEN):
        announce(session, who, 6)
        drain(app)
    with clock.moved_to(THEN + timedelta(seconds=3)):
        drain(app)

    session.rollback()
    stamps = [json.loads(rest["body"])["timestamp"] for method, _url, rest in moodle.asked if method == "POST"]
    assert stamps == ["2026-11-23T09:00:00.000Z", "2026-11-23T09:00:01.000Z"]
    assert session.scalars(select(Grade.sent_version)).one() == 1


def test_the_recorded_results_are_read_as_they_are_meant(session: Session, course: Course, moodle: RecordedMoodle):
    """AGS-12: with a score, with an HTML comment, and without any score at all."""
    seen = f"{SERVICES}/4/lineitem/results?type_id=1"
    moodle.will_say("GET", seen, answer_of(case("results")))
    found = results.of_everybody(column(session, course, "exam", f"{SERVICES}/4/lineitem?type_id=1"))

    scores = {result.subject: result.score for result in found.values()}
    assert (scores["8"], scores["9"], scores["10"], scores["11"]) == (None, None, 10, 0)
    assert moodle.asked[0][2]["accept"] == case("results")["request"]["headers"]["Accept"]


@pytest.mark.parametrize(
    ("label", "subject", "score", "state"),
    [
        ("coupled results u20", "20", 8.0, GradeState.SAME),
        ("coupled results u20", "20", 9.0, GradeState.OVERRIDDEN),
        ("coupled results u21", "21", 12.0, GradeState.SAME),
        ("coupled results u21", "99", 12.0, GradeState.MISSING),
        ("results user_id", "8", 9.0, GradeState.MISSING),
        ("results after max change", "8", 0.0, GradeState.SAME),
    ],
)
def test_what_moodle_shows_is_compared_with_what_we_sent(
    session: Session,
    cast: Cast,
    course: Course,
    moodle: RecordedMoodle,
    label: str,
    subject: str,
    score: float,
    state: GradeState,
):
    moodle.will_say("GET", QUIZ.replace("?", "/results?"), answer_of(case(label)))
    ours = column(session, course, "quiz-1", QUIZ)
    who = learner(session, cast, course, subject)
    session.add(
        Grade(
            enrolment_id=who.id,
            activity="quiz-1",
            title="Quiz",
            score=score,
            maximum=20.0,
            earned=THEN,
            sent=THEN,
            sent_version=1,
        )
    )
    session.commit()

    comparing.compare(ours, within=5)

    session.rollback()
    assert session.scalars(select(Grade)).one().state is state


def test_a_column_that_moodle_says_was_deleted_is_not_made_again_unasked(
    app: Flask, session: Session, cast: Cast, course: Course, moodle: RecordedMoodle
):
    """AGS-09"""
    gone = answer_of(case("GET deleted"))
    moodle.will_say("POST", QUIZ.replace("?", "/scores?"), gone)
    moodle.will_say("GET", QUIZ, gone)
    moodle.will_say("GET", f"{SERVICES}?type_id=1&resource_id=quiz-1", Answer(200, {}, b"[]", SERVICES))
    ours = column(session, course, "quiz-1", QUIZ)
    announce(session, learner(session, cast, course, "20"), 5)

    drain(app)

    session.expire_all()
    assert ours.state is ColumnState.DELETED
    assert [method for method, _url, _rest in moodle.asked] == ["POST", "GET", "GET"]


def test_nothing_we_send_is_among_what_erased_a_grade():
    """AGS-04: Moodle cleared the grade for each of these (`moodle-4.5/README.md`, number 26)."""
    erasing = [
        case(label)["request"]["body"]
        for label in (
            "score Started/NotReady no scoreGiven",
            "score Submitted/PendingManual with score",
            "score null FullyGraded (clear)",
            "score no scoreGiven FullyGraded",
        )
    ]

    assert [body["gradingProgress"] == "FullyGraded" and body.get("scoreGiven") is not None for body in erasing] == [
        False
    ] * 4
