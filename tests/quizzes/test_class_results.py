from __future__ import annotations

from quizzes.class_results import class_results
from tests.quizzes.conftest import hand_in


def test_a_class_averages_the_best_attempts_of_those_who_have_one(session, cast, course, quiz, leo, start):
    nora, omar = cast.enrol(course, "Nora"), cast.enrol(course, "Omar")
    attempts = [
        hand_in(session, start(1), right=6),
        hand_in(session, start(2), right=10),
        hand_in(session, start(1, who=nora), right=16),
    ]

    found = class_results(quiz, [leo, nora, omar], attempts, {})

    assert [len(row.attempts) for row in found.rows] == [2, 1, 0]
    assert (len(found.finished), found.passed, found.average_percent) == (2, 1, 65.0)
