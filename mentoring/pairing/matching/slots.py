"""Mentors as single places, which is what the solvers know."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching, min_weight_full_bipartite_matching

from mentoring.pairing.matching.problem import Ints

NOBODY = -1


class Slots:
    """The places of all mentors in one row: first those of the first mentor."""

    def __init__(self, places: Ints) -> None:
        self.places = places
        self.first = np.concatenate([[0], np.cumsum(places)])
        self.owner = np.repeat(np.arange(len(places)), places)
        self.nth = np.arange(len(self.owner)) - self.first[self.owner]
        """Which of its mentor's places each is, from 0."""

    def __len__(self) -> int:
        return int(self.first[-1])

    def of(self, mentors: Ints) -> tuple[Ints, Ints]:
        """Every place of each of these mentors: which of them it belongs to, and the place."""
        times = self.places[mentors]
        begun = np.cumsum(times) - times
        index = np.repeat(np.arange(len(mentors)), times)
        return index, self.first[mentors][index] + np.arange(len(index)) - begun[index]


def place_most(mentees: int, rows: Ints, columns: Ints, slots: Slots) -> Ints:
    """(n,): the mentor of each mentee in an arrangement of most pairs, or NOBODY."""
    index, place = slots.of(columns)
    graph = _graph(np.ones(len(index), dtype=np.int8), rows[index], place, (mentees, len(slots)))
    found = maximum_bipartite_matching(graph, perm_type="column")
    owners = np.append(slots.owner, NOBODY)
    return np.asarray(owners[found], dtype=np.int64)


def place_cheapest(rows: Ints, columns: Ints, costs: Ints, place_costs: Ints, outside: Ints, slots: Slots) -> Ints:
    """(n,): the mentor of each mentee in a cheapest arrangement, or NOBODY at the mentee's price of being outside.

    A price of NOBODY says that a mentee must not be outside; ValueError where that cannot be.
    `costs` go with the pairs, `place_costs` with the places; all are whole, not negative, and below 2**52.
    """
    n, may_be_outside = len(outside), np.flatnonzero(outside != NOBODY)
    index, place = slots.of(columns)
    weights = np.concatenate([costs[index] + place_costs[place], outside[may_be_outside]])
    where = np.concatenate([rows[index], may_be_outside]), np.concatenate([place, len(slots) + may_be_outside])
    # A weight of nothing is no edge to the solver.
    graph = _graph(weights.astype(np.float64) + 1, *where, (n, len(slots) + n))
    mentees, found = min_weight_full_bipartite_matching(graph)
    owners = np.concatenate([slots.owner, np.full(n, NOBODY)])
    assigned = np.empty(n, dtype=np.int64)
    assigned[mentees] = owners[found]
    return assigned


def _graph(values: Any, rows: Ints, columns: Ints, shape: tuple[int, int]) -> csr_array:
    return csr_array((values, (rows.astype(np.int32), columns.astype(np.int32))), shape=shape)
