"""The column of an activity: found before it is made, made once, found again when it was deleted."""

from __future__ import annotations

import json
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock
from lti_tool.claims import AGS, LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, RESULT_SCOPE, SCORE_SCOPE, Launch
from lti_tool.db import db, transaction
from lti_tool.gradebook import ColumnState, GradeColumn, GradeState, Trouble, columns, mending
from lti_tool.gradebook.columns import HOLD, ColumnBusy, is_same_place
from lti_tool.models import Placement
from lti_tool.outgoing.services import Service, ServiceFailed
from lti_tool.placing import copies
from tests.conftest import Arrive
from tests.lti_tool.grading import (
    EXAM,
    TITLE,
    allow_only,
    calls_seen,
    column_of,
    course_of,
    deliver,
    earn,
    grade_of,
)
from tests.lti_tool.launching import claims

QUIZ = "Onboarding quiz"


def add_column(campus: CampusInHand, label: str, **values: Any) -> int:
    """A column in the campus that this tool has not made just now."""
    row = {"placement_id": None, "resource_id": None, "tag": None, **values}
    with campus.here.store.writing() as db:
        made = db.execute(
            "INSERT INTO line_items (course_id, placement_id, label, maximum, resource_id, tag, extra)"
            " VALUES ('2', ?, ?, 20, ?, ?, '{}')",
            (row["placement_id"], label, row["resource_id"], row["tag"]),
        ).lastrowid
    assert made is not None
    return made


def labels(campus: CampusInHand) -> list[str]:
    return [column.label for column in campus.columns()]


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_a_column_that_is_not_there_is_made_with_what_finds_it_again(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, flavor: str
):
    """AGS-01: on Moodle its address has a query, and /scores goes before it."""
    campus.set_flavor(flavor)
    arrive("leo")
    earn(session, campus, "leo", 14)

    with calls_seen() as calls:
        deliver(app)

    made = campus.columns()[-1]
    assert (made.label, made.maximum, made.resource_id, made.tag, made.placement_id) == (TITLE, 20, EXAM, "exam", None)
    assert campus.gradebook() == {("leo", TITLE): 14}
    bodies = [json.loads(rest["body"]) for method, url, rest in calls if method == "POST" and "/scores" not in url]
    assert bodies == [{"label": TITLE, "scoreMaximum": 20.0, "resourceId": EXAM, "tag": "exam"}]
    assert [url for _method, url, _rest in calls if "limit=" in url] == []
    assert campus.refusals() == []


