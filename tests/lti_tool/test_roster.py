"""The class list, asked of a strict LMS page by page."""

from __future__ import annotations

import itertools
import json
import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.controls import expire_tokens
from campus.testing import CampusInHand
from lti_tool import roster
from lti_tool.db import db
from lti_tool.jobs import JobState
from lti_tool.models import Course, Enrolment, Role
from lti_tool.outgoing.http import Answer
from lti_tool.outgoing.services import AccessToken, Service, ServiceFailed
from lti_tool.roster import Problem
from lti_tool.running import working
from lti_tool.tables.finding import Directory
from tests.cast import Cast
from tests.conftest import Arrive
from tests.lti_tool.rosters import (
    answering,
    answering_with,
    course_of,
    enrolment,
    member,
    names,
    readings,
    roster_jobs,
)


def test_the_first_instructor_brings_the_class_along(session: Session, campus: CampusInHand, arrive: Arrive):
    arrive("ines")

    assert names(session) >= {person.name or "" for person in campus.people()} - {""}
    assert session.scalars(select(Course.roster_read)).one() is not None
    assert len(names(session)) > 10, "the roster comes in pages of ten"


def test_a_reading_leaves_one_line_in_the_log_that_counts_people_and_names_none(
    session: Session, campus: CampusInHand, arrive: Arrive, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO", "lti_tool.roster")
    arrive("ines")
    campus.unenrol("leo")

    roster.refresh(course_of(session))

    course, here = course_of(session).public_id, len(names(session))
    assert [each for each in caplog.messages if each.startswith("roster")] == [
        f"roster course={course} how=launch members={here + 1} joined={here} left=0",
        f"roster course={course} how=operator members={here} joined=0 left=1",
    ]


def test_a_learner_who_comes_first_brings_nobody(session: Session, arrive: Arrive, campus: CampusInHand):
    arrive("leo")

    assert names(session) == {campus.person("leo").name}


def test_people_who_vanish_become_inactive_and_stay(session: Session, campus: CampusInHand, arrive: Arrive):
    arrive("ines")
    leo = enrolment(session, campus, "leo")
    campus.unenrol("leo")

    roster.refresh(course_of(session))

    gone = enrolment(session, campus, "leo")
    assert (gone.id, gone.is_active, gone.left is None) == (leo.id, False, False)
    campus.enrol("leo")
    roster.refresh(course_of(session))
    back = enrolment(session, campus, "leo")
    assert (back.id, back.is_active, back.left) == (leo.id, True, None)


@pytest.mark.parametrize("act", ["suspend", "delete"])
def test_whoever_is_listed_as_inactive_or_deleted_has_left(
    session: Session, campus: CampusInHand, arrive: Arrive, act: str
):
    """NRPS-12"""
    arrive("ines")
    getattr(campus, act)("leo")

    found = roster.refresh(course_of(session))

    assert (found.left, enrolment(session, campus, "leo").is_active) == (1, False)


def test_whoever_is_inactive_from_the_start_is_not_taken_in(session: Session, campus: CampusInHand, arrive: Arrive):
    campus.suspend("leo")
    campus.delete("maya")

    arrive("ines")

    assert {campus.person("leo").name, campus.person("maya").name} & names(session) == set()
    assert names(session, active=False) == set()


def test_the_session_of_somebody_who_was_taken_off_the_list_is_closed(
    session: Session, campus: CampusInHand, arrive: Arrive
):
    """AUTHZ-08"""
    arrive("ines")
    leo: FlaskClient = arrive("leo")
    page = leo.page  # type: ignore[attr-defined]
    assert leo.get(page).status_code == 200
    campus.unenrol("leo")

    roster.refresh(course_of(session))

    closed = leo.get(page)
    assert closed.status_code == 403
    assert "You are no longer in this course" in closed.text
    campus.enrol("leo")
    assert arrive("leo").get(page).status_code == 200


def test_names_escaped_for_html_are_read_as_people_wrote_them(session: Session, campus: CampusInHand, arrive: Arrive):
    campus.set_flavor("moodle")
    campus.change("leo", name="Muñoz & Söhne", given="Muñoz", family="& Söhne")

    arrive("ines")

    assert "Muñoz & Söhne" in names(session)


def test_people_without_a_name_are_called_by_a_number_that_stays(session: Session, arrive: Arrive):
    arrive("ines")

    nameless = session.scalars(select(Enrolment).where(Enrolment.person.has(name=""))).all()
    assert len(nameless) >= 1
    assert [row.name for row in nameless] == [f"Participant {row.number}" for row in nameless]


def test_those_of_one_name_are_told_apart_by_their_numbers_as_long_as_there_are_two(
    session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("ines")
    both = [enrolment(session, campus, key) for key in ("liwei1", "liwei2")]
    leo = enrolment(session, campus, "leo")
    assert [each.name for each in (*both, leo)] == [*(f"Li Wei ({each.number})" for each in both), "Leo Nowak"]
    assert Directory(both).find(name="Li Wei").person is None
    assert Directory(both).find(name=both[1].name).person is both[1]

    campus.change("liwei2", name="Li Wei-Meier", given="Li", family="Wei-Meier")
    roster.refresh(course_of(session))

    assert [enrolment(session, campus, key).name for key in ("liwei1", "liwei2")] == ["Li Wei", "Li Wei-Meier"]


def test_preview_students_are_marked(session: Session, campus: CampusInHand, arrive: Arrive):
    arrive("ines")
    arrive("preview")

    assert session.scalars(select(Enrolment.is_test).where(Enrolment.is_test)).all() == [True]


def test_an_lms_that_is_down_changes_nothing_and_a_job_asks_again(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    campus.faults.services_down = True
    arrive("ines")
    assert names(session) == {campus.person("ines").name}

    campus.faults.services_down = False
    working.drain(app)

    [job] = roster_jobs(session)
    assert (job.state, job.result["members"]) == (JobState.DONE, len(names(session)))
    assert len(names(session)) > 10


@pytest.mark.parametrize("status", [429, 503])
def test_an_lms_that_asks_for_patience_is_asked_again_when_it_said(
    app: Flask, session: Session, arrive: Arrive, monkeypatch: pytest.MonkeyPatch, status: int
):
    """NRPS-16"""
    arrive("leo")
    answering_with(monkeypatch, lambda url: Answer(status, {"retry-after": "120"}, b"", url))

    working.drain(app)

    [job] = roster_jobs(session)
    assert job.started is not None
    assert (job.state, job.attempts) == (JobState.WAITING, 1)
    assert 119 < (job.due - job.started).total_seconds() < 150
    assert [reading.problem for reading in readings(session)] == [Problem.SILENT]


def test_a_token_the_lms_no_longer_takes_is_renewed_once(session: Session, campus: CampusInHand, arrive: Arrive):
    """NRPS-17"""
    arrive("ines")
    expire_tokens(campus.here)
    campus.forget_traffic()

    roster.refresh(course_of(session))

    answers = [each.status for each in campus.requests if each.endpoint == "names_roles.memberships"]
    assert answers == [401, 200, 200, 200, 200]
    assert readings(session)[-1].problem is None


def test_a_token_that_is_refused_again_and_again_is_given_up(
    session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
):
    arrive("ines")
    sent: list[str] = []

    def refuse(_self: Service, _method: str, url: str, *_rest: object) -> Answer:
        sent.append(url)
        return Answer(401, {}, b"", url)

    monkeypatch.setattr(Service, "_send", refuse)

    with pytest.raises(roster.RosterUnavailable) as refused:
        roster.refresh(course_of(session))

    assert (len(sent), refused.value.problem, refused.value.may_pass) == (2, Problem.REFUSED, False)


@pytest.mark.parametrize("page", [1, 3])
def test_half_a_roster_is_not_applied(session: Session, campus: CampusInHand, arrive: Arrive, page: int):
    """NRPS-14"""
    arrive("ines")
    before = names(session)
    campus.unenrol("leo")
    campus.faults.roster_page_fails = page

    with pytest.raises(roster.RosterUnavailable, match="HTTP 500"):
        roster.refresh(course_of(session))

    assert (names(session), names(session, active=False)) == (before, set())
    assert readings(session)[-1].problem == Problem.SILENT


@pytest.mark.parametrize(
    "links",
    [
        pytest.param("unquoted", id="NRPS-02"),
        pytest.param("among others", id="NRPS-06"),
        pytest.param("", id="NRPS-01"),
    ],
)
def test_every_page_is_read_however_the_link_to_the_next_is_written(
    session: Session, campus: CampusInHand, arrive: Arrive, links: str
):
    campus.faults.roster_links = links

    arrive("ines")

    assert names(session) >= {person.name or "" for person in campus.people()} - {""}


def test_pages_that_never_end_are_not_read_for_ever(session: Session, campus: CampusInHand, arrive: Arrive):
    """NRPS-05"""
    arrive("ines")
    before = names(session)
    campus.unenrol("leo")
    campus.faults.roster_links = "loop"
    campus.forget_traffic()

    with pytest.raises(roster.RosterUnavailable, match="never end"):
        roster.refresh(course_of(session))

    assert [each.endpoint for each in campus.requests].count("names_roles.memberships") < 4
    assert names(session) == before


def test_fresh_pages_without_end_are_left_after_two_thousand(
    session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
):
    """NRPS-05: a list that never repeats an address is read to the bound, and not a page further."""
    arrive("ines")
    course, before = course_of(session), names(session)
    fresh = itertools.count(2)

    def endless(url: str) -> Answer:
        page = next(fresh)
        body = json.dumps({"members": [member(f"made-up-{page}")]}).encode()
        return Answer(200, {"link": f'<{course.roster_url}?page={page}>; rel="next"'}, body, url)

    asked = answering_with(monkeypatch, endless)
    with pytest.raises(roster.RosterUnavailable, match="never end") as refused:
        roster.refresh(course)

    assert (len(asked), len(set(asked)), refused.value.problem) == (2000, 2000, Problem.FAULTY)
    assert (names(session), readings(session)[-1].problem) == (before, Problem.FAULTY)


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param("https://evil.example/members?page=2", id="NRPS-03"),
        pytest.param("http://169.254.169.254/latest/meta-data", id="NRPS-04"),
    ],
)
def test_paging_never_leaves_the_host_it_began_on(
    session: Session, arrive: Arrive, monkeypatch: pytest.MonkeyPatch, elsewhere: str
):
    arrive("leo")
    course = course_of(session)
    link = {"link": f'<{elsewhere}>; rel="next"'}
    asked = answering_with(monkeypatch, lambda url: Answer(200, link, b'{"members": []}', url))

    with pytest.raises(roster.RosterUnavailable, match="another host") as refused:
        roster.refresh(course)
    assert refused.value.problem == Problem.FAULTY
    assert asked == [f"{course.roster_url}?limit=500&groups=true"]


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/members", "/members?limit=500"),
        pytest.param("/members?rlid=7", "/members?rlid=7&limit=500", id="NRPS-18"),
        ("/members?limit=10", "/members?limit=10"),
        ("/members?Rlid=AbC%3d&x=", "/members?Rlid=AbC%3d&x=&limit=500"),
    ],
)
def test_the_address_is_asked_for_as_the_launch_named_it(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, address: str, asked: str
):
    course = cast.course()
    course.roster_url = f"https://campus.example{address}"
    session.commit()
    seen = answering_with(monkeypatch, lambda url: Answer(200, {}, b'{"members": []}', url))

    roster.refresh(course)

    assert seen == [f"https://campus.example{asked}"]


