"""How far the engine has come, as whoever listens hears it."""

from __future__ import annotations

from typing import Any

import pytest

from mentoring.pairing.matching import joint, solving
from mentoring.pairing.matching.people import Design, Kind
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.proposing import propose
from tests.mentoring.matching.test_proposing import BOTH, ONE, mentee, mentor

LEVEL_BY_LEVEL = [(step, 5) for step in range(1, 5)]


def pool_of(design: Design, **grouped: Any) -> Pool:
    needs = {kind.key: 1 for kind in design.kinds}
    kinds = " ".join(needs)
    mentees = [mentee(f"e{n}", needs=needs, wanted=frozenset({f"s{n % 3}"})) for n in range(6)]
    mentors = [mentor(f"o{n}", kinds=kinds, capacity=3, skills=frozenset({f"s{n}"}), **grouped) for n in range(3)]
    return Pool(design, mentees, mentors)


def heard(pool: Pool) -> list[tuple[int, int]]:
    steps: list[tuple[int, int]] = []
    run = propose(pool, listener=lambda done, total: steps.append((done, total)))
    assert run == propose(pool), "Whoever listens changes nothing."
    return steps


@pytest.mark.parametrize(
    "pool",
    [pool_of(ONE), pool_of(BOTH), pool_of(BOTH, smallest_group=2)],
    ids=["one kind", "two kinds", "smallest groups"],
)
def test_scores_are_a_step_and_every_level_is_one(pool: Pool):
    assert heard(pool) == LEVEL_BY_LEVEL


def test_without_a_list_of_portions_the_levels_are_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(joint, "MOST_PORTIONS", 0)

    assert heard(pool_of(BOTH)) == LEVEL_BY_LEVEL


@pytest.mark.parametrize(("design", "steps"), [(BOTH, 6), (Design(kinds=(*BOTH.kinds, Kind(key="third"))), 8)])
def test_where_one_kind_is_solved_after_the_other_each_turn_is_a_step(
    design: Design, steps: int, monkeypatch: pytest.MonkeyPatch
):
    """Never as many as there are levels, which have names on the page."""
    monkeypatch.setattr(solving, "MOST_AT_ONCE", 0)

    assert heard(pool_of(design)) == [(step, steps) for step in range(1, steps)]


def test_what_a_listener_raises_ends_the_work():
    def enough(done: int, _total: int) -> None:
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        propose(pool_of(ONE), listener=enough)
