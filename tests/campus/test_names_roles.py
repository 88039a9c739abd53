"""The roster, page by page, and what each platform makes of names, roles and people who left."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from campus.names_roles import MEDIA_TYPE
from campus.services import SCORE
from campus.testing import CampusInHand, campus_in_hand
from tests.campus.fake_tool import Clock, FakeTool, bearer

CONTEXT = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
IN_COURSE = 37  # thirty classmates, and seven of the cast


def ask(campus: CampusInHand, address: str = "/services/2/memberships", **headers: str) -> TestResponse:
    return campus.app.test_client().get(address, headers={"Accept": MEDIA_TYPE, **bearer(campus), **headers})


def all_pages(campus: CampusInHand, address: str) -> list[list[dict[str, Any]]]:
    pages, following = [], address
    while following:
        response = ask(campus, following)
        pages.append(response.get_json()["members"])
        found = re.fullmatch(r'<(.+)>; rel="next"', response.headers.get("Link", ""))
        following = found[1] if found else ""
    return pages


def by_key(members: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {member["lis_person_sourcedid"].removeprefix("SIS-"): member for member in members}


@pytest.mark.parametrize(
    ("flavor", "query", "sizes"),
    [
        ("strict", "", [10, 10, 10, 7]),
        ("strict", "?limit=25", [10, 10, 10, 7]),
        ("strict", "?limit=9", [9, 9, 9, 9, 1]),
        ("strict", "?limit=19", [10, 10, 10, 7]),
        ("moodle", "", [37]),
        ("moodle", "?limit=20", [20, 17]),
        ("moodle", "?limit=37", [37]),
        ("canvas", "", [37]),
        ("canvas", "?limit=30", [30, 7]),
    ],
)
def test_the_roster_comes_in_pages(campus: CampusInHand, flavor: str, query: str, sizes: list[int]) -> None:
    campus.set_flavor(flavor)

    pages = all_pages(campus, f"/services/2/memberships{query}")

    assert [len(page) for page in pages] == sizes
    ids = [member["user_id"] for page in pages for member in page]
    assert ids == [person.id for person in campus.people()]
    assert len(set(ids)) == IN_COURSE


def test_canvas_never_gives_more_than_fifty_at_once(tool: FakeTool, clock: Clock) -> None:
    with campus_in_hand(fetch_json=tool.fetch_json, now=clock, flavor="canvas", people=70) as campus:
        pages = all_pages(campus, "/services/2/memberships?limit=100")

    assert [len(page) for page in pages] == [50, 50, 7]


def test_the_bookmark_of_a_page_is_case_sensitive(campus: CampusInHand) -> None:
    link = ask(campus).headers["Link"]
    following = link.partition(">")[0].removeprefix("<")

    assert following != following.lower()
    assert ask(campus, following).status_code == 200
    assert ask(campus, following.lower()).status_code == 400


def test_a_strict_roster_wants_its_media_type_named(campus: CampusInHand) -> None:
    assert ask(campus, Accept="*/*").status_code == 406
    campus.set_flavor("moodle")
    response = ask(campus, Accept="*/*")
    assert (response.status_code, response.headers["Content-Type"]) == (200, f"{MEDIA_TYPE}; charset=utf-8")


def test_another_scope_does_not_open_the_roster(campus: CampusInHand) -> None:
    headers = {"Accept": MEDIA_TYPE, **bearer(campus, SCORE)}

    assert campus.app.test_client().get("/services/2/memberships", headers=headers).status_code == 403


def test_people_without_name_or_email_lack_the_keys(campus: CampusInHand) -> None:
    members = by_key([member for page in all_pages(campus, "/services/2/memberships") for member in page])

    person = campus.person("noname")
    assert members["noname"] == {
        "status": "Active",
        "roles": [CONTEXT + "Learner"],
        "user_id": person.id,
        "lis_person_sourcedid": "SIS-noname",
    }
    assert set(members["noemail"]) - set(members["noname"]) == {"name", "given_name", "family_name"}
    assert set(members["onlygiven"]) - set(members["noname"]) == {"name", "given_name", "email"}


@pytest.mark.parametrize(
    ("flavor", "name"),
    [
        ("strict", "Siobhán O'Brien & Söhne <Ltd>"),
        ("moodle", "Siobhán O&#039;Brien &amp; Söhne "),
        ("canvas", "Siobhán O'Brien & Söhne <Ltd>"),
    ],
)
def test_moodle_strips_and_escapes_names(campus: CampusInHand, flavor: str, name: str) -> None:
    campus.set_flavor(flavor)

    members = by_key([member for page in all_pages(campus, "/services/2/memberships") for member in page])

    assert members["siobhan"]["name"] == name


TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
ASSISTANT = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"


@pytest.mark.parametrize(
    ("flavor", "roles"),
    [
        (
            "strict",
            {
                "ines": [CONTEXT + "Instructor"],
                "anouk": [CONTEXT + "Instructor", ASSISTANT],
                "olga": [CONTEXT + "Mentor"],
                "preview": [CONTEXT + "Learner", TEST_USER],
            },
        ),
        ("moodle", {"ines": ["Instructor"], "anouk": ["Learner"], "olga": ["Learner"], "preview": ["Learner"]}),
        (
            "canvas",
            {
                "ines": [CONTEXT + "Instructor"],
                "anouk": [ASSISTANT, CONTEXT + "Instructor"],
                "olga": [CONTEXT + "Mentor"],
                "preview": [CONTEXT + "Learner", TEST_USER],
            },
        ),
    ],
)
def test_roles_are_written_as_the_platform_writes_them(
    campus: CampusInHand, flavor: str, roles: dict[str, list[str]]
) -> None:
    campus.set_flavor(flavor)

    members = by_key([member for page in all_pages(campus, "/services/2/memberships") for member in page])

    assert {key: members[key]["roles"] for key in roles} == roles


@pytest.mark.parametrize(
    ("flavor", "role", "count"),
    [
        ("strict", "Instructor", 3),
        ("strict", CONTEXT.replace("#", "%23") + "Learner", 33),
        ("strict", "Nobody", 0),
        ("moodle", "Instructor", 2),
        ("moodle", CONTEXT.replace("#", "%23") + "Instructor", 2),
        ("moodle", "Nobody", IN_COURSE),
        ("canvas", "Learner", 33),
        ("canvas", "Nobody", 0),
    ],
)
def test_a_role_can_be_asked_for(campus: CampusInHand, flavor: str, role: str, count: int) -> None:
    campus.set_flavor(flavor)

    pages = all_pages(campus, f"/services/2/memberships?role={role}")

    assert sum(len(page) for page in pages) == count


def test_an_unknown_link_or_course_is_not_found(campus: CampusInHand) -> None:
    addresses = ["/services/2/memberships?rlid=1", "/services/2/memberships?rlid=999", "/services/9/memberships"]

    assert [ask(campus, address).status_code for address in addresses] == [200, 404, 404]


@pytest.mark.parametrize(("flavor", "status"), [("strict", "Inactive"), ("moodle", None), ("canvas", None)])
def test_whoever_is_suspended_is_inactive_or_vanishes(campus: CampusInHand, flavor: str, status: str | None) -> None:
    campus.set_flavor(flavor)
    campus.suspend("leo")

    members = by_key([member for page in all_pages(campus, "/services/2/memberships") for member in page])

    assert members.get("leo", {}).get("status") == status


def test_whoever_is_unenrolled_vanishes_and_comes_back(campus: CampusInHand) -> None:
    def is_there() -> bool:
        pages = all_pages(campus, "/services/2/memberships")
        return "leo" in by_key([member for page in pages for member in page])

    before = is_there()
    campus.unenrol("leo")
    gone = is_there()
    campus.enrol("leo")

    assert (before, gone, is_there()) == (True, False, True)


def test_an_edited_name_is_told_at_once(campus: CampusInHand) -> None:
    campus.change("ines", name="Ines Neu", email=None)

    ines = by_key(ask(campus).get_json()["members"])["ines"]

    assert (ines["name"], ines.get("email")) == ("Ines Neu", None)
