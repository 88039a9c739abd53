"""What stands against reports, and the days on which they go, in words for an instructor."""

from __future__ import annotations

from collections.abc import Mapping

from babel.dates import get_day_names
from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l

from lti_tool.manager_mail.standing import Obstacle

OBSTACLES: Mapping[Obstacle, LazyString] = {
    Obstacle.NOT_HERE: _l("They do not take part in this course any more."),
    Obstacle.NO_MANAGER: _l("No manager is recorded."),
    Obstacle.NO_MAIL: _l("There is no mail address of their manager here."),
    Obstacle.STOPPED: _l("The manager wants no more of these mails."),
    Obstacle.SAID_NO: _l("The learner would rather not. Nobody has to say why."),
    Obstacle.SOMEBODY_ELSE: _l("It is somebody else than the learner has agreed to. They are asked anew."),
}
"""Why nothing is sent now, whatever is reported; a feature says the others in its own words."""


def weekdays() -> list[tuple[int, str]]:
    names = get_day_names("wide", "stand-alone", locale=get_locale() or "en")
    return [(day, names[day]) for day in range(7)]
