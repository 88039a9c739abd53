"""Several people side by side, each with a draft of their own; and saying no."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from reviews.answering import writing
from reviews.answering.models import Response
from reviews.campaigns import arranging
from reviews.campaigns.models import Assignment
from tests.cast import THEN
from tests.reviews.answering.conftest import RATED
from tests.reviews.conftest import Reviews


@dataclass
class Both:
    """Ana is asked about Leo and Zoe, as a peer of both."""

    reviews: Reviews
    client: FlaskClient
    leo: Assignment
    zoe: Assignment
    url: str

    def send(self, part: int, about_leo: dict[str, str], about_zoe: dict[str, str], **rest: str):
        fields = {f"{self.leo.public_id}.{name}": value for name, value in about_leo.items()}
        fields |= {f"{self.zoe.public_id}.{name}": value for name, value in about_zoe.items()}
        return self.client.post(f"{self.url}/{part}", data={**fields, **rest})

    @property
    def drafts(self) -> list[dict[str, int | None]]:
        self.reviews.session.expire_all()
        return [dict(writing.draft_of(each).ratings) for each in (self.leo, self.zoe)]

    @property
    def states(self) -> list[str]:
        self.reviews.session.expire_all()
        return [each.state.value for each in (self.leo, self.zoe)]


@pytest.fixture
def both(reviews: Reviews, visit) -> Both:
    school = reviews.school
    campaign, targets = reviews.review_of(school.leo, school.zoe)
    [ana] = reviews.join("Ana")
    for target in targets:
        reviews.name(target, [ana])
    reviews.collect(campaign)
    about_leo, about_zoe = (reviews.assignment(target, ana) for target in targets)
    url = f"/courses/{school.course.public_id}/reviews/answers/together/{campaign.public_id}/peer"
    return Both(reviews, visit(ana), about_leo, about_zoe, url)


def test_a_part_is_saved_for_each_and_leaves_the_others(both: Both):
    both.send(1, {"r.asks": "4"}, {"r.asks": "2", "r.sums_up": "none"})

    answer = both.send(2, {"r.keeps": "5"}, {}, go="3")

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{both.url}/3"
    assert both.drafts == [{"asks": 4, "keeps": 5}, {"asks": 2, "sums_up": None}]
    page = both.client.get(f"{both.url}/1").text
    assert re.search(rf'name="{both.leo.public_id}.r.asks".*?value="4" selected', page, re.S)


@pytest.mark.parametrize("go", ["²", "9" * 5000, "-1", "3.0"])
def test_what_is_no_part_to_go_to_leads_back_to_the_list(both: Both, go: str):
    answer = both.send(1, {"r.asks": "4"}, {}, go=go)

    assert (answer.status_code, both.drafts[0]) == (302, {"asks": 4})
    assert answer.headers["Location"].endswith("/reviews/")


def test_what_is_emptied_is_open_again(both: Both):
    both.send(1, {"r.asks": "4", "c.listening": "Well."}, {})

    both.send(1, {"r.asks": ""}, {})

    assert both.drafts == [{}, {}]
    assert writing.draft_of(both.leo).comments == {}


def test_those_that_are_complete_are_handed_in_and_the_others_stay(both: Both):
    both.send(1, {"r.asks": "4", "r.sums_up": "4"}, {"r.asks": "2"})

    answer = both.send(2, {"r.keeps": "5"}, {"r.keeps": "1"}, do="hand_in")
    index = both.client.get(answer.headers["Location"]).text

    assert both.states == ["submitted", "started"]
    assert "1 is handed in" in index
    assert "Zoe Lind: something is still open." in index
    [row] = both.reviews.session.scalars(select(Response))
    assert row.ratings == {"asks": 4, "sums_up": 4, "keeps": 5}


def test_where_a_comment_names_somebody_it_is_decided_on_their_own_page(both: Both):
    both.send(1, {"r.asks": "4", "r.sums_up": "4", "c.listening": "As Maya says."}, {})

    answer = both.send(2, {"r.keeps": "5"}, {}, do="hand_in")

    assert both.states == ["started", "invited"]
    assert "Leo Baum: a comment may name or hurt somebody." in both.client.get(answer.headers["Location"]).text


def test_too_long_a_comment_is_refused_and_the_rest_saved(both: Both):
    answer = both.send(1, {"r.asks": "4", "c.listening": "x" * 10_000}, {"r.asks": "1"})

    assert answer.status_code == 422
    assert "This has 10000 characters" in answer.text
    assert "x" * 10_000 in answer.text
    assert both.drafts == [{"asks": 4}, {"asks": 1}]


def test_it_keeps_by_itself(both: Both):
    fields = {f"{both.leo.public_id}.r.asks": "4", "seq": "1"}

    told = both.client.post(f"{both.url}/1/draft", data=fields)

    assert told.get_json() == {"seq": 0, "refused": {}, "open": 5}
    assert both.drafts == [{"asks": 4}, {}]


def test_of_one_alone_there_is_no_such_page_nor_for_anybody_else(both: Both, visit):
    assert visit(both.reviews.school.leo).get(f"{both.url}/1").status_code == 404
    assert both.client.get(f"{both.url}/9").status_code == 404
    both.client.post(f"{_page(both, both.zoe)}/decline", data={"reason": "Hardly know her."})

    assert both.client.get(f"{both.url}/1").status_code == 404


def test_the_list_leads_there(both: Both):
    index = both.client.get(f"/courses/{both.reviews.school.course.public_id}/reviews/").text

    assert f"{both.url}/1" in index
    assert "Handed in: 0 of 2" in index


def test_whoever_declines_says_why_and_what_they_had_written_goes(both: Both):
    page = _page(both, both.leo)
    both.client.post(page, data={"seq": "0", "r.asks": "4"})

    assert both.client.post(f"{page}/decline", data={"reason": " "}).status_code == 422
    assert both.client.post(f"{page}/decline", data={"reason": "Hardly know him."}).status_code == 302

    both.reviews.session.expire_all()
    assert (both.leo.state.value, both.leo.reason, both.leo.sealed_draft) == ("declined", "Hardly know him.", None)
    assert "You have declined" in both.client.get(page).text
    assert both.client.post(page, data={"seq": "0", **RATED}).status_code == 409
    assert both.reviews.session.scalars(select(Response)).all() == []


def test_what_was_handed_in_is_not_declined(both: Both):
    page = _page(both, both.leo)
    both.client.post(page, data={"seq": "0", "do": "hand_in", **RATED})

    assert both.client.post(f"{page}/decline", data={"reason": "Too late."}).status_code == 409
    assert both.states[0] == "submitted"


def test_whoever_joins_an_asked_target_later_is_asked_as_well(both: Both):
    """Answers are collected: whoever is added now is asked at once, side by side too."""
    school = both.reviews.school
    [target] = arranging.add_people(both.reviews.session, both.leo.target.campaign, [school.maya], at=THEN)
    both.reviews.name(target, [both.leo.rater])  # type: ignore[list-item]

    assert "Maya Okafor" in both.client.get(f"{both.url}/1").text


def _page(both: Both, assignment: Assignment) -> str:
    return f"/courses/{both.reviews.school.course.public_id}/reviews/answers/{assignment.public_id}"
