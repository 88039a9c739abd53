"""Who counts as what and as being here, and what a reading writes down about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.people import Role as CampusRole
from campus.testing import CampusInHand
from lti_tool import clock, outbox, roster
from lti_tool.db import db
from lti_tool.events import Event, PersonJoinedCourse, PersonLeftCourse, PersonReturned
from lti_tool.models import Course, Enrolment, Role
from lti_tool.roster import How, Problem
from lti_tool.roster.words import differences
from lti_tool.running import housekeeping
from tests.cast import THEN, Cast
from tests.conftest import Arrive
from tests.lti_tool.rosters import answering, changes, course_of, enrolment, member, readings


@pytest.fixture
def course(session: Session, cast: Cast) -> Course:
    course = cast.course()
    course.roster_url = "https://campus.example/members"
    session.commit()
    return course


def roles(session: Session) -> dict[str, Role]:
    session.rollback()
    session.expire_all()
    return {row.person.subject: row.role for row in session.scalars(select(Enrolment))}


def launched(session: Session, person: Enrolment, role: Role) -> None:
    person.role, person.last_launch = role, THEN
    session.commit()


def test_the_roster_says_the_role_of_those_who_never_launched_up_and_down(
    session: Session, course: Course, monkeypatch: pytest.MonkeyPatch
):
    seen = []
    for role in ("Learner", "Instructor", "Learner"):
        answering(monkeypatch, member("5", role))
        roster.refresh(course)
        seen.append(roles(session)["5"])

    assert seen == [Role.LEARNER, Role.INSTRUCTOR, Role.LEARNER]


def test_a_roster_never_demotes_below_the_last_launch(
    session: Session, cast: Cast, course: Course, monkeypatch: pytest.MonkeyPatch
):
    """ROLE-17: Moodle's non-editing teacher is an instructor at launch and a learner in the roster."""
    launched(session, cast.enrol(course, "Anouk"), Role.INSTRUCTOR)
    answering(monkeypatch, member("anouk", "Learner"))

    roster.refresh(course)

    assert roles(session) == {"anouk": Role.INSTRUCTOR}
    assert session.scalars(select(Enrolment.roster_role)).one() == Role.LEARNER


def test_a_roster_does_not_raise_whom_the_lms_launched_as_a_learner_either(
    session: Session, cast: Cast, course: Course, monkeypatch: pytest.MonkeyPatch
):
    """ROLE-15: a teacher who looks at the course as a student is one here until their next launch."""
    launched(session, cast.enrol(course, "Tariq"), Role.LEARNER)
    answering(monkeypatch, member("tariq", "Instructor"))

    roster.refresh(course)

    assert roles(session) == {"tariq": Role.LEARNER}
    assert session.scalars(select(Enrolment.roster_role)).one() == Role.INSTRUCTOR


def test_an_assistant_of_moodle_is_what_the_launch_said_before_and_after_readings(
    session: Session, campus: CampusInHand, arrive: Arrive
):
    """ROLE-17"""
    campus.set_flavor("moodle")
    arrive("ines")
    before = enrolment(session, campus, "anouk").role
    arrive("anouk")
    launched_as = enrolment(session, campus, "anouk").role
    roster.refresh(course_of(session))

    after = enrolment(session, campus, "anouk")
    assert (before, launched_as, after.role) == (Role.LEARNER, Role.INSTRUCTOR, Role.INSTRUCTOR)


def test_the_newest_launch_decides_and_older_sessions_lose_what_it_lacks(
    session: Session, campus: CampusInHand, arrive: Arrive
):
    """ROLE-16"""
    old = arrive("tariq")
    people = f"/courses/{course_of(session).public_id}/people"
    as_instructor = old.get(people).status_code
    campus.enrol("tariq", role=CampusRole.LEARNER)
    arrive("tariq")

    assert (as_instructor, old.get(people).status_code) == (200, 403)


def test_switching_to_the_role_of_a_student_lasts_until_the_next_launch(
    session: Session, campus: CampusInHand, arrive: Arrive
):
    """ROLE-15"""
    seen = []
    for role in (CampusRole.INSTRUCTOR, CampusRole.LEARNER, CampusRole.INSTRUCTOR):
        campus.enrol("tariq", role=role)
        arrive("tariq")
        seen.append(enrolment(session, campus, "tariq").role)

    assert seen == [Role.INSTRUCTOR, Role.LEARNER, Role.INSTRUCTOR]


def test_somebody_no_roster_names_stays_for_a_day_after_their_launch(
    session: Session, cast: Cast, course: Course, monkeypatch: pytest.MonkeyPatch
):
    """Site administrators of Moodle are let in and stand in no roster."""
    admin = cast.enrol(course, "Admin", Role.INSTRUCTOR)
    launched(session, admin, Role.INSTRUCTOR)
    answering(monkeypatch, member("5"))
    here = []
    for hours in (1, 23, 25):
        with clock.moved_to(THEN + timedelta(hours=hours)):
            roster.refresh(course)
        session.refresh(admin)
        here.append(admin.is_active)

    assert here == [True, True, False]


