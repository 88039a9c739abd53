"""What questions are called in files: by their names, the same wherever something is said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from quizzes.questions import Question


def identifiers(questions: Collection[Question]) -> dict[int, str]:
    """By question. A name is one of its bank's; where two banks have it, a part of the bank's id tells them apart."""
    different = {each.id: each for each in questions}
    times = Counter(each.name for each in different.values())
    return {
        number: each.name if times[each.name] == 1 else f"{each.name[:50]}-{each.bank.public_id[:8]}"
        for number, each in different.items()
    }


def test_identifier(public_id: str) -> str:
    """What the quiz with this public id is called."""
    return f"quiz-{public_id}"
