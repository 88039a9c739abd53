"""What people of a mentorship do together, from their first meeting on: each wing holds one thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from mentoring.together.wing import Wing


def wings() -> Sequence[Wing]:
    # Pages and models are for whoever has a database; this package's name is not.
    from mentoring.together.meetings.wing import WING as MEETINGS
    from mentoring.together.nudges.wing import WING as NUDGES

    return (MEETINGS, NUDGES)


def init_app(app: Flask) -> None:
    for wing in wings():
        wing.init_app(app)
