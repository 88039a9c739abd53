"""Fields that several forms have."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import Optional

from lti_tool.fields import LocalMoment
from tests.cast import THEN


class Opening(Form):
    opens: Any = LocalMoment("Opens", validators=[Optional()])


def test_a_moment_that_is_emptied_is_gone(app: Flask):
    with app.test_request_context():
        emptied = Opening(MultiDict({"opens": ""}), data={"opens": THEN})
        said = Opening(MultiDict({"opens": "2026-12-24T18:00"}), data={"opens": THEN})

        assert emptied.validate()
        assert emptied.opens.moment() is None
        assert said.opens.moment().isoformat() == "2026-12-24T18:00:00+00:00"
