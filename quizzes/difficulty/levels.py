"""Difficulty as a share of the marks that learners earn; no database, no web."""

from __future__ import annotations

from collections.abc import Mapping

EXPECTED: Mapping[int, float] = {1: 0.85, 2: 0.70, 3: 0.55}
"""What is earned of a question that its author calls easy, medium or hard, as long as nobody has measured it."""
SHOWN, ENOUGH = 5, 30
"""Answers from which on a measured share is shown, and from which on quizzes are drawn by it."""
BOUNDS: Mapping[int, tuple[float, float]] = {1: (0.775, 1.01), 2: (0.625, 0.775), 3: (-0.01, 0.625)}
"""What is measured as easy, medium and hard, the lower bound included: what is nearest to what is expected of it."""
