"""The place of the end evaluation among what is done at the end: reviews hang their own page here."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app

from lti_tool.panels import NextStep
from mentoring.mentorships.sections import Look

Evaluation = Callable[[Look], NextStep | None]
"""What this visitor is asked to evaluate at the end, and where; None where nothing is asked of them, or no more."""


def init_app(app: Flask) -> None:
    app.extensions["closing_evaluations"] = []


def register(app: Flask, evaluation: Evaluation) -> None:
    app.extensions["closing_evaluations"].append(evaluation)


def evaluations_for(look: Look) -> list[NextStep]:
    asked: list[Evaluation] = current_app.extensions["closing_evaluations"]
    return [step for each in asked if (step := each(look)) is not None]
