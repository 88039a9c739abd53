"""What was earned and what it takes to pass, in the same terms."""

from __future__ import annotations

import pytest
from flask import Flask

from quizzes.designing.settings import Settings
from quizzes.designing.words import held_against


@pytest.mark.parametrize(
    ("raw", "maximum", "sentence"),
    [
        (5.83, 20, "That is 29.1%. You pass with 70% or more, which is 14 of 20."),
        (14, 20, "That is 70%. You pass with 70% or more, which is 14 of 20."),
        (13.9999, 20, "That is 69.9%. You pass with 70% or more, which is 14 of 20."),
        (11.4, 20, "That is 57%. You pass with 70% or more, which is 14 of 20."),
        (2, 2.5, "That is 80%. You pass with 70% or more, which is 1.75 of 2.5."),
        (None, 20, "You pass with 70% or more."),
    ],
)
def test_both_stand_in_percent_and_in_marks(app: Flask, raw: float | None, maximum: float, sentence: str):
    with app.test_request_context():
        assert held_against(Settings(), None if raw is None else raw / maximum, maximum) == sentence
