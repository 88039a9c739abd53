"""Campaigns are placed in the course page, stand on home pages, and people are told of naming."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool import activities, clock
from lti_tool.models import Enrolment, Placement
from lti_tool.notifying.models import PersonalNotice
from reviews.campaigns import nominating, running
from reviews.campaigns.models import Campaign
from reviews.campaigns.phases import Phase
from reviews.campaigns.rules import PEER
from reviews.results import many
from tests.cast import THEN
from tests.mentoring.asking import deliver
from tests.mentoring.conftest import Counting, counting, visit
from tests.reviews.conftest import LATER, Reviews

__all__ = ["counting", "visit"]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: THEN)


def opened(app: Flask, reviews: Reviews, me: Enrolment, resource: str) -> str:
    """Where a link of the course page with this reference leads me, from the course's address on."""
    placement = Placement(
        deployment_id=reviews.school.course.deployment_id,
        course_id=reviews.school.course.id,
        resource_link_id=resource,
        activity="review",
        resource=resource,
        created=THEN,
    )
    reviews.session.add(placement)
    with app.test_request_context(), reviews.session.no_autoflush:
        activity = activities.find("review")
        assert activity is not None
        found = activity.open(me, placement)
    reviews.session.rollback()
    return found.removeprefix(f"/courses/{reviews.school.course.public_id}/")


def home(visit, me: Enrolment) -> str:
    page = visit(me).get(f"/courses/{me.course.public_id}/").text
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def notices(reviews: Reviews, me: Enrolment) -> list[str]:
    wanted = select(PersonalNotice).where(PersonalNotice.enrolment_id == me.id, PersonalNotice.kind == "review_raters")
    return [each.subject for each in reviews.session.scalars(wanted.order_by(PersonalNotice.id))]


def test_each_campaign_that_is_not_archived_can_be_placed(app: Flask, reviews: Reviews):
    campaign = reviews.campaign(title="Spring round")
    old = reviews.campaign(title="Old")
    old.phase = Phase.ARCHIVED
    reviews.session.commit()

    with app.test_request_context():
        found = [each for each in activities.offers(reviews.school.course) if each.activity == "review"]
        nowhere = [each for each in activities.offers(None) if each.activity == "review"]

    assert [(each.reference, each.title, each.is_graded) for each in found] == [
        (f"review:{campaign.public_id}", "Spring round", False)
    ]
    assert nowhere == []


def test_a_link_opens_what_each_has_to_do(app: Flask, reviews: Reviews):
    school = reviews.school
    campaign, [target] = reviews.review_of(school.leo)
    link = campaign.reference
    assert opened(app, reviews, school.ines, link) == f"reviews/campaigns/{campaign.public_id}"
    standing = f"reviews/campaigns/{campaign.public_id}/standing"
    assert opened(app, reviews, school.leo, link) == standing

    running.open_nominating(reviews.session, campaign, at=THEN)
    reviews.session.commit()
    assert opened(app, reviews, school.leo, link) == f"reviews/naming/{target.public_id}"

    [first] = reviews.name(target, [school.zoe])
    reviews.collect(campaign)
    assert opened(app, reviews, school.zoe, link).endswith(first.public_id)
    assert opened(app, reviews, school.maya, link) == standing


def test_somebody_who_is_asked_about_several_opens_all_of_them(app: Flask, reviews: Reviews):
    school = reviews.school
    campaign, [one, other] = reviews.review_of(school.leo, school.maya)
    for target in (one, other):
        reviews.name(target, [school.zoe])
    reviews.collect(campaign)

    assert opened(app, reviews, school.zoe, campaign.reference) == "reviews/"


def test_a_link_of_another_course_opens_the_page_of_reviews(app: Flask, reviews: Reviews, cast):
    assert opened(app, reviews, reviews.school.ines, "review:elsewhere") == "reviews/"


def test_home_says_what_waits_and_how_loudly(reviews: Reviews, visit):
    school = reviews.school
    assert "All reviews" not in home(visit, school.leo)
    campaign, [target] = reviews.review_of(school.leo, nominate_by=THEN + timedelta(days=5))
    running.open_nominating(reviews.session, campaign, at=THEN)
    reviews.session.commit()

    assert "Spring round: name the people who know your work. Name raters" in home(visit, school.leo)
    reviews.name(target, [school.zoe])
    reviews.collect(campaign)
    assert "You are asked for your view in Spring round. Answer" in home(visit, school.zoe)
    assert "You are asked for your view once." in home(visit, school.zoe)
    reviews.close(campaign)
    assert "All reviews" not in home(visit, school.zoe)
    many.release(reviews.session, campaign, by=school.ines, at=LATER)
    reviews.session.commit()
    assert "1 result about you is there to read." in home(visit, school.leo)


def test_instructors_see_how_far_campaigns_are(reviews: Reviews, visit):
    assert "Campaigns" not in home(visit, reviews.school.ines)
    campaign, _targets = reviews.review_of(reviews.school.leo)
    assert "Campaigns" not in home(visit, reviews.school.ines)
    reviews.collect(campaign)
    assert "Campaigns Spring round 0 of 1 answers are in." in home(visit, reviews.school.ines)
    reviews.close(campaign)

    assert "Campaigns Spring round It is closed. Release the results" in home(visit, reviews.school.ines)


def test_home_asks_as_often_about_three_as_about_one(reviews: Reviews, visit, counting: Counting):
    def asked() -> list[int]:
        numbers = []
        for me in (reviews.school.zoe, reviews.school.ines):
            client = visit(me)
            client.get(f"/courses/{me.course.public_id}/")
            reviews.session.expire_all()
            with counting() as queries:
                client.get(f"/courses/{me.course.public_id}/")
            numbers.append(len(queries))
        return numbers

    def another(person: Enrolment) -> None:
        campaign, [target] = reviews.review_of(person)
        reviews.name(target, [reviews.school.zoe])
        reviews.collect(campaign)

    another(reviews.school.leo)
    one = asked()
    another(reviews.school.maya)
    another(reviews.school.leo)

    assert asked() == one


def test_those_who_are_reviewed_are_told_once_when_naming_begins(app: Flask, reviews: Reviews):
    campaign, _targets = reviews.review_of(reviews.school.leo, reviews.school.zoe)
    running.open_nominating(reviews.session, campaign, at=THEN)
    deliver(app, reviews.session, at=THEN)
    running.close_nominating(reviews.session, campaign, at=THEN)
    running.reopen_nominating(reviews.session, campaign, until=None, at=THEN)
    deliver(app, reviews.session, at=THEN)

    told = [notices(reviews, each) for each in (reviews.school.leo, reviews.school.zoe, reviews.school.maya)]
    assert told == [["Name those who review you"], ["Name those who review you"], []]


def test_whoever_named_somebody_is_told_why_not(reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    running.open_nominating(reviews.session, campaign, at=THEN)
    [ana] = reviews.join("Ana")
    group, leo = campaign.group(PEER), reviews.school.leo
    named = nominating.propose(reviews.session, target, group, ana, by=leo, at=THEN)

    nominating.answer(reviews.session, campaign, [named.public_id], reason="Too new", at=THEN)
    reviews.session.commit()

    assert notices(reviews, leo) == ["Ana will not review you"]
    assert notices(reviews, ana) == []
    [told] = reviews.session.scalars(select(PersonalNotice).where(PersonalNotice.enrolment_id == leo.id))
    assert told.paragraphs == ["Your instructor says why: Too new", "You can name somebody else."]
    assert reviews.session.scalars(select(Campaign)).one().phase is Phase.NOMINATING
