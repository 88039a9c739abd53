"""People are reminded of a goal that nobody has said anything about for a while."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.pages import local_day
from mentoring.together.goals.queries import last_moved
from mentoring.together.nudges import rules
from mentoring.together.nudges.facts import Facts
from mentoring.together.nudges.rules import Occasion, Rule

KEY = "goal"
RESTS_FOR = timedelta(weeks=3)
"""How long a goal may rest without a word: three rounds of a weekly rhythm, one and a half of the usual one."""


def _rests(facts: Facts) -> Occasion | None:
    moved = facts.known.get(KEY)
    return Occasion(f"{moved:%Y-%m-%d}", moved + RESTS_FOR) if moved else None


def _say(facts: Facts, names: str) -> str:
    said = {"names": names, "day": local_day(facts.known[KEY])}
    return str(_("%(names)s: a goal has rested since %(day)s. Say in one line what was done for it.", **said))


RULE = Rule(
    key=KEY,
    order=45,
    label=_l("A goal has not moved"),
    when=_l("When nobody has said for three weeks what was done for an open goal."),
    looks_at=_rests,
    whom=rules.everybody,
    sentence=_say,
    again=timedelta(weeks=2),
    most=3,
    reads=last_moved,
)


def init_app(app: Flask) -> None:
    rules.register(app, RULE)
