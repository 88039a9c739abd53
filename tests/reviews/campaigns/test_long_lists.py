"""Campaigns about many people: their tables are looked through by name, a page at a time, in the same statements."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from lti_tool import clock
from reviews.campaigns import listed, people_views
from reviews.campaigns import views as campaign_views
from reviews.campaigns.models import Campaign
from tests.cast import THEN
from tests.mentoring.conftest import Counting, counting, visit
from tests.reviews.conftest import Reviews

__all__ = ["counting", "visit"]
NAMES = ("Ana Ng", "Ben Ozil", "Cem Öz", "Dana Poe", "Eli Quinn")


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch):
    """Two stand on a page."""
    monkeypatch.setattr(clock, "now", lambda: THEN)
    monkeypatch.setattr(listed, "AT_ONCE", 2)
    monkeypatch.setattr(people_views, "MOST_SHOWN", 2)
    monkeypatch.setattr(campaign_views, "MOST_SHORT", 2)


@pytest.fixture
def ines(reviews: Reviews, visit) -> FlaskClient:
    return visit(reviews.school.ines)


@pytest.fixture
def campaign(reviews: Reviews) -> Campaign:
    campaign, _targets = reviews.review_of(*reviews.join(*NAMES))
    return campaign


def here(campaign: Campaign, then: str = "") -> str:
    return f"/courses/{campaign.course.public_id}/reviews/campaigns/{campaign.public_id}{then}"


def names_on(page: str) -> list[str]:
    shown = unescape(page).partition("Add people")[0]
    return [name for name in NAMES if f">{name}<" in shown]


@pytest.mark.parametrize("then", ["", "/people", "/results"])
def test_two_stand_on_a_page_by_name_and_the_next_has_the_others(
    reviews: Reviews, ines: FlaskClient, campaign: Campaign, then: str
):
    reviews.collect(campaign)
    first, third = (ines.get(here(campaign, f"{then}{query}")).text for query in ("", "?from=4"))

    assert names_on(first) == ["Ana Ng", "Ben Ozil"]
    assert "1 to 2 of 5" in first
    assert names_on(third) == ["Eli Quinn"]
    assert "5 to 5 of 5" in third


@pytest.mark.parametrize("then", ["", "/people", "/results"])
def test_somebody_is_found_by_part_of_the_name_without_accents(
    reviews: Reviews, ines: FlaskClient, campaign: Campaign, then: str
):
    reviews.collect(campaign)

    assert names_on(ines.get(here(campaign, f"{then}?q=oz")).text) == ["Ben Ozil", "Cem Öz"]
    nobody = ines.get(here(campaign, f"{then}?q=zz")).text
    assert (names_on(nobody), "Nobody of this list is called that." in nobody) == ([], True)


def test_few_are_offered_to_be_added_and_others_are_looked_for(reviews: Reviews, ines: FlaskClient, campaign: Campaign):
    reviews.join("Finn Roe", "Gus Sy", "Hal Tan")

    page = ines.get(here(campaign, "/people")).text
    found = ines.get(here(campaign, "/people?q=hal")).text

    assert page.count('name="people"') == 2
    assert "and 5 more: find them by name, or choose a group." in page
    assert re.findall(r'name="people" value="([^"]*)"', found) == [reviews.peers[-1].public_id]
    ines.post(here(campaign, "/people?q=hal"), data={"people": reviews.peers[-1].public_id})
    assert "Hal Tan" in ines.get(here(campaign, "/people?q=hal")).text
    assert len(campaign.targets) == 6


def test_of_groups_with_too_few_answers_the_first_are_named(reviews: Reviews, ines: FlaskClient, campaign: Campaign):
    others = reviews.join("Peer One", "Peer Two")
    for target in campaign.targets:
        reviews.name(target, others)
    reviews.collect(campaign)
    reviews.close(campaign, at=THEN)

    page = ines.get(here(campaign)).text

    assert page.count("Peers, 0 instead of 3") == 2
    assert "and 3 more" in page


def test_many_are_shown_in_as_many_statements_as_few(
    reviews: Reviews, ines: FlaskClient, campaign: Campaign, counting: Counting, monkeypatch: pytest.MonkeyPatch
):
    reviews.collect(campaign)

    def asked(then: str) -> int:
        ines.get(here(campaign, then))
        reviews.session.expire_all()
        with counting() as statements:
            ines.get(here(campaign, then))
        return len(statements)

    pages = ("", "/people", "/results")
    two = [asked(each) for each in pages]
    monkeypatch.setattr(listed, "AT_ONCE", 50)

    assert [asked(each) for each in pages] == two
