"""Gale and Shapley's stable matching, as the package `matching` does it: mentees propose, both sides rank by score.

Asked by `bench.peers.matchers` in a process of its own: classes come in as JSON, pairs go out.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from matching.games import HospitalResident


def pairs(scores: list[list[int]], places: list[int]) -> list[tuple[int, int]]:
    """Who may have nobody, and mentors whom nobody may have, take no part: the package wants everybody to rank."""
    wishes = [
        _ranked(row, [mentor for mentor, score in enumerate(row) if score >= 0 and places[mentor]]) for row in scores
    ]
    mentees = {mentee: theirs for mentee, theirs in enumerate(wishes) if theirs}
    mentors: dict[int, list[int]] = {}
    for mentor in sorted({mentor for theirs in mentees.values() for mentor in theirs}):
        column = [row[mentor] for row in scores]
        mentors[mentor] = _ranked(column, [mentee for mentee, theirs in mentees.items() if mentor in theirs])
    if not mentees:
        return []
    game = HospitalResident.create_from_dictionaries(mentees, mentors, {each: places[each] for each in mentors})
    found: Any = game.solve(optimal="resident")
    return [(mentee.name, mentor.name) for mentor, theirs in found.items() for mentee in theirs]


def _ranked(scores: list[int], some: list[int]) -> list[int]:
    return sorted(some, key=lambda each: (-scores[each], each))


if __name__ == "__main__":
    json.dump([pairs(*each) for each in json.load(sys.stdin)], sys.stdout)
