"""When progress reports go and what stands against them, in words for an instructor."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.manager_mail import wording as manager_mail
from lti_tool.manager_mail.standing import Obstacle
from lti_tool.manager_mail.wording import weekdays
from xapi.progress.mailing.models import ProgressSchedule
from xapi.progress.mailing.times import Rhythm

RHYTHMS: Mapping[Rhythm, LazyString] = {
    Rhythm.WEEKLY: _l("Every week"),
    Rhythm.MONTHLY: _l("Every month, on the first such day of the month"),
    Rhythm.REQUEST: _l("Only when you send them"),
}
OBSTACLES: Mapping[Obstacle, LazyString] = {
    **manager_mail.OBSTACLES,
    Obstacle.STOPPED: _l("The manager wants no more progress reports."),
    Obstacle.NOT_ASKED: _l("The learner has not said yes or no yet: the page of their progress asks them."),
    Obstacle.NOTHING_YET: _l("Agreed. There is nothing to tell yet."),
}
"""Why nothing is sent now."""


def when(schedule: ProgressSchedule) -> str:
    """In a sentence of its own."""
    day = dict(weekdays())[schedule.weekday or 0]
    match schedule.rhythm:
        case Rhythm.WEEKLY:
            return str(_("They go every week unless nothing has changed. The day is %(day)s.", day=day))
        case Rhythm.MONTHLY:
            return str(
                _("They go every month unless nothing has changed. The day is the first %(day)s of the month.", day=day)
            )
        case _:
            return str(_("They go when an instructor sends them."))
