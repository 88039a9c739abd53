"""What people of a mentorship do together, from their first meeting on: each wing holds one thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from mentoring.together.wing import Wing


def wings() -> Sequence[Wing]:
    # Pages and models are for whoever has a database; this package's name is not.
    from mentoring.together.checkins.wing import WING as CHECK_INS
    from mentoring.together.closure.wing import WING as CLOSURE
    from mentoring.together.concerns.wing import WING as CONCERNS
    from mentoring.together.conversation.wing import WING as CONVERSATION
    from mentoring.together.goals.wing import WING as GOALS
    from mentoring.together.meetings.wing import WING as MEETINGS
    from mentoring.together.notebook.wing import WING as NOTEBOOK
    from mentoring.together.notes.wing import WING as NOTES
    from mentoring.together.nudges.wing import WING as NUDGES
    from mentoring.together.resources.wing import WING as RESOURCES
    from mentoring.together.thanks.wing import WING as THANKS

    return (NUDGES, MEETINGS, GOALS, NOTES, NOTEBOOK, RESOURCES, CONVERSATION, CLOSURE, THANKS, CONCERNS, CHECK_INS)


def init_app(app: Flask) -> None:
    for wing in wings():
        wing.init_app(app)
