"""Every page, asked for by everybody who must not see it and everybody who may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool.arrivals.sessions import Visit
from lti_tool.models import Course, Enrolment, Platform, Role
from tests.cast import Cast
from tests.house.routes import (
    FILLERS,
    OF_NO_COURSE,
    PUBLIC,
    SECRET_WORD,
    Route,
    School,
    course_of,
    deployment_of,
    enrolled,
    roles_of,
    routes,
)
from tests.lti_tool.launching import FakeWeb

pytestmark = pytest.mark.sqlite
"""Who may open what is decided by the same queries on both databases, and all of it takes minutes."""

CONTEXT = f"{SECRET_WORD} course"
FINE = {200, 302, 303, 405, 422}
UNSEEN = (
    *("runs.take_out", "runs.publish_draft", "draft_people.change", "rescues.apply"),
    *("circle_drafts.move", "circle_drafts.make"),
)
"""Changes of a draft by somebody who does not say which state of it they have seen."""
OF_ITS_PEOPLE = {
    *("mentorships.draft", "mentorships.propose", "mentorships.sign"),
    *("mentorships.timeline", "mentorships.add_entry"),
    *("mentorships.tick_entry", "mentorships.move_entry", "mentorships.remove_entry"),
    *("check_ins.agree", "check_ins.refuse"),
    *("mentorships.give_task", "mentorships.put_task", "mentorships.take_task_back"),
    *("goals.new", "goals.set_goal", "goals.progress", "goals.change", "goals.put_otherwise", "goals.drop"),
    "goals.reopen",
    "notebook.shared",
    *("nudges.rest", "nudges.wake"),
}
"""What is between the people of a mentorship: an instructor who is none of them finds nothing there."""
SAYS_NO_TO_ALL = {
    # For whoever mentors in a pair; those who ask here are mentees.
    **{each: {404} for each in ("mentorships.brief", "mentorships.new_task", "mentorships.change_task")},
    # For mentees to whom a new mentor has come, and for that mentor.
    **{f"mentorships.{each}": {404} for each in ("earlier", "read_earlier")},
    # The same; where the mentorship is over by then, its people are told so.
    "mentorships.choose_earlier": {302, 404},
    # Of mentors alone.
    "looking_after.person": {404},
    "gradebook.no_review": {403, 404},
    # For whoever mentors: among those who ask here the instructor does.
    "meetings.groups": {200, 404},
    "meetings.gather": {404, 422},
    "meetings.change_group": {404, 422},
    **{each: {302, 404} for each in ("meetings.cancel_group", "meetings.list_present", "meetings.come_along")},
    # For circles, and for programs of single meetings; here are neither. What is over says so first.
    "meetings.tick_present": {302, 404},
    **{each: {404} for each in ("meetings.all_slots", "meetings.publish", "meetings.book_slot")},
    **{each: {404} for each in ("meetings.give_up_slot", "meetings.withdraw_slot")},
    **{each: {404} for each in ("meetings.slot", "meetings.move_slot")},
    # For whoever is reviewed: among those who ask here the learner is.
    "campaigns.naming": {200, 404},
    "campaigns.complete": {302, 404},
    **{f"campaigns.{each}": {404} for each in ("name_rater", "take_back")},
    **{each: {400} for each in ("runs.change", "circle_drafts.change")},
    # Nothing was sent, and a page that does not say which it is.
    **{each: {400} for each in ("attempts.batch", "attempts.open_page")},
    # Handing in is asked about first, so the attempt runs; no files are asked for first, and there are no checks.
    **{each: {422} for each in ("answer_files.change", "attempts.check")},
    # Another page has saved already, and this one does not say what it knows of.
    "review_answers.draft": {200, 409},
    # Without saying of which competency.
    "review_results.make_goal": {404},
    # Nobody has put them together.
    "review_results.cohort_workbook": {404},
    # For instructors and for whoever coaches somebody in it.
    **{
        f"review_results.{each}": {200, 302, 404}
        for each in ("of_campaign", "put_together", "release_all", "prepare_pdfs", "pdfs")
    },
    **{each: {409} for each in UNSEEN},
}
"""A page that tells why there is nothing to see says so to whoever may read it, too."""


@pytest.fixture
def school(app: Flask, cast: Cast, session: Session) -> School:
    """The course that strangers come to."""
    app.extensions["http"] = FakeWeb()
    platform = cast.platform()
    school = School(session, course_of(session, platform.deployments[0], CONTEXT))
    school.enrol_everybody(app)
    school.fill()
    return school


OF_ONE_PERSON = {
    "assignment_id",
    "attempt_id",
    "concern_id",
    "exclusion_id",
    "file_id",
    "learner_id",
    "meeting_id",
    "mentorship_id",
    "note_id",
    "notebook_entry_id",
    "message_id",
    "notice_id",
    "other_id",
    "occasion_id",
    "person_id",
    "request_id",
    "thanks_id",
    "target_id",
    "resource_id",
    "snapshot_id",
}
"""Parts of addresses that lead to what is somebody's own."""


