"""Warnings in words: kindly to the mentor, plainly to the instructor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from babel.dates import format_date, format_timedelta
from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l

from mentoring.looking_after.warning import Warning

TO_MENTOR: Mapping[Warning, LazyString] = {
    Warning.MANY: _l("You have had more than four mentees at once for three months. That is a lot."),
    Warning.FULL: _l("All your places have been taken for longer than a mentorship lasts here."),
    Warning.NO_BREAK: _l("You have gone from one mentorship to the next three times or more, without a break."),
    Warning.SLOWER: _l("You take twice as long to answer as you used to. Perhaps it is a busy time."),
}
TO_INSTRUCTOR: Mapping[Warning, LazyString] = {
    Warning.MANY: _l("More than four mentees at once for three months"),
    Warning.FULL: _l("All places taken for longer than a mentorship lasts"),
    Warning.NO_BREAK: _l("Three mentorships or more in a row without a break"),
    Warning.SLOWER: _l("Takes twice as long to answer as before"),
}


def month(first: date) -> str:
    """*Nov 2026*."""
    return str(format_date(first, "MMM y", locale=get_locale()))


def lasting(time: timedelta) -> str:
    """*2 days*."""
    return str(format_timedelta(time, granularity="minute", threshold=1.5, locale=get_locale()))
