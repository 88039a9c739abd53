"""Faults on purpose, over real HTTP where that matters."""

from __future__ import annotations

import json
import time

import pytest
import requests

from campus.grades import SCORE_TYPE
from campus.line_items import CONTAINER
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
