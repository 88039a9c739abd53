"""What was read of a course stays at hand in this process, so that only what is new has to be read again.

A report never lags: before each the store is asked for what came since. If anything was voided meanwhile, all of it is
read anew, for what was voided says nothing any more.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

from flask import Flask, current_app

from xapi.progress.facts import Fact
from xapi.progress.folding import Folded, fold

MOST_FACTS = 250_000
"""Kept of all courses together, about 800 bytes each; the course that was asked for longest ago goes first."""


@dataclass
class Kept:
    """What is known of one course."""

    seq: int = 0
    """The number of the newest statement of the store when it was last read."""
    facts: dict[str, Fact] = field(default_factory=dict)
    """By the statement's id."""


class Keeping:
    def __init__(self) -> None:
        self._lock = Lock()
        self._courses: OrderedDict[str, Kept] = OrderedDict()
        self._folded: tuple[str, int, Folded] | None = None

    def of(self, course: str) -> Kept:
        """What was known last; what is added to it changes nothing here until it is kept."""
        with self._lock:
            kept = self._courses.get(course)
            return Kept(kept.seq, dict(kept.facts)) if kept else Kept()

    def keep(self, course: str, seq: int, facts: dict[str, Fact]) -> None:
        with self._lock:
            before = self._courses.get(course)
            if before is None or before.seq <= seq:
                self._courses[course] = Kept(seq, facts)
                self._courses.move_to_end(course)
            self._make_room()

    def folded(self, course: str, kept: Kept) -> Folded:
        """What was kept of a course, folded; of the course asked for last it is at hand while nothing is new.

        Mails about the people of a course ask for it one by one. Nobody changes what was folded.
        """
        with self._lock:
            if self._folded is not None and self._folded[:2] == (course, kept.seq):
                return self._folded[2]
        folded = fold(kept.facts.values())
        with self._lock:
            self._folded = (course, kept.seq, folded)
        return folded

    def forget(self, courses: Iterable[str] = ()) -> None:
        """These courses, or all."""
        with self._lock:
            self._folded = None
            for course in list(courses) or list(self._courses):
                self._courses.pop(course, None)

    def _make_room(self) -> None:
        while len(self._courses) > 1 and sum(len(each.facts) for each in self._courses.values()) > MOST_FACTS:
            self._courses.popitem(last=False)


def init_app(app: Flask) -> None:
    app.extensions["progress"] = Keeping()


def keeping() -> Keeping:
    found: Keeping = current_app.extensions["progress"]
    return found
