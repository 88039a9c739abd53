"""When rosters are read: after launches, at night, when somebody asks; and never more than is good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.people import Role as CampusRole
from campus.testing import CampusInHand
from lti_tool import clock, jobs, roster
from lti_tool.db import transaction
from lti_tool.jobs import Job, JobState
from lti_tool.models import Course, Enrolment, Role, Standing
from lti_tool.roster import How
from lti_tool.roster.times import next_night
from lti_tool.running import working
from tests.cast import Cast
from tests.conftest import Arrive
from tests.lti_tool.rosters import answering, course_of, member, names, readings, roster_jobs


def asked(session: Session) -> list[tuple[str, JobState]]:
    return [(job.body["how"], job.state) for job in roster_jobs(session)]


def test_the_first_instructor_waits_for_the_list_and_no_job_is_needed(session: Session, arrive: Arrive):
    arrive("ines")

    assert (asked(session), [each.how for each in readings(session)]) == ([], [How.LAUNCH])


def as_if_asked(session: Session, *, ago: timedelta) -> None:
    """Let a launch have had the list read so long ago."""
    course = course_of(session)
    course.roster_asked = clock.now() - ago
    session.commit()


def test_an_instructors_launch_has_the_list_read_at_most_every_quarter_of_an_hour(session: Session, arrive: Arrive):
    arrive("ines")
    seen = []
    for minutes in (14, 16):
        as_if_asked(session, ago=timedelta(minutes=minutes))
        arrive("ines")
        seen.append(asked(session))

    assert seen == [[], [("launch", JobState.WAITING)]]


def test_the_quarter_of_an_hour_counts_for_the_course_whoever_launches(session: Session, arrive: Arrive):
    arrive("ines")
    arrive("tariq")
    arrive("anouk")

    assert asked(session) == []


def test_a_newcomer_whom_no_list_has_named_has_it_read(session: Session, campus: CampusInHand, arrive: Arrive):
    arrive("ines")
    campus.enrol("zoe", role=CampusRole.LEARNER)
    as_if_asked(session, ago=timedelta(minutes=20))

    arrive("leo")
    before = asked(session)
    arrive("zoe")
    arrive("zoe")

    assert (before, asked(session)) == ([], [("launch", JobState.WAITING)])


def test_a_learner_who_comes_before_any_instructor_has_it_read_in_the_background(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("leo")
    arrive("maya")
    alone = names(session)

    working.drain(app)

    assert alone == {campus.person("leo").name, campus.person("maya").name}
    assert [job.attempts for job in roster_jobs(session)] == [1]
    assert len(names(session)) > 30


def test_a_course_whose_lms_shares_no_list_is_not_asked_about(session: Session, cast: Cast):
    ines = cast.enrol(cast.course(), "Ines", Role.INSTRUCTOR)

    roster.after_launch(ines, is_first=True, at=clock.now())

    assert asked(session) == []


def test_a_slow_lms_makes_the_first_list_a_job(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lti_tool.arrivals.arriving.PATIENCE", -1.0)

    arrive("ines")

    assert (asked(session), len(names(session)), readings(session)) == ([("launch", JobState.WAITING)], 1, [])
    working.drain(app)
    assert (asked(session), len(names(session)) > 30) == ([("launch", JobState.DONE)], True)


def opened(cast: Cast, title: str, *, days_ago: float, at: datetime) -> Course:
    course = cast.course(title)
    course.roster_url = "https://campus.example/members"
    ines = cast.enrol(course, "Ines", Role.INSTRUCTOR)
    ines.last_launch = at - timedelta(days=days_ago)
    cast.session.commit()
    return course


NIGHT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def test_every_night_the_courses_in_use_are_read_spread_over_some_hours(app: Flask, session: Session, cast: Cast):
    used = [opened(cast, f"Course {n}", days_ago=n, at=NIGHT) for n in (1, 2, 3, 4)]
    opened(cast, "Long forgotten", days_ago=31, at=NIGHT)
    fresh = opened(cast, "Read a moment ago", days_ago=1, at=NIGHT)
    fresh.roster_read = NIGHT - timedelta(hours=2)
    silent = opened(cast, "Shares no list", days_ago=1, at=NIGHT)
    silent.roster_url = None
    session.commit()

    with clock.moved_to(NIGHT):
        working._arrange(app)
        assert working.work_once(app)

    [night] = session.scalars(select(Job).where(Job.kind == "roster-night"))
    assert (night.state, night.due) == (JobState.WAITING, NIGHT + timedelta(days=1))
    assert [(job.course, job.due - NIGHT, job.body["how"]) for job in roster_jobs(session)] == [
        (course, timedelta(hours=hour), "night") for hour, course in enumerate(used)
    ]


def test_courses_of_a_platform_that_is_shut_out_are_left_alone(app: Flask, session: Session, cast: Cast):
    course = opened(cast, "Shut out", days_ago=1, at=NIGHT)
    course.platform.standing = Standing.DEACTIVATED
    with clock.moved_to(NIGHT):
        with transaction():
            job = roster.ask_for(session, course, How.ASKED)
        working.drain(app)

    session.rollback()
    session.refresh(job)
    assert (job.state, job.error) == (JobState.FAILED, "the course or its platform is gone")
    assert len(roster_jobs(session)) == 1


def test_the_night_has_patience_with_an_lms_that_asked_for_some(app: Flask, session: Session, cast: Cast):
    course = opened(cast, "Busy", days_ago=1, at=NIGHT)
    later = NIGHT + timedelta(hours=1)
    with transaction():
        job = jobs.ask(session, "roster", {"course": course.id, "how": "asked"}, key="k", course=course, due=later)

    with clock.moved_to(NIGHT):
        working.drain(app)

    session.rollback()
    session.refresh(job)
    assert (job.due, job.body["how"], len(roster_jobs(session))) == (later, "asked", 1)


@pytest.mark.parametrize(
    ("at", "night"),
    [
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), NIGHT),
        (datetime(2026, 11, 24, 0, 59, tzinfo=UTC), NIGHT),
        (NIGHT, NIGHT + timedelta(days=1)),
    ],
)
def test_the_next_night_is_always_ahead(at: datetime, night: datetime):
    assert next_night(at) == night


def test_somebody_who_asks_while_it_is_being_asked_for_already_gets_that_reading(session: Session, cast: Cast):
    course = opened(cast, "Course", days_ago=1, at=NIGHT)
    ines = session.scalars(select(Enrolment)).one()
    with transaction():
        first = roster.ask_for(session, course, How.LAUNCH)
        second = roster.ask_for(session, course, How.ASKED, by=ines)

    assert (first.id, second.body["how"], second.asked_by) == (second.id, "asked", ines)


def test_operators_can_have_one_list_read_or_all(
    app: Flask, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    course = opened(cast, "Course", days_ago=1, at=NIGHT)
    answering(monkeypatch, member("ines", "Instructor"), member("5"))

    said = app.test_cli_runner().invoke(args=["roster", "refresh", course.public_id]).output

    assert said == f"{course.public_id}: 2 people, 1 joined, 0 left\n"
    assert [each.how for each in readings(session)] == [How.OPERATOR]


def test_a_learner_may_not_have_the_list_read(arrive: Arrive):
    client: FlaskClient = arrive("leo")

    assert client.post(client.page.removesuffix("/") + "/people/read").status_code == 403  # type: ignore[attr-defined]
