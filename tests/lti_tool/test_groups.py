"""Groups of a course: learned from wherever the LMS tells of them, and used to choose whom a page lists."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import roster
from lti_tool.claims import GROUPS_SCOPE, ROSTER_SCOPE
from lti_tool.models import Course, Enrolment, Role
from lti_tool.outgoing.http import Answer
from lti_tool.roster import groups
from lti_tool.roster.groups import CourseGroup, GroupMembership
from tests.cast import THEN, Cast
from tests.conftest import Arrive
from tests.lti_tool.launching import ISSUER
from tests.lti_tool.rosters import answering_with, course_of, enrolment, member
from tests.lti_tool.schools import Schools


def in_groups(session: Session) -> dict[str, set[str]]:
    """Who is in which group: subjects by label."""
    session.rollback()
    rows = session.execute(
        select(CourseGroup, Enrolment)
        .join(GroupMembership, GroupMembership.group_id == CourseGroup.id)
        .join(Enrolment, Enrolment.id == GroupMembership.enrolment_id)
    )
    found: dict[str, set[str]] = {}
    for group, person in rows:
        found.setdefault(group.label, set()).add(person.person.subject)
    return found


@pytest.fixture
def course(session: Session, cast: Cast) -> Course:
    course = cast.course()
    course.roster_url, course.groups_url = "https://campus.example/members", "https://campus.example/groups"
    session.commit()
    return course


def answer(monkeypatch: pytest.MonkeyPatch, listed: object, *members: dict[str, object]) -> None:
    """Let the LMS list these groups and these people."""

    def say(url: str) -> Answer:
        body = {"groups": listed} if "/groups" in url else {"members": list(members)}
        return Answer(200, {}, json.dumps(body).encode(), url)

    answering_with(monkeypatch, say)


def of(*ids: object) -> list[dict[str, object]]:
    return [{"group_id": each} for each in ids]


RED, BLUE = {"id": 201, "name": "Team Red"}, {"id": "202", "name": "Team Blue"}


def test_a_platform_with_the_service_tells_groups_and_who_is_in_them(
    session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("ines")

    found = in_groups(session)

    assert found.keys() == {"Team Red", "Team Blue"}
    assert campus.person("leo").id in found["Team Blue"]
    learners = {row.person.subject for row in session.scalars(select(Enrolment)) if row.role == Role.LEARNER}
    assert found["Team Red"] | found["Team Blue"] <= learners


def test_ids_may_be_numbers_or_texts(session: Session, course: Course, monkeypatch: pytest.MonkeyPatch):
    answer(
        monkeypatch,
        [RED, BLUE],
        member("5", group_enrollments=of("201")),
        member("6", group_enrollments=of(202, 201)),
    )

    roster.refresh(course)

    assert in_groups(session) == {"Team Red": {"5", "6"}, "Team Blue": {"6"}}


def test_people_change_groups_and_groups_change_names_or_vanish(
    session: Session, course: Course, monkeypatch: pytest.MonkeyPatch
):
    answer(monkeypatch, [RED, BLUE], member("5", group_enrollments=of(201)), member("6", group_enrollments=of(202)))
    roster.refresh(course)
    answer(monkeypatch, [{"id": 201, "name": "Crimson"}], member("5"), member("6", group_enrollments=of(201, 999)))
    roster.refresh(course)

    assert in_groups(session) == {"Crimson": {"6"}}
    assert [group.name for group in session.scalars(select(CourseGroup))] == ["Crimson"]


def sizes(session: Session, course: Course) -> list[tuple[str, int]]:
    """The groups that are offered, and how many people choosing them shows."""
    found = groups.groups_of(session, course)
    return [(each.label, len(groups.choice_of(session, course, each.public_id).people)) for each in found]


def test_groups_of_two_schools_under_one_address_are_never_mixed(app: Flask, session: Session, cast: Cast):
    """TOKEN-01: one issuer, one address, the same ids of groups and people; what differs is whose token it is."""
    schools = Schools()
    app.extensions["http"] = schools
    told = {"north": ("Northern Red", of(201)), "south": ("Southern Red", of(201, 202))}
    courses = {}
    for school, (name, enrolled) in told.items():
        schools.pages[school, f"{ISSUER}/groups"] = {"groups": [{"id": 201, "name": name}]}
        schools.pages[school, f"{ISSUER}/members"] = {"members": [member("5", group_enrollments=enrolled)]}
        courses[school] = cast.course(school, platform=cast.platform(school, client_id=school))
        courses[school].roster_url, courses[school].groups_url = f"{ISSUER}/members", f"{ISSUER}/groups"
    schools.pages["south", f"{ISSUER}/groups"]["groups"].append({"id": 202, "name": "Southern Blue"})
    session.commit()

    for school in ("north", "south", "north"):
        roster.refresh(courses[school])

    assert {school: sizes(session, course) for school, course in courses.items()} == {
        "north": [("Northern Red", 1)],
        "south": [("Southern Blue", 1), ("Southern Red", 1)],
    }
    assert [whose for _method, url, whose in schools.calls if "/groups" in url] == ["north", "south", "north"]
    assert {(each.client, each.scopes) for each in schools.tokens_asked} == {
        (school, scope) for school in courses for scope in (ROSTER_SCOPE, GROUPS_SCOPE)
    }


def test_a_school_whose_groups_are_refused_is_not_shown_those_of_the_other(app: Flask, session: Session, cast: Cast):
    """TOKEN-01"""
    schools = Schools()
    app.extensions["http"] = schools
    schools.pages["north", f"{ISSUER}/groups"] = {"groups": [RED]}
    south = cast.course("south", platform=cast.platform("south", client_id="south"))
    north = cast.course("north", platform=cast.platform("north", client_id="north"))
    for course in (north, south):
        course.groups_url = f"{ISSUER}/groups"
    session.commit()

    assert (groups.ask(north), groups.ask(south)) == ([groups.Found("201", "Team Red")], None)
    assert [whose for _method, _url, whose in schools.calls] == ["north", "south", "south"]


ODD: dict[str, object] = {
    "no list": {},
    "rows that are none": [1, None, [], {"name": "no id"}, {"id": ""}],
    "rosters with odd memberships": [RED],
    "ids that no database stores": [{"id": "\ud800"}, {"id": "\x00"}, {"id": " \udfff "}],
}


@pytest.mark.parametrize("listed", ODD.values(), ids=list(ODD))
def test_odd_groups_do_not_spoil_the_roster(
    session: Session, course: Course, monkeypatch: pytest.MonkeyPatch, listed: object
):
    answer(
        monkeypatch,
        listed,
        member("5", group_enrollments="201"),
        member("6", group_enrollments=[7, {}, {"group_id": []}]),
    )

    assert roster.refresh(course).members == 2
    assert in_groups(session) == {}


def test_a_groups_service_that_is_down_does_not_spoil_the_roster_and_keeps_the_groups(
    session: Session, course: Course, monkeypatch: pytest.MonkeyPatch
):
    answer(monkeypatch, [RED], member("5", group_enrollments=of(201)))
    roster.refresh(course)
    body = json.dumps({"members": [member("5"), member("6")]}).encode()
    answering_with(monkeypatch, lambda url: Answer(503 if "/groups" in url else 200, {}, body, url))

    assert roster.refresh(course).members == 2
    assert in_groups(session) == {"Team Red": {"5"}}


def test_a_launch_from_canvas_tells_my_sections(session: Session, campus: CampusInHand, arrive: Arrive):
    campus.set_flavor("canvas")
    arrive("leo")
    arrive("amara")

    leo, amara = campus.person("leo").id, campus.person("amara").id
    assert in_groups(session) == {"Evening": {leo, amara}} or in_groups(session) == {
        "Evening": {leo},
        "Morning, with Ines": {amara},
    }


def test_a_launch_from_moodle_tells_the_ids_of_my_groups(session: Session, campus: CampusInHand, arrive: Arrive):
    campus.set_flavor("moodle")
    arrive("leo")

    assert in_groups(session) == {"Group 202": {campus.person("leo").id}}


def launched(session: Session, me: Enrolment, sections: str, names: object = None) -> dict[str, set[str]]:
    said = {"canvas_sections": sections} | ({"canvas_section_names": json.dumps(names)} if names is not None else {})
    groups.take_over_launch(session, me.id, course_id=me.course_id, custom=said)
    session.commit()
    return in_groups(session)


def test_sections_are_those_of_the_newest_launch(session: Session, cast: Cast):
    leo = cast.enrol(cast.course(), "Leo")

    assert launched(session, leo, "1,2") == {"Section 1": {"leo"}, "Section 2": {"leo"}}
    assert launched(session, leo, "2") == {"Section 2": {"leo"}}
    assert launched(session, leo, "") == {}


def test_a_launch_that_says_nothing_of_groups_changes_none(session: Session, cast: Cast):
    leo = cast.enrol(cast.course(), "Leo")
    launched(session, leo, "1")

    groups.take_over_launch(session, leo.id, course_id=leo.course_id, custom={"time_zone": "Europe/Lisbon"})
    session.commit()

    assert in_groups(session) == {"Section 1": {"leo"}}


def test_names_are_only_given_to_sections_they_surely_belong_to(session: Session, cast: Cast):
    """Canvas sends ids and names as two lists in no common order."""
    course = cast.course()
    ines, leo = cast.enrol(course, "Ines"), cast.enrol(course, "Leo")

    several = launched(session, ines, "1,2", ["Morning", "Evening"])
    one = launched(session, leo, "2", ["Morning"])
    rest = launched(session, ines, "1,2", ["Morning", "Evening"])

    assert several == {"Section 1": {"ines"}, "Section 2": {"ines"}}
    assert one == {"Section 1": {"ines"}, "Morning": {"ines", "leo"}}
    assert rest == {"Evening": {"ines"}, "Morning": {"ines", "leo"}}


@pytest.mark.parametrize("names", ["", "Morning", "[1, null]", "[" * 100_000, "{}"])
def test_names_that_are_no_list_are_left_out(session: Session, cast: Cast, names: str):
    leo = cast.enrol(cast.course(), "Leo")

    custom = {"canvas_sections": "1", "canvas_section_names": names}
    groups.take_over_launch(session, leo.id, course_id=leo.course_id, custom=custom)
    session.commit()

    assert in_groups(session) == {"Section 1": {"leo"}}


def group_with(session: Session, course: Course, *people: Enrolment, name: str = "Red") -> CourseGroup:
    group = CourseGroup(course_id=course.id, source=groups.Source.SERVICE, reference=name, name=name, created=THEN)
    session.add(group)
    session.flush()
    session.add_all(GroupMembership(group_id=group.id, enrolment_id=each.id) for each in people)
    session.commit()
    return group


def test_a_choice_shows_the_people_of_one_group_or_everybody(session: Session, cast: Cast):
    course = cast.course()
    leo, maya = cast.enrol(course, "Leo"), cast.enrol(course, "Maya")
    red = group_with(session, course, leo)

    chosen, everybody = groups.choice_of(session, course, red.public_id), groups.choice_of(session, course, "")

    assert [chosen.shows(each.id) for each in (leo, maya)] == [True, False]
    assert [everybody.shows(each.id) for each in (leo, maya)] == [True, True]


def test_a_group_of_another_course_chooses_nobody_out_and_is_not_named(session: Session, cast: Cast):
    here, there = cast.course(), cast.course("Another course")
    zoe = cast.enrol(there, "Zoe")
    theirs = group_with(session, there, zoe)

    choice = groups.choice_of(session, here, theirs.public_id)

    assert (choice.groups, choice.chosen) == ([], None)


def test_groups_nobody_is_in_are_not_offered(session: Session, cast: Cast):
    course = cast.course()
    group_with(session, course, name="Empty")
    group_with(session, course, cast.enrol(course, "Test Student", is_test=True), name="Only a preview")
    group_with(session, course, cast.enrol(course, "Leo", is_active=False), name="All gone")
    red = group_with(session, course, cast.enrol(course, "Maya"), name="Red")

    assert groups.groups_of(session, course) == [red]


ONLY_WITH_LAUNCHES = "names somebody's groups only when they open the tool. Who has not been here yet is in none."


@pytest.mark.parametrize(("flavor", "is_told"), [("strict", False), ("moodle", True), ("canvas", True)])
def test_where_groups_come_with_launches_the_filter_says_whom_it_leaves_out(
    session: Session, campus: CampusInHand, arrive: Arrive, flavor: str, is_told: bool
):
    """Amara has not been here, so Moodle and Canvas have not told of any group of hers."""
    campus.set_flavor(flavor)
    client: FlaskClient = arrive("ines")
    arrive("leo")
    leo, amara = enrolment(session, campus, "leo"), enrolment(session, campus, "amara")
    address = f"/courses/{course_of(session).public_id}/people"

    text = client.get(address).text.replace("&#39;", "'")

    shown = [groups.choice_of(session, leo.course, each.public_id) for each in groups.groups_of(session, leo.course)]
    assert (ONLY_WITH_LAUNCHES in text, 'aria-describedby="group-hint"' in text) == (is_told, is_told)
    assert any(choice.shows(leo.id) for choice in shown)
    assert any(choice.shows(amara.id) for choice in shown) is not is_told


@pytest.mark.parametrize("page", ["people", "mentoring/mentors", "mentoring/pairing"])
def test_lists_of_people_can_be_narrowed_to_a_group(session: Session, campus: CampusInHand, arrive: Arrive, page: str):
    client: FlaskClient = arrive("ines")
    maya = enrolment(session, campus, "maya")
    address = f"/courses/{course_of(session).public_id}/{page}"
    if page.endswith("pairing"):
        form = {f"mentors-{maya.public_id}": "y", f"places-{maya.public_id}": "3", f"was-{maya.public_id}": "0"}
        client.post(f"/courses/{maya.course.public_id}/mentoring/mentors", data=form)
    blue = session.scalars(select(CourseGroup).where(CourseGroup.name == "Team Blue")).one()
    mine = {
        row.name
        for row in session.scalars(select(Enrolment))
        if groups.choice_of(session, row.course, blue.public_id).shows(row.id)
    }

    text = client.get(f"{address}?group={blue.public_id}").text

    assert "Leo Nowak" in mine
    assert ("Leo Nowak" in text, "Amara Okafor" in text) == (True, "Amara Okafor" in mine)
    assert "Amara Okafor" in client.get(address).text
