"""Quizzes, attempts and answers; the questions themselves live next door."""

from __future__ import annotations

from quizzes.models.answer import Answer, AnswerFile
from quizzes.models.attempt import Answers, Attempt, AttemptClosed, Finish
from quizzes.models.quiz import Quiz

__all__ = ["Answer", "AnswerFile", "Answers", "Attempt", "AttemptClosed", "Finish", "Quiz"]
