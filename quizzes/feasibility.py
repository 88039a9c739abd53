"""Whether the rules of a quiz can be met, shown before it is published: in one attempt, and in all without repeats.

For one attempt the draw itself answers, which finds a way wherever there is one. For several attempts in which no rule
repeats a question, the answer is a maximum flow (L. R. Ford, D. R. Fulkerson, Maximal flow through a network, 1956):
from each rule, as often as there are attempts, to its questions, from each question once to its set of enemies, from
each set once an attempt. Such a flow can be dealt out to attempts, because a bipartite graph can be divided into any
number of parts in which every node has its even share (D. de Werra, Equitable colorations of graphs, 1971).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from quizzes.drawing.outline import Candidate, Outline, Part
from quizzes.drawing.shortages import Shortage, shortages


@dataclass(frozen=True)
class Feasibility:
    """What was found out. Each rule is told what it lacks once the rules before it have had what they can get."""

    short: tuple[Shortage, ...]
    """What cannot be met in an attempt: with any of these there is none."""
    repeating: tuple[Shortage, ...]
    """What can be met in all attempts only with questions met before; of all attempts together."""

    @property
    def is_met(self) -> bool:
        return not self.short


def examine(outline: Outline, attempts: int = 1) -> Feasibility:
    """Whether everybody can have an attempt, and so many of them without repeats.

    Fixed questions come again in every attempt and do not count as repeats. Where sets of enemies overlap, they are
    taken for one set when it comes to repeats: then what is said not to repeat is sure, and what is said to might not.
    That there is a way without repeats does not mean that chance takes it.
    """
    parts = list(outline.parts())
    short = shortages(parts, outline.enemies)
    if short or attempts < 2:
        return Feasibility(tuple(short), ())
    return Feasibility((), tuple(_repeating(parts, outline.enemies, attempts)))


def _repeating(parts: Sequence[Part], enemies: Sequence[frozenset[int]], attempts: int) -> list[Shortage]:
    fixed = {part.candidates[0].question for part in parts if part.is_fixed}
    taken = fixed.union(*(each for each in enemies if each & fixed))
    wanted = [
        replace(part, count=part.count * attempts, candidates=_without(taken, part.candidates))
        for part in parts
        if not part.is_fixed
    ]
    homes = _homes(enemies)
    flows = [_flow(wanted[:number], homes, attempts) for number in range(len(wanted) + 1)]
    missing = [part.count - (flows[n + 1] - flows[n]) for n, part in enumerate(wanted)]
    return [Shortage.of(part, lack) for part, lack in zip(wanted, missing, strict=True) if lack]


def _without(taken: set[int], candidates: Sequence[Candidate]) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.question not in taken]


def _homes(enemies: Iterable[frozenset[int]]) -> dict[int, int]:
    """The set of enemies of each question that is in one, by its least question; sets that overlap are one."""
    merged: list[frozenset[int]] = []
    for each in enemies:
        apart = [other for other in merged if not other & each]
        merged = [*apart, each.union(*(other for other in merged if other & each))]
    return {question: min(each) for each in merged for question in each}


def _flow(parts: Sequence[Part], homes: dict[int, int], attempts: int) -> int:
    """How many questions these parts can be given in all attempts together, each question to one of them."""
    nodes: dict[tuple[str, int], int] = {("source", 0): 0, ("sink", 0): 1}
    pipes: dict[tuple[int, int], int] = {}

    def node(kind: str, number: int) -> int:
        return nodes.setdefault((kind, number), len(nodes))

    for number, part in enumerate(parts):
        pipes[0, node("part", number)] = part.count
        for candidate in part.candidates:
            question = candidate.question
            pipes[node("part", number), node("question", question)] = 1
            if question in homes:
                pipes[node("question", question), node("enemies", homes[question])] = 1
                pipes[node("enemies", homes[question]), 1] = attempts
            else:
                pipes[node("question", question), 1] = 1
    ends = np.array(list(pipes), dtype=np.int32).reshape(-1, 2)
    widths = np.array(list(pipes.values()), dtype=np.int32)
    # Solvers take their time to be read: only who publishes waits for them, not every start.
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    graph = csr_array((widths, (ends[:, 0], ends[:, 1])), shape=(len(nodes), len(nodes)))
    return int(maximum_flow(graph, 0, 1).flow_value)
