"""What Moodle 4.5 really sent, met by the whole launch and the whole roster."""

from __future__ import annotations

import json
import time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import roster
from lti_tool.claims import LTI, Launch
from lti_tool.models import Course, Enrolment, Placement, Role
from lti_tool.outgoing.http import Answer
from lti_tool.outgoing.services import Service
from tests.lti_tool.launching import TARGET, FakeWeb, sign, start
from tests.platforms.recordings import MOODLE, recorded


def relaunch(client: FlaskClient, sample: str) -> int:
    """The recorded claims under a fresh nonce, time and target, which alone cannot be as recorded."""
    claims = recorded(sample)["claims"]
    asked = start(client, iss=claims["iss"], client_id=claims["aud"])
    at = int(time.time())
    fresh = {"iat": at, "exp": at + 60, "nonce": asked["nonce"], LTI + "target_link_uri": TARGET}
    token = sign({**claims, **fresh}, key="moodle")
    return client.post("/lti/launch", data={"state": asked["state"], "id_token": token}).status_code


@pytest.mark.usefixtures("moodle")
@pytest.mark.parametrize(
    ("sample", "role", "name"),
    [
        ("id_token-student", Role.LEARNER, "Amara Okafor"),
        ("id_token-teacher", Role.INSTRUCTOR, "Tina Teacher"),
        ("id_token-nonediting-teacher", Role.INSTRUCTOR, "Ana Assistant"),
        ("id_token-admin", Role.INSTRUCTOR, "Admin User"),
        ("id_token-student-no-name-no-email", Role.LEARNER, ""),
        ("id_token-student-copied-course", Role.LEARNER, "Amara Okafor"),
    ],
)
def test_a_recorded_launch_is_let_in_with_its_role_and_name(
    client: FlaskClient, session: Session, sample: str, role: Role, name: str
):
    assert relaunch(client, sample) == 303

    me = session.scalars(select(Enrolment)).one()
    assert (me.role, me.person.name) == (role, name)
    assert me.course.platform.family == "moodle"


def test_the_services_a_recorded_launch_names_are_kept(client: FlaskClient, session: Session, moodle: FakeWeb):
    relaunch(client, "id_token-student")

    course, placement = session.scalars(select(Course)).one(), session.scalars(select(Placement)).one()
    assert course.roster_url == f"{MOODLE}/mod/lti/services.php/CourseSection/2/bindings/1/memberships"
    assert placement.line_item == f"{MOODLE}/mod/lti/services.php/2/lineitems/2/lineitem?type_id=1"


def test_variables_that_moodle_did_not_fill_in_count_as_absent():
    launch = Launch.from_claims(recorded("id_token-student")["claims"])

    assert "start" not in launch.custom
    assert (launch.custom["quiz"], launch.custom["tz"]) == ("1", "99")


@pytest.mark.usefixtures("moodle")
def test_the_recorded_roster_is_read_whole(client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch):
    relaunch(client, "id_token-student")
    course = session.scalars(select(Course)).one()
    body = json.dumps(recorded("nrps-response")["response"]["body"]).encode()
    monkeypatch.setattr(Service, "call", lambda _self, _method, url, **_rest: Answer(200, {}, body, url))

    found = roster.refresh(course)

    people = session.scalars(select(Enrolment).order_by(Enrolment.id)).all()
    assert (found.members, len(people)) == (31, 31)
    assert sum(person.role == Role.INSTRUCTOR for person in people) == 1, "the assistant is a learner in the roster"
    assert all("&amp;" not in person.person.name for person in people)
