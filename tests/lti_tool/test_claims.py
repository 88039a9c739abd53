"""Role lists and claims, read as this course means them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from lti_tool.claims import (
    AGS,
    NRPS,
    CourseClaim,
    GradebookClaim,
    Launch,
    PersonClaim,
    PlacementClaim,
    role_in_course,
)
from lti_tool.models import Role
from tests.lti_tool.launching import claims

ORACLE = Path(__file__).parent / "oracles" / "role-cases.csv"
SEATS = {
    "learner": Role.LEARNER,
    "instructor": Role.INSTRUCTOR,
    "observer": Role.OBSERVER,
    "teaching assistant; full instructor only if the course allows it": Role.ASSISTANT,
    "none: least privilege page": Role.GUEST,
}


def _cases() -> list[tuple[str, list[str], Role]]:
    with ORACLE.open(encoding="utf-8", newline="") as file:
        return [
            (row["case"], row["roles_separated_by_space"].split(), SEATS[row["right_answer_for_this_course"]])
            for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize(("case", "roles", "seat"), _cases(), ids=[case for case, _roles, _seat in _cases()])
def test_a_role_list_gives_the_right_seat(case: str, roles: list[str], seat: Role):
    assert role_in_course(roles) == seat


@pytest.mark.parametrize(
    ("role", "seat"),
    [
        ("http://purl.imsglobal.org/vocab/lis/v2/membership/Learner#Instructor", Role.LEARNER),
        ("http://purl.imsglobal.org/vocab/lis/v2/membership#ContentDeveloper", Role.DESIGNER),
        ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor", Role.GUEST),
        ("http://purl.imsglobal.org/vocab/lis/v2/system/person#SysAdmin", Role.GUEST),
        ("http://purl.imsglobal.org/vocab/lis/v2/membership#Administrator", Role.GUEST),
        ("instructor", Role.GUEST),
    ],
)
def test_a_single_role_never_gives_more_than_it_says(role: str, seat: Role):
    assert role_in_course([role]) == seat


def test_claims_become_a_launch_in_our_words():
    launch = Launch.from_claims(claims(locale="de-CH", custom={"activity": "quiz", "time_zone": "Europe/Zurich"}))

    assert launch == Launch(
        message_type="LtiResourceLinkRequest",
        deployment_id="1",
        target="http://localhost:8000/lti/launch",
        person=PersonClaim(
            subject="leo",
            name="Leo Fischer",
            given_name="Leo",
            email="leo@campus.example",
            locale="de-CH",
            time_zone="Europe/Zurich",
        ),
        role=Role.LEARNER,
        is_test=False,
        course=CourseClaim(id="101", title="Starting at work 101", label="MENTOR101"),
        placement=PlacementClaim(id="7", title="Mentoring"),
        gradebook=GradebookClaim(line_items="https://campus.example/ags/101/lineitems", line_item=None, scopes=()),
        roster_url="https://campus.example/nrps/101/members",
        custom={"activity": "quiz", "time_zone": "Europe/Zurich"},
        family="",
        return_url="https://campus.example/courses/101",
    )


def test_custom_values_that_were_not_filled_in_count_as_absent():
    odd = {"activity": "$Not.filled", "number": 3, "nothing": None, "list": [1], "kept": "yes"}

    assert Launch.from_claims(claims(custom=odd)).custom == {"kept": "yes"}


def test_a_return_address_that_is_no_web_address_is_dropped():
    launch = Launch.from_claims(claims(launch_presentation={"return_url": "javascript:alert(1)"}))

    assert launch.return_url == ""


@pytest.mark.parametrize(
    "address", ["https://[x", "https://campus.example:port/", "https://", "https://campus.example/ b", "ftp://campus/x"]
)
def test_an_address_that_cannot_be_asked_counts_as_absent(address: str):
    """Whatever is said of it later would trip over it, in the middle of somebody's visit."""
    said = Launch.from_claims(
        claims(
            launch_presentation={"return_url": address},
            **{AGS: {"lineitems": address, "lineitem": address}, NRPS: {"context_memberships_url": address}},
        )
    )

    assert (said.return_url, said.roster_url, said.gradebook) == (
        "",
        None,
        GradebookClaim(line_items=None, line_item=None, scopes=()),
    )
