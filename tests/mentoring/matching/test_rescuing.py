"""What would place somebody who is left over: one change, tried out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mentoring.pairing.matching import solving
from mentoring.pairing.matching.people import Design, Kind, Mentee
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.proposing import Lock, Proposal, propose
from mentoring.pairing.matching.rescuing import Change, rescues
from mentoring.pairing.rules import Rule
from tests.mentoring.matching.test_proposing import BOTH, ONE, mentee, mentor

EN, PT = frozenset({"en"}), frozenset({"pt"})


def changes(pool: Pool, *locks: Lock) -> list[tuple[str, Rule]]:
    """For the first who is left over, the best change first."""
    run = propose(pool, locks)
    return [(each.change.mentor.key, each.change.rule) for each in rescues(pool, run, run.leftovers[0])]


def test_one_more_place_with_the_mentor_who_suits_best():
    law = frozenset({"law"})
    leo, zoe = mentee("leo"), mentee("zoe", wanted=law)
    pool = Pool(
        ONE, [leo, zoe, mentee("noam")], [mentor("maya", skills=law), mentor("tariq", skills=frozenset({"art"}))]
    )

    assert changes(pool, Lock("leo", "maya", "team"), Lock("noam", "tariq", "team")) == [
        ("maya", Rule.NO_PLACE),
        ("tariq", Rule.NO_PLACE),
    ]


def test_the_place_may_be_with_somebody_else_who_then_moves():
    """Zoe may have Maya alone; a place more with Tariq would let Leo make way."""
    leo = mentee("leo", languages=EN | PT)
    zoe = mentee("zoe", languages=PT)
    pool = Pool(ONE, [leo, zoe], [mentor("maya", languages=PT), mentor("tariq", languages=EN, capacity=0)])
    assert changes(pool) == [("maya", Rule.NO_PLACE)]

    more = Pool(ONE, [*pool.mentees, mentee("noam", languages=EN)], [pool.mentors[0], mentor("tariq", languages=EN)])
    run = propose(more)
    (rescue, *_rest) = rescues(more, run, run.leftovers[0])
    assert len(rescue.proposals) == 3


@pytest.mark.parametrize(
    ("rule", "design", "said", "offered"),
    [
        (Rule.LANGUAGE, Design(kinds=ONE.kinds), {"languages": PT}, {"languages": EN}),
        (
            Rule.HOURS,
            Design(kinds=ONE.kinds, least_minutes=60),
            {"hours": (frozenset({1}),)},
            {"hours": (frozenset({1, 2}),)},
        ),
        (Rule.EXPERIENCE, Design(kinds=ONE.kinds, least_experience=15), {}, {"experience": 14}),
    ],
)
def test_a_rule_that_is_lifted_for_one_pair(rule: Rule, design: Design, said: dict[str, Any], offered: dict[str, Any]):
    pool = Pool(design, [mentee("leo", **said)], [mentor("maya", **offered)])

    assert changes(pool) == [("maya", rule)]


def test_a_kind_that_is_not_offered_might_be():
    leo = mentee("leo", needs={"team": 1, "technical": 1})
    pool = Pool(BOTH, [leo], [mentor("maya"), mentor("tariq", capacity=2)])

    assert {rule for _who, rule in changes(pool)} == {Rule.NOT_OFFERED}


@pytest.mark.parametrize(
    "offered",
    [
        {"languages": EN, "refuses": frozenset({"leo"})},
        {"refuses": frozenset({"leo"})},
        {"is_ready": False},
        {"capacity": 0},
    ],
    ids=["two rules", "an exclusion", "not trained", "not this term"],
)
def test_where_one_change_does_not_do_or_may_not_be_asked_for_there_is_none(offered: dict[str, Any]):
    pool = Pool(ONE, [mentee("leo", languages=PT)], [mentor("maya", **offered)])

    assert changes(pool) == []


@pytest.mark.parametrize("seed", range(12))
def test_every_rescue_does_what_it_says(seed: int):
    """In random classes: one more is placed, it is the one, and with the change alone it was possible at all."""
    chance = np.random.default_rng(seed)

    def spoken() -> frozenset[str]:
        return frozenset(str(each) for each in chance.choice(["en", "pt", "fr"], int(chance.integers(1, 3))))

    mentees = [mentee(f"e{n}", languages=spoken(), wanted=frozenset({f"s{chance.integers(4)}"})) for n in range(7)]
    mentors = [
        mentor(
            f"o{n}", languages=spoken(), capacity=int(chance.integers(3)), skills=frozenset({f"s{chance.integers(4)}"})
        )
        for n in range(4)
    ]
    pool = Pool(Design(kinds=(Kind(key="team"),)), mentees, mentors)
    run = propose(pool)

    for leftover in run.leftovers:
        for rescue in rescues(pool, run, leftover):
            assert len(rescue.proposals) == len(run.proposals) + 1
            assert {each.mentee.key for each in rescue.proposals} == {each.mentee.key for each in run.proposals} | {
                leftover.mentee.key
            }
            _assert_allowed(rescue.change, rescue.proposals, leftover.mentee)


@pytest.mark.parametrize("seed", [2, 6, 10, 25, 103, 118, 182, 289])
def test_in_a_class_too_large_for_a_proof_a_place_more_is_never_missed(seed: int, monkeypatch: pytest.MonkeyPatch):
    """Seeds with which the solver, that solves one kind after the other then, misses some."""
    monkeypatch.setattr(solving, "MOST_AT_ONCE", 0)
    chance = np.random.default_rng(seed)

    def spoken() -> frozenset[str]:
        return frozenset(str(each) for each in chance.choice(["en", "pt", "fr"], int(chance.integers(1, 3))))

    mentees = [
        mentee(
            f"e{n}",
            needs={"team": 1, "technical": 1},
            languages=spoken(),
            wanted=frozenset({f"s{chance.integers(4)}"}),
        )
        for n in range(6)
    ]
    mentors = [
        mentor(
            f"o{n}",
            kinds=["team", "technical", "team technical"][chance.integers(3)],
            capacity=int(chance.integers(1, 4)),
            languages=spoken(),
            skills=frozenset({f"s{chance.integers(4)}"}),
        )
        for n in range(5)
    ]
    pool = Pool(BOTH, mentees, mentors)
    run = propose(pool)

    for leftover in run.leftovers:
        has = {each.mentor.key for each in run.proposals if each.mentee == leftover.mentee}
        full = [each for each in mentors if sum(pair.mentor == each for pair in run.proposals) == each.capacity]
        would_do = {
            each.key
            for each in full
            if leftover.kind in each.kinds and each.languages & leftover.mentee.languages and each.key not in has
        }
        found = rescues(pool, run, leftover)
        assert {each.change.mentor.key for each in found if each.change.rule is Rule.NO_PLACE} == would_do
        assert all(len(each.proposals) > len(run.proposals) for each in found)


def test_how_many_changes_have_been_tried_is_told_on_the_way():
    pool = Pool(ONE, [mentee("leo"), mentee("zoe")], [mentor("maya"), mentor("tariq", capacity=0)])
    run, heard = propose(pool, (Lock("zoe", "maya", "team"),)), []

    rescues(pool, run, run.leftovers[0], listener=lambda done, total: heard.append((done, total)))

    assert heard == [(0, 1)]


def _assert_allowed(change: Change, proposals: tuple[Proposal, ...], mentee: Mentee) -> None:
    for each in proposals:
        is_lifted = (each.mentee, each.mentor, change.rule) == (mentee, change.mentor, Rule.LANGUAGE)
        assert each.mentee.languages & each.mentor.languages or is_lifted
    for one in {each.mentor.key: each.mentor for each in proposals}.values():
        extra = one == change.mentor and change.rule is Rule.NO_PLACE
        assert sum(each.mentor == one for each in proposals) <= one.capacity + extra
