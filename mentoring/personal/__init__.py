"""What mentoring holds about a person: given out, and erased."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    # Acts and models are for whoever has a database; this package's name is not.
    from lti_tool import personal_data
    from lti_tool.personal_data import Keeper
    from mentoring.personal.erasing import erase
    from mentoring.personal.giving import export

    personal_data.register(app, Keeper(key="mentoring", order=10, export=export, erase=erase))