def test_the_page_size_asked_for_is_only_a_hint(session: Session, campus: CampusInHand, arrive: Arrive):
    """NRPS-07: asked for 500, Canvas sends 50 and a link; the campus, pages of ten."""
    arrive("ines")

    assert [each.endpoint for each in campus.requests].count("names_roles.memberships") == 4
    assert len(names(session)) > 30


def test_everybody_counts_whatever_role_was_asked_for(
    session: Session, arrive: Arrive, campus: CampusInHand, monkeypatch: pytest.MonkeyPatch
):
    """NRPS-09: Moodle ignores a role it does not know and sends everybody; what each is, we read in their row."""
    arrive("leo")
    course = course_of(session)
    course.roster_url = f"{course.roster_url}?role=Mentor"
    session.commit()
    answering(monkeypatch, member("5"), member("3", "Instructor"), member(campus.person("leo").id))

    roster.refresh(course)

    roles = {row.person.subject: row.role for row in session.scalars(select(Enrolment))}
    assert roles == {"5": Role.LEARNER, "3": Role.INSTRUCTOR, campus.person("leo").id: Role.LEARNER}


def test_somebody_listed_twice_is_one_person(session: Session, campus: CampusInHand, arrive: Arrive):
    """NRPS-13"""
    campus.faults.roster_twice = True

    arrive("ines")

    people = session.scalars(select(Enrolment)).all()
    assert len(people) == len({row.person.subject for row in people}) == len(campus.people())


