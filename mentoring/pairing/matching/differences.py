"""Numbers that keep given distances from each other: x[head] - x[tail] <= weight, for many pairs at once.

Such a system is a shortest-path problem (Bellman 1958, Ford 1956); whole weights give whole numbers.
"""

from __future__ import annotations

import numpy as np

from mentoring.pairing.matching.problem import Ints

ENDLESS = np.int64(2**60)


class Contradiction(Exception):
    """No numbers keep these distances."""


class Differences:
    """A system over `size` unknown numbers and a ground, which is 0 and whose index is `size`."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._parts: list[tuple[Ints, Ints, Ints]] = []

    def at_most(self, head: Ints, tail: Ints, weight: Ints) -> None:
        """x[head] - x[tail] <= weight"""
        self._parts.append((head, tail, weight))

    def below(self, which: Ints, bound: Ints) -> None:
        self.at_most(which, np.full(len(which), self.size), bound)

    def above(self, which: Ints, bound: Ints) -> None:
        self.at_most(np.full(len(which), self.size), which, -bound)

    def middle(self) -> Ints:
        """Numbers between the largest and the smallest there are. With even weights all of this is whole.

        In the middle as few distances as possible are kept only just. Every number has to be bounded from both sides,
        be it by others. Raises Contradiction.
        """
        if not self.size:
            return np.empty(0, dtype=np.int64)
        head, tail, weight = (np.concatenate(part) for part in zip(*self._parts, strict=True))
        largest = _distances(head, tail, weight, self.size)
        smallest = -_distances(tail, head, weight, self.size)
        return (largest + smallest)[: self.size] // 2


def _distances(head: Ints, tail: Ints, weight: Ints, ground: int) -> Ints:
    """The shortest way from the ground to each, ENDLESS where there is none."""
    order = np.argsort(head, kind="stable")
    head, tail, weight = head[order], tail[order], weight[order]
    starts = np.flatnonzero(np.concatenate([[True], head[1:] != head[:-1]]))
    heads = head[starts]
    distance = np.full(ground + 1, ENDLESS)
    distance[ground] = 0
    for _turn in range(ground + 2):
        through = np.where(distance[tail] < ENDLESS, distance[tail] + weight, ENDLESS)
        nearest = np.minimum.reduceat(through, starts)
        is_nearer = nearest < distance[heads]
        if not is_nearer.any():
            return distance
        distance[heads[is_nearer]] = nearest[is_nearer]
    raise Contradiction
