"""Free times of a week as fields: a tick for usual times, and from-to rows for single days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time

from babel.dates import format_time, get_day_names
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import Field, Form, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import CheckboxInput, ListWidget, TimeInput

from mentoring.participants.hours import DAY
from mentoring.participants.week import Usual, Window, hours_of, others_in, usual_in, windows_of

FEWEST, MOST = 2, 24
"""Windows of one day that there are fields for."""
_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")


@dataclass
class Row:
    """One window of a day."""

    day: int
    begins: Field
    ends: Field

    @property
    def errors(self) -> Sequence[str]:
        return [str(error) for error in self.begins.errors]

    def window(self) -> Window | None:
        """What was said; nothing in an empty row. Raises ValueError with a sentence."""
        begins, ends = (self.begins.data or "").strip(), (self.ends.data or "").strip()
        if not begins and not ends:
            return None
        day = day_name(self.day)
        if not begins or not ends:
            raise ValueError(_("%(day)s: give both a beginning and an end, or clear both.", day=day))
        first, last = _half_hour(begins, day), _half_hour(ends, day) or DAY
        if first >= last:
            raise ValueError(
                _(
                    "%(day)s: the end has to come after the beginning. Times past midnight belong to the next day.",
                    day=day,
                )
            )
        return Window(self.day, first, last)


@dataclass
class Day:
    name: str
    rows: list[Row]


class WeekFields:
    """The fields of a week within a form."""

    def __init__(self, form: Form, windows: int) -> None:
        self.usual = form["usual"]
        self.days = [
            Day(
                day_name(day),
                [Row(day, *(form[f"{end}-{day}-{n}"] for end in ("from", "until"))) for n in range(windows)],
            )
            for day in range(7)
        ]

    def validate(self) -> bool:
        for row in self._rows():
            try:
                row.window()
            except ValueError as problem:
                row.begins.errors = [str(problem)]
        return not any(row.errors for row in self._rows())

    def hours(self) -> list[int]:
        """What was said, once it is valid."""
        windows = [window for row in self._rows() if (window := row.window()) is not None]
        return hours_of([Usual(each) for each in self.usual.data or []], windows)

    @property
    def says_single_days(self) -> bool:
        return any(row.begins.data or row.ends.data for row in self._rows())

    def _rows(self) -> Iterable[Row]:
        return (row for day in self.days for row in day.rows)


def week_fields(hours: Sequence[int], windows: int) -> dict[str, Field]:
    """The fields, filled with these free half hours; `windows` of each day."""
    fields: dict[str, Field] = {
        "usual": SelectMultipleField(  # type: ignore[call-arg]
            _("Usual times"),
            choices=[SelectChoice(usual.value, label) for usual, label in usual_labels().items()],
            default=[usual.value for usual in usual_in(hours)],
            option_widget=CheckboxInput(),
            widget=ListWidget(prefix_label=False),
            invalid_choice_message=_("Choose usual times from the list."),
        )
    }
    said: dict[int, list[Window]] = {day: [] for day in range(7)}
    for window in others_in(hours):
        said[window.day].append(window)
    for day in range(7):
        for n in range(windows):
            begins, ends = _stored(said[day][n : n + 1])
            name = {"day": day_name(day), "number": n + 1}
            fields[f"from-{day}-{n}"] = StringField(
                _("%(day)s, from (%(number)d)", **name), default=begins, widget=TimeInput()
            )
            fields[f"until-{day}-{n}"] = StringField(
                _("%(day)s, until (%(number)d)", **name), default=ends, widget=TimeInput()
            )
    return fields


def _stored(windows: Sequence[Window]) -> tuple[str, str]:
    """What stands in the fields of a row: the one window, or nothing."""
    return next(((_time(window.begins), _time(window.ends)) for window in windows), ("", ""))


def windows_wanted(hours: Sequence[int], sent: Iterable[str] = ()) -> int:
    """How many rows each day needs: enough for what is stored and for what was sent."""
    of_day = [window.day for window in others_in(hours)]
    stored = max((of_day.count(day) for day in range(7)), default=0)
    numbers = (name.rpartition("-")[2] for name in sent if name.startswith("from-"))
    posted = max((int(number) + 1 for number in numbers if number.isdecimal() and len(number) < 3), default=0)
    return min(max(FEWEST, stored, posted), MOST)


def usual_labels() -> dict[Usual, str]:
    return {
        Usual.MORNINGS: _("Weekday mornings, %(begins)s to %(ends)s", **_times(Usual.MORNINGS)),
        Usual.LUNCHTIMES: _("Weekday lunchtimes, %(begins)s to %(ends)s", **_times(Usual.LUNCHTIMES)),
        Usual.AFTERNOONS: _("Weekday afternoons, %(begins)s to %(ends)s", **_times(Usual.AFTERNOONS)),
        Usual.EVENINGS: _("Weekday evenings, %(begins)s to %(ends)s", **_times(Usual.EVENINGS)),
        Usual.WEEKEND: _("Weekends, %(begins)s to %(ends)s", **_times(Usual.WEEKEND)),
    }


def _times(usual: Usual) -> dict[str, str]:
    window = windows_of(usual)[0]
    return {"begins": spoken_time(window.begins), "ends": spoken_time(window.ends)}


def spoken_time(half_hour: int) -> str:
    """A half hour of a day in the reader's manner; the end of the day is midnight."""
    if half_hour == DAY:
        return str(_("midnight"))
    said = format_time(time(half_hour // 2, half_hour % 2 * 30), "short", locale=get_locale())
    return str(said).replace("\u202f", "\u00a0")


def day_name(day: int) -> str:
    name = str(get_day_names("wide", context="stand-alone", locale=get_locale())[day])
    return name[:1].upper() + name[1:]


def _half_hour(said: str, day: str) -> int:
    found = _TIME.fullmatch(said)
    if found is None or int(found[2]) % 30 or (found[1] == "24" and found[2] != "00"):
        raise ValueError(_("%(day)s: give times on the hour or the half hour, such as 17:30.", day=day))
    return int(found[1]) * 2 + int(found[2]) // 30


def _time(half_hour: int) -> str:
    """As time fields want it; midnight at the end of a day is 00:00 to them."""
    return f"{half_hour % DAY // 2:02}:{half_hour % 2 * 30:02}"
