"""The smallest change that would place somebody who is left over, found by solving again and not by guessing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from mentoring.pairing.matching.barring import Bars
from mentoring.pairing.matching.listening import Listener, nobody
from mentoring.pairing.matching.people import Mentor
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.problem import Levels, Pair, Problem, levels_of
from mentoring.pairing.matching.proposing import Leftover, Proposal, Run, problem_of, proposals_of
from mentoring.pairing.matching.scoring import Points
from mentoring.pairing.matching.solution import Solution
from mentoring.pairing.rules import Rule

CAN_BE_LIFTED = (Rule.LANGUAGE, Rule.HOURS, Rule.NOT_OFFERED, Rule.LEVEL, Rule.EXPERIENCE)
"""Rules that somebody may decide otherwise about. Nobody is asked to drop an exclusion or a conflict of interest."""
TRIED = 5
"""How many changes of each sort are tried: those with the highest scores."""


@dataclass(frozen=True)
class Change:
    """One thing that would have to be otherwise."""

    mentor: Mentor
    rule: Rule
    """`NO_PLACE`: this mentor takes one more. Any other: it is lifted between this mentor and the one left over."""


@dataclass(frozen=True)
class Rescue:
    """A change, and the arrangement there would be with it."""

    change: Change
    levels: Levels
    proposals: tuple[Proposal, ...]


def rescues(pool: Pool, run: Run, leftover: Leftover, *, seed: int = 0, listener: Listener = nobody) -> list[Rescue]:
    """Single changes after which this mentee has one more mentor of the kind, and nobody loses one; the best first.

    Empty where more than one thing would have to change. The listener hears how many changes have been tried.
    """
    from mentoring.pairing.matching.solving import solve  # Slow to be read: only who solves waits for it.

    problem = problem_of(pool, run.locks)
    row = pool.mentees.index(leftover.mentee)
    kind = [each.key for each in pool.design.kinds].index(leftover.kind)
    wanted = _only_one_more(problem, run.solution, row, kind)
    keys = [each.key for each in pool.mentees], [each.key for each in pool.mentors]
    about = _about(pool, row, kind)
    changes, found = list(_changes(about, wanted, run, row)), []
    for number, (mentor, rule) in enumerate(changes):
        listener(number, len(changes))
        changed = _changed(about, wanted, row, kind, mentor, rule)
        solution = solve(changed, *keys, seed=seed)
        if not solution.is_best:
            solution = _no_worse(solution, changed, (*run.solution.pairs, Pair(row, mentor, kind)))
        if len(solution.pairs) > len(run.solution.pairs) and solution.levels.filled >= run.solution.levels.filled:
            change = Change(pool.mentors[mentor], rule)
            found.append(Rescue(change, solution.levels, proposals_of(pool, changed, solution)))
    return sorted(found, key=lambda rescue: rescue.levels, reverse=True)


def _no_worse(found: Solution, problem: Problem, pairs: tuple[Pair, ...]) -> Solution:
    """In classes too large for a proof: the pairs there were and one more, if they are possible and the solver missed
    them or better ones."""
    new = Counter(pair.mentor for pair in pairs)
    mentor = pairs[-1].mentor
    is_possible = problem.smallest[mentor] <= new[mentor] <= problem.free[mentor]
    levels = levels_of(problem, pairs)
    return replace(found, pairs=pairs, levels=levels) if is_possible and levels > found.levels else found


def _only_one_more(problem: Problem, solution: Solution, row: int, kind: int) -> Problem:
    """Everybody needs just what they got, and this mentee one more: then it can be nobody else who is placed."""
    needs = np.zeros_like(problem.needs)
    for pair in solution.pairs:
        needs[pair.mentee, pair.kind] += 1
    needs[row, kind] += 1
    return replace(problem, needs=needs)


def _changes(about: _About, problem: Problem, run: Run, row: int) -> Iterator[tuple[int, Rule]]:
    """The most promising single changes: a mentor, and what would be otherwise about them."""
    new = np.bincount([pair.mentor for pair in run.solution.pairs], minlength=problem.mentors)
    has = {pair.mentor for pair in run.solution.pairs if pair.mentee == row}
    possible = [each for each in about.best_first if each not in has and problem.capacity[each] > 0]
    full = [each for each in possible if not about.rules[each] and new[each] >= problem.free[each]]
    yield from ((mentor, Rule.NO_PLACE) for mentor in full[:TRIED])
    for rule in CAN_BE_LIFTED:
        yield from ((mentor, rule) for mentor in [each for each in possible if about.rules[each] == [rule]][:TRIED])


def _changed(about: _About, problem: Problem, row: int, kind: int, mentor: int, rule: Rule) -> Problem:
    """The problem as it would be."""
    if rule is Rule.NO_PLACE:
        capacity = problem.capacity.copy()
        capacity[mentor] = max(capacity[mentor], problem.load[mentor]) + 1
        return replace(problem, capacity=capacity)
    scores = list(problem.scores)
    scores[kind] = scores[kind].copy()
    scores[kind][row, mentor] = about.points[mentor]
    return replace(problem, scores=tuple(scores))


@dataclass(frozen=True)
class _About:
    """One mentee and every mentor: what the pair would score, and which rules forbid it."""

    points: list[int]
    rules: list[list[Rule]]

    @property
    def best_first(self) -> list[int]:
        return sorted(range(len(self.points)), key=lambda mentor: (-self.points[mentor], mentor))


def _about(pool: Pool, row: int, kind: int) -> _About:
    alone = Pool(pool.design, [pool.mentees[row]], pool.mentors)
    bars = Bars(alone)
    barred = {rule: forbids[0] for rule, forbids in bars.of(slice(None)).items()}
    barred[Rule.NOT_OFFERED] = bars.not_offered(pool.design.kinds[kind].key)
    rules = [[rule for rule, forbids in barred.items() if forbids[each]] for each in range(len(pool.mentors))]
    return _About([int(each) for each in Points(alone).scores(slice(None))[0]], rules)
