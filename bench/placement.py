"""Who is placed: the same classes given to us, to the ways most systems go, and to packages of others.

The synthetic class of the field notes: skills, languages, time zones, and pairs that must never be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from bench.bench import Bench
from bench.peers.matchers import GALE_SHAPLEY, MENTOR_MATCH, Matcher
from bench.table import Check, Row
from mentoring.pairing.matching.problem import NOT_ALLOWED, Levels, Pair, Problem, Scores, levels_of
from mentoring.pairing.matching.solving import solve
from tools.trouble import Trouble

PLACES = 3
"""Of each mentor."""

Way = Callable[[Sequence[Problem]], list[list[Pair]]]
"""From classes with one kind of mentor to pairs."""


@dataclass(frozen=True)
class Setting:
    """Classes that are alike."""

    name: str
    mentees: int
    mentors: int
    excluded: float
    kinds: int = 1


SETTINGS = (
    Setting("30 mentees, as many places", 30, 10, 0.15),
    Setting("30 mentees, 1.5 places each", 30, 15, 0.15),
    Setting("20 mentees, two kinds", 20, 14, 0.2, kinds=2),
)


def rows(bench: Bench) -> Iterator[Row | Check]:
    ways = [*OURSELVES, *_installed(bench)]
    for setting in SETTINGS:
        bench.say(f"Placing {setting.name}")
        yield from beside_others(setting, ways, classes=5 if bench.size.is_quick else 60)


def _installed(bench: Bench) -> Iterator[tuple[str, Way]]:
    for matcher in (GALE_SHAPLEY, MENTOR_MATCH):
        try:
            matcher.install()
        except Trouble as trouble:
            bench.leave_out(f"{matcher.name}. {trouble}")
        else:
            yield _of_peer(matcher)


def _of_peer(matcher: Matcher) -> tuple[str, Way]:
    return matcher.name, matcher.pairs


def beside_others(setting: Setting, ways: Sequence[tuple[str, Way]], *, classes: int) -> Iterator[Row | Check]:
    problems = [drawn(setting, seed) for seed in range(classes)]
    ours = [solve(problem) for problem in problems]
    best = [solution.levels for solution in ours]
    yield Row(what=f"{setting.name}: ours", note=_told(setting, best))
    yield Check(
        what=f"{setting.name}: ours breaks no rule, and is the best there is",
        has_passed=all(
            not broken(problem, each.pairs) and each.is_best for problem, each in zip(problems, ours, strict=True)
        ),
        found=f"{classes} classes",
    )
    for name, way in [each for act in ways for each in in_turn(setting, *act)]:
        made = way(problems)
        faults = sum(broken(problem, pairs) for problem, pairs in zip(problems, made, strict=True))
        theirs = [levels_of(problem, _valid(problem, pairs)) for problem, pairs in zip(problems, made, strict=True)]
        yield Row(
            what=f"{setting.name}: {name}", note=_compared(best, theirs) + (f"; {faults} rules broken" * (faults > 0))
        )
        yield Check(
            what=f"{setting.name}: {name}: in no class are more placed, or the whole better, than ours",
            has_passed=all(mine >= other for mine, other in zip(best, theirs, strict=True)),
            found=f"fewer in {_stranding(best, theirs)} of {classes}",
        )


# Classes.


def drawn(setting: Setting, seed: int) -> Problem:
    """With two kinds, three mentors in five offer the first, all others the second, and so do two in five of those."""
    chance = np.random.default_rng(seed)
    scores = _scores(chance, setting)
    kinds = [scores]
    if setting.kinds > 1:
        first = chance.random(setting.mentors) < 0.6
        second = ~first | (chance.random(setting.mentors) < 0.4)
        kinds = [np.where(offers, scores, NOT_ALLOWED) for offers in (first, second)]
    return Problem.of(kinds, [PLACES] * setting.mentors)


def _scores(chance: np.random.Generator, setting: Setting) -> Scores:
    """20 points for each skill in common, 2 less for each hour between two clocks, 15 more for one pair in four."""
    sides = (setting.mentees, setting.mentors)
    skills = [np.array([chance.permutation(12) < 3 for _person in range(count)]) for count in sides]
    languages = [np.array([chance.permutation(4) < chance.integers(1, 3) for _ in range(count)]) for count in sides]
    clocks = [chance.integers(-8, 9, count) for count in sides]
    apart = np.abs(clocks[0][:, None] - clocks[1])
    shared = skills[0].astype(np.int64) @ skills[1].T.astype(np.int64)
    spoken = languages[0].astype(np.int64) @ languages[1].T.astype(np.int64)
    may = (apart <= 9) & (spoken > 0) & (chance.random(sides) >= setting.excluded)
    points = 20 * shared + 20 - 2 * apart + 15 * (chance.random(sides) < 0.25)
    return np.where(may, points, NOT_ALLOWED).astype(np.int16)


# Ways.


def in_turn(setting: Setting, name: str, way: Way) -> Iterator[tuple[str, Way]]:
    """As it is for one kind; for several, one kind after the other, in either order."""
    if setting.kinds == 1:
        if way is not best_of_one:
            yield name, way
        return
    for order, said in (((0, 1), "first kind first"), ((1, 0), "second kind first")):
        yield f"{name}, {said}", lambda problems, order=order: _one_after_the_other(way, problems, order)  # type: ignore[misc]


def _one_after_the_other(way: Way, problems: Sequence[Problem], order: Sequence[int]) -> list[list[Pair]]:
    made: list[list[Pair]] = [[] for _problem in problems]
    for kind in order:
        alone = [_alone(problem, pairs, kind) for problem, pairs in zip(problems, made, strict=True)]
        for pairs, more in zip(made, way(alone), strict=True):
            pairs += [Pair(pair.mentee, pair.mentor, kind) for pair in more]
    return made


def _alone(problem: Problem, pairs: Sequence[Pair], kind: int) -> Problem:
    """One kind beside the pairs there are: places are taken, and nobody has the same mentor twice."""
    scores, taken = problem.scores[kind].copy(), np.bincount([pair.mentor for pair in pairs], minlength=problem.mentors)
    for pair in pairs:
        scores[pair.mentee, pair.mentor] = NOT_ALLOWED
    return replace(
        problem, scores=(scores,), needs=problem.needs[:, [kind]], load=problem.load + taken, required=(True,)
    )


def best_of_one(problems: Sequence[Problem]) -> list[list[Pair]]:
    return [list(solve(problem).pairs) for problem in problems]


def greedy(problems: Sequence[Problem]) -> list[list[Pair]]:
    """What most systems do: the best pair that is still possible, again and again."""
    return [_taken(problem, [(i, j) for _score, i, j in sorted(_allowed(problem))]) for problem in problems]


def _allowed(problem: Problem) -> list[tuple[int, int, int]]:
    scores = problem.scores[0]
    return [(-int(scores[i, j]), int(i), int(j)) for i, j in np.argwhere(scores != NOT_ALLOWED)]


def first_come(problems: Sequence[Problem]) -> list[list[Pair]]:
    """Everybody in turn takes the best mentor who still has a place."""
    return [_taken(each, [(i, j) for i, _score, j in sorted(_by_mentee(each))]) for each in problems]


def _by_mentee(problem: Problem) -> list[tuple[int, int, int]]:
    return [(i, score, j) for score, i, j in _allowed(problem)]


def _taken(problem: Problem, wanted: Sequence[tuple[int, int]]) -> list[Pair]:
    free, placed, made = problem.free.copy(), set[int](), []
    for mentee, mentor in wanted:
        if mentee not in placed and free[mentor]:
            free[mentor] -= 1
            placed.add(mentee)
            made.append(Pair(mentee, mentor))
    return made


OURSELVES: tuple[tuple[str, Way], ...] = (
    ("The best of one kind", best_of_one),
    ("Greedy, best pair first", greedy),
    ("First come", first_come),
)


# What came out.


def broken(problem: Problem, pairs: Sequence[Pair]) -> int:
    """How often a hard rule is broken: a pair that must not be, a mentor too many, a place given twice."""
    barred = sum(problem.score(pair) == NOT_ALLOWED for pair in pairs)
    places = Counter(pair.mentor for pair in pairs)
    needs = Counter((pair.mentee, pair.kind) for pair in pairs)
    twice = Counter((pair.mentee, pair.mentor) for pair in pairs)
    return (
        barred
        + sum(max(count - int(problem.free[mentor]), 0) for mentor, count in places.items())
        + sum(max(count - int(problem.needs[each]), 0) for each, count in needs.items())
        + sum(count - 1 for count in twice.values())
    )


def _valid(problem: Problem, pairs: Sequence[Pair]) -> list[Pair]:
    """Those that may be: the first ones, as long as no rule is broken."""
    kept: list[Pair] = []
    for pair in pairs:
        if not broken(problem, [*kept, pair]):
            kept.append(pair)
    return kept


def _stranding(best: Sequence[Levels], others: Sequence[Levels]) -> int:
    return sum(each.filled > other.filled for each, other in zip(best, others, strict=True))


def _compared(best: Sequence[Levels], others: Sequence[Levels]) -> str:
    ours, theirs = sum(each.filled for each in best), sum(each.filled for each in others)
    return (
        f"places {theirs:,} of our {ours:,}; strands somebody in {_stranding(best, others)} of {len(best)} classes"
        f" ({(ours - theirs) / len(best):.1f} on average); lowest mean {_lowest(others):.0f}, ours {_lowest(best):.0f}"
    )


def _told(setting: Setting, best: Sequence[Levels]) -> str:
    filled, wanted = sum(each.filled for each in best), setting.mentees * setting.kinds * len(best)
    return (
        f"places {filled:,} of {wanted:,} wanted; the others can be placed by nobody; lowest mean {_lowest(best):.0f}"
    )


def _lowest(some: Sequence[Levels]) -> float:
    return float(Fraction(sum(each.lowest for each in some), len(some)))
