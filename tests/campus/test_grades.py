"""Scores and results, by the rules of each flavor, and a log in which every accepted score stands once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from campus.grades import RESULTS_TYPE, SCORE_TYPE
from campus.services import RESULT_READ, SCORE
from campus.testing import CampusInHand
from tests.campus.fake_tool import bearer

QUIZ = "/services/2/lineitems/1/lineitem"
COLUMN = "Onboarding quiz"
NINE = "2026-11-23T09:00:00.000Z"


def score(campus: CampusInHand, who: str = "leo", **changes: Any) -> dict[str, Any]:
    """A right score of 14 of 20; a change to None leaves the field out."""
    found = campus.here.register.person(who)
    body = {
        "userId": found.id if found else who,
        "scoreGiven": 14,
        "scoreMaximum": 20,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": NINE,
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def post(campus: CampusInHand, body: Any, *, media_type: str = SCORE_TYPE) -> TestResponse:
    headers = bearer(campus, SCORE)
    data = body if isinstance(body, str) else json.dumps(body)
    return campus.app.test_client().post(f"{QUIZ}/scores", data=data, headers=headers, content_type=media_type)


def statuses(campus: CampusInHand, *bodies: dict[str, Any]) -> list[int]:
    return [post(campus, body).status_code for body in bodies]


def results(campus: CampusInHand, query: str = "", accept: str = RESULTS_TYPE) -> TestResponse:
    headers = {"Accept": accept, **bearer(campus, RESULT_READ)}
    return campus.app.test_client().get(f"{QUIZ}/results{query}", headers=headers)


def leos(campus: CampusInHand) -> float | None:
    return campus.gradebook().get(("leo", COLUMN), -1)


@pytest.mark.parametrize(("flavor", "status"), [("strict", 204), ("moodle", 200), ("canvas", 200)])
def test_a_score_becomes_a_grade_and_stands_in_the_log_once(campus: CampusInHand, flavor: str, status: int) -> None:
    campus.set_flavor(flavor)

    response = post(campus, score(campus, comment="Well done\n<b>Leo</b>"))

    assert response.status_code == status
    assert campus.gradebook() == {("leo", COLUMN): 14}
    assert campus.score_log() == [
        {
            "line_item": 1,
            "person": "leo",
            "effect": "graded",
            "score": 14,
            "stamp": NINE,
            "arrived": "2026-11-23T09:00:00+00:00",
        }
    ]


def test_moodles_and_canvass_answers_look_like_theirs(campus: CampusInHand) -> None:
    campus.set_flavor("moodle")
    moodle = post(campus, score(campus))
    campus.set_flavor("canvas")
    canvas = post(campus, score(campus, "maya"))

    assert (moodle.text, moodle.headers["Content-Type"]) == ("", f"{SCORE_TYPE}; charset=utf-8")
    assert canvas.get_json() == {"resultUrl": f"{campus.url}{QUIZ}/results?user_id={campus.person('maya').id}"}


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_a_newer_score_replaces_the_grade_and_an_older_one_is_refused(campus: CampusInHand, flavor: str) -> None:
    campus.set_flavor(flavor)
    older = {"strict": 409, "moodle": 409, "canvas": 400}[flavor]

    post(campus, score(campus))
    newer = post(campus, score(campus, scoreGiven=17, timestamp="2026-11-23T09:00:01.000Z"))
    late = post(campus, score(campus, scoreGiven=3, timestamp="2026-11-23T08:59:59.000Z"))

    assert (newer.status_code < 300, late.status_code) == (True, older)
    assert leos(campus) == 17
    assert [entry["score"] for entry in campus.score_log()] == [14, 17]


def test_strict_takes_an_identical_repeat_and_refuses_a_different_one(campus: CampusInHand) -> None:
    assert statuses(campus, score(campus), score(campus), score(campus, scoreGiven=15)) == [204, 204, 409]
    assert leos(campus) == 14
    assert [entry["effect"] for entry in campus.score_log()] == ["graded"]
    assert [entry["effect"] for entry in campus.score_log(repeats=True)] == ["graded", "repeated"]
    assert campus.state()["repeated_scores"] == 1


def test_moodle_compares_whole_seconds(campus: CampusInHand) -> None:
    campus.set_flavor("moodle")

    same_second = score(campus, scoreGiven=15, timestamp="2026-11-23T09:00:00.600Z")
    next_second = score(campus, scoreGiven=16, timestamp="2026-11-23T09:00:01.000Z")

    assert statuses(campus, score(campus), score(campus), same_second, next_second) == [200, 409, 409, 200]
    assert leos(campus) == 16


def test_a_score_from_the_future_blocks_later_ones_in_moodle(campus: CampusInHand) -> None:
    campus.set_flavor("moodle")

    assert statuses(campus, score(campus, timestamp="2026-11-24T09:00:00.000Z"), score(campus)) == [200, 409]


def test_canvas_takes_an_equal_timestamp_again_and_counts_a_new_submission(campus: CampusInHand) -> None:
    campus.set_flavor("canvas")
    kept: dict[str, Any] = {"https://canvas.instructure.com/lti/submission": {"new_submission": False}}

    assert statuses(campus, score(campus), score(campus), score(campus, **kept)) == [200, 200, 200]
    assert [cell["submissions"] for cell in campus.cells()] == [2]


UNFINISHED = {"gradingProgress": "PendingManual", "timestamp": "2026-11-23T09:00:05.000Z"}
EMPTY: dict[str, Any] = {"scoreGiven": None, "timestamp": "2026-11-23T09:00:05.000Z"}
NOT_READY = {**UNFINISHED, "gradingProgress": "NotReady", "activityProgress": "Started", "scoreGiven": None}


@pytest.mark.parametrize(
    ("flavor", "changes", "effect", "grade"),
    [
        ("strict", UNFINISHED, "noted", 14),
        ("strict", NOT_READY, "noted", 14),
        ("strict", EMPTY, "cleared", None),
        ("moodle", UNFINISHED, "cleared", None),
        ("moodle", NOT_READY, "cleared", None),
        ("moodle", EMPTY, "cleared", None),
        ("canvas", {**UNFINISHED, "scoreGiven": 3}, "graded", 3),
        ("canvas", NOT_READY, "ignored", 14),
        ("canvas", {**UNFINISHED, "gradingProgress": "Pending"}, "ignored", 14),
        ("canvas", {**UNFINISHED, "gradingProgress": "Failed"}, "ignored", 14),
    ],
)
def test_what_a_score_does_that_is_no_full_grade(
    campus: CampusInHand, flavor: str, changes: dict[str, Any], effect: str, grade: float | None
) -> None:
    campus.set_flavor(flavor)
    post(campus, score(campus))

    response = post(campus, score(campus, **changes))

    assert response.status_code < 300
    assert leos(campus) == grade
    assert [entry["effect"] for entry in campus.score_log()] == ["graded", effect]


def test_a_cleared_grade_becomes_zero_when_moodles_maximum_changes(campus: CampusInHand) -> None:
    campus.set_flavor("moodle")
    post(campus, score(campus, **EMPTY))
    before = leos(campus)
    item = "application/vnd.ims.lis.v2.lineitem+json"

    campus.app.test_client().put(
        QUIZ,
        data=json.dumps({"label": COLUMN, "scoreMaximum": 50}),
        headers=bearer(campus),
        content_type=item,
    )

    assert (before, leos(campus)) == (None, 0)


WRONG: dict[str, tuple[dict[str, Any], dict[str, int]]] = {
    "no timestamp": ({"timestamp": None}, {"strict": 400, "moodle": 400, "canvas": 400}),
    "a timestamp without zone": (
        {"timestamp": "2026-11-23T09:00:00.000"},
        {"strict": 400, "moodle": 400, "canvas": 400},
    ),
    "a timestamp without milliseconds": (
        {"timestamp": "2026-11-23T09:00:00Z"},
        {"strict": 400, "moodle": 200, "canvas": 200},
    ),
    "no time at all": ({"timestamp": "soon"}, {"strict": 400, "moodle": 400, "canvas": 400}),
    "no activityProgress": ({"activityProgress": None}, {"strict": 400, "moodle": 400, "canvas": 400}),
    "no gradingProgress": ({"gradingProgress": None}, {"strict": 400, "moodle": 400, "canvas": 400}),
    "an unknown progress": ({"activityProgress": "Done"}, {"strict": 400, "moodle": 200, "canvas": 200}),
    "no scoreMaximum": ({"scoreMaximum": None}, {"strict": 400, "moodle": 400, "canvas": 422}),
    "a maximum of 0": ({"scoreMaximum": 0}, {"strict": 400, "moodle": 400, "canvas": 422}),
    "numeric text": ({"scoreGiven": "12.5"}, {"strict": 400, "moodle": 200, "canvas": 200}),
    "less than nothing": ({"scoreGiven": -1}, {"strict": 400, "moodle": 200, "canvas": 200}),
    "a user id that is a number": ({"userId": 5}, {"strict": 400, "moodle": 200, "canvas": 200}),
}


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
@pytest.mark.parametrize(("changes", "expected"), WRONG.values(), ids=WRONG)
def test_an_ill_formed_score_is_met_as_the_platform_meets_it(
    campus: CampusInHand, flavor: str, changes: dict[str, Any], expected: dict[str, int]
) -> None:
    campus.set_flavor(flavor)

    status = post(campus, score(campus, **changes)).status_code

    assert status == expected[flavor]
    assert len(campus.score_log()) == (status == 200)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("ines", {"strict": 422, "moodle": 400, "canvas": 422}),
        ("anouk", {"strict": 422, "moodle": 400, "canvas": 422}),
        ("zoe", {"strict": 404, "moodle": 400, "canvas": 422}),
        ("99999", {"strict": 404, "moodle": 400, "canvas": 422}),
        ("preview", {"strict": 204, "moodle": 200, "canvas": 200}),
    ],
)
@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_who_can_be_graded(campus: CampusInHand, flavor: str, who: str, expected: dict[str, int]) -> None:
    campus.set_flavor(flavor)

    assert post(campus, score(campus, who)).status_code == expected[flavor]


def test_moodle_grades_the_suspended_and_not_the_gone(campus: CampusInHand) -> None:
    campus.suspend("leo")
    campus.unenrol("maya")
    bodies = [score(campus, "leo"), score(campus, "maya")]

    strict = statuses(campus, *bodies)
    campus.set_flavor("moodle")

    assert (strict, statuses(campus, *bodies)) == ([404, 404], [200, 400])


@pytest.mark.parametrize(
    ("flavor", "given", "most", "grade"),
    [
        ("strict", 80, 100, 16),
        ("strict", 12, 10, 24),
        ("moodle", 80, 100, 16),
        ("moodle", 12, 10, 20),
        ("moodle", -1, 10, 0),
        ("canvas", 12, 10, 24),
        ("strict", 0, 20, 0),
        ("moodle", 0, 20, 0),
        ("canvas", 0, 20, 0),
    ],
)
def test_scores_are_scaled_to_the_columns_maximum(
    campus: CampusInHand, flavor: str, given: float, most: float, grade: float
) -> None:
    campus.set_flavor(flavor)

    post(campus, score(campus, scoreGiven=given, scoreMaximum=most))

    assert leos(campus) == grade


@pytest.mark.parametrize(("flavor", "status"), [("strict", 415), ("moodle", 400), ("canvas", 415)])
def test_a_score_comes_in_its_media_type_only(campus: CampusInHand, flavor: str, status: int) -> None:
    campus.set_flavor(flavor)

    assert post(campus, score(campus), media_type="application/json").status_code == status


@pytest.mark.parametrize("body", ['{"scoreGiven": NaN}', '{"scoreGiven": Infinity}', "[]", "nothing"])
def test_what_is_no_json_object_is_refused(campus: CampusInHand, body: str) -> None:
    assert post(campus, body).status_code == 400


def test_moodle_refuses_scores_with_an_empty_list(campus: CampusInHand) -> None:
    campus.set_flavor("moodle")

    response = post(campus, score(campus, "ines"))

    assert (response.get_data(as_text=True), response.headers["Content-Type"]) == (
        "[]",
        f"{SCORE_TYPE}; charset=utf-8",
    )


def test_scores_after_the_query_are_not_found(campus: CampusInHand) -> None:
    campus.set_flavor("moodle")
    headers = bearer(campus)

    response = campus.app.test_client().post(
        f"{QUIZ}?type_id=1/scores", data=json.dumps(score(campus)), headers=headers, content_type=SCORE_TYPE
    )

    assert response.status_code >= 400
    assert campus.score_log() == []


def test_results_can_be_read_back(campus: CampusInHand) -> None:
    post(campus, score(campus, comment="Well done"))
    post(campus, score(campus, "maya", scoreGiven=15.5))
    leo, maya = campus.person("leo").id, campus.person("maya").id

    everybody, only_leo = results(campus).get_json(), results(campus, f"?user_id={leo}").get_json()

    assert [(row["userId"], row["resultScore"]) for row in everybody] == [(maya, 15.5), (leo, 14)]
    assert only_leo == [
        {
            "id": f"{campus.url}{QUIZ}/results?user_id={leo}",
            "userId": leo,
            "scoreOf": campus.url + QUIZ,
            "resultScore": 14,
            "resultMaximum": 20,
            "comment": "Well done",
        }
    ]
    assert results(campus, "?user_id=99").get_json() == []


def test_moodles_results_look_like_the_recorded_ones(campus: CampusInHand) -> None:
    campus.set_flavor("moodle")
    post(campus, score(campus, timestamp="2026-11-23T09:00:00.579Z"))
    post(campus, score(campus, "maya", scoreGiven=None))
    leo, maya = campus.person("leo").id, campus.person("maya").id

    assert results(campus, "?type_id=1").get_json() == [
        {"id": f"{campus.url}{QUIZ}/results?type_id=1&user_id={maya}", "userId": maya},
        {
            "id": f"{campus.url}{QUIZ}/results?type_id=1&user_id={leo}",
            "userId": leo,
            "scoreOf": f"{campus.url}{QUIZ}?type_id=1",
            "resultScore": 14,
            "resultMaximum": 20,
            "timestamp": "2026-11-23T09:00:00+00:00",
        },
    ]


def test_results_want_their_media_type_and_moodle_fails_on_a_limit(campus: CampusInHand) -> None:
    strict = results(campus, accept="*/*").status_code
    campus.set_flavor("moodle")

    limited = results(campus, "?type_id=1&limit=2")

    assert (strict, limited.status_code, limited.mimetype) == (406, 404, "text/html")


def test_results_come_in_pages_when_a_limit_is_sent(campus: CampusInHand) -> None:
    for key in ("leo", "maya", "amara"):
        post(campus, score(campus, key))

    first, second = results(campus, "?limit=2"), results(campus, "?limit=2&from=2")

    assert (len(first.get_json()), len(second.get_json())) == (2, 1)
    assert first.headers["Link"] == f'<{campus.url}{QUIZ}/results?limit=2&from=2>; rel="next"'
    assert "Link" not in second.headers
