"""Two who name raters at once, and naming that ends meanwhile: no group is overfull, and nobody is in it twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.db import db
from lti_tool.models import Enrolment
from reviews.campaigns import nominating, running
from reviews.campaigns.models import Assignment, Campaign, RaterGroup, Target
from reviews.campaigns.rules import PEER, REPORT
from tests.cast import THEN
from tests.reviews.conftest import Reviews, rules
from tests.reviews.meeting import at_once


@pytest.fixture
def target(reviews: Reviews) -> Target:
    """Leo, who names raters; at most two peers."""
    _campaign, [target] = reviews.review_of(
        reviews.school.leo, groups=rules(peer={"most_invited": 2, "fewest_invited": 0})
    )
    running.open_nominating(reviews.session, target.campaign, at=THEN)
    reviews.session.commit()
    return target


def naming(target: Target, whom: Enrolment, by: Enrolment, group: str = PEER) -> Callable[[], object]:
    ids = target.id, target.campaign.group(group).id, whom.id, by.id

    def name() -> str:
        about, there = db.session.get_one(Target, ids[0]), db.session.get_one(RaterGroup, ids[1])
        person, who = (db.session.get_one(Enrolment, each) for each in ids[2:])
        return nominating.propose(db.session, about, there, person, by=who, at=THEN).state.value

    return name


def named(reviews: Reviews) -> list[tuple[str, str]]:
    """Who was named, in which group; whoever is known by themselves is left out."""
    reviews.session.rollback()
    rows = reviews.session.scalars(select(Assignment).where(Assignment.proposed_by_id.is_not(None)))
    return sorted((each.rater_name, each.group.key) for each in rows)


def test_a_group_is_never_filled_over_its_most(app: Flask, reviews: Reviews, target: Target):
    school, people = reviews.school, reviews.join("Ana", "Ben", "Cem", "Dana")
    acts = [naming(target, each, (school.leo, school.ines)[n % 2]) for n, each in enumerate(people)]
    reviews.session.commit()

    found = Counter(map(str, at_once(app, *acts)))

    assert found["group_is_full"] == 2
    assert found["proposed"] + found["invited"] == 2
    assert len(named(reviews)) == 2


def test_the_same_person_named_in_two_groups_at_once_is_in_one(app: Flask, reviews: Reviews, target: Target):
    school, [ana] = reviews.school, reviews.join("Ana")
    acts = [naming(target, ana, school.leo, PEER), naming(target, ana, school.ines, REPORT)]
    reviews.session.commit()

    found = sorted(map(str, at_once(app, *acts)))

    assert found in (["in_another_group", "invited"], ["in_another_group", "proposed"])
    assert len(named(reviews)) == 1


def test_twice_at_once_in_the_same_group_they_are_in_it_once(app: Flask, reviews: Reviews, target: Target):
    act = naming(target, reviews.join("Ana")[0], reviews.school.leo)
    reviews.session.commit()

    assert sorted(map(str, at_once(app, act, act))) == ["in_it", "proposed"]
    assert named(reviews) == [("Ana", PEER)]


def test_naming_that_ends_meanwhile_takes_the_name_or_refuses_it(app: Flask, reviews: Reviews, target: Target):
    act, campaign = naming(target, reviews.join("Ana")[0], reviews.school.leo), target.campaign_id
    reviews.session.commit()

    def end() -> str:
        running.close_nominating(db.session, db.session.get_one(Campaign, campaign), at=THEN)
        return "ended"

    said, ended = at_once(app, act, end)

    assert ended == "ended"
    assert named(reviews) == {"proposed": [("Ana", PEER)], "too_late": []}[str(said)]
