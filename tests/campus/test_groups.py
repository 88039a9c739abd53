"""Groups and sections: a service where the platform has one, variables where it has not."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.test import TestResponse

from campus import groups, names_roles
from campus.services import ROSTER
from campus.testing import CampusInHand
from tests.campus.fake_tool import bearer
from tests.campus.test_messages import LTI, claims_of

GROUPS = "/services/2/groups"


def ask(campus: CampusInHand, address: str = GROUPS, media_type: str = groups.MEDIA_TYPE) -> TestResponse:
    return campus.app.test_client().get(address, headers={"Accept": media_type, **bearer(campus)})


def test_the_service_lists_the_teams_page_by_page(campus: CampusInHand) -> None:
    first = ask(campus)
    following = re.fullmatch(r"<(.+)>; rel=next", first.headers["Link"])
    assert following is not None
    second = ask(campus, following[1])

    assert [page.get_json()["groups"] for page in (first, second)] == [
        [{"id": 201, "name": "Team Red"}],
        [{"id": 202, "name": "Team Blue"}],
    ]
    assert "Link" not in second.headers


def test_the_teams_of_one_person_can_be_asked_for(campus: CampusInHand) -> None:
    mine = ask(campus, f"{GROUPS}?limit=9&user_id={campus.person('leo').id}").get_json()["groups"]

    assert [group["name"] for group in mine] == ["Team Blue"]


def test_a_token_for_the_roster_does_not_open_the_groups(campus: CampusInHand) -> None:
    headers = {"Accept": groups.MEDIA_TYPE, **bearer(campus, ROSTER)}

    assert campus.app.test_client().get(GROUPS, headers=headers).status_code == 403


def test_only_the_strict_platform_has_the_service(campus: CampusInHand) -> None:
    campus.set_flavor("canvas")

    assert ask(campus).status_code == 404
    assert groups.CLAIM not in claims_of(campus, "leo")


def test_the_roster_names_everybodys_teams_when_it_is_asked_to(campus: CampusInHand) -> None:
    def teams(query: str) -> list[Any]:
        page = ask(campus, f"/services/2/memberships?limit=3{query}", names_roles.MEDIA_TYPE).get_json()
        return [member.get("group_enrollments") for member in page["members"]]

    assert teams("") == [None, None, None]
    assert teams("&groups=true") == [[], [{"group_id": 201}], [{"group_id": 202}]]


def test_canvas_tells_sections_and_moodle_group_ids_with_the_launch(campus: CampusInHand) -> None:
    campus.set_flavor("canvas")
    in_canvas = claims_of(campus, "ines")[LTI + "custom"]
    campus.set_flavor("moodle")
    in_moodle = claims_of(campus, "leo")[LTI + "custom"]

    assert in_canvas["canvas_sections"] == "101,102"
    assert in_canvas["canvas_section_names"] == '["Evening", "Morning, with Ines"]'
    assert in_canvas["moodle_groups"] == "$Moodle.Person.userGroupIds"
    assert in_moodle["moodle_groups"] == "202"
