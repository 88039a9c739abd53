"""The time left, as an attempt's page says it: in words until the last five minutes, then counting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from quizzes.timing import LAST_MINUTES, Window


@dataclass(frozen=True)
class Countdown:
    seconds: int | None
    """Left until the deadline, by the server's clock; None where nothing ends it."""
    words: str
    is_closed: bool
    """Whether not even an answer under way is taken any more."""
    words_by_minute: Mapping[int, str]
    """What to say while the page stays open, by the minutes left."""

    @classmethod
    def of(cls, window: Window | None, at: datetime) -> Countdown:
        if window is None:
            return cls(seconds=None, words=_("No time limit"), is_closed=False, words_by_minute={})
        minutes = window.minutes_left(at)
        return cls(
            seconds=int(window.left(at).total_seconds()),
            words=_words(minutes),
            is_closed=not window.is_open(at),
            words_by_minute={each: _words(each) for each in range(minutes + 1)},
        )

    @property
    def counts_from(self) -> int:
        """The seconds left from which the page counts."""
        return LAST_MINUTES // timedelta(seconds=1)


def _words(minutes: int) -> str:
    if minutes == 0:
        return str(_("Time is over"))
    return str(ngettext("About %(num)d minute left", "About %(num)d minutes left", minutes))
