"""Difficulty as a share of the marks that learners earn; no database, no web."""

from __future__ import annotations

from collections.abc import Mapping

EXPECTED: Mapping[int, float] = {1: 0.85, 2: 0.70, 3: 0.55}
"""What is earned of a question that its author calls easy, medium or hard, as long as nobody has measured it."""
