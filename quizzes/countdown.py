"""The time left, as an attempt's page says it: in words until the last five minutes, then counting.

The words grow coarser the more time there is: an attempt that only the close of the quiz ends may run for months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from quizzes.timing import LAST_MINUTES, Window

HOUR, DAY = 60, 24 * 60
IN_MINUTES, IN_HOURS, IN_DAYS = 2 * HOUR, 2 * DAY, 60 * DAY
"""Up to so many minutes they are said as minutes, as hours, as days."""


@dataclass(frozen=True)
class Countdown:
    seconds: int | None
    """Left until the deadline, by the server's clock; None where nothing ends it."""
    words: str
    is_closed: bool
    """Whether not even an answer under way is taken any more."""
    words_by_minute: Mapping[int, str]
    """What to say while the page stays open: each holds for so many minutes left, down to those of the next."""

    @classmethod
    def of(cls, window: Window | None, at: datetime) -> Countdown:
        if window is None:
            return cls(seconds=None, words=_("No time limit"), is_closed=False, words_by_minute={})
        minutes = window.minutes_left(at)
        return cls(
            seconds=int(window.left(at).total_seconds()),
            words=_words(minutes),
            is_closed=not window.is_open(at),
            words_by_minute={each: _words(each) for each in _turns(minutes)},
        )

    @property
    def counts_from(self) -> int:
        """The seconds left from which the page counts."""
        return LAST_MINUTES // timedelta(seconds=1)


def _turns(minutes: int) -> list[int]:
    """The numbers of minutes at which the words are others, up to this one."""
    turns = [*range(IN_MINUTES + 1), *range(IN_MINUTES, IN_HOURS + 1, HOUR), *range(IN_HOURS, IN_DAYS + 1, DAY)]
    return sorted({minutes, *(each for each in turns if each < minutes)})


def _words(minutes: int) -> str:
    if minutes == 0:
        return str(_("Time is over"))
    if minutes <= IN_MINUTES:
        return str(ngettext("About %(num)d minute left", "About %(num)d minutes left", minutes))
    if minutes <= IN_HOURS:
        return str(ngettext("About %(num)d hour left", "About %(num)d hours left", -(-minutes // HOUR)))
    if minutes <= IN_DAYS:
        return str(ngettext("About %(num)d day left", "About %(num)d days left", -(-minutes // DAY)))
    return str(_("More than %(num)d days left", num=IN_DAYS // DAY))
