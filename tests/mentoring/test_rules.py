from __future__ import annotations

import pytest

from mentoring.pairing.rules import Rule, Situation, obstacle


def test_a_pair_with_a_free_place_may_be_made():
    assert obstacle(Situation(load=2, capacity=3)) is None


@pytest.mark.parametrize(
    ("situation", "rule"),
    [
        (Situation(is_same_person=True, capacity=3), Rule.ONESELF),
        (Situation(is_mentee_here=False, capacity=3), Rule.MENTEE_GONE),
        (Situation(is_mentor_here=False, capacity=3), Rule.MENTOR_GONE),
        (Situation(is_paired=True, mentors_of_kind=1, capacity=3), Rule.SAME_PAIR),
        (Situation(is_paired=True, mentors_of_kind=0, capacity=3), Rule.SAME_PAIR),
        (Situation(mentors_of_kind=1, capacity=3), Rule.KIND_FILLED),
        (Situation(mentors_of_kind=2, needed=2, capacity=3), Rule.KIND_FILLED),
        (Situation(capacity=0), Rule.NO_OFFER),
        (Situation(load=3, capacity=3), Rule.NO_PLACE),
        (Situation(load=4, capacity=3), Rule.NO_PLACE),
    ],
)
def test_each_rule_stands_in_the_way(situation: Situation, rule: Rule):
    assert obstacle(situation) is rule


def test_a_second_mentor_of_a_kind_may_come_where_two_are_needed():
    assert obstacle(Situation(mentors_of_kind=1, needed=2, capacity=1)) is None
