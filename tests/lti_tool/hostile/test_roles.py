"""ROLE: what roles give, and what they never give."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.claims import MEMBERSHIP, Launch, role_in_course
from lti_tool.models import Enrolment, Role
from tests.lti_tool.launching import FakeWeb, claims, launch

SEATS = {
    "ROLE-05": (["https://evil.example/roles#Instructor"], Role.GUEST),
    "ROLE-05 almost the right address": ([f"{MEMBERSHIP}s#Instructor"], Role.GUEST),
    "ROLE-05 beside a learner": ([f"{MEMBERSHIP}#Learner", "https://evil.example/x#Instructor"], Role.LEARNER),
    "ROLE-06": ([f"{MEMBERSHIP}/Instructor#TeachingAssistant"], Role.ASSISTANT),
    "ROLE-06 beside a learner": (
        [f"{MEMBERSHIP}/Instructor#TeachingAssistant", f"{MEMBERSHIP}#Learner"],
        Role.ASSISTANT,
    ),
    "ROLE-09": ([], Role.GUEST),
}


@pytest.mark.parametrize(("roles", "seat"), SEATS.values(), ids=list(SEATS))
def test_roles_give_this_seat_and_no_more(
    client: FlaskClient, web: FakeWeb, session: Session, roles: list[str], seat: Role
):
    answer = launch(client, roles=roles)

    me = session.scalars(select(Enrolment)).one()
    assert (me.role, role_in_course(roles)) == (seat, seat)
    assert client.get(answer.location).status_code == 200
    assert client.get(f"{answer.location}mentoring/pairing").status_code == 403


OBSERVED = {
    "ROLE-11": ("leo,zoe", ("leo", "zoe")),
    "ROLE-11 a list": (["leo", "zoe"], ("leo", "zoe")),
    "ROLE-11 spaces and gaps": (" leo , ,zoe,", ("leo", "zoe")),
    "ROLE-11 twice": (["leo", "leo"], ("leo",)),
    "ROLE-11 odd things": (["leo", 5, None, {"id": "zoe"}, ["zoe"]], ("leo",)),
    "ROLE-11 an object": ({"leo": True}, ()),
    "ROLE-11 a number": (5, ()),
    "ROLE-11 marks no database stores": (["le\x00o"], ("leo",)),
    "ROLE-11 endless": (["x" * 1000], ("x" * 255,)),
    "ROLE-11 thousands": ([str(n) for n in range(5000)], tuple(str(n) for n in range(200))),
}


@pytest.mark.parametrize(("said", "expected"), OBSERVED.values(), ids=list(OBSERVED))
def test_whom_an_observer_may_follow_is_read_as_ids(said: object, expected: tuple[str, ...]):
    assert Launch.from_claims(claims(role_scope_mentor=said)).observes == expected
