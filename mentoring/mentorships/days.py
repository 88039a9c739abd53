"""Days of the calendar, as the people of a mentorship name them: in the reader's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from babel.dates import format_date
from flask_babel import get_locale, get_timezone

LAST_MINUTE = time(23, 59)


def day_of(moment: datetime) -> date:
    return moment.astimezone(get_timezone()).date()


def end_of(day: date) -> datetime:
    """The last minute of this day: what is due on a day is not late on it."""
    return datetime.combine(day, LAST_MINUTE, get_timezone()).astimezone(UTC)


def in_words(moment: datetime) -> str:
    """*Nov 23, 2026*."""
    return str(format_date(day_of(moment), "medium", locale=get_locale()))
