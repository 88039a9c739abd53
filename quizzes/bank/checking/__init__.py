"""What stands against a question's text, each with its place; no database, no web.

A draft may be incomplete; what nobody could read or keep is refused in drafts as well.
"""

from __future__ import annotations

from quizzes.bank.checking.kinds import MOST_FILES
from quizzes.bank.checking.problem import Place, Problem, Wrong
from quizzes.bank.checking.whole import (
    LISTS,
    MOST_CHARACTERS,
    MOST_PARTS,
    hard_problems,
    no_media,
    problems,
    rich_texts,
)

__all__ = [
    "LISTS",
    "MOST_CHARACTERS",
    "MOST_FILES",
    "MOST_PARTS",
    "Place",
    "Problem",
    "Wrong",
    "hard_problems",
    "no_media",
    "problems",
    "rich_texts",
]
