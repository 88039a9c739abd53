"""What there is to say about an arrangement before it is published: rules it breaks, and how fair it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from mentoring.pairing.matching.barring import Bars
from mentoring.pairing.matching.people import Mentee, Mentor
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.problem import NOT_ALLOWED, Problem
from mentoring.pairing.matching.proposing import Proposal, problem_of
from mentoring.pairing.rules import Rule


def rules_against(pool: Pool, mentee: Mentee, mentor: Mentor, kind: str) -> list[Rule]:
    """The hard rules that forbid this pair, whatever places there are."""
    [found] = rules_against_each(pool, [(mentee, mentor, kind)])
    return found


def rules_against_each(pool: Pool, pairs: Sequence[tuple[Mentee, Mentor, str]]) -> list[list[Rule]]:
    """As `rules_against`, for many pairs at once."""
    mentees = list({mentee.key: mentee for mentee, _mentor, _kind in pairs}.values())
    mentors = list({mentor.key: mentor for _mentee, mentor, _kind in pairs}.values())
    row = {mentee.key: number for number, mentee in enumerate(mentees)}
    column = {mentor.key: number for number, mentor in enumerate(mentors)}
    forbids = Bars(Pool(pool.design, mentees, mentors)).of(slice(None)) if pairs else {}
    return [
        [rule for rule, flags in forbids.items() if flags[row[mentee.key], column[mentor.key]]]
        + ([Rule.NOT_OFFERED] if kind not in mentor.kinds else [])
        for mentee, mentor, kind in pairs
    ]


def judged(pool: Pool, proposals: Sequence[Proposal]) -> dict[str, Any]:
    """Fairness in numbers: wishes, the worst-off, who is left without by section, and pairs who would rather."""
    return {"fairness": {**_wishes(proposals), **_worst(proposals), "blocking": blocking(pool, proposals)}}


def _wishes(proposals: Iterable[Proposal]) -> dict[str, int]:
    """How many mentees who named somebody have whom they named first, and how many somebody they named."""
    given: dict[str, list[int]] = defaultdict(list)
    for each in proposals:
        if each.mentee.wishes:
            wishes = each.mentee.wishes
            given[each.mentee.key].append(wishes.index(each.mentor.who) if each.mentor.who in wishes else len(wishes))
    named = {each.mentee.key: len(each.mentee.wishes) for each in proposals if each.mentee.wishes}
    return {
        "wished": len(named),
        "first_choices": sum(min(ranks) == 0 for ranks in given.values()),
        "some_choice": sum(min(ranks) < named[key] for key, ranks in given.items()),
    }


def _worst(proposals: Iterable[Proposal]) -> dict[str, Any]:
    """The lowest mean score of anybody placed, and whose it is."""
    scores: dict[str, list[int]] = defaultdict(list)
    for each in proposals:
        scores[each.mentee.key].append(each.score)
    means = {key: sum(each) / len(each) for key, each in scores.items()}
    worst = min(means, key=lambda key: (means[key], key), default="")
    return {"lowest": round(means[worst]) if worst else None, "worst_off": worst}


def blocking(pool: Pool, proposals: Sequence[Proposal]) -> int:
    """Pairs of a mentee and a mentor who would both be better off together than they are (Gale and Shapley 1962).

    Better is a higher score; a missing mentor and an empty place are worse than any pair that is allowed.
    """
    problem = problem_of(pool)
    row = {mentee.key: number for number, mentee in enumerate(pool.mentees)}
    column = {mentor.key: number for number, mentor in enumerate(pool.mentors)}
    kinds = {kind.key: number for number, kind in enumerate(pool.design.kinds)}
    pairs = [(row[each.mentee.key], column[each.mentor.key], kinds[each.kind]) for each in proposals]
    return sum(_blocking_of(problem, pairs, kind) for kind in range(problem.kinds))


def _blocking_of(problem: Problem, pairs: Sequence[tuple[int, int, int]], kind: int) -> int:
    scores = problem.scores[kind].astype(np.int32)
    had = Counter(mentee for mentee, _mentor, of in pairs if of == kind)
    taken = Counter(mentor for _mentee, mentor, _of in pairs)
    mine = np.array([NOT_ALLOWED if had[each] < problem.needs[each, kind] else 1001 for each in range(problem.mentees)])
    mine[problem.needs[:, kind] == 0] = 1001
    theirs = np.array([NOT_ALLOWED if taken[each] < problem.free[each] else 1001 for each in range(problem.mentors)])
    theirs[problem.free == 0] = 1001
    for mentee, mentor, of in pairs:
        score = max(int(problem.scores[of][mentee, mentor]), 0)
        theirs[mentor] = min(theirs[mentor], score)
        if of == kind:
            mine[mentee] = min(mine[mentee], score)
    would = (scores != NOT_ALLOWED) & (scores > mine[:, None]) & (scores > theirs)
    for mentee, mentor, _of in pairs:
        would[mentee, mentor] = False
    return int(would.sum())
