"""The page that says who is in the course, and how the readings of its list went."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from lti_tool import clock, jobs, roster
from lti_tool.db import db, transaction
from lti_tool.jobs import Job, JobState
from lti_tool.models import Course, Enrolment, Role
from lti_tool.roster import How, Problem, RosterReading, RosterUnavailable
from lti_tool.roster.words import PROBLEMS
from lti_tool.running import working
from tests.cast import THEN, Cast
from tests.lti_tool.rosters import answering, member, readings, roster_jobs
from tests.mentoring.reading import panel, words


@pytest.fixture
def course(session: Session, cast: Cast) -> Course:
    course = cast.course()
    course.roster_url = "https://campus.example/members"
    session.commit()
    return course


@pytest.fixture
def ines(cast: Cast, course: Course) -> Enrolment:
    return cast.enrol(course, "Ines Torres", Role.INSTRUCTOR)


@pytest.fixture
def client(app: Flask, cast: Cast, ines: Enrolment) -> FlaskClient:
    return cast.visit(app.test_client(), ines)


@pytest.fixture
def address(course: Course) -> str:
    return f"/courses/{course.public_id}/people"


def listed(client: FlaskClient, address: str) -> list[str]:
    return re.findall(r'<th role="rowheader"[^>]*><bdi>(.*?)</bdi>', client.get(address).text)


def test_everybody_stands_there_by_name_with_role_and_when_they_were_seen(
    session: Session, cast: Cast, course: Course, client: FlaskClient, address: str
):
    leo = cast.enrol(course, "leo Baum")
    leo.last_launch = THEN
    cast.enrol(course, "Óscar")
    cast.enrol(course, "Maya", Role.ASSISTANT)
    session.commit()

    assert listed(client, address) == ["Ines Torres", "leo Baum", "Maya", "Óscar"]
    assert "leo Baum Learner Nov 23, 2026 Nov 23, 2026, 9:00 AM UTC Here" in words(client.get(address))


def test_preview_students_are_not_among_them(cast: Cast, course: Course, client: FlaskClient, address: str):
    """ROLE-14"""
    cast.enrol(course, "Test Student", is_test=True)

    text = words(client.get(address))

    assert listed(client, address) == ["Ines Torres"]
    assert "Who is here (1)" in text


def test_who_has_left_stands_apart_with_the_moment(
    session: Session, cast: Cast, course: Course, client: FlaskClient, address: str
):
    leo = cast.enrol(course, "Leo Baum", is_active=False)
    leo.left = THEN
    session.commit()

    assert listed(client, address) == ["Ines Torres"]
    assert listed(client, f"{address}?show=left") == ["Leo Baum"]
    assert "Left Nov 23, 2026, 9:00 AM UTC" in words(client.get(f"{address}?show=left"))


def test_a_role_the_list_says_differently_is_told(
    session: Session, cast: Cast, course: Course, client: FlaskClient, address: str
):
    anouk = cast.enrol(course, "Anouk", Role.INSTRUCTOR)
    anouk.roster_role, anouk.last_launch = Role.LEARNER, THEN
    session.commit()

    assert "Anouk Instructor in the class list: Learner" in words(client.get(address))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("oscar", ["Óscar Peña"]), ("PENA", ["Óscar Peña"]), ("nobody", []), ("participant", ["Participant 3"])],
)
def test_somebody_is_found_by_part_of_their_name(
    cast: Cast, course: Course, client: FlaskClient, address: str, wanted: str, found: list[str]
):
    cast.enrol(course, "Óscar Peña")
    cast.enrol(course, "")

    assert listed(client, f"{address}?q={wanted}") == found


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        ("", 100),
        ("0", 100),
        ("100", 31),
        ("130", 31),
        ("150", 100),
        ("-5", 100),
        ("x", 100),
        ("99999999999999", 100),
        ("\u0663", 100),
    ],
)
def test_a_long_list_comes_in_pages(
    cast: Cast, course: Course, client: FlaskClient, address: str, start: str, shown: int
):
    for number in range(130):
        cast.enrol(course, f"Person {number:03}")

    assert len(listed(client, f"{address}?from={start}")) == shown


def test_a_long_list_is_read_with_few_queries(
    app: Flask, cast: Cast, course: Course, client: FlaskClient, address: str
):
    def asked() -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        client.get(address)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    few = asked()
    for number in range(40):
        cast.enrol(course, f"Person {number:03}")

    assert asked() == few


def test_before_the_first_reading_the_page_says_so(client: FlaskClient, address: str):
    assert "The class list has not been read yet." in words(client.get(address))


def test_without_an_address_there_is_nothing_to_press(
    session: Session, course: Course, client: FlaskClient, address: str
):
    course.roster_url = None
    session.commit()

    assert "Your learning platform does not share its class list with this tool." in words(client.get(address))
    assert "Read again now" not in client.get(address).text
    client.post(f"{address}/read")
    assert roster_jobs(session) == []
    assert "there is nothing to read" in words(client.get(address))


def test_what_the_last_readings_changed_is_told_with_todays_names(
    session: Session, cast: Cast, course: Course, client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
):
    ines = member("ines-torres", "Instructor", name="Ines Torres")
    answering(monkeypatch, ines, member("leo", name="Leo Baum"))
    roster.refresh(course)
    answering(monkeypatch, ines, member("zoe", name="Zoe Lind"))
    roster.refresh(course, how=How.NIGHT)
    answering(monkeypatch, ines, member("zoe", name="Zoe Lindqvist"))
    roster.refresh(course)

    text = words(client.get(address))

    assert "2 people in the course, at night Joined Zoe Lindqvist Left Leo Baum" in text
    assert "New name Zoe Lindqvist" in text
    assert "The first reading of this class list." in text


def test_a_long_difference_names_some_and_counts_the_rest(
    cast: Cast, course: Course, client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
):
    ines = member("ines-torres", "Instructor")
    answering(monkeypatch, ines)
    roster.refresh(course)
    answering(monkeypatch, ines, *(member(str(number)) for number in range(25)))
    roster.refresh(course)

    assert "Person 19 and 5 more" in words(client.get(address))


@pytest.mark.parametrize("problem", list(Problem))
def test_a_reading_that_failed_is_told_with_cause_and_cure(
    session: Session, course: Course, client: FlaskClient, address: str, problem: Problem
):
    session.add(RosterReading(course_id=course.id, at=THEN, how=How.NIGHT, problem=problem, detail="HTTP 500"))
    session.commit()

    text = words(client.get(address))

    cause, cure = PROBLEMS[problem]
    assert f"The class list could not be read. {cause} {cure} ( Nov 23, 2026, 9:00 AM UTC )" in text
    assert "HTTP 500" not in text, "that is for operators"


def test_read_again_now_has_a_job_do_it_and_shows_how_far_it_is(
    app: Flask,
    session: Session,
    course: Course,
    ines: Enrolment,
    client: FlaskClient,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
):
    answering(monkeypatch, member("ines-torres", "Instructor"), member("leo", name="Leo Baum"))

    pressed = client.post(f"{address}/read")

    assert (pressed.status_code, pressed.headers["Location"]) == (302, address)
    [job] = roster_jobs(session)
    assert (job.course, job.asked_by) == (course, ines)
    waiting = client.get(address)
    assert "The class list is about to be read." in words(waiting)
    assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in waiting.text
    working.drain(app)
    done = client.get(address)
    assert "Last read" in words(done)
    assert "because an instructor asked" in words(done)
    assert 'refresh" content' not in done.text
    assert listed(client, address) == ["Leo Baum", "Person ines-torres"]


def running(session: Session, course: Course, **rest: object) -> Job:
    with transaction():
        job = roster.ask_for(session, course, How.ASKED)
        job.state, job.held_by, job.held_until = JobState.RUNNING, "somebody", clock.now() + timedelta(minutes=2)
        for name, value in rest.items():
            setattr(job, name, value)
    return job


PROGRESS = {
    "few are known": ({"done": 120}, "The class list is being read: 120 people so far."),
    "about how many is known": ({"done": 120, "total": 400}, "120 of about 400 people are read."),
    "there are more than last time": ({"done": 500, "total": 400}, "500 of about 400 people are read."),
    "it is to stop": ({"is_asked_to_stop": True}, "The reading is being stopped."),
}


@pytest.mark.parametrize(("row", "said"), PROGRESS.values(), ids=list(PROGRESS))
def test_how_far_it_is_stands_on_the_page_and_in_its_fragment(
    session: Session, course: Course, client: FlaskClient, address: str, row: dict[str, object], said: str
):
    running(session, course, **row)

    page = client.get(address)
    fragment = client.get(f"{address}/reading", headers={"HX-Request": "true"})

    assert said in words(page)
    assert 'hx-trigger="every 2s"' in page.text
    assert words(fragment) == said
    assert "HX-Refresh" not in fragment.headers


@pytest.mark.parametrize("is_asked", [False, True])
def test_stopping_is_offered_until_it_is_asked_for(
    session: Session, course: Course, client: FlaskClient, address: str, is_asked: bool
):
    running(session, course, is_asked_to_stop=is_asked)

    assert (f'action="{address}/stop"' in client.get(address).text) is not is_asked


def test_once_it_has_ended_the_fragment_has_the_page_loaded_anew(client: FlaskClient, address: str):
    assert client.get(f"{address}/reading", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_the_fragments_address_leads_others_to_the_page(client: FlaskClient, address: str):
    assert client.get(f"{address}/reading").headers["Location"] == address


def test_a_reading_can_be_stopped(
    app: Flask, session: Session, course: Course, client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
):
    answering(monkeypatch, member("leo"))
    client.post(f"{address}/read")

    client.post(f"{address}/stop")
    working.drain(app)

    assert "The last reading was stopped, so nothing was changed." in words(client.get(address))
    assert (readings(session), [job.state for job in roster_jobs(session)]) == ([], [JobState.CANCELLED])
    again = client.post(f"{address}/stop", follow_redirects=True)
    assert "was not being read any more" in words(again)


def test_a_running_reading_that_is_stopped_applies_nothing(
    app: Flask, session: Session, course: Course, client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(working, "WRITE_EVERY", 0)
    answering(monkeypatch, member("leo"))
    client.post(f"{address}/read")
    ask = roster.refreshing.ask  # type: ignore[attr-defined]

    def stopped_meanwhile(*args: Any, **rest: Any) -> object:
        client.post(f"{address}/stop")
        return ask(*args, **rest)

    monkeypatch.setattr("lti_tool.roster.refreshing.ask", stopped_meanwhile)
    working.drain(app)

    assert ([job.state for job in roster_jobs(session)], readings(session)) == ([JobState.CANCELLED], [])
    assert listed(client, address) == ["Ines Torres"]


def test_a_reading_that_is_put_off_says_until_when_and_can_be_hurried(
    session: Session, course: Course, client: FlaskClient, address: str
):
    with transaction():
        jobs.ask(
            session,
            "roster",
            {"course": course.id, "how": "night"},
            key=f"roster:{course.id}",
            course=course,
            due=clock.now() + timedelta(hours=1),
        )

    page = client.get(address)
    assert "The class list will be read again by itself at" in words(page)
    assert "hx-trigger" not in page.text
    client.post(f"{address}/read")
    assert "about to be read" in words(client.get(address))


def test_a_reading_nobody_begins_points_to_the_work_loop(
    session: Session, course: Course, client: FlaskClient, address: str
):
    with transaction():
        roster.ask_for(session, course, How.ASKED).due -= timedelta(minutes=5)

    assert "its work loop stands still" in words(client.get(address))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.INSTRUCTOR])
def test_nobody_but_instructors_opens_the_page(app: Flask, cast: Cast, course: Course, address: str, role: Role):
    visitor = cast.visit(app.test_client(), cast.enrol(course, "Leo", role))

    answers = [
        visitor.get(address).status_code,
        visitor.get(f"{address}/reading").status_code,
        visitor.post(f"{address}/read").status_code,
        visitor.post(f"{address}/stop").status_code,
    ]

    assert answers == [403, 403, 403, 403]


def test_an_instructor_of_another_course_learns_nothing(app: Flask, cast: Cast, course: Course, address: str):
    henrik = cast.visit(app.test_client(), cast.enrol(cast.course("Another course"), "Henrik", Role.INSTRUCTOR))

    assert [henrik.get(address).status_code, henrik.post(f"{address}/read").status_code] == [404, 404]


def home(client: FlaskClient, course: Course) -> str | None:
    return panel(client.get(f"/courses/{course.public_id}/"), "people")


def test_home_is_quiet_where_nothing_changed(course: Course, client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    before = home(client, course)
    answering(monkeypatch, member("ines-torres", "Instructor"))
    roster.refresh(course)

    assert (before, home(client, course)) == (None, None)


def test_home_says_who_came_and_went_lately_in_numbers(
    course: Course, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    ines = member("ines-torres", "Instructor")
    at = clock.now()
    for days, people in ((0, ["5", "6"]), (1, ["6", "7", "8"])):
        answering(monkeypatch, ines, *map(member, people))
        with clock.moved_to(at + timedelta(days=days - 2)):
            roster.refresh(course)

    assert home(client, course) == "People In the last seven days: 2 people joined, one person left. See the people"


def test_home_says_that_the_list_could_not_be_read_until_it_could(
    course: Course, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    answering(monkeypatch)
    with pytest.raises(RosterUnavailable):
        roster.refresh(course)
    failed = home(client, course)
    answering(monkeypatch, member("ines-torres", "Instructor"))
    roster.refresh(course)

    assert failed == (
        "People Class list not read Your learning platform sent an empty class list,"
        " although this course has people. See the people"
    )
    assert home(client, course) is None
