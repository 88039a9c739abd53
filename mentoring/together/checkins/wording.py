"""What change somebody sees, in words: to whoever answers, and to whoever reads."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from mentoring.together.checkins.models import Seen
from mentoring.together.checkins.standing import Obstacle

CHANGES: dict[Seen, tuple[LazyString, str]] = {
    Seen.CLEAR: (_l("A clear change for the better"), "done"),
    Seen.SOME: (_l("Some change for the better"), "done"),
    Seen.NONE_YET: (_l("None yet"), "plain"),
    Seen.WORSE: (_l("It has become worse"), "wrong"),
    Seen.CANNOT_SAY: (_l("I cannot say"), "plain"),
}
"""What an answer is called, and its tone."""

OBSTACLES: dict[Obstacle, LazyString] = {
    Obstacle.OFF: _l("Check-ins are switched off."),
    Obstacle.REPLACED: _l("Somebody else is asked instead."),
    Obstacle.NOT_UNDER_WAY: _l("The mentorship is not under way."),
    Obstacle.NO_MANAGER: _l("No manager is recorded. The mentee can say who it is, or you can record it."),
    Obstacle.NO_MAIL: _l("There is no mail address of theirs here. Record them with one."),
    Obstacle.STOPPED: _l("They want no more of these mails."),
    Obstacle.NOT_ASKED: _l("The mentee has not said yes or no yet."),
    Obstacle.SAID_NO: _l("The mentee would rather not. Nobody has to say why."),
    Obstacle.SOMEBODY_ELSE: _l("It is somebody else than the mentee has agreed to. They are asked anew."),
}
"""Why nothing is sent, in words for an instructor."""
