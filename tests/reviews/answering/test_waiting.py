"""Who has not answered: as the page lists them, and as letters look at them, it is the same."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from lti_tool.contacts.models import Outsider
from reviews.answering.reminding.listed import WaitingList
from reviews.answering.reminding.rule import may_be_reminded_by_hand
from reviews.answering.reminding.waiting import waiting_in
from reviews.answering.standing import Standing, standing_of
from reviews.campaigns import nominating
from reviews.campaigns.models import Campaign
from reviews.campaigns.phases import AssignmentState
from reviews.campaigns.rules import EXTERNAL
from tests.cast import THEN
from tests.reviews.conftest import LATER, Reviews

A_DAY = timedelta(days=1)
NAMES = ("Ana Ng", "ben Ozil", "Cem \u00d6z", "Dana Poe", "Eli Quinn", "Fay Roe")


@pytest.fixture
def campaign(reviews: Reviews) -> Campaign:
    """Six people in a course who are asked about one another, and two outside; some of it has a time of its own, and
    all states there are."""
    chance = random.Random(7)
    people = reviews.join(*NAMES)
    campaign, targets = reviews.review_of(*people)
    external = campaign.group(EXTERNAL)
    for target in targets:
        reviews.name(target, [each for each in people if each.id != target.enrolment_id])
        for name in ("Vera", "Uwe"):
            whom = Outsider(name, f"{name}{target.id}@firm.example")
            nominating.propose(reviews.session, target, external, whom, by=reviews.school.ines, at=THEN)
    reviews.collect(campaign)
    for target in targets[:4]:
        target.opens = THEN + chance.choice((-2, 1)) * A_DAY
        target.closes = chance.choice((None, THEN + 2 * A_DAY, THEN + 9 * A_DAY))
        target.closed = chance.choice((None, None, THEN))
    for target in targets:
        for each in target.assignments:
            each.state = chance.choice(list(AssignmentState))
            each.invited = chance.choice((None, THEN, THEN))
            each.reminded = chance.choice((None, THEN - A_DAY, THEN + A_DAY))
    [gone] = [each for each in people if each.person.name == "Fay Roe"]
    gone.is_active = False
    reviews.session.commit()
    return campaign


@pytest.mark.parametrize("at", [THEN, THEN + 3 * A_DAY, LATER + A_DAY], ids=["now", "later", "over"])
def test_the_list_adds_up_to_what_letters_find(reviews: Reviews, campaign: Campaign, at: datetime):
    found = waiting_in(reviews.session, campaign, at=at)

    listed = WaitingList(reviews.session, campaign, at=at)

    told = [(each.name, each.done, each.of, each.last, each.is_outside) for each in listed.part(0, 100)]
    assert told == [(each.name, each.done, each.of, each.last, each.open[0].rater_id is None) for each in found]
    to_remind = [each.key for each in found if may_be_reminded_by_hand(each.last, at=at)]
    assert listed.to_remind(at=at) == to_remind
    assert (len(told) > 3) is (at < LATER)


def test_what_is_open_is_so_for_the_database_as_well(reviews: Reviews, campaign: Campaign):
    every = [each for target in campaign.targets for each in target.assignments if each.rater_name != "Fay Roe"]
    open_ones = sum(standing_of(each, THEN) is Standing.OPEN for each in every)

    listed = WaitingList(reviews.session, campaign, at=THEN).part(0, 100)

    assert 0 < sum(each.open for each in listed) == open_ones < len(every)


def test_a_part_of_the_list_goes_on_where_the_one_before_ended(reviews: Reviews, campaign: Campaign):
    listed = WaitingList(reviews.session, campaign, at=THEN)

    assert [*listed.part(0, 3), *listed.part(3, 100)] == listed.part(0, len(listed))
