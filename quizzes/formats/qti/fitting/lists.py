"""One of a list, where each row stands for a whole answer."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from quizzes.formats.qti.fitting.base import Body, Fitted, fit, kept
from quizzes.formats.qti.processing import Responses
from quizzes.formats.qti.trying import Trial
from quizzes.formats.weights import weighed
from quizzes.kinds import CHOSEN, Kind, Response


def fit_listed(trial: Trial, rows: list[Body], held: Mapping[str, Responses]) -> Fitted:
    """`held` is what the item's variables hold when a row is chosen."""
    earned = {each: trial.score(responses) for each, responses in held.items()}
    base = max(earned.values())

    def respond(answer: Response) -> Responses:
        return held[answer[CHOSEN][0]] if answer else {}

    shares = [kept(max(earned[row["id"]] / base, Fraction(-1))) if base > 0 else Fraction(0) for row in rows]
    fitted = Fitted(kind=Kind.SINGLE, body={}, maximum=base, respond=respond)
    fitted.answers = [{}, *({CHOSEN: [str(row["id"])]} for row in rows)]
    return fit(trial, [weighed(Kind.SINGLE, rows, shares)], fitted)
