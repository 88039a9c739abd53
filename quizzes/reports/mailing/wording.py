"""When reports go and what stands against them, in words for an instructor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.manager_mail import wording as manager_mail
from lti_tool.manager_mail.standing import Obstacle
from lti_tool.manager_mail.wording import weekdays
from lti_tool.notifying.wishes import Wish
from lti_tool.pages import local_time
from quizzes.reports.mailing.models import ReportSchedule
from quizzes.reports.mailing.times import Rhythm

TO_ME: dict[Rhythm, LazyString] = {
    Rhythm.WEEKLY: _l("Every week"),
    Rhythm.DAILY: _l("Every day"),
    Rhythm.CLOSING: _l("Once the quiz has closed"),
}
TO_MANAGERS: dict[Rhythm, LazyString] = {
    Rhythm.SETTLED: _l("As soon as a learner is ready, or has no attempt left"),
    Rhythm.WEEKLY: _l("Every week"),
    Rhythm.CLOSING: _l("Once the quiz has closed"),
    Rhythm.REQUEST: _l("Only when you send them"),
}

OBSTACLES: Mapping[Obstacle, LazyString] = {
    **manager_mail.OBSTACLES,
    Obstacle.NOT_ASKED: _l("The learner has not said yes or no yet: the page of the quiz asks them."),
    Obstacle.NOTHING_YET: _l("Agreed. There is no result yet."),
    Obstacle.HIDDEN: _l("Agreed. It waits until the learner may see it."),
}
"""Why nothing is sent now."""


def when(schedule: ReportSchedule) -> str:
    """*Every week, on Monday*, in a sentence of its own."""
    match schedule.rhythm:
        case Rhythm.DAILY:
            return str(_("It goes every day, unless nothing has changed."))
        case Rhythm.WEEKLY:
            day = dict(weekdays())[schedule.weekday or 0]
            return str(_("It goes every week unless nothing has changed. The day is %(day)s.", day=day))
        case Rhythm.CLOSING:
            return str(_("It goes once the quiz has closed."))
        case Rhythm.SETTLED:
            return str(_("Each goes as soon as its learner is ready, or has no attempt left."))
        case Rhythm.REQUEST:
            return str(_("They go when an instructor sends them."))
        case _:
            return str(_("Nothing goes by itself."))


def on_its_way(wish: Wish, at: datetime) -> str:
    """What becomes of the class report that somebody has asked for just now."""
    if not wish.is_mailed:
        return str(_("The class report stands among your notices."))
    if (end := wish.quiet_until(at)) is not None:
        when = local_time(end)
        return str(
            _(
                "The class report stands among your notices. Its mail comes when your quiet hours end, %(when)s.",
                when=when,
            )
        )
    return str(_("The class report is on its way to you. It stands among your notices as well."))
