from __future__ import annotations

import pytest

from reviews.campaigns import making
from reviews.campaigns.models import NotPossible
from reviews.campaigns.rules import MENTEE, MENTOR, PEER, CampaignKind
from reviews.instruments import versions
from reviews.instruments.content import InstrumentKind
from tests.cast import THEN
from tests.reviews.conftest import Reviews, rules


def test_the_two_of_a_pair_are_asked_different_things(reviews: Reviews):
    others = versions.make(
        reviews.session, reviews.school.course, InstrumentKind.PAIR, "Other", reviews.content, by=None, at=THEN
    )

    campaign = reviews.campaign(CampaignKind.PAIR, own_versions={MENTOR: others.newest})

    assert campaign.group(MENTOR).version is others.newest
    assert campaign.group(MENTEE).version is campaign.version


def test_a_draft_is_changed_as_a_whole(reviews: Reviews):
    campaign = reviews.campaign()
    before = {group.key: group.id for group in campaign.groups}
    fewer = [each for each in rules(peer={"weight": 2.0}) if each.key != "external"]

    making.change(reviews.session, campaign, reviews.design(title="Another name", groups=fewer))
    reviews.session.commit()

    assert campaign.title == "Another name"
    assert [group.key for group in campaign.groups] == ["self", "manager", "mentor", "peer", "report", "mentee"]
    assert campaign.group(PEER).weight == 2.0
    assert {group.key: group.id for group in campaign.groups}.items() <= before.items()


def test_what_people_were_asked_by_is_neither_changed_nor_thrown_away(reviews: Reviews):
    campaign, _targets = reviews.review_of(reviews.school.leo)
    reviews.collect(campaign)

    with pytest.raises(NotPossible):
        making.change(reviews.session, campaign, reviews.design())
    with pytest.raises(NotPossible):
        making.throw_away(reviews.session, campaign)


def test_a_draft_is_thrown_away_with_those_who_were_to_be_reviewed(reviews: Reviews):
    campaign, _targets = reviews.review_of(reviews.school.leo)

    making.throw_away(reviews.session, campaign)
    reviews.session.commit()

    assert reviews.session.get(type(campaign), campaign.id) is None
