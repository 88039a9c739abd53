"""How consent joins the tool: its page, and a card on the home page of whoever is asked."""

from __future__ import annotations

from flask import Flask

from lti_tool import panels
from lti_tool.models import Role
from lti_tool.panels import Panel
from xapi.consent import views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    panels.register(app, Panel(key="mail-consent", order=97, open_to=tuple(Role), fill=views.card))