def test_somebody_who_launches_while_the_roster_is_read_is_here_whatever_it_says(
    session: Session, cast: Cast, course: Course, monkeypatch: pytest.MonkeyPatch
):
    leo = cast.enrol(course, "Leo")
    leo.roster_role = Role.LEARNER
    leo.last_launch = THEN + timedelta(seconds=1)
    session.commit()
    answering(monkeypatch, member("leo", status="Inactive"), member("5"))

    with clock.moved_to(THEN):
        roster.refresh(course)

    session.refresh(leo)
    assert leo.is_active


def test_a_launch_lets_somebody_in_again_who_had_left(session: Session, campus: CampusInHand, arrive: Arrive):
    arrive("ines")
    campus.unenrol("leo")
    roster.refresh(course_of(session))
    left = enrolment(session, campus, "leo").left
    campus.enrol("leo")

    arrive("leo")

    back = enrolment(session, campus, "leo")
    assert left is not None
    assert (back.is_active, back.left) == (True, None)


def test_leaving_and_coming_back_are_announced_once_each(
    app: Flask, session: Session, cast: Cast, course: Course, monkeypatch: pytest.MonkeyPatch
):
    told: list[Event] = []
    outbox.subscribe(app, PersonLeftCourse, lambda _session, event: told.append(event))
    outbox.subscribe(app, PersonReturned, lambda _session, event: told.append(event))
    cast.enrol(course, "Ines", Role.INSTRUCTOR)
    leo = cast.enrol(course, "Leo")
    for named in (["ines"], ["ines"], ["ines", "leo"], ["ines", "leo"]):
        answering(monkeypatch, *(member(each, "Instructor" if each == "ines" else "Learner") for each in named))
        roster.refresh(course)

    assert [(type(event), event.who, event.role) for event in told] == [  # type: ignore[attr-defined]
        (PersonLeftCourse, leo.who, "learner"),
        (PersonReturned, leo.who, "learner"),
    ]


def test_who_is_new_in_a_later_roster_is_announced_and_the_first_class_is_not(
    app: Flask, session: Session, cast: Cast, course: Course, monkeypatch: pytest.MonkeyPatch
):
    told: list[PersonJoinedCourse] = []
    outbox.subscribe(app, PersonJoinedCourse, lambda _session, event: told.append(event))
    for named in (["ines", "leo"], ["ines", "leo", "maya"], ["ines", "leo", "maya"]):
        answering(monkeypatch, *(member(each, "Instructor" if each == "ines" else "Learner") for each in named))
        roster.refresh(course)

    assert [(event.who.subject, event.where.course, event.role) for event in told] == [
        ("maya", course.public_id, "learner")
    ]


