"""Peers in, circles out, and for everybody left over what stands in the way."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from mentoring.pairing.matching.gathering import TooManyTogether
from mentoring.pairing.matching.peers import LeftAlone, PeerRun, Sizes, points_between, propose_circles
from mentoring.pairing.matching.people import Design, LevelRule, Peer, Question
from mentoring.pairing.matching.proposing import UnknownLock
from mentoring.pairing.rules import Rule

ANY = Design(kinds=())
EN, PT = frozenset({"en"}), frozenset({"pt"})
PAIRS, THREES, CIRCLES = Sizes(2, 2), Sizes(3, 3), Sizes(3, 4)


def peer(key: str, **said: object) -> Peer:
    return Peer(key=key, **said)  # type: ignore[arg-type]


def keys(run: PeerRun) -> set[str]:
    return {" ".join(sorted(each.key for each in circle.peers)) for circle in run.circles}


def test_who_suits_each_other_makes_a_pair():
    sql, law = frozenset({"sql"}), frozenset({"law"})
    people = [
        peer("leo", wanted=sql, skills=law),
        peer("zoe", wanted=sql, skills=law),
        peer("noam", wanted=law, skills=sql),
        peer("ida", wanted=law, skills=sql),
    ]

    run = propose_circles(ANY, people, PAIRS)

    assert {frozenset(circle.split()) & {"leo", "zoe"} for circle in keys(run)} == {
        frozenset({"leo"}),
        frozenset({"zoe"}),
    }
    assert (run.leftovers, run.parted.is_best) == ((), True)


def test_a_circle_says_how_well_everybody_suits_the_others():
    chess, art = frozenset({"chess"}), frozenset({"art"})
    only_interests = replace(ANY, weights={Question.INTERESTS: 1})
    people = [peer("leo", interests=chess), peer("zoe", interests=chess), peer("noam", interests=art)]

    (circle,) = propose_circles(only_interests, people, THREES).circles

    assert [each.key for each in circle.peers] == ["leo", "zoe", "noam"]
    assert circle.scores == ((0, 1000, 0), (1000, 0, 0), (0, 0, 0))
    assert [circle.mean_of(number) for number in range(3)] == [Fraction(500), Fraction(500), Fraction(0)]


def test_what_one_wants_of_the_other_counts_as_much_as_what_the_other_wants():
    sql = frozenset({"sql"})
    leo, zoe = peer("leo", wanted=sql, skills=frozenset({"law"})), peer("zoe", wanted=frozenset({"art"}), skills=sql)
    design = replace(ANY, weights={Question.SKILLS: 1})

    (circle,) = propose_circles(design, [leo, zoe], PAIRS).circles

    assert points_between(design, leo, zoe) == {Question.SKILLS: (1000, 0)}
    assert circle.scores == ((0, 500), (500, 0))


@pytest.mark.parametrize(
    ("design", "said", "others"),
    [
        (ANY, {"refuses": frozenset({"zoe"})}, {}),
        (ANY, {}, {"conflicts": frozenset({"leo"})}),
        (ANY, {"has": frozenset({"zoe"})}, {}),
        (ANY, {"languages": EN}, {"languages": PT}),
        (replace(ANY, least_minutes=60), {"hours": (frozenset({1, 2}),)}, {"hours": (frozenset({2, 3}),)}),
        (replace(ANY, level=LevelRule.SAME), {"level": 1}, {"level": 2}),
    ],
    ids=["R4", "R5", "R2", "R7", "R8", "R10"],
)
def test_no_two_of_a_circle_break_a_rule(design: Design, said: dict[str, object], others: dict[str, object]):
    """Whichever of the two it is about; two more who may meet everybody make circles of three that leave one out."""
    people = [peer("leo", **said), peer("zoe", **others), peer("noam"), peer("ida")]

    run = propose_circles(design, people, CIRCLES)

    assert len(run.circles) == 1
    assert not {"leo", "zoe"} <= set(*(circle.split() for circle in keys(run)))
    assert [each.peer.key in ("leo", "zoe") for each in run.leftovers] == [True]


def test_what_is_asked_of_mentors_alone_is_not_asked_of_peers():
    design = replace(ANY, least_experience=5)

    assert keys(propose_circles(design, [peer("leo"), peer("zoe")], PAIRS)) == {"leo zoe"}


@pytest.mark.parametrize("level", [LevelRule.JUNIOR, LevelRule.SENIOR])
def test_peers_cannot_be_asked_to_differ_in_level(level: LevelRule):
    with pytest.raises(ValueError, match="Peers are of the same level, or of any"):
        propose_circles(replace(ANY, level=level), [peer("leo"), peer("zoe")], PAIRS)


def test_who_is_kept_together_is_in_one_circle_against_every_rule():
    people = [peer("leo", refuses=frozenset({"zoe"})), peer("zoe"), peer("noam"), peer("ida")]

    run = propose_circles(ANY, people, PAIRS, [{"leo", "zoe"}])

    assert keys(run) == {"leo zoe", "ida noam"}
    assert [circle.scores for circle in run.circles if "zoe" in {each.key for each in circle.peers}] == [
        ((0, 0), (0, 0))
    ]


def test_more_people_than_a_circle_holds_cannot_be_kept_together():
    people = [peer(key) for key in ("leo", "zoe", "noam")]

    with pytest.raises(TooManyTogether):
        propose_circles(ANY, people, PAIRS, [{"leo", "zoe"}, {"zoe", "noam"}])


def test_strangers_are_not_kept_together():
    with pytest.raises(UnknownLock, match="include 'maya', who is not part of the run"):
        propose_circles(ANY, [peer("leo"), peer("zoe")], PAIRS, [{"leo", "maya"}])


def test_who_is_left_over_learns_what_stands_in_the_way():
    people = [
        peer("leo", languages=PT, refuses=frozenset({"ida"})),
        peer("zoe", languages=EN),
        peer("noam", languages=EN),
        peer("ida", languages=EN | PT, refuses=frozenset({"leo"})),
        peer("olga", is_ready=False),
        peer("maya"),
    ]

    run = propose_circles(ANY, people, THREES, [{"noam", "zoe", "maya"}])

    assert keys(run) == {"maya noam zoe"}
    leo, ida, olga = people[0], people[3], people[4]
    assert run.leftovers == (
        LeftAlone(leo, {Rule.EXCLUDED: 1, Rule.MENTOR_GONE: 1, Rule.LANGUAGE: 2, Rule.NO_PLACE: 1}, 0),
        LeftAlone(ida, {Rule.EXCLUDED: 1, Rule.MENTOR_GONE: 1, Rule.NO_PLACE: 3}, 0),
        LeftAlone(olga, {Rule.MENTEE_GONE: 5}, 0),
    )


def test_two_who_may_meet_are_too_few_for_a_circle_of_three():
    (leo, zoe) = propose_circles(ANY, [peer("leo"), peer("zoe")], THREES).leftovers

    assert (leo.barred, leo.alone_too, zoe.alone_too) == ({}, 1, 1)


def test_the_order_of_people_changes_nothing():
    people = [peer(f"p{number}") for number in range(13)]

    one = propose_circles(ANY, people, CIRCLES, [{"p3", "p9"}], seed=4)
    other = propose_circles(ANY, people[::-1], CIRCLES, [{"p9", "p3"}], seed=4)

    assert keys(one) == keys(other)


def test_nobody_at_all_is_no_trouble():
    run = propose_circles(ANY, [], CIRCLES)

    assert (run.circles, run.leftovers, run.parted.is_best) == ((), (), True)


def test_nobody_stands_twice_in_a_pool():
    with pytest.raises(ValueError, match="Somebody stands twice"):
        propose_circles(ANY, [peer("leo", person="one"), peer("zoe", person="one")], PAIRS)
