"""When reports go and what stands against them, in words for an instructor."""

from __future__ import annotations

from babel.dates import get_day_names
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quizzes.reports.mailing.models import ReportSchedule
from quizzes.reports.mailing.standing import Obstacle
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

OBSTACLES: dict[Obstacle, LazyString] = {
    Obstacle.NOT_HERE: _l("They do not take part in this course any more."),
    Obstacle.NO_MANAGER: _l("No manager is recorded."),
    Obstacle.NO_MAIL: _l("There is no mail address of their manager here."),
    Obstacle.STOPPED: _l("The manager wants no more of these mails."),
    Obstacle.SAID_NO: _l("The learner would rather not. Nobody has to say why."),
    Obstacle.NOT_ASKED: _l("The learner has not said yes or no yet: the page of the quiz asks them."),
    Obstacle.SOMEBODY_ELSE: _l("It is somebody else than the learner has agreed to. They are asked anew."),
    Obstacle.NOTHING_YET: _l("Agreed. There is no result yet."),
    Obstacle.HIDDEN: _l("Agreed. It waits until the learner may see it."),
}
"""Why nothing is sent now."""


def weekdays() -> list[tuple[int, str]]:
    names = get_day_names("wide", "stand-alone", locale=get_locale() or "en")
    return [(day, names[day]) for day in range(7)]


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