TWICE = {
    "active in one section is active": ([{"status": "Inactive"}, {"status": "Active"}], (Role.LEARNER, True)),
    "the stronger role counts": ([{}, {"roles": ["Instructor"]}], (Role.INSTRUCTOR, True)),
    "not that of a section they have left": (
        [{"roles": ["Instructor"], "status": "Deleted"}, {}],
        (Role.LEARNER, True),
    ),
}


@pytest.mark.parametrize(("rows", "kept"), TWICE.values(), ids=list(TWICE))
def test_what_two_rows_of_one_person_come_to(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, Any]], kept: tuple[Role, bool]
):
    course = _readable(session, cast)
    answering(monkeypatch, *(member("5", **row) if "roles" not in row else {**member("5"), **row} for row in rows))

    roster.refresh(course)

    [row] = session.scalars(select(Enrolment))
    assert (row.role, row.is_active) == kept


def _readable(session: Session, cast: Cast) -> Course:
    course = cast.course()
    course.roster_url = "https://campus.example/members"
    session.commit()
    return course


def test_a_member_without_name_mail_or_status_is_taken_in_as_active(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    """NRPS-11, PLAT-06"""
    course = _readable(session, cast)
    answering(monkeypatch, {"user_id": "5", "roles": ["Learner"]})

    roster.refresh(course)

    [row] = session.scalars(select(Enrolment))
    assert (row.person.name, row.person.email, row.name, row.is_active) == ("", "", "Participant 1", True)


def test_short_role_names_and_admins_are_understood(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """NRPS-10"""
    course = _readable(session, cast)
    admin = "http://purl.imsglobal.org/vocab/lis/v2/person#Administrator"
    answering(monkeypatch, member("1", "Instructor"), member("2"), {**member("3"), "roles": [admin, "Instructor"]})

    roster.refresh(course)

    roles = [row.role for row in session.scalars(select(Enrolment).order_by(Enrolment.number))]
    assert roles == [Role.INSTRUCTOR, Role.LEARNER, Role.INSTRUCTOR]


def test_an_older_media_type_is_no_reason_to_refuse_a_roster(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    """NRPS-21"""
    course = _readable(session, cast)
    older = {"content-type": "application/vnd.ims.lis.v2.membershipcontainer+json; charset=utf-8"}
    body = json.dumps({"members": [member("5")]}).encode()
    answering_with(monkeypatch, lambda url: Answer(200, older, body, url))

    assert roster.refresh(course).members == 1


def test_a_name_that_fills_pages_is_cut(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    course = _readable(session, cast)
    answering(monkeypatch, member("5", name="N" * 100_000))

    roster.refresh(course)

    assert session.scalars(select(Enrolment)).one().name == "N" * 255


@pytest.mark.parametrize(
    "address",
    ["http://campus.example/members", "https://127.0.0.1/members", "https://elsewhere.example/members", "ftp://x/y"],
)
def test_a_roster_is_asked_for_where_the_platform_lives_and_nowhere_else(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, address: str
):
    """NRPS-19: an address no signed launch named is not asked, whoever wrote it into the row."""
    course = cast.course()

    with pytest.raises(ServiceFailed, match="not where this platform lives"):
        Service(course.deployment, [], ()).call("GET", address, accept=roster.MEDIA_TYPE)

    assert session.scalars(select(AccessToken)).all() == []


def test_services_live_where_a_signed_launch_says_and_nowhere_else(session: Session, cast: Cast):
    """Hosted Canvas: one issuer for all, services on each school's own host."""
    deployment = cast.course().deployment
    school = "https://school.example/api/lti/courses/7/names_and_roles"

    Service(deployment, [], (school,)).check_host(school)

    for url in ("https://evil.example/x", "http://school.example/api", "https://campus.example:444/x", "https://[bad"):
        with pytest.raises(ServiceFailed, match="not where this platform lives"):
            Service(deployment, [], (school, "http://school.example/api")).check_host(url)


ODD_ROSTERS = {
    "roles is a number": b'{"members": [{"user_id": "5", "roles": 5}]}',
    "lone surrogates": b'{"members": [{"user_id": "5\\ud800", "name": "Leo\\ud800", "roles": ["Learner"]}]}',
    "a NUL": b'{"members": [{"user_id": "5\\u0000", "name": "Leo\\u0000", "roles": ["Learner"]}]}',
    "rows that are none": b'{"members": [1, null, [], {"user_id": 5}, {"user_id": ""}, {"user_id": "5"}]}',
}


@pytest.mark.parametrize("body", ODD_ROSTERS.values(), ids=list(ODD_ROSTERS))
def test_an_odd_roster_is_read_as_far_as_it_makes_sense(
    session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch, body: bytes
):
    arrive("leo")
    course = session.scalars(select(Course)).one()
    monkeypatch.setattr(Service, "call", lambda _self, _method, url, **_rest: Answer(200, {}, body, url))

    assert roster.refresh(course).members == 1
    assert enrolment(session, campus, "leo").is_active


NO_ROSTERS = {
    "not JSON": b"<html>",
    "no list": b'{"members": {}}',
    "too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("body", NO_ROSTERS.values(), ids=list(NO_ROSTERS))
def test_what_is_no_roster_changes_nothing(
    session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch, body: bytes
):
    arrive("leo")
    course = session.scalars(select(Course)).one()
    monkeypatch.setattr(Service, "call", lambda _self, _method, url, **_rest: Answer(200, {}, body, url))

    with pytest.raises(roster.RosterUnavailable):
        roster.refresh(course)
    assert enrolment(session, campus, "leo").is_active
    assert [reading.problem for reading in readings(session)] == [Problem.FAULTY]


def test_nothing_about_a_roster_keeps_the_instructor_out(
    session: Session, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_words: object, **_rest: object) -> None:
        raise TypeError("something nobody thought of")

    monkeypatch.setattr(roster, "refresh", fail)

    arrive("ines")

    assert [job.state for job in roster_jobs(session)] == [JobState.WAITING]


def test_an_error_inside_while_a_job_reads_is_noted_for_the_instructor(
    app: Flask, session: Session, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
):
    arrive("leo")

    def trip(*_words: object, **_rest: object) -> None:
        raise ValueError("Leo Nowak")

    monkeypatch.setattr("lti_tool.roster.refreshing.people_of", trip)
    working.drain(app)

    assert [(each.problem, each.detail) for each in readings(session)] == [(Problem.INSIDE, "see the log of the tool")]


def test_launches_and_two_rosters_at_once_do_not_lock_each_other_out(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("ines")
    arrive("henrik", course="3")
    courses = [course.id for course in session.scalars(select(Course))]
    session.rollback()
    people = ["leo", "maya", "tariq", "anouk"]
    together, problems = threading.Barrier(len(people) + len(courses), timeout=20), []

    def refresh(course_id: int) -> None:
        with app.app_context():
            course = db.session.get_one(Course, course_id)
            together.wait()
            try:
                roster.refresh(course)
            except Exception as problem:
                problems.append(problem)

    def launch(person: str) -> None:
        together.wait()
        try:
            arrive(person)
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=refresh, args=(each,)) for each in courses]
    threads += [threading.Thread(target=launch, args=(each,)) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
