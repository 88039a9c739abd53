"""Mentors are looked after: how much they carry, now and over time, and a word before it is too much."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from mentoring.looking_after.views import bp

    app.register_blueprint(bp)
