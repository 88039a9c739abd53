"""A coach finds on the home page whose results are for them to release, and which there are to read."""

from __future__ import annotations

import re
from html import unescape

import pytest

from lti_tool.models import Enrolment
from reviews.campaigns.rules import ReleasedBy
from reviews.results import freezing
from tests.reviews.conftest import LATER
from tests.reviews.results.conftest import Results


@pytest.fixture
def maya(results: Results) -> Enrolment:
    return results.reviews.school.maya


def home(visit, me: Enrolment, page: str = "") -> str:
    text = visit(me).get(f"/courses/{me.course.public_id}/{page}").text
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def coached(results: Results, coach: Enrolment, released_by: ReleasedBy = ReleasedBy.COACH):
    _campaign, target = results.round_of(released_by=released_by)
    target.coach = coach
    results.reviews.session.commit()
    return target


def test_a_coach_is_told_whose_result_waits_until_they_have_released_and_read_it(results: Results, visit, maya):
    assert "Those you accompany" not in home(visit, maya)
    target = coached(results, maya)

    assert "Leo Baum waits for you to release the result of Spring round." in home(visit, maya)
    assert "Leo Baum : Spring round Waits for you to release it" in home(visit, maya, "reviews/")
    [snapshot] = freezing.release(results.reviews.session, target, by=maya, at=LATER)
    results.reviews.session.commit()
    assert "The result of Leo Baum in Spring round is there to talk over." in home(visit, maya)

    assert visit(maya).get(results.address(snapshot)).status_code == 200
    assert "Those you accompany" not in home(visit, maya)
    assert "Leo Baum : Spring round Released" in home(visit, maya, "reviews/")


def test_what_an_instructor_releases_is_not_asked_of_the_coach(results: Results, visit, maya):
    target = coached(results, maya, ReleasedBy.STAFF)
    assert "Those you accompany" not in home(visit, maya)

    results.released(target)

    assert "The result of Leo Baum in Spring round is there to talk over." in home(visit, maya)


def test_nobody_else_finds_it(results: Results, visit, maya):
    coached(results, maya)

    for other in (results.reviews.school.leo, results.reviews.school.zoe):
        assert "Those you accompany" not in home(visit, other)


def test_the_card_asks_as_often_for_five_people_as_for_one(results: Results, visit, maya, counting):
    def asked() -> int:
        home(visit, maya)
        results.reviews.session.expire_all()
        with counting() as statements:
            home(visit, maya)
        return len(statements)

    coached(results, maya)
    one = asked()
    for _more in range(4):
        coached(results, maya)

    assert asked() == one