def test_a_column_of_the_placement_is_taken_without_looking_for_one(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("leo", "quiz")
    reference = session.scalars(select(Placement.reference).where(Placement.line_item.is_not(None))).one()
    earn(session, campus, "leo", 14, activity=reference, title="Another title")

    with calls_seen() as calls:
        deliver(app)

    assert [method for method, _url, _rest in calls] == ["POST"]
    assert campus.gradebook() == {("leo", QUIZ): 14}


@pytest.mark.parametrize("tag", ["exam", None])
def test_a_column_with_our_resource_id_is_found_on_whichever_page_it_stands(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, tag: str | None
):
    """AGS-09"""
    arrive("leo")
    for n in range(25):
        add_column(campus, f"Other {n}", resource_id=EXAM, tag="somebody-elses")
    add_column(campus, "Ours", resource_id=EXAM, tag=tag)
    earn(session, campus, "leo", 14)

    deliver(app)

    assert campus.gradebook() == {("leo", "Ours"): 14}
    assert TITLE not in labels(campus)


def test_the_column_of_the_link_is_found_where_the_launch_did_not_name_it(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """Moodle leaves `lineitem` out as soon as a link has two columns (seen in 4.5)."""
    arrive("leo", "quiz")
    link = session.scalars(select(Placement).where(Placement.line_item.is_not(None))).one()
    link.line_item = None
    session.commit()
    add_column(campus, "Somebody's second", placement_id=link.resource_link_id, resource_id="theirs", tag="x")
    earn(session, campus, "leo", 14, activity=link.reference, title="Quiz")

    deliver(app)

    assert campus.gradebook() == {("leo", QUIZ): 14}


def test_a_column_that_came_along_with_a_copied_course_is_found_by_its_old_name(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("leo")
    add_column(campus, "Copied", resource_id="exam:of-last-year", tag="exam")
    with transaction():
        copies.note(session, course_of(session), EXAM, was="exam:of-last-year")
    earn(session, campus, "leo", 14)

    deliver(app)

    assert campus.gradebook() == {("leo", "Copied"): 14}
    assert TITLE not in labels(campus)


def test_a_placement_that_was_meant_to_be_ungraded_gets_no_column(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("leo", "quiz")
    link = session.scalars(select(Placement).where(Placement.line_item.is_not(None))).one()
    link.line_item, link.is_graded = None, False
    session.commit()
    earn(session, campus, "leo", 14, activity=link.reference)

    with calls_seen() as calls:
        deliver(app)

    assert calls == []
    assert column_of(session, link.reference).state is ColumnState.UNWANTED
    assert grade_of(session, campus, "leo", link.reference).trouble is Trouble.UNWANTED


@pytest.mark.parametrize("is_there", [True, False])
def test_with_the_read_only_right_a_column_is_looked_for_and_never_made(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, is_there: bool
):
    """TOKEN-11"""
    campus.set_flavor("moodle")
    arrive("leo")
    allow_only(session, SCORE_SCOPE, RESULT_SCOPE, LINE_ITEM_READ_SCOPE)
    if is_there:
        add_column(campus, "Ours", resource_id=EXAM, tag="exam")
    earn(session, campus, "leo", 14)

    with calls_seen() as calls:
        deliver(app)

    looked = [rest["scopes"] for method, _url, rest in calls if method == "GET"]
    assert looked == [[LINE_ITEM_READ_SCOPE]]
    assert campus.gradebook() == ({("leo", "Ours"): 14} if is_there else {})
    assert column_of(session).state is (ColumnState.STANDING if is_there else ColumnState.NONE)
    assert TITLE not in labels(campus)


def test_a_get_asks_for_the_read_only_scope_by_name(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    """TOKEN-11: as Moodle wants it, also where we may write."""
    campus.set_flavor("moodle")
    arrive("leo")
    earn(session, campus, "leo", 14)

    deliver(app)

    asked = sorted(row["scopes"] for row in campus.here.store.all("SELECT scopes FROM tokens"))
    assert [scope for scope in asked if "lineitem" in scope] == [LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE]


@pytest.mark.parametrize("line_item", ["", " ", None, 7, {}])
def test_a_line_item_claim_that_names_none_is_absent(line_item: object):
    """AGS-14"""
    told = claims()
    told[AGS] = {"scope": [SCORE_SCOPE], "lineitems": "https://campus.example/ags", "lineitem": line_item}

    gradebook = Launch.from_claims(told).gradebook

    assert gradebook is not None
    assert (gradebook.line_items, gradebook.line_item) == ("https://campus.example/ags", None)


def test_two_processes_at_once_make_one_column(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    arrive("leo")
    earn(session, campus, "leo", 14)
    column = column_of(session).id
    session.rollback()
    ends: list[object] = []
    together = Barrier(4)

    def look() -> None:
        with app.app_context():
            mine = db.session.get_one(GradeColumn, column)
            together.wait(timeout=20)
            try:
                ends.append(columns.ready(mine).line_item)
            except ColumnBusy:
                ends.append(None)

    threads = [Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert labels(campus).count(TITLE) == 1
    assert {end for end in ends if end} == {column_of(session).line_item}


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_a_crash_between_the_making_and_our_noting_it_makes_no_second_column(
    app: Flask,
    session: Session,
    campus: CampusInHand,
    arrive: Arrive,
    monkeypatch: pytest.MonkeyPatch,
    flavor: str,
):
    campus.set_flavor(flavor)
    arrive("leo")
    earn(session, campus, "leo", 14)
    column = column_of(session)

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(columns, "_settle", killed)
        with pytest.raises(KeyboardInterrupt):
            columns.ready(column)
    assert labels(campus).count(TITLE) == 1
    assert campus.gradebook() == {}

    deliver(app)
    assert grade_of(session, campus, "leo").state is GradeState.WAITING, "the hold of the killed one lasts"
    deliver(app, seconds=HOLD.total_seconds() + 5)

    assert labels(campus).count(TITLE) == 1
    assert campus.gradebook() == {("leo", TITLE): 14}


def test_an_answer_lost_after_the_column_was_made_makes_no_second_one(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
):
    arrive("leo")
    earn(session, campus, "leo", 14)
    call = Service.call

    def losing(self: Service, method: str, url: str, **rest: Any) -> Any:
        answer = call(self, method, url, **rest)
        if method == "POST" and "/scores" not in url:
            raise ServiceFailed("campus did not answer within 5 seconds")
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(Service, "call", losing)
        deliver(app)
    deliver(app, seconds=30)
    assert campus.gradebook() == {}
    deliver(app, seconds=HOLD.total_seconds() * 2 + 5)

    assert labels(campus).count(TITLE) == 1
    assert campus.gradebook() == {("leo", TITLE): 14}


def test_a_refusal_to_make_one_is_definite_and_the_next_grade_may_ask_at_once(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
):
    arrive("leo")
    earn(session, campus, "leo", 14)

    def refused(self: Service, method: str, url: str, **rest: Any) -> Any:
        raise ServiceFailed("campus answered HTTP 422", 422)

    with monkeypatch.context() as patch:
        patch.setattr(Service, "call", refused)
        deliver(app)

    assert (column_of(session).state, column_of(session).held_until) == (ColumnState.UNSOUGHT, None)
    assert grade_of(session, campus, "leo").trouble is Trouble.REFUSED


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_a_deleted_column_waits_for_an_instructor_and_is_never_made_twice(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, flavor: str
):
    """AGS-09"""
    campus.set_flavor(flavor)
    arrive("leo")
    arrive("maya")
    earn(session, campus, "leo", 14)
    earn(session, campus, "maya", 9)
    deliver(app)
    campus.delete_column(TITLE)
    earn(session, campus, "leo", 16, attempt="two")

    for minutes in range(1, 5):
        deliver(app, minutes=minutes)

    assert TITLE not in labels(campus)
    assert column_of(session).state is ColumnState.DELETED
    assert [grade_of(session, campus, key).trouble for key in ("leo", "maya")] == [Trouble.DELETED] * 2

    with transaction():
        mending.make_again(session, column_of(session))
    deliver(app, minutes=6)
    assert campus.gradebook() == {("leo", TITLE): 16, ("maya", TITLE): 9}
    assert labels(campus).count(TITLE) == 1


def test_a_deleted_column_is_replaced_by_another_that_is_the_activitys(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-09"""
    arrive("leo")
    arrive("maya")
    earn(session, campus, "leo", 14)
    earn(session, campus, "maya", 9)
    deliver(app)
    campus.delete_column(TITLE)
    add_column(campus, "Restored", resource_id=EXAM, tag="exam")
    earn(session, campus, "leo", 16, attempt="two")

    deliver(app, seconds=5)

    assert campus.gradebook() == {("leo", "Restored"): 16, ("maya", "Restored"): 9}
    assert TITLE not in labels(campus)


def test_a_person_who_is_not_found_is_not_taken_for_a_column_that_is_gone(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-07 AGS-09: the strict campus answers 404 to both."""
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)
    campus.unenrol("leo")
    earn(session, campus, "leo", 16, attempt="two")

    deliver(app, seconds=5)

    assert column_of(session).state is ColumnState.STANDING
    assert grade_of(session, campus, "leo").trouble is Trouble.REFUSED


def test_a_link_with_a_column_of_its_own_takes_the_grades_over(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """A teacher places the quiz in the course page after somebody has taken it from the home page."""
    arrive("leo", "quiz")
    link = session.scalars(select(Placement).where(Placement.line_item.is_not(None))).one()
    line_item, link.line_item = link.line_item, None
    reference, placement_id = link.reference, link.resource_link_id
    session.commit()
    with campus.here.store.writing() as db:
        db.execute("UPDATE line_items SET placement_id = NULL WHERE placement_id = ?", (placement_id,))
    earn(session, campus, "leo", 14, activity=reference, title="Quiz")
    deliver(app)
    assert campus.gradebook() == {("leo", "Quiz"): 14}
    with campus.here.store.writing() as db:
        db.execute("UPDATE line_items SET placement_id = ? WHERE id = 1", (placement_id,))

    arrive("leo", "quiz")
    deliver(app, seconds=5)

    assert column_of(session, reference).line_item == line_item
    assert campus.gradebook() == {("leo", "Quiz"): 14, ("leo", QUIZ): 14}


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("https://a.example/l/2/lineitem?type_id=1", "https://b.example/l/2/lineitem?type_id=1", True),
        ("https://a.example/l/2/lineitem/", "https://a.example/l/2/lineitem", True),
        ("https://a.example/l/2/lineitem", "https://a.example/l/3/lineitem", False),
        ("https://a.example/l?id=2", "https://a.example/l?id=3", False),
        (None, "https://a.example/l?id=3", False),
    ],
)
def test_a_column_is_the_same_on_another_host(one: str | None, other: str, is_same: bool):
    assert is_same_place(one, other) is is_same


def test_a_column_at_a_foreign_address_is_not_taken(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
):
    """A list of columns is no launch: what it names elsewhere gets no token of ours."""
    arrive("leo")
    earn(session, campus, "leo", 14)
    call = Service.call

    def bent(self: Service, method: str, url: str, **rest: Any) -> Any:
        answer = call(self, method, url, **rest)
        if method == "GET" and "lineitems" in url:
            body = [{"id": "https://evil.example/lineitem", "resourceId": EXAM, "tag": "exam"}]
            return type(answer)(200, {}, json.dumps(body).encode(), url)
        return answer

    monkeypatch.setattr(Service, "call", bent)
    with calls_seen() as calls:
        deliver(app)

    assert [url for _method, url, _rest in calls if "evil" in url] == []
    assert (column_of(session).line_item, grade_of(session, campus, "leo").trouble) == (None, Trouble.REFUSED)


def test_the_hold_on_a_column_ends_before_it_could_be_made_too_late(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
):
    arrive("leo")
    earn(session, campus, "leo", 14)
    column = column_of(session)
    late = clock.now() + HOLD - timedelta(seconds=5)

    def slow(found: object) -> None:
        monkeypatch.setattr(clock, "now", lambda: late)

    monkeypatch.setattr(columns, "_search", slow)

    with pytest.raises(ColumnBusy):
        columns.ready(column)

    assert TITLE not in labels(campus)
