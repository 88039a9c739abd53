"""Line items: listed, made, changed and deleted, in the right media types only."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from campus.line_items import CONTAINER, ITEM
from campus.services import LINE_ITEM_READ
from campus.testing import CampusInHand
from tests.campus.fake_tool import bearer

ALL = "/services/2/lineitems"
QUIZ = f"{ALL}/1/lineitem"
REVIEW = {"label": "360 review", "scoreMaximum": 20, "resourceId": "review-1", "tag": "review"}


def call(
    campus: CampusInHand, method: str, address: str, body: Any = None, *, media_type: str = ITEM, accept: str = ITEM
) -> TestResponse:
    headers = {"Accept": accept, **bearer(campus)}
    data = None if body is None else json.dumps(body)
    return campus.app.test_client().open(address, method=method, data=data, headers=headers, content_type=media_type)


def listed(campus: CampusInHand, query: str = "") -> list[str]:
    return [item["label"] for item in call(campus, "GET", ALL + query, accept=CONTAINER).get_json()]


def test_the_placed_quiz_has_its_column(campus: CampusInHand) -> None:
    response = call(campus, "GET", ALL, accept=CONTAINER)

    assert response.headers["Content-Type"] == f"{CONTAINER}; charset=utf-8"
    assert response.get_json() == [
        {"id": campus.url + QUIZ, "label": "Onboarding quiz", "scoreMaximum": 20, "resourceLinkId": "2"}
    ]


def test_moodles_addresses_carry_a_query(campus: CampusInHand) -> None:
    campus.set_flavor("moodle")

    (item,) = call(campus, "GET", ALL + "?type_id=1", accept=CONTAINER).get_json()

    assert (item["id"], item["ltiLinkId"]) == (f"{campus.url}{QUIZ}?type_id=1", "2")


def test_a_line_item_is_made_changed_read_and_deleted(campus: CampusInHand) -> None:
    made = call(campus, "POST", ALL, {**REVIEW, "endDateTime": "2026-12-24T10:00:00.000Z"})
    address = made.get_json()["id"]
    changed = call(campus, "PUT", address, {"label": "Review", "scoreMaximum": 50, "tag": "review"})
    read = call(campus, "GET", address)
    deleted = call(campus, "DELETE", address)

    assert made.status_code == 201
    assert made.get_json() == {"id": address, **REVIEW, "endDateTime": "2026-12-24T10:00:00.000Z"}
    assert changed.get_json() == {"id": address, "label": "Review", "scoreMaximum": 50, "tag": "review"}
    assert read.get_json() == changed.get_json()
    assert deleted.status_code == 204
    assert call(campus, "GET", address).status_code == 404


def test_line_items_can_be_searched(campus: CampusInHand) -> None:
    call(campus, "POST", ALL, REVIEW)

    assert listed(campus) == ["Onboarding quiz", "360 review"]
    assert listed(campus, "?tag=review") == ["360 review"]
    assert listed(campus, "?resource_id=review-1&tag=review") == ["360 review"]
    assert listed(campus, "?resource_id=review-1&tag=other") == []
    assert listed(campus, "?resource_link_id=2") == ["Onboarding quiz"]


def test_making_the_same_twice_makes_two(campus: CampusInHand) -> None:
    call(campus, "POST", ALL, REVIEW)
    call(campus, "POST", ALL, REVIEW)

    assert listed(campus, "?tag=review") == ["360 review", "360 review"]


@pytest.mark.parametrize(
    "body",
    [
        {"scoreMaximum": 20},
        {"label": " ", "scoreMaximum": 20},
        {"label": "Review"},
        {"label": "Review", "scoreMaximum": 0},
        {"label": "Review", "scoreMaximum": "20"},
        {**REVIEW, "tag": 7},
        [],
    ],
)
def test_an_incomplete_line_item_is_refused(campus: CampusInHand, body: Any) -> None:
    assert [call(campus, "POST", ALL, body).status_code, call(campus, "PUT", QUIZ, body).status_code] == [400, 400]


@pytest.mark.parametrize(
    ("flavor", "media", "accept"), [("strict", 415, 406), ("moodle", 400, 400), ("canvas", 415, 200)]
)
def test_media_types_are_enforced(campus: CampusInHand, flavor: str, media: int, accept: int) -> None:
    campus.set_flavor(flavor)

    assert call(campus, "POST", ALL, REVIEW, media_type="application/json").status_code == media
    assert call(campus, "GET", ALL, accept="*/*").status_code == accept
    assert call(campus, "GET", QUIZ, accept="application/json").status_code == accept


def test_a_reading_token_changes_nothing(campus: CampusInHand) -> None:
    headers = {"Accept": ITEM, **bearer(campus, LINE_ITEM_READ)}
    client = campus.app.test_client()

    answers = [
        client.get(QUIZ, headers=headers),
        client.post(ALL, json=REVIEW, headers=headers),
        client.put(QUIZ, json=REVIEW, headers=headers),
        client.delete(QUIZ, headers=headers),
    ]

    assert [answer.status_code for answer in answers] == [200, 403, 403, 403]


@pytest.mark.parametrize(("flavor", "status"), [("strict", 404), ("moodle", 200), ("canvas", 404)])
def test_only_moodle_gives_a_line_item_under_another_course(campus: CampusInHand, flavor: str, status: int) -> None:
    campus.set_flavor(flavor)

    assert call(campus, "GET", "/services/3/lineitems/1/lineitem").status_code == status


def test_a_column_for_another_courses_placement_is_refused(campus: CampusInHand) -> None:
    links = ["2", "4", "99"]

    statuses = [call(campus, "POST", ALL, {**REVIEW, "resourceLinkId": link}).status_code for link in links]

    assert statuses == [201, 403, 403]


def test_moodles_refusals_look_like_the_recorded_ones(campus: CampusInHand) -> None:
    campus.set_flavor("moodle")

    response = call(campus, "GET", f"{ALL}/9/lineitem?type_id=1")

    assert response.get_json() == {
        "status": 404,
        "reason": "Not Found: Grade item 9 doesn't exist",
        "request": {
            "method": "GET",
            "url": f"{ALL}/9/lineitem?type_id=1",
            "accept": ITEM,
            "contentType": ITEM,
        },
    }


def test_a_limit_gives_pages_and_moodles_link_is_broken_as_recorded(campus: CampusInHand) -> None:
    call(campus, "POST", ALL, REVIEW)

    strict = call(campus, "GET", f"{ALL}?limit=1", accept=CONTAINER).headers["Link"]
    campus.set_flavor("moodle")
    moodle = call(campus, "GET", f"{ALL}?type_id=1&limit=1", accept=CONTAINER).headers["Link"]

    assert strict == f'<{campus.url}{ALL}?limit=1&from=1>; rel="next"'
    assert moodle == f"<{campus.url}{ALL}?type_id=1&amp;limit=1&amp;from=1>; rel=" + "“next”".encode().decode("latin-1")