def another_course(session: Session, platform: Platform) -> Course:
    return course_of(session, platform.deployments[0], "Elsewhere")


def another_deployment(session: Session, platform: Platform) -> Course:
    return course_of(session, deployment_of(session, platform.id, "2"), "Elsewhere", context_id=CONTEXT)


def another_tenant(session: Session, _platform: Platform) -> Course:
    """Another client of the same issuer: the same context id, deployment id and subjects, and all somebody else."""
    second = Cast(session).platform("Second school", client_id="second-school")
    return course_of(session, second.deployments[0], "Elsewhere", context_id=CONTEXT)


Elsewhere = Callable[[Session, Platform], Course]
PLACES: dict[str, Elsewhere] = {
    "AUTHZ-01 another course": another_course,
    "ISS-14 another deployment": another_deployment,
    "AUTHZ-02 another tenant of the same issuer": another_tenant,
}


@pytest.mark.parametrize("elsewhere", PLACES.values(), ids=list(PLACES))
def test_nobody_from_elsewhere_sees_anything(app: Flask, school: School, elsewhere: Elsewhere):
    """AUTHZ-01, AUTHZ-02, ISS-14: whatever their role, neither at the course's address nor with its ids at theirs."""
    away = School(school.session, elsewhere(school.session, school.course.platform))
    away.enrol_everybody(app)

    wrong = []
    for route in guarded(app):
        for role in Role:
            client = away.clients[role]
            for address in _addresses(app, route, school, away, role):
                answer = _asked(client, route, address)
                wrong += _complaints(route, address, answer, {403, 404}, by=away.people[role])

    assert wrong == []


def _addresses(app: Flask, route: Route, school: School, away: School, role: Role) -> list[str]:
    """The course's own page, and the visitor's own course with what belongs to the other."""
    addresses = [route.address(app, school, role)]
    if route.parts - OF_NO_COURSE and "course" in route.parts:
        addresses.append(route.address(app, school, role, course=away.course.public_id))
    return addresses


def test_what_belongs_to_a_course_one_visits_as_well_is_not_opened_through_the_other(
    app: Flask, school: School, cast: Cast
):
    """AUTHZ-01: they teach there and learn here, and have been launched into both."""
    away = School(school.session, another_course(school.session, school.course.platform))
    wrong = []
    for role in Role:
        here = enrolled(school.session, school.course, f"both {role.value}", Role.LEARNER)
        there = enrolled(school.session, away.course, f"both {role.value}", role)
        client = _visiting_both(cast, app.test_client(), here, there)
        for route in guarded(app):
            if route.parts - OF_NO_COURSE and "course" in route.parts:
                address = route.address(app, school, role, course=away.course.public_id)
                wrong += _complaints(route, address, _asked(client, route, address), {403, 404}, by=there)

    assert wrong == []


def _visiting_both(cast: Cast, client: FlaskClient, first: Enrolment, second: Enrolment) -> FlaskClient:
    cast.visit(client, first)
    row = cast.session.query(Visit).filter_by(enrolment_id=first.id).one()
    cast.session.add(Visit(session_id=row.session_id, enrolment_id=second.id))
    cast.session.commit()
    return client


