"""mentor-match: Munkres' assignment once a round, as many rounds as a mentor has places.

Asked by `bench.peers.matchers` in a process of its own: classes come in as JSON, pairs go out. Its rules say what ours
say: a pair that is not allowed is disqualified, and so are mentees who have somebody and mentors without a place.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from matching.mentee import Mentee
from matching.mentor import Mentor
from matching.process import process_data
from matching.rules.rule import Disqualify, Rule


class Score(Rule):  # type: ignore[misc]
    """What the pair scores."""

    def __init__(self, scores: list[list[int]]) -> None:
        super().__init__()
        self._scores = scores

    def evaluate(self, match_object: Any) -> bool:
        return True

    def apply(self, match_object: Any) -> int:
        mentee, mentor = int(match_object.mentee.grade), int(match_object.mentor.grade)
        return self._scores[mentee][mentor]


def pairs(scores: list[list[int]], places: list[int]) -> list[tuple[int, int]]:
    """A grade is a number its classes keep; here it says which row somebody is."""
    mentees = [Mentee(grade=row, email=f"mentee {row}") for row in range(len(scores))]
    mentors = [Mentor(grade=column, email=f"mentor {column}") for column in range(len(places))]
    rules = [
        Score(scores),
        Disqualify(lambda match: scores[match.mentee.grade][match.mentor.grade] < 0),
        Disqualify(lambda match: bool(match.mentee.mentors)),
        Disqualify(lambda match: len(match.mentor.mentees) >= places[match.mentor.grade]),
    ]
    process_data(mentors, mentees, [rules] * max(places, default=0))
    return [(mentee.grade, mentor.grade) for mentor in mentors for mentee in mentor.mentees]


if __name__ == "__main__":
    json.dump([pairs(*each) for each in json.load(sys.stdin)], sys.stdout)
