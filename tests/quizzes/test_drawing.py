"""The generator against its published vectors, and what a draw promises, for pools of every shape."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.drawing import SEED_BYTES, Candidate, Drawn, Stream, draw

ORACLE = Path(__file__).parent / "oracles" / "draw-vectors.json"
VECTORS: dict[str, Any] = json.loads(ORACLE.read_text("utf-8"))
SEED = bytes(range(16))


def plain(count: int, options: int = 4) -> list[Candidate]:
    return [Candidate(question=n, version=n, options=options) for n in range(count)]


def having_seen(pool: Sequence[Candidate], attempt: Sequence[Drawn]) -> list[Candidate]:
    """The pool as the same learner meets it after this attempt."""
    shown = {drawn.question: drawn.option_order for drawn in attempt}
    return [
        Candidate(
            question=each.question,
            version=each.version,
            options=each.options,
            fixed=each.fixed,
            met=each.met + (each.question in shown),
            last_order=shown.get(each.question, each.last_order),
        )
        for each in pool
    ]


@pytest.mark.parametrize("case", VECTORS["u32"])
def test_numbers_are_the_published_ones(case):
    stream = Stream(bytes.fromhex(case["seed"]), case["label"])

    assert [stream.u32() for _ in case["values"]] == case["values"]


def test_numbers_that_would_favor_some_answers_are_rejected_as_published():
    case = VECTORS["below_with_rejection"]
    stream = Stream(bytes.fromhex(case["seed"]), case["label"])
    numbers = Stream(bytes.fromhex(case["seed"]), case["label"])
    all_numbers = [numbers.u32() for _ in range(20)]

    values = [stream.below(case["n"]) for _ in case["values"]]

    assert values == case["values"]
    assert [all_numbers[used - 1] for used in case["u32_used_after_each"]] == values


@pytest.mark.parametrize("case", VECTORS["shuffle"])
def test_shuffles_are_the_published_ones(case):
    stream = Stream(bytes.fromhex(case["seed"]), case["label"])

    assert stream.shuffled(range(case["n"])) == case["result"]


def test_a_first_attempt_is_the_published_one():
    case = VECTORS["attempt"]

    drawn = draw(plain(200), case["k"], bytes.fromhex(case["seed"]))

    assert [each.question for each in drawn] == case["questions"]
    assert [list(each.option_order) for each in drawn] == case["option_order"]


def test_places_are_as_uniform_as_published():
    places, _orders = VECTORS["uniformity"]
    counts = Counter(Stream(n.to_bytes(16, "big"), "x").shuffled(range(5)).index(0) for n in range(60_000))

    assert [counts[place] for place in range(5)] == places["counts"]
    assert chi_square(places["counts"]) == pytest.approx(places["chi_square"], abs=0.001)
    assert chi_square(places["counts"]) < places["critical_1_percent"]


def test_orders_are_as_uniform_as_published():
    _places, orders = VECTORS["uniformity"]
    counts = Counter(tuple(Stream(n.to_bytes(16, "big"), "y").shuffled(range(4))) for n in range(60_000))

    assert [counts[order] for order in itertools.permutations(range(4))] == orders["counts"]
    assert chi_square(orders["counts"]) == pytest.approx(orders["chi_square"], abs=0.001)


def chi_square(counts: Sequence[int]) -> float:
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 / expected for count in counts)


def test_every_question_of_a_bank_is_drawn_equally_often():
    counts = Counter(each.question for n in range(3000) for each in draw(plain(60), 20, n.to_bytes(16, "big")))

    # A draw without replacement varies less than chi-square assumes, by (60 - 20) / (60 - 1).
    assert chi_square([counts[n] for n in range(60)]) * 59 / 40 < 87.2, "df 59, critical at 1 %"


def test_three_attempts_at_sixty_questions_repeat_none():
    pool, met = plain(60), []

    for n in range(3):
        attempt = draw(pool, 20, n.to_bytes(16, "big"))
        met += [each.question for each in attempt]
        pool = having_seen(pool, attempt)

    assert sorted(met) == list(range(60))


def test_two_options_are_shown_the_other_way_round_next_time():
    pool = plain(3, options=2)
    first = draw(pool, 3, SEED)

    second = draw(having_seen(pool, first), 3, SEED, previous=[each.question for each in first])

    turned = {each.question: each.option_order[::-1] for each in first}
    assert {each.question: each.option_order for each in second} == turned


def test_fixed_options_keep_their_place_and_the_others_still_change():
    pool = [Candidate(question=1, version=1, options=4, fixed=frozenset({3}))]
    first = draw(pool, 1, SEED)

    second = draw(having_seen(pool, first), 1, SEED, previous=[1])

    assert [each.option_order[3] for each in first + second] == [3, 3]
    assert first[0].option_order != second[0].option_order


def test_what_cannot_change_is_shown_as_before():
    alone = Candidate(question=1, version=1, options=1)
    pool = [alone, Candidate(question=2, version=2, options=2, fixed=frozenset({0}))]
    first = draw(pool, 2, SEED)

    second = draw(having_seen(pool, first), 2, SEED, previous=[each.question for each in first])

    assert sorted((each.question, each.option_order) for each in second) == [(1, (0,)), (2, (0, 1))]
    assert [each.question for each in second] == [each.question for each in first][::-1]


def test_a_single_question_is_asked_again():
    assert [each.question for each in draw(plain(1), 20, SEED, previous=[0])] == [0]


def test_an_empty_pool_gives_an_empty_draw():
    assert draw([], 20, SEED) == []


def test_a_seed_of_another_length_is_refused():
    with pytest.raises(ValueError, match="A seed has 16 bytes, not 3"):
        draw(plain(2), 1, b"abc")


seeds = st.binary(min_size=SEED_BYTES, max_size=SEED_BYTES)


@st.composite
def pools(draw_from: st.DrawFn) -> list[Candidate]:
    def candidate(n: int) -> Candidate:
        options = draw_from(st.integers(1, 6))
        fixed = draw_from(st.frozensets(st.integers(0, options - 1)))
        return Candidate(question=n, version=1000 + n, options=options, fixed=fixed)

    return [candidate(n) for n in range(draw_from(st.integers(1, 12)))]


@given(pool=pools(), count=st.integers(1, 15), chosen=st.lists(seeds, min_size=2, max_size=6))
@settings(max_examples=200, deadline=None)
def test_whatever_can_differ_from_last_time_does(pool, count, chosen):
    previous: list[int] = []
    for seed in chosen:
        attempt = draw(pool, count, seed, previous=previous)
        shown = [each.question for each in attempt]
        before = {each.question: each for each in pool}

        assert len(set(shown)) == len(shown) == min(count, len(pool))
        assert shown != previous or len(shown) < 2
        for each in attempt:
            known = before[each.question]
            assert sorted(each.option_order) == list(range(known.options))
            assert all(each.option_order[place] == place for place in known.fixed)
            assert each.option_order != known.last_order or len(known.movable) < 2
        pool, previous = having_seen(pool, attempt), shown


@given(pool=pools(), count=st.integers(1, 15), chosen=st.lists(seeds, min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_nothing_is_met_again_while_something_was_met_less_often(pool, count, chosen):
    for seed in chosen:
        attempt = draw(pool, count, seed)
        drawn = {each.question for each in attempt}
        met_in = [each.met for each in pool if each.question in drawn]
        met_out = [each.met for each in pool if each.question not in drawn]

        assert max(met_in) <= min(met_out, default=max(met_in))
        pool = having_seen(pool, attempt)


@given(pool=pools(), seed=seeds, count=st.integers(1, 15))
@settings(max_examples=100, deadline=None)
def test_the_same_inputs_give_the_same_draw_again(pool, seed, count):
    first = draw(pool, count, seed)
    pool, previous = having_seen(pool, first), tuple(each.question for each in first)

    again = draw(pool, count, seed, previous=previous)

    assert draw(tuple(pool), count, seed, previous=list(previous)) == again


def test_later_attempts_come_out_as_they_did_when_the_algorithm_was_written():
    pool = [Candidate(question=n, version=n, options=n % 4 + 1, fixed=frozenset({2} - {n % 3})) for n in range(12)]
    told, previous = hashlib.sha256(), list[int]()
    for number in range(60):
        attempt = draw(pool, 2 + number % 8, number.to_bytes(16, "big"), previous=previous)
        told.update(repr([(each.version, each.option_order) for each in attempt]).encode())
        pool, previous = having_seen(pool, attempt), [each.question for each in attempt]

    assert told.hexdigest() == "f7342fc74fbe8bb1bf4358dd0510331a0a2b830e05e416d371e018fd503ac944"
