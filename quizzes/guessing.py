"""What a learner earns who knows nothing and answers everything: exact distributions, and the chance to pass.

A distribution says how likely each fraction of a question's mark is; the fractions are those of `quizzes.marking`.
Distributions of the slots of a quiz are added by convolution, all in exact fractions. A question that is drawn has the
mixture of its pool. That no question comes twice is left out: where the questions of a pool are guessed alike it
changes nothing, and otherwise the spread a little, never the mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import comb, lcm
from typing import TypeVar

Value = TypeVar("Value", int, Fraction)

ZERO, ONE = Fraction(0), Fraction(1)

Distribution = Mapping[Fraction, Fraction]
"""How likely each value is; the likelihoods sum to 1."""


def clamped(earned: Fraction) -> Fraction:
    return min(max(earned, ZERO), ONE)


def all_or_nothing(earned: Fraction) -> Fraction:
    return ONE if earned == 1 else ZERO


NOTHING: Distribution = {ZERO: ONE}
"""Numbers, short texts, essays: nobody guesses these."""
TRUE_FALSE: Distribution = {ZERO: Fraction(1, 2), ONE: Fraction(1, 2)}


def evenly(values: Iterable[Fraction]) -> Distribution:
    """Each of these values as likely as the others: one of the options of a question, by what they weigh."""
    counted: dict[Fraction, int] = {}
    for value in values:
        counted[value] = counted.get(value, 0) + 1
    return _shared(counted)


def one_of(options: int) -> Distribution:
    """One right option among so many."""
    return evenly([ONE] + [ZERO] * (options - 1))


def some_of(weights: Sequence[Fraction], earns: Callable[[Fraction], Fraction] = clamped) -> Distribution:
    """Any options but none at all, each such choice as likely as the others; earned is the sum of their weights."""
    sums: dict[Fraction, int] = {ZERO: 1}
    for weight in weights:
        sums = _added(sums, {ZERO: 1, weight: 1} if weight else {ZERO: 2})
    sums[ZERO] -= 1
    return graded(_shared(sums), earns)


def matched(pairs: int, choices: int, earns: Callable[[Fraction], Fraction] = clamped) -> Distribution:
    """For each row any of the choices, one of them right; earned is the share of right pairs."""
    counted = {
        Fraction(right, pairs): comb(pairs, right) * (choices - 1) ** (pairs - right) for right in range(pairs + 1)
    }
    return graded(_shared(counted), earns)


def ordered(items: int, earns: Callable[[Fraction], Fraction] = clamped) -> Distribution:
    """Any order as likely as the others; earned is the share of pairs that stand the right way round.

    The number of orders with so many pairs the wrong way round is a Mahonian number: the k-th item stands before any
    number from 0 to k - 1 of those before it.
    """
    counted: dict[Fraction, int] = {ZERO: 1}
    for item in range(2, items + 1):
        counted = _added(counted, dict.fromkeys(map(Fraction, range(item)), 1))
    pairs = comb(items, 2)
    shares = {ONE - inversions / pairs if pairs else ONE: number for inversions, number in counted.items()}
    return graded(_shared(shares), earns)


def weighted(parts: Sequence[tuple[Fraction, Distribution]]) -> Distribution:
    """A question of several parts, each with its weight, as in a cloze: the weighted mean of what they earn."""
    whole = sum((weight for weight, _ in parts), ZERO)
    return total(scaled(part, weight / whole) for weight, part in parts)


def any_of(pool: Sequence[Distribution]) -> Distribution:
    """A question drawn from these, each as likely as the others."""
    mixed: dict[Fraction, Fraction] = {}
    for each in pool:
        for value, chance in each.items():
            mixed[value] = mixed.get(value, ZERO) + chance
    return {value: chance / len(pool) for value, chance in sorted(mixed.items())}


def graded(sums: Distribution, earns: Callable[[Fraction], Fraction]) -> Distribution:
    """What comes of these values once each is turned into what it earns."""
    earned: dict[Fraction, Fraction] = {}
    for value, chance in sums.items():
        earned[earns(value)] = earned.get(earns(value), ZERO) + chance
    return dict(sorted(earned.items()))


def scaled(distribution: Distribution, maximum: Fraction) -> Distribution:
    return {value * maximum: chance for value, chance in distribution.items()}


def mean(distribution: Distribution) -> Fraction:
    """What is earned on average: the random guess score of item statistics."""
    return sum((value * chance for value, chance in distribution.items()), ZERO)


def total(slots: Iterable[Distribution]) -> Distribution:
    """What all of these earn together, each guessed by itself.

    Takes time that grows with the number of slots, of values of each, and of values of their total. So a bank
    whose fractions have many denominators, sevenths beside thirteenths, takes longer than one of halves and thirds.
    """
    several = list(slots)
    # Whole numbers all the way: values in steps, and ways in which they come about.
    steps = lcm(*(value.denominator for slot in several for value in slot))
    whole, ways = {0: 1}, 1
    for slot in several:
        share = lcm(*(chance.denominator for chance in slot.values()))
        whole = _added(whole, {int(value * steps): int(chance * share) for value, chance in slot.items() if chance})
        ways *= share
    return {Fraction(value, steps): Fraction(number, ways) for value, number in sorted(whole.items())}


def passing(score: Distribution, least: Fraction) -> Fraction:
    """The chance to earn at least so much."""
    return sum((chance for value, chance in score.items() if value >= least), ZERO)


def in_attempts(chance: Fraction, attempts: int) -> Fraction:
    """The chance to pass at least one of so many attempts."""
    return 1 - (1 - chance) ** attempts


def _shared(counted: Mapping[Fraction, int]) -> Distribution:
    every = sum(counted.values())
    return {value: Fraction(number, every) for value, number in sorted(counted.items()) if number}


def _added(one: Mapping[Value, int], other: Mapping[Value, int]) -> dict[Value, int]:
    """In how many ways each sum of two values comes about."""
    added: dict[Value, int] = {}
    for value, ways in one.items():
        for more, as_many in other.items():
            both = value + more
            added[both] = added.get(both, 0) + ways * as_many
    return added
