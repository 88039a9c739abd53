"""Questions as lists and other pages of a bank name them."""

from __future__ import annotations

from quizzes import rich
from quizzes.kinds.gaps import GAP
from quizzes.questions import QuestionVersion

LONGEST = 140


def excerpt(version: QuestionVersion) -> str:
    """How a question begins, in one line."""
    # Of a long text the beginning is enough, and much quicker.
    words = " ".join(rich.plain(version.text[: 8 * LONGEST], version.text_format, inline=False).split())
    words = GAP.sub("\u2026", words)
    return words if len(words) <= LONGEST else words[:LONGEST].rstrip() + "\u2026"
