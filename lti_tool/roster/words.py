"""What became of a reading, in sentences for the people who teach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.models import Enrolment
from lti_tool.roster.asking import Problem
from lti_tool.roster.readings import Change, How, RosterReading

MOST_NAMES = 20

PROBLEMS: dict[Problem, tuple[LazyString, LazyString]] = {
    Problem.UNKNOWN_ADDRESS: (
        _l("Your learning platform has not told this tool where the class list is."),
        _l("Open the tool from the course page once more; if that does not help, ask whoever runs your platform to "
           "let this tool read names and roles."),
    ),
    Problem.NO_TOKEN: (
        _l("Your learning platform does not let this tool in to read the class list."),
        _l("Ask whoever runs your platform to allow the tool names and roles, then read again."),
    ),
    Problem.REFUSED: (
        _l("Your learning platform refused to hand out the class list of this course."),
        _l("Open the tool from the course page once more and read again; if it is refused again, ask whoever runs "
           "your learning platform."),
    ),
    Problem.SILENT: (
        _l("Your learning platform did not answer in time."),
        _l("It is tried again by itself; you can also read again later."),
    ),
    Problem.FAULTY: (
        _l("Your learning platform sent a class list that makes no sense."),
        _l("Read again later; if it happens again, tell whoever runs this tool when it happened."),
    ),
    Problem.EMPTY: (
        _l("Your learning platform sent an empty class list, although this course has people."),
        _l("Nobody was removed. If the list is empty again in an hour or later, it is believed."),
    ),
    Problem.INSIDE: (
        _l("Something broke in this tool while it read the class list."),
        _l("Tell whoever runs this tool when it happened. Nothing was changed."),
    ),
}  # fmt: skip

LABELS: dict[Change, LazyString] = {
    Change.JOINED: _l("Joined"),
    Change.RETURNED: _l("Came back"),
    Change.LEFT: _l("Left"),
    Change.RENAMED: _l("New name"),
    Change.ROLE: _l("New role"),
}

OCCASIONS: dict[How, LazyString] = {
    How.LAUNCH: _l("after somebody opened the tool"),
    How.NIGHT: _l("at night"),
    How.ASKED: _l("because an instructor asked"),
    How.OPERATOR: _l("by whoever runs the tool"),
}


@dataclass(frozen=True)
class Difference:
    """The people to whom one thing happened."""

    label: str
    people: Sequence[Enrolment]
    more: int
    """How many beyond those named."""


def differences(reading: RosterReading) -> list[Difference]:
    found = []
    for change, label in LABELS.items():
        if people := reading.of(change):
            found.append(Difference(str(label), people[:MOST_NAMES], max(len(people) - MOST_NAMES, 0)))
    return found


def count_sentence(counts: dict[Change, int]) -> str:
    """What changed, in numbers: *2 people joined, one left*; empty for nothing worth a word."""
    said = []
    if joined := counts.get(Change.JOINED, 0):
        said.append(ngettext("one person joined", "%(num)d people joined", joined))
    if returned := counts.get(Change.RETURNED, 0):
        said.append(ngettext("one person came back", "%(num)d people came back", returned))
    if left := counts.get(Change.LEFT, 0):
        said.append(ngettext("one person left", "%(num)d people left", left))
    return str(_(", ").join(said))
