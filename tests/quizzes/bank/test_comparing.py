"""Versions side by side, in the manner of whoever reads them."""

from __future__ import annotations

from flask import Flask
from flask_babel import force_locale

from quizzes.bank.comparing import told
from quizzes.kinds import Kind
from quizzes.questions import QuestionVersion
from quizzes.rich import TextFormat


def test_numbers_have_the_readers_comma_and_all_their_decimals(app: Flask):
    version = QuestionVersion(
        kind=Kind.NUMERIC,
        text_format=TextFormat.PLAIN,
        difficulty=1,
        maximum=2.5,
        body={"text": "How high?", "answers": [{"id": "a", "value": "8848.86", "tolerance": 0.0625}]},
    )

    with app.test_request_context(), force_locale("de"):
        said = dict(told(version))
    with app.test_request_context(), force_locale("en"):
        english = dict(told(version))

    assert (said["Points"], english["Points"]) == ("2,5", "2.5")
    assert (said["Answer 1"], english["Answer 1"]) == (
        "8848.86; give or take: 0,0625",
        "8848.86; give or take: 0.0625",
    )
