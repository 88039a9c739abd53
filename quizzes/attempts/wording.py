"""What an attempt's page says of the questions still open, and its log of what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString, format_datetime, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quizzes.attempts.checking import No
from quizzes.attempts.log import AttemptEntry, Kind

MOST_NAMED = 8
"""Open questions that are named; of more only the number is said."""


def open_words(questions: int) -> list[str]:
    """For each number of open questions from 0 what to say, with `{places}` where they are named."""
    return [_words(count) for count in range(questions + 1)]


def _words(count: int) -> str:
    if not count:
        return str(_("All questions are answered."))
    if count > MOST_NAMED:
        return str(ngettext("%(num)d question is still open.", "%(num)d questions are still open.", count))
    return str(
        ngettext("Question %(places)s is still open.", "Questions %(places)s are still open.", count, places="{places}")
    )


CROSSED = _l("Not saved: another page of yours has answered question %(place)d meanwhile. Reload this page to see how.")
CHECKED = _l("Question %(place)d has been checked, so its answer stays as it was then.")
PASSED = _l("You have gone on from question %(place)d, and there is no way back.")
WHY_NOT: Mapping[No, LazyString] = {
    No.NOTHING_TO_CHECK: _l("Question %(place)d cannot be checked while the attempt runs."),
    No.PASSED: PASSED,
    No.OPEN: _l("Question %(place)d is still open. Answer it first, then have it checked."),
    No.CROSSED: CROSSED,
    No.CHECKED: CHECKED,
}


def why_not(no: No, place: int) -> str:
    """Why a question was not checked."""
    return str(WHY_NOT[no] % {"place": place})


@dataclass(frozen=True)
class Line:
    """A line of the log as it is read."""

    at: datetime
    clock: str
    """To the second, in the reader's zone."""
    words: str


def line(entry: AttemptEntry) -> Line:
    return Line(entry.at, str(format_datetime(entry.at, "medium")), _happened(entry))


def _happened(entry: AttemptEntry) -> str:
    if entry.kind is Kind.DEADLINE_MOVED and entry.deadline is not None:
        return str(_("More time was granted: until %(when)s", when=format_datetime(entry.deadline, "medium")))
    if entry.kind is Kind.DEADLINE_MOVED:
        return str(_("The time limit was taken away"))
    return str(HAPPENED[entry.kind] % {"place": entry.place, "seq": entry.seq})


HAPPENED: Mapping[Kind, LazyString] = {
    Kind.STARTED: _l("Started"),
    Kind.RESUMED: _l("The page was opened again"),
    Kind.TAKEN_OVER: _l("Gone on with in another tab or on another device"),
    Kind.SAVED: _l("Answer to question %(place)s kept, as number %(seq)s"),
    Kind.CHECKED: _l("Question %(place)s checked: its answer, number %(seq)s, stays"),
    Kind.NETWORK_CHANGED: _l("From here on by another network"),
    Kind.WENT_ON: _l("Went on to page %(place)s, without a way back"),
    Kind.HANDED_IN: _l("Handed in"),
    Kind.CLOSED: _l("The time was over; what had been kept was marked"),
}
