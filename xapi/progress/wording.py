"""What reports say, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import LazyString, format_number, format_percent, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from xapi.progress.folding import State
from xapi.progress.report import Report
from xapi.progress.sparkline import sparkline

STATES: Mapping[State, tuple[LazyString, str]] = {
    State.JOINED: (_l("Not paired yet"), "waiting"),
    State.WAITING: (_l("Not met yet"), "waiting"),
    State.STALLED: (_l("Stalled"), "wrong"),
    State.PAUSED: (_l("Paused"), "plain"),
    State.ACTIVE: (_l("Active"), "done"),
    State.DONE: (_l("Completed"), "done"),
    State.ENDED: (_l("Ended early"), "plain"),
}
"""What a state is called, and its tone; those that somebody should look at stand first."""
NO_STATE: tuple[LazyString, str] = (_l("Not in mentoring"), "plain")


def in_words(state: State | None) -> tuple[LazyString, str]:
    return STATES[state] if state is not None else NO_STATE


def weeks_in_words(values: Sequence[int]) -> str:
    """What a picture of weeks shows: *12 weeks: 0, 2, 1, ...*"""
    words = _("Activities in each of the last %(number)d weeks: %(values)s", number=len(values), values=_listed(values))
    return str(words)


def _listed(values: Sequence[int]) -> str:
    return ", ".join(format_number(each) for each in values)


def drawn(values: Sequence[int]) -> str:
    return sparkline(values, weeks_in_words(values))


def days(number: float | None) -> str:
    if number is None:
        return ""
    if number < 1:
        return str(_("less than a day"))
    whole = round(number)
    return str(ngettext("%(num)d day", "%(num)d days", whole))


def percent(share: float) -> str:
    return str(format_percent(share))


def called(report: Report, iri: str) -> str:
    """As statements name it; what nobody ever named is called by its kind."""
    return report.names.get(iri) or _("without a name")
