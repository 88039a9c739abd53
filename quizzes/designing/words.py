"""The rules of a quiz in sentences, for learners and staff alike."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from math import floor

from babel.lists import format_list
from flask_babel import format_decimal, format_percent, get_locale, ngettext
from flask_babel import gettext as _

from quizzes.designing.reviewing import Preset, Shown, preset_of
from quizzes.designing.settings import Grading, Settings
from quizzes.timing import Turn, WhyNot


def size(questions: int, settings: Settings) -> str:
    """How many questions, and for how long."""
    if settings.minutes is None:
        return str(
            ngettext("%(num)d question without a time limit.", "%(num)d questions without a time limit.", questions)
        )
    if questions == 1:
        return str(
            ngettext(
                "One question in at most %(num)d minute.", "One question in at most %(num)d minutes.", settings.minutes
            )
        )
    return str(
        ngettext(
            "%(questions)d questions in at most %(num)d minute.",
            "%(questions)d questions in at most %(num)d minutes.",
            settings.minutes,
            questions=questions,
        )
    )


def attempts(settings: Settings, granted: int = 0) -> str:
    """How often, and which attempt counts; with those that somebody was granted."""
    if settings.is_practice:
        return str(_("Practice: as often as you like, and nothing is graded."))
    if settings.attempts is None:
        return " ".join([_("As many attempts as you like."), counting(settings.grading)])
    allowed = settings.attempts + granted
    if allowed == 1:
        return str(_("One attempt."))
    many = str(ngettext("%(num)d attempt.", "%(num)d attempts.", allowed))
    if settings.until_passed:
        again = _("Another attempt is for those who have not passed.")
        return " ".join([many, again, counting(settings.grading)])
    return " ".join([many, counting(settings.grading)])


def counting(grading: Grading) -> str:
    said: dict[Grading, str] = {
        Grading.HIGHEST: _("The best one counts."),
        Grading.LAST: _("The last one counts."),
        Grading.FIRST: _("The first one counts."),
        Grading.AVERAGE: _("The average of all counts."),
    }
    return said[grading]


def pauses(settings: Settings) -> str:
    """What has to be waited for between attempts; nothing where there is no pause."""
    if settings.is_practice or settings.attempts == 1:
        return ""
    said = []
    if settings.wait_once:
        said.append(
            _("Between the first attempt and the second there is a pause of %(time)s.", time=span(settings.wait_once))
        )
    if settings.wait_later and settings.attempts != 2:
        said.append(_("Between later attempts there is a pause of %(time)s.", time=span(settings.wait_later)))
    return " ".join(said)


def span(length: timedelta) -> str:
    """A length of time in its largest whole unit: *2 days*, *90 minutes*."""
    minutes = int(length.total_seconds()) // 60
    if minutes and minutes % (24 * 60) == 0:
        return str(ngettext("%(num)d day", "%(num)d days", minutes // (24 * 60)))
    if minutes and minutes % 60 == 0:
        return str(ngettext("%(num)d hour", "%(num)d hours", minutes // 60))
    return str(ngettext("%(num)d minute", "%(num)d minutes", minutes))


def reviewed(settings: Settings) -> str:
    """What a learner sees afterwards, in a sentence."""
    if settings.is_practice:
        return str(_("Afterwards you see at once what was right, and why."))
    said: dict[Preset | None, str] = {
        Preset.WHEN_CLOSED: _("What you have earned, and the right answers, are shown once the quiz is closed."),
        Preset.SCORE: _("Afterwards you see what you have earned."),
        Preset.TOPICS: _("Afterwards you see what you have earned, and how each topic went."),
        Preset.AFTER_LAST: _(
            "Afterwards you see what you missed, and once your attempts are used up, the right answers and why."
        ),
        Preset.AT_ONCE: _("Afterwards you see what you missed, the right answers and why."),
        Preset.ONE_BY_ONE: _("Afterwards you see what you missed, the right answers and why."),
    }
    preset = preset_of(settings.review)
    return said.get(preset) or str(_("What you see afterwards stands on the page of your result."))


def checking(shows: Collection[Shown]) -> str:
    """What a check does and tells while an attempt runs; nothing where there is none."""
    told: dict[Shown, str] = {
        Shown.CORRECTNESS: _("whether it is right"),
        Shown.MARK: _("what it earns") if Shown.CORRECTNESS in shows else "",
        Shown.RIGHT_ANSWER: _("the right answer"),
        Shown.GENERAL: _("why"),
    }
    what = [said for shown, said in told.items() if said and shown in shows]
    if not what:
        return ""
    return str(
        _(
            "You can have each question checked as you go, and see at once %(what)s."
            " Checking fixes your answer: you cannot change it any more in this attempt.",
            what=format_list(what, locale=get_locale()),
        )
    )


def held_against(settings: Settings, share: float | None, maximum: float) -> str:
    """What was earned and what it takes to pass, both in percent and in marks; never rounded up to what passes."""
    least = _in_marks(settings.pass_percent * maximum / 100)
    percent = format_percent(settings.pass_percent / 100)
    if share is None:
        return str(_("You pass with %(percent)s or more.", percent=percent))
    return str(
        _(
            "That is %(reached)s. You pass with %(percent)s or more, which is %(least)s of %(maximum)s.",
            reached=format_percent(floor(round(share * 1000, 6)) / 1000, "#,##0.#%"),
            percent=percent,
            least=least,
            maximum=_in_marks(maximum),
        )
    )


def _in_marks(number: float) -> str:
    return str(format_decimal(round(number, 2)))


def passing(settings: Settings) -> str:
    if settings.is_practice:
        return ""
    return str(_("Passed with %(percent)s or more.", percent=format_percent(settings.pass_percent / 100)))


def why_not(turn: Turn) -> str:
    """Why no further attempt can begin now; without the moment from which on one may."""
    said: dict[WhyNot, str] = {
        WhyNot.PASSED: _("You have passed. Another attempt is for those who have not."),
        WhyNot.NONE_LEFT: _("You have used all your attempts."),
        WhyNot.CLOSED: _("The quiz is closed."),
        WhyNot.NOT_OPEN: _("The quiz is not open yet."),
        WhyNot.TOO_SOON: _("There is a pause between two attempts."),
        WhyNot.UNMARKED: _("Your last attempt is still being marked. Whether you may try again is known then."),
    }
    assert turn.why_not is not None
    return said[turn.why_not]
