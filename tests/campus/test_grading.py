"""What a teacher does by hand in the campus's gradebook, and what becomes of the tool's scores then."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import jwt
import pytest

from campus.messages import AGS, LTI
from campus.scoring import CANVAS_SUBMISSION
from campus.services import LINE_ITEM_READ
from campus.testing import CampusInHand, FlaskBrowser, Visitor
from tests.campus.fake_tool import FakeTool, bearer
from tests.campus.test_grades import COLUMN, post, results, score

LATER = "2026-11-23T09:00:05.000Z"
GRADEBOOK = "/courses/2/gradebook"


def do(campus: CampusInHand, who: str, act: str, **fields: str) -> int:
    return campus.visitor(who).browser.send("POST", f"{campus.url}{GRADEBOOK}/1/{act}", fields).status


def read(campus: CampusInHand, who: str) -> str:
    page = campus.visitor(who).browser.send("GET", f"{campus.url}{GRADEBOOK}").text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
@pytest.mark.parametrize("is_polite", [True, False])
def test_a_grade_set_by_hand_stays_unless_canvas_is_not_asked_to_keep_it(
    campus: CampusInHand, flavor: str, is_polite: bool
) -> None:
    campus.set_flavor(flavor)
    post(campus, score(campus))
    assert do(campus, "ines", "override", person="leo", score="3") == 302

    extension: dict[str, Any] = {CANVAS_SUBMISSION: {"new_submission": False, "prioritize_non_tool_grade": is_polite}}
    answer = post(campus, score(campus, scoreGiven=16, timestamp=LATER, **extension))

    kept = is_polite or flavor != "canvas"
    assert answer.status_code < 300
    assert campus.gradebook() == {("leo", COLUMN): 3 if kept else 16}
    assert [entry["effect"] for entry in campus.score_log()] == ["graded", "kept" if kept else "graded"]
    assert results(campus).get_json()[0]["resultScore"] == (3 if kept else 16)


def test_a_grade_set_by_hand_can_be_left_to_the_tool_again(campus: CampusInHand) -> None:
    post(campus, score(campus))
    do(campus, "ines", "override", person="leo", score="3")

    do(campus, "ines", "release", person="leo")

    assert campus.gradebook() == {("leo", COLUMN): 14}


def test_somebody_the_tool_never_graded_can_be_graded_by_hand(campus: CampusInHand) -> None:
    do(campus, "anouk", "override", person="maya", score="7.5")

    assert campus.gradebook() == {("maya", COLUMN): 7.5}
    assert "7.5 set by hand" in read(campus, "ines")


@pytest.mark.parametrize(("flavor", "status"), [("strict", 403), ("moodle", 500), ("canvas", 200)])
def test_a_locked_column_takes_no_score_where_there_are_locks(campus: CampusInHand, flavor: str, status: int) -> None:
    campus.set_flavor(flavor)
    do(campus, "ines", "lock")

    locked = post(campus, score(campus)).status_code
    do(campus, "ines", "unlock")

    assert locked == status
    assert post(campus, score(campus, timestamp=LATER)).status_code < 300


def test_a_deleted_column_is_gone_with_its_grades(campus: CampusInHand) -> None:
    post(campus, score(campus))

    do(campus, "ines", "delete")

    assert (post(campus, score(campus)).status_code, campus.gradebook()) == (404, {})


@pytest.mark.parametrize(
    ("who", "act", "fields", "status"),
    [
        ("leo", "override", {"person": "leo", "score": "20"}, 403),
        ("olga", "delete", {}, 403),
        ("ines", "override", {"person": "zoe", "score": "3"}, 404),
        ("ines", "override", {"person": "leo", "score": "21"}, 400),
        ("ines", "override", {"person": "leo"}, 400),
        ("ines", "hide", {}, 404),
        ("henrik", "delete", {}, 403),
    ],
)
def test_what_cannot_be_done_by_hand(
    campus: CampusInHand, who: str, act: str, fields: dict[str, str], status: int
) -> None:
    assert do(campus, who, act, **fields) == status
    assert campus.gradebook() == {}


def test_results_and_columns_come_in_pages_where_the_platform_makes_them(campus: CampusInHand) -> None:
    for person in campus.people()[:25]:
        campus.override(person.key, COLUMN, 5)

    sizes = {}
    for flavor in ("strict", "moodle", "canvas"):
        campus.set_flavor(flavor)
        answer = results(campus)
        sizes[flavor] = (len(answer.get_json()), "Link" in answer.headers)

    assert sizes == {"strict": (10, True), "moodle": (25, False), "canvas": (25, False)}


def test_the_next_page_of_columns_is_named_unasked(campus: CampusInHand) -> None:
    with campus.here.store.writing() as db:
        for n in range(12):
            db.execute(
                "INSERT INTO line_items (course_id, label, maximum, extra) VALUES ('2', ?, 10, '{}')", (f"Column {n}",)
            )
    headers = {"Accept": "application/vnd.ims.lis.v2.lineitemcontainer+json", **bearer(campus, LINE_ITEM_READ)}

    answer = campus.app.test_client().get("/services/2/lineitems", headers=headers)

    assert (len(answer.get_json()), 'rel="next"' in answer.headers["Link"]) == (10, True)


def claims_of(campus: CampusInHand, tool: FakeTool, who: str, learner: str) -> dict[str, object]:
    """What the tool is told by a review launch."""
    visitor: Visitor = campus.visitor(who)
    browser = FlaskBrowser(tool.app().test_client())
    redirect = visitor.start_review(1, learner).sent_by(browser).goes_to
    token = visitor.authorize(redirect).fields["id_token"]
    told: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return told


@pytest.mark.parametrize(
    ("flavor", "about"),
    [("strict", {"user_id": "5", "name": "Leo Nowak"}), ("moodle", {"user_id": "5"}), ("canvas", {"user_id": "5"})],
)
def test_a_review_says_whose_result_in_which_column(
    campus: CampusInHand, tool: FakeTool, flavor: str, about: dict[str, str]
) -> None:
    campus.set_flavor(flavor)

    told = claims_of(campus, tool, "ines", "leo")

    endpoint = told[AGS]
    assert isinstance(endpoint, dict)
    assert (told[LTI + "message_type"], told[LTI + "for_user"]) == ("LtiSubmissionReviewRequest", about)
    assert "/lineitems/1/lineitem" in json.dumps(endpoint["lineitem"])


def test_a_learner_reviews_only_their_own(campus: CampusInHand) -> None:
    address = f"{campus.url}{GRADEBOOK}/1/review"

    own, others = (campus.visitor("leo").browser.send("GET", f"{address}/{key}").status for key in ("leo", "maya"))

    assert (own, others) == (200, 403)


def test_a_column_of_no_activity_has_nothing_to_review(campus: CampusInHand) -> None:
    with campus.here.store.writing() as db:
        db.execute("UPDATE line_items SET placement_id = NULL")

    answer = campus.visitor("ines").browser.send("GET", f"{campus.url}{GRADEBOOK}/1/review/leo/start")

    assert answer.status == 404
    assert "Review" not in read(campus, "ines")
