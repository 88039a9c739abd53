"""A draft held against the cohort as it stands now: rules it breaks, and who is left over with what in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mentoring.pairing.judging import rules_against_each
from mentoring.pairing.matching.barring import Bars
from mentoring.pairing.matching.people import Mentee, Mentor
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.proposing import Leftover, Proposal
from mentoring.pairing.models import Match
from mentoring.pairing.pooling import Gathered
from mentoring.pairing.rules import Rule


def broken(gathered: Gathered, matches: Sequence[Match]) -> list[list[Rule]]:
    """For each of these pairs the hard rules it breaks, if all of them were made together and in this order."""
    known = [match for match in matches if _is_known(gathered, match)]
    against = iter(rules_against_each(gathered.pool, [_in_words_of_engine(gathered, match) for match in known]))
    used: Counter[str] = Counter()
    filled: Counter[tuple[str, str]] = Counter()
    found = []
    for match in matches:
        if not _is_known(gathered, match):
            found.append(_gone(gathered, match))
            continue
        mentee, mentor = match.mentee.public_id, match.mentor.public_id
        used[mentor] += 1
        filled[mentee, match.kind] += 1
        rules = next(against)
        if filled[mentee, match.kind] > gathered.mentees[mentee].needs.get(match.kind, 0):
            rules = [*rules, Rule.KIND_FILLED]
        if used[mentor] > gathered.free(mentor):
            rules = [*rules, Rule.NO_PLACE]
        found.append(rules)
    return found


def _is_known(gathered: Gathered, match: Match) -> bool:
    kinds = {kind.key for kind in gathered.pool.design.kinds}
    return (
        match.mentee.public_id in gathered.mentees
        and match.mentor.public_id in gathered.mentors
        and match.kind in kinds
    )


def _in_words_of_engine(gathered: Gathered, match: Match) -> tuple[Mentee, Mentor, str]:
    return gathered.mentees[match.mentee.public_id], gathered.mentors[match.mentor.public_id], match.kind


def _gone(gathered: Gathered, match: Match) -> list[Rule]:
    """Why somebody who was part of the run is none any more."""
    mentee = gathered.participants.get(match.mentee.public_id)
    mentor = gathered.participants.get(match.mentor.public_id)
    if mentor is None or not gathered.is_here(mentor):
        return [Rule.MENTOR_GONE]
    if mentor.public_id not in gathered.mentors:
        return [Rule.NO_OFFER]
    if mentee is None or not gathered.is_here(mentee):
        return [Rule.MENTEE_GONE]
    return [Rule.KIND_FILLED if mentee.public_id not in gathered.mentees else Rule.NOT_OFFERED]


@dataclass(frozen=True)
class Lacking:
    """Somebody who lacks a mentor, and how many there are whom nothing keeps from them."""

    leftover: Leftover
    free: int


def left_over(gathered: Gathered, proposals: Sequence[Proposal]) -> list[Lacking]:
    """Who lacks a mentor beside these pairs, with how many mentors each rule keeps from them."""
    pool = gathered.pool
    had = Counter((each.mentee.key, each.kind) for each in proposals)
    used = Counter(each.mentor.key for each in proposals)
    lacking = [
        (mentee, kind, count - had[mentee.key, kind])
        for mentee in pool.mentees
        for kind, count in mentee.needs.items()
        if count > had[mentee.key, kind]
    ]
    if not lacking:
        return []
    rows = list({mentee.key: mentee for mentee, _kind, _missing in lacking}.values())
    bars = Bars(Pool(pool.design, rows, pool.mentors))
    forbids = bars.of(slice(None))
    row = {mentee.key: number for number, mentee in enumerate(rows)}
    full = np.array([used[mentor.key] >= gathered.free(mentor.key) for mentor in pool.mentors], dtype=np.bool_)
    found = []
    for mentee, kind, missing in lacking:
        barred = {rule: flags[row[mentee.key]] for rule, flags in forbids.items()}
        barred[Rule.NOT_OFFERED] = bars.not_offered(kind)
        barred[Rule.NO_PLACE] = full & ~np.logical_or.reduce(list(barred.values()))
        counts = {rule: int(flags.sum()) for rule, flags in barred.items()}
        in_the_way = {rule: count for rule, count in counts.items() if count}
        free = len(pool.mentors) - int(np.logical_or.reduce(list(barred.values())).sum())
        found.append(Lacking(Leftover(mentee, kind, missing, in_the_way), free))
    return found
