"""How bringing questions joins the quizzes: its pages hang on those of banks, its long work is done by jobs."""

from __future__ import annotations

from flask import Flask

from quizzes.exchange import giving_views as _giving_views  # noqa: F401
from quizzes.exchange import quiz_giving_views as _quiz_giving_views  # noqa: F401
from quizzes.exchange.bringing import looking, taking_over
from quizzes.exchange.bringing import views as _views  # noqa: F401


def init_app(app: Flask) -> None:
    """Comes before the blueprint of banks is registered."""
    looking.init_app(app)
    taking_over.init_app(app)
