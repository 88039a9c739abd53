from __future__ import annotations

from bench.micro import BATCHES, Timed, by_turns


def test_what_something_takes_beyond_a_part_of_it_is_told_batch_by_batch():
    whole = Timed(wall=[0.5, 0.75], cpu=[0.25, 0.5], index=100.0)
    part = Timed(wall=[0.25, 0.25], cpu=[0.125, 0.125], index=100.0)

    assert whole.beyond(part) == Timed(wall=[0.25, 0.5], cpu=[0.125, 0.375], index=100.0)


def test_acts_that_are_compared_take_turns():
    done = []

    found = by_turns({"one": lambda: done.append("one"), "other": lambda: done.append("other")}, tries=BATCHES)

    assert done == ["one", "other"] * (1 + BATCHES)
    assert [(name, len(timed.wall), len(timed.cpu)) for name, timed in found.items()] == [
        ("one", BATCHES, BATCHES),
        ("other", BATCHES, BATCHES),
    ]
