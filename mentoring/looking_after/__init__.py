"""Mentors are looked after: how much they carry, now and over time, and a word before it is too much."""

from __future__ import annotations

from flask import Flask

from lti_tool import panels


def init_app(app: Flask) -> None:
    from mentoring.looking_after.showing import PANEL
    from mentoring.looking_after.views import bp

    app.register_blueprint(bp)
    panels.register(app, PANEL)
