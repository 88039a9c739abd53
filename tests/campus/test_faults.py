"""Faults on purpose, over real HTTP where that matters."""

from __future__ import annotations

import json
import time

import pytest
import requests

from campus.grades import SCORE_TYPE
from campus.line_items import CONTAINER
from campus.names_roles import MEDIA_TYPE
from campus.testing import CampusInHand, FlaskBrowser, HttpBrowser, launch, running_campus
from tests.campus.fake_tool import Clock, FakeTool, ask_token, assertion, bearer
from tests.campus.test_grades import QUIZ, leos, post, score

ITEMS = "/services/2/lineitems"


def test_services_that_are_down_answer_503_and_pages_go_on(campus: CampusInHand) -> None:
    headers = {"Accept": CONTAINER, **bearer(campus)}
    client = campus.app.test_client()
    campus.faults.services_down = True
    campus.faults.retry_after = 3

    down = client.get(ITEMS, headers=headers)

    assert (down.status_code, down.headers["Retry-After"]) == (503, "3")
    assert ask_token(campus, assertion(campus)).status_code == 503
    assert [client.get("/jwks").status_code, client.get(f"{campus.url}/").status_code] == [200, 200]
    campus.faults.clear()
    assert client.get(ITEMS, headers=headers).status_code == 200


def test_tokens_or_keys_alone_can_be_down(campus: CampusInHand) -> None:
    headers = {"Accept": CONTAINER, **bearer(campus)}
    client = campus.app.test_client()
    campus.faults.tokens_down = campus.faults.keys_down = True

    assert ask_token(campus, assertion(campus)).status_code == 503
    assert [client.get("/jwks").status_code, client.get(ITEMS, headers=headers).status_code] == [503, 200]


def test_a_slow_campus_holds_its_answers_back(campus: CampusInHand, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    campus.faults.slow = 2.5

    campus.app.test_client().get("/jwks")
    campus.app.test_client().get(f"{campus.url}/")

    assert waited == [2.5]


def test_a_lost_answer_leaves_the_score_stored(campus: CampusInHand) -> None:
    campus.faults.lost_scores = 1

    lost, repeated = post(campus, score(campus)), post(campus, score(campus))

    assert (lost.status_code, repeated.status_code, leos(campus)) == (500, 204, 14)
    assert [entry["effect"] for entry in campus.score_log(repeats=True)] == ["graded", "repeated"]


def test_over_http_a_lost_answer_is_a_cut_connection(tool: FakeTool, clock: Clock) -> None:
    with running_campus(fetch_json=tool.fetch_json, now=clock) as campus:
        headers = {**bearer(campus), "Content-Type": SCORE_TYPE}
        body = json.dumps(score(campus))
        campus.faults.lost_scores = 1
        with pytest.raises(requests.ConnectionError):
            requests.post(f"{campus.url}{QUIZ}/scores", data=body, headers=headers, timeout=5)

        again = requests.post(f"{campus.url}{QUIZ}/scores", data=body, headers=headers, timeout=5)

        assert (again.status_code, leos(campus)) == (204, 14)


def test_a_launch_can_be_walked_over_http(tool: FakeTool) -> None:
    with running_campus(fetch_json=tool.fetch_json) as campus:
        visitor = campus.visitor("leo", HttpBrowser())

        launched = launch(visitor, "quiz", FlaskBrowser(tool.app().test_client()))

        assert launched.redirect.startswith(f"{campus.url}/oidc/auth?")
        assert launched.answer.status == 303
        assert campus.refusals() == []


MEMBERS = "/services/2/memberships"


def test_one_page_of_the_roster_can_fail(campus: CampusInHand) -> None:
    campus.faults.roster_page_fails = 2

    first = campus.app.test_client().get(MEMBERS, headers={"Accept": MEDIA_TYPE, **bearer(campus)})
    following = first.headers["Link"].partition(">")[0].lstrip("<")

    assert first.status_code == 200
    assert campus.app.test_client().get(following, headers={"Accept": MEDIA_TYPE, **bearer(campus)}).status_code == 500


@pytest.mark.parametrize(
    ("links", "header"),
    [
        ("loop", f'<http://localhost:8001{MEMBERS}>; rel="next"'),
        ("elsewhere", '<https://elsewhere.example/members?page=2>; rel="next"'),
        ("unquoted", f"<http://localhost:8001{MEMBERS}?page=bookmark%3AUm93IDEw>; rel=next"),
        (
            "among others",
            f'<http://localhost:8001{MEMBERS}>; rel="current",'
            f'<http://localhost:8001{MEMBERS}?page=bookmark%3AUm93IDEw>; rel="next",'
            f'<http://localhost:8001{MEMBERS}>; rel="first"',
        ),
    ],
)
def test_the_link_to_the_next_page_of_the_roster_can_read_in_odd_ways(
    campus: CampusInHand, links: str, header: str
) -> None:
    campus.faults.roster_links = links

    page = campus.app.test_client().get(MEMBERS, headers={"Accept": MEDIA_TYPE, **bearer(campus)})

    assert page.headers["Link"] == header


def test_the_roster_can_be_empty_or_name_everybody_twice(campus: CampusInHand) -> None:
    client, headers = campus.app.test_client(), {"Accept": MEDIA_TYPE, **bearer(campus)}
    campus.faults.roster_twice = True
    twice = [member["user_id"] for member in client.get(f"{MEMBERS}?limit=2", headers=headers).get_json()["members"]]
    campus.faults.roster_empty = True
    empty = client.get(MEMBERS, headers=headers)

    assert twice == ["3", "3", "4", "4"]
    assert (empty.get_json()["members"], "Link" in empty.headers) == ([], False)


def test_a_strict_roster_goes_on_to_list_the_deleted(campus: CampusInHand) -> None:
    campus.delete("leo")
    leo = campus.person("leo").id

    page = campus.app.test_client().get(MEMBERS, headers={"Accept": MEDIA_TYPE, **bearer(campus)}).get_json()

    assert [row["status"] for row in page["members"] if row["user_id"] == leo] == ["Deleted"]
    assert "leo" not in {person.key for person in campus.people()}