def test_another_learner_of_the_course_opens_nothing_that_is_somebody_elses(app: Flask, school: School, cast: Cast):
    """AUTHZ-04, AUTHZ-10: neither attempts nor requests of others; a mentor of others is a learner like any."""
    others = enrolled(school.session, school.course, "zoe", Role.LEARNER)
    wrong = []
    for person in (others, school.mentor):
        client = cast.visit(app.test_client(), person)
        for route in guarded(app):
            if route.parts & OF_ONE_PERSON:
                address = route.address(app, school, Role.LEARNER)
                wrong += _complaints(route, address, _asked(client, route, address), {403, 404}, by=person)

    assert wrong == []


def test_nobody_who_was_not_launched_sees_anything(app: Flask, school: School):
    wrong = []
    for route in guarded(app):
        address = route.address(app, school, Role.INSTRUCTOR)
        wrong += _complaints(route, address, _asked(app.test_client(), route, address), {401})

    assert wrong == []


def test_within_the_course_each_role_opens_its_own_pages_and_no_others(app: Flask, school: School):
    wrong = []
    for route in guarded(app):
        allowed = roles_of(app, route)
        for role in Role:
            address = route.address(app, school, role)
            answer = _asked(school.clients[role], route, address)
            if allowed is None or role in allowed:
                is_not_theirs = role is Role.INSTRUCTOR and route.rule.endpoint in OF_ITS_PEOPLE
                expected = {404} if is_not_theirs else SAYS_NO_TO_ALL.get(route.rule.endpoint, FINE)
                wrong += [] if answer.status_code in expected else [f"{role} {route.name}: {answer.status_code}"]
            else:
                wrong += [] if answer.status_code == 403 else [f"{role} {route.name}: {answer.status_code}"]

    assert wrong == []


def test_public_pages_name_nobody(app: Flask, school: School):
    wrong = []
    for route in routes(app):
        if route.rule.endpoint in PUBLIC:
            address = route.address(app, school, Role.INSTRUCTOR)
            answer = app.test_client().open(address, method=route.method, environ_base={"REMOTE_ADDR": "203.0.113.5"})
            wrong += [f"{route.name}: names somebody"] if SECRET_WORD in answer.text else []
            wrong += [f"{route.name}: {answer.status_code}"] if answer.status_code >= 500 else []

    assert wrong == []


def test_every_change_asks_for_the_token_of_its_visit(app: Flask, school: School):
    """A form without the token of the launch changes nothing, whoever sends it."""
    app.config["WTF_CSRF_ENABLED"] = True
    wrong = []
    for route in guarded(app):
        if route.method == "GET":
            continue
        for role in roles_of(app, route) or (Role.INSTRUCTOR,):
            answer = _asked(school.clients[role], route, route.address(app, school, role))
            if (answer.status_code, "no longer valid" in answer.text) != (400, True):
                wrong.append(f"{role} {route.name}: {answer.status_code}")

    assert wrong == []


def test_only_get_shows_and_only_post_changes(app: Flask):
    methods = {route.method for route in guarded(app)}

    assert methods == {"GET", "POST"}


def test_every_part_of_an_address_is_known(app: Flask):
    """Whoever adds a page with a new part in its address says in FILLERS what to put there."""
    parts = {part for route in routes(app) for part in route.parts}

    assert (sorted(parts - FILLERS.keys()), sorted(FILLERS.keys() - parts)) == ([], [])


def guarded(app: Flask) -> list[Route]:
    return [route for route in routes(app) if route.rule.endpoint not in PUBLIC]


def _asked(client: FlaskClient, route: Route, address: str) -> TestResponse:
    return client.open(address, method=route.method, buffered=True)


def _complaints(
    route: Route, address: str, answer: TestResponse, expected: set[int], *, by: Enrolment | None = None
) -> list[str]:
    """What is wrong with a refusal: that it is none, or that it names somebody besides the visitor and their course."""
    said = answer.text.replace(by.name, "").replace(by.course.title, "") if by else answer.text
    whose = f"{by.role if by else 'nobody'} {route.name} at {address}"
    found = [] if answer.status_code in expected else [f"{whose}: {answer.status_code}"]
    return [*found, f"{whose}: names somebody"] if SECRET_WORD in said else found
