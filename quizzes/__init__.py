"""Onboarding quizzes: a bank of questions, a fresh draw for every attempt, marked on the server."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang the pages, the activity, the home cards and the closing of overdue attempts on the application."""
    # The models need the ground floor only, but `import quizzes.drawing` should not need even that.
    from quizzes import feature

    feature.init_app(app)
