"""Codes of concerns in words."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from mentoring.together.concerns.models import ConcernState, Topic

TOPICS: dict[Topic, LazyString] = {
    Topic.NOT_GETTING_ON: _l("We do not get on"),
    Topic.NO_ANSWER: _l("I get no answer"),
    Topic.UNSAFE: _l("Something feels wrong or unsafe"),
    Topic.OTHER: _l("Something else"),
}

STATES: dict[ConcernState, tuple[LazyString, str]] = {
    ConcernState.NEW: (_l("New"), "waiting"),
    ConcernState.LOOKED_AT: (_l("Being looked at"), "waiting"),
    ConcernState.ANSWERED: (_l("Answered"), "done"),
    ConcernState.CLOSED: (_l("Closed"), "plain"),
}
"""What a state is called, and its tone."""
