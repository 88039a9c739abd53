"""The embedded learning record store: our statements, kept beside what they tell of, for others to read."""

from flask import Flask

from xapi.lrs import limits, received, views


def init_app(app: Flask) -> None:
    limits.init_app(app)
    received.init_app(app)
    app.register_blueprint(views.bp)
    app.extensions["csrf"].exempt(views.bp)
