"""People in, pairs out, and for everybody left over what stands in the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mentoring.pairing.matching.people import Design, Kind, Mentee, Mentor
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.proposing import Leftover, Lock, Run, UnknownLock, propose
from mentoring.pairing.rules import Rule

TEAM, TECHNICAL = Kind(key="team"), Kind(key="technical")
ONE, BOTH = Design(kinds=(TEAM,)), Design(kinds=(TEAM, TECHNICAL))


def mentee(key: str, **said: object) -> Mentee:
    return Mentee(key=key, **{"needs": {"team": 1}, **said})  # type: ignore[arg-type]


def mentor(key: str, *, kinds: str = "team", capacity: int = 1, **said: object) -> Mentor:
    return Mentor(key=key, kinds=frozenset(kinds.split()), capacity=capacity, **said)  # type: ignore[arg-type]


def pairs(run: Run) -> set[tuple[str, str, str]]:
    return {(each.mentee.key, each.mentor.key, each.kind) for each in run.proposals}


def test_everybody_gets_the_mentor_who_suits():
    leo = mentee("leo", wanted=frozenset({"sql"}))
    zoe = mentee("zoe", wanted=frozenset({"law"}))
    maya, tariq = mentor("maya", skills=frozenset({"law"})), mentor("tariq", skills=frozenset({"sql"}))

    run = propose(Pool(ONE, [leo, zoe], [maya, tariq]))

    assert pairs(run) == {("leo", "tariq", "team"), ("zoe", "maya", "team")}
    assert (run.leftovers, run.solution.is_best) == ((), True)


def test_nobody_fills_two_kinds_for_the_same_mentee():
    leo = mentee("leo", needs={"team": 1, "technical": 1})
    maya = mentor("maya", kinds="team technical", capacity=2)
    anouk = mentor("anouk", kinds="technical", capacity=1)

    run = propose(Pool(BOTH, [leo], [maya, anouk]))

    assert pairs(run) == {("leo", "maya", "team"), ("leo", "anouk", "technical")}


def test_a_locked_pair_is_kept_against_every_rule():
    leo = mentee("leo", refuses=frozenset({"maya"}))
    run = propose(Pool(ONE, [leo], [mentor("maya"), mentor("tariq")]), [Lock("leo", "maya", "team")])

    assert pairs(run) == {("leo", "maya", "team")}


@pytest.mark.parametrize("lock", [Lock("zoe", "maya", "team"), Lock("leo", "zoe", "team"), Lock("leo", "maya", "x")])
def test_a_lock_of_strangers_is_refused(lock: Lock):
    with pytest.raises(UnknownLock, match=r"names '(zoe|x)', which is not part of the run"):
        propose(Pool(ONE, [mentee("leo")], [mentor("maya")]), [lock])


def test_who_is_left_over_learns_which_rules_stand_in_the_way():
    leo = mentee("leo", languages=frozenset({"pt"}), refuses=frozenset({"tariq"}))
    zoe = mentee("zoe", wishes=("maya",))
    mentors = [
        mentor("maya"),
        mentor("tariq", languages=frozenset({"en"}), capacity=3),
        mentor("anouk", languages=frozenset({"en"}), capacity=3),
        mentor("olga", kinds="technical", capacity=3),
        mentor("henrik", capacity=0),
    ]
    needing = [replace(each, needs={"team": 1}) for each in (leo, zoe)]

    run = propose(Pool(BOTH, needing, mentors), [Lock("zoe", "maya", "team")])

    assert run.leftovers == (
        Leftover(
            needing[0],
            "team",
            1,
            {Rule.EXCLUDED: 1, Rule.LANGUAGE: 2, Rule.NOT_OFFERED: 1, Rule.NO_PLACE: 2},
        ),
    )


def test_nobody_at_all_is_no_trouble():
    for pool in (Pool(ONE, [], []), Pool(ONE, [], [mentor("maya")]), Pool(BOTH, [mentee("leo")], [])):
        run = propose(pool)
        assert (run.proposals, len(run.leftovers)) == ((), len(pool.mentees))


def test_the_order_of_people_changes_nothing():
    mentees = [mentee(f"e{number}") for number in range(12)]
    mentors = [mentor(f"o{number}", capacity=2) for number in range(7)]

    one = propose(Pool(ONE, mentees, mentors), seed=4)
    other = propose(Pool(ONE, mentees[::-1], [*mentors[3:], *mentors[:3]]), seed=4)

    assert pairs(one) == pairs(other)


def test_nobody_stands_twice_on_one_side():
    leo, maya = mentee("leo", person="one"), mentor("maya", person="one")

    Pool(ONE, [leo], [maya])  # Somebody may mentor and be mentored.

    for mentees, mentors in (([leo, mentee("zoe", person="one")], [maya]), ([leo], [maya, maya])):
        with pytest.raises(ValueError, match="Somebody stands twice among those to be matched"):
            Pool(ONE, mentees, mentors)
