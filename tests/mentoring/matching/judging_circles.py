"""The best circles there are, found by trying everything: slow, simple, and nothing like the engine."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations

from mentoring.pairing.matching.gathering import Circle, Gathering, Harmony, harmony_of
from mentoring.pairing.matching.problem import HIGHEST, NOT_ALLOWED


def best_of_all(gathering: Gathering) -> Harmony | None:
    """Best of every subset of people, smaller subsets first; None where people kept together cannot be placed."""
    circles = list(allowed_circles(gathering))
    means = {circle: lowest_mean(gathering, circle) for circle in circles}
    most = _best(gathering, circles)
    if most is None:
        return None
    if not most[0]:
        return Harmony(0, Fraction(HIGHEST), Fraction(0), 0)
    steps, best = sorted(set(means.values())), most
    while len(steps) > 1:
        middle = len(steps) // 2
        found = _best(gathering, [each for each in circles if means[each] >= steps[middle]])
        if found is not None and found[0] == most[0]:
            steps, best = steps[middle:], found
        else:
            steps = steps[:middle]
    return Harmony(best[0], steps[0], best[1], best[2])


def _best(gathering: Gathering, circles: list[Circle]) -> tuple[int, Fraction, int] | None:
    """Most placed, and of those the highest total, and of those the most even."""
    kept = {person for each in gathering.together for person in each}
    of_first = {person: [each for each in circles if each[0] == person] for person in range(gathering.people)}

    @cache
    def among(people: frozenset[int]) -> tuple[int, Fraction, int] | None:
        if not people:
            return 0, Fraction(0), 0
        first = min(people)
        found = [among(people - {first})] if first not in kept else []
        for circle in of_first[first]:
            if people.issuperset(circle) and (rest := among(people.difference(circle))) is not None:
                total = rest[1] + total_of_means(gathering, circle)
                found.append((rest[0] + len(circle), total, rest[2] - len(circle) ** 2))
        return max((each for each in found if each is not None), default=None)

    return among(frozenset(range(gathering.people)))


def allowed_circles(gathering: Gathering) -> Iterator[Circle]:
    """Every two may meet or are kept together, and nobody is torn from whom they are kept with."""
    for size in range(gathering.smallest, gathering.largest + 1):
        for circle in combinations(range(gathering.people), size):
            torn = any(0 < len(set(each) & set(circle)) < len(each) for each in gathering.together)
            if not torn and all(score(gathering, *pair) != NOT_ALLOWED for pair in combinations(circle, 2)):
                yield circle


def score(gathering: Gathering, one: int, other: int) -> int:
    found = int(gathering.scores[one, other])
    return max(found, 0) if any(one in each and other in each for each in gathering.together) else found


def lowest_mean(gathering: Gathering, circle: Circle) -> Fraction:
    return min(mean(gathering, circle, person) for person in circle)


def total_of_means(gathering: Gathering, circle: Circle) -> Fraction:
    return sum((mean(gathering, circle, person) for person in circle), Fraction())


def mean(gathering: Gathering, circle: Circle, person: int) -> Fraction:
    others = [other for other in circle if other != person]
    return Fraction(sum(score(gathering, person, other) for other in others), len(others))


def best_of_tiny(gathering: Gathering) -> Harmony | None:
    """The same, without any thought: every parting there is."""
    kept = {person for each in gathering.together for person in each}
    partings = list(_partings(tuple(range(gathering.people)), list(allowed_circles(gathering))))
    whole = [each for each in partings if kept <= {person for circle in each for person in circle}]
    return max((harmony_of(gathering, each) for each in whole), default=None)


def _partings(people: Circle, circles: list[Circle]) -> Iterator[tuple[Circle, ...]]:
    if not people:
        yield ()
        return
    yield from _partings(people[1:], circles)
    for circle in circles:
        if circle[0] == people[0] and set(circle) <= set(people):
            for rest in _partings(tuple(each for each in people if each not in circle), circles):
                yield (circle, *rest)
