"""How reviews join the application: their page, and the wings, each with its own."""

from __future__ import annotations

from flask import Flask

from reviews import personal, wording
from reviews import views as _pages  # noqa: F401
from reviews.answering import wing as answering
from reviews.blueprint import bp
from reviews.campaigns import wing as campaigns
from reviews.instruments import views as instruments
from reviews.results import wing as results


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(group_label=wording.group_label, group_name=wording.group_name)
    app.register_blueprint(instruments.bp)
    answering.init_app(app)
    campaigns.init_app(app)
    personal.init_app(app)
    results.init_app(app)