def test_coming_back_by_a_launch_is_announced_too(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    told: list[PersonReturned] = []
    outbox.subscribe(app, PersonReturned, lambda _session, event: told.append(event))
    arrive("ines")
    campus.unenrol("leo")
    roster.refresh(course_of(session))
    campus.enrol("leo")

    arrive("leo")
    arrive("leo")

    assert [event.who.subject for event in told] == [campus.person("leo").id]


def test_each_reading_keeps_what_it_changed_and_no_name(
    session: Session, cast: Cast, course: Course, monkeypatch: pytest.MonkeyPatch
):
    answering(monkeypatch, member("1", "Instructor"), member("2"), member("3"), member("4"))
    roster.refresh(course)
    answering(
        monkeypatch, member("1", "Instructor"), member("2", name="Leo Neu"), member("4", "Instructor"), member("6")
    )
    roster.refresh(course, how=How.NIGHT)
    answering(monkeypatch, member("1", "Instructor"), member("2", name="Leo Neu"), member("3"), member("6"))
    ines = session.scalars(select(Enrolment).where(Enrolment.number == 1)).one()
    roster.refresh(course, how=How.ASKED, by=ines.id)

    first, second, third = readings(session)
    assert (first.is_first, first.members, changes(first)) == (True, 4, {})
    assert (second.how, second.members, changes(second)) == (
        How.NIGHT,
        4,
        {"renamed": ["Leo Neu"], "left": ["Person 3"], "role": ["Person 4"], "joined": ["Person 6"]},
    )
    assert (third.how, third.asked_by_id, changes(third)) == (
        How.ASKED,
        ines.id,
        {"returned": ["Person 3"], "left": ["Person 4"]},
    )


def test_a_roster_that_is_as_before_changes_nothing(session: Session, course: Course, monkeypatch: pytest.MonkeyPatch):
    answering(monkeypatch, member("1"), member("2"))
    roster.refresh(course)

    found = roster.refresh(course)

    assert (found.members, found.joined, found.left, found.returned) == (2, 0, 0, 0)
    assert changes(readings(session)[1]) == {}


def test_an_lms_that_withholds_names_today_does_not_erase_those_of_yesterday(
    session: Session, course: Course, monkeypatch: pytest.MonkeyPatch
):
    answering(monkeypatch, member("5", name="Leo Nowak", email="leo@campus.example"))
    roster.refresh(course)
    answering(monkeypatch, {"user_id": "5", "roles": ["Learner"]})
    roster.refresh(course)

    leo = session.scalars(select(Enrolment)).one().person
    assert (leo.name, leo.email) == ("Leo Nowak", "leo@campus.example")


def test_an_empty_roster_is_believed_at_the_second_look_only(
    session: Session, course: Course, monkeypatch: pytest.MonkeyPatch
):
    """NRPS-15"""
    answering(monkeypatch, member("5"), member("6"))
    at = clock.now()
    with clock.moved_to(at):
        roster.refresh(course)
    answering(monkeypatch)
    for minutes in (1, 30):
        with clock.moved_to(at + timedelta(minutes=minutes)), pytest.raises(roster.RosterUnavailable, match="empty"):
            roster.refresh(course)
    still_here = set(session.scalars(select(Enrolment.is_active)))

    with clock.moved_to(at + timedelta(minutes=91)):
        found = roster.refresh(course)

    assert (still_here, found.members, found.left) == ({True}, 0, 2)
    assert [each.problem for each in readings(session)] == [None, Problem.EMPTY, Problem.EMPTY, None]


def test_an_empty_roster_of_a_course_without_people_is_just_that(
    session: Session, course: Course, monkeypatch: pytest.MonkeyPatch
):
    answering(monkeypatch)

    assert roster.refresh(course).members == 0


def test_two_courses_of_one_platform_share_people_and_nothing_else(
    session: Session, cast: Cast, course: Course, monkeypatch: pytest.MonkeyPatch
):
    other = cast.course("Another course")
    other.roster_url = "https://campus.example/members"
    session.commit()
    answering(monkeypatch, member("5"), member("6"))
    roster.refresh(course)
    answering(monkeypatch, member("5", "Instructor"))
    roster.refresh(other)

    seats = {
        (row.course.title, row.person.subject): (row.role, row.is_active) for row in session.scalars(select(Enrolment))
    }
    assert seats == {
        (course.title, "5"): (Role.LEARNER, True),
        (course.title, "6"): (Role.LEARNER, True),
        (other.title, "5"): (Role.INSTRUCTOR, True),
    }


def test_two_tenants_on_one_issuer_have_people_of_their_own(
    session: Session, cast: Cast, course: Course, monkeypatch: pytest.MonkeyPatch
):
    tenant = cast.course("Somewhere else", platform=cast.platform("Other school", client_id="other"))
    tenant.roster_url = "https://campus.example/members"
    session.commit()
    answering(monkeypatch, member("5", name="Leo Nowak"))
    roster.refresh(course)
    answering(monkeypatch, member("5", name="Lea Nowak"))
    roster.refresh(tenant)

    assert [row.person.name for row in session.scalars(select(Enrolment).order_by(Enrolment.id))] == [
        "Leo Nowak",
        "Lea Nowak",
    ]


def test_a_preview_student_comes_and_goes_without_a_word(
    app: Flask, session: Session, course: Course, monkeypatch: pytest.MonkeyPatch
):
    """ROLE-14"""
    told: list[Event] = []
    outbox.subscribe(app, Event, lambda _session, event: told.append(event))
    test_user = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
    preview = {"user_id": "9", "roles": ["Learner", test_user], "name": "Test Student"}
    answering(monkeypatch, member("5"), preview)
    first = roster.refresh(course)
    answering(monkeypatch, member("5"))
    second = roster.refresh(course)

    assert (first.members, first.joined, second.members, second.left, told) == (1, 1, 1, 0, [])
    assert [[each.enrolment.name for each in reading.changes] for reading in readings(session)] == [
        [],
        ["Test Student"],
    ]
    assert differences(readings(session)[1]) == [], "no page names them"


def test_readings_are_kept_for_half_a_year(session: Session, course: Course, monkeypatch: pytest.MonkeyPatch):
    at = clock.now()
    for days, who in ((0, "5"), (1, "6"), (170, "7")):
        answering(monkeypatch, member(who))
        with clock.moved_to(at + timedelta(days=days)):
            roster.refresh(course)

    with clock.moved_to(at + timedelta(days=182)):
        housekeeping.tidy()

    assert [changes(each) for each in readings(session)] == [{"left": ["Person 6"], "joined": ["Person 7"]}]
    assert db.session.scalars(select(Enrolment)).all() != []
