"""Somebody's free half hours as people say them: usual times of a week, and windows on single days; no web."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from mentoring.participants.hours import DAY


class Usual(StrEnum):
    """Times of a week that many people have free, so that one tick says them all."""

    MORNINGS = "mornings"
    LUNCHTIMES = "lunchtimes"
    AFTERNOONS = "afternoons"
    EVENINGS = "evenings"
    WEEKEND = "weekend"


@dataclass(frozen=True, order=True)
class Window:
    """From one half hour of a day to another, which is no part of it any more: 0 to 48 from midnight."""

    day: int
    """0 is Monday."""
    begins: int
    ends: int

    @property
    def hours(self) -> range:
        return range(self.day * DAY + self.begins, self.day * DAY + self.ends)


_WORKING, _FREE = range(5), range(5, 7)
_USUAL = {
    Usual.MORNINGS: (_WORKING, 16, 24),
    Usual.LUNCHTIMES: (_WORKING, 24, 28),
    Usual.AFTERNOONS: (_WORKING, 28, 36),
    Usual.EVENINGS: (_WORKING, 36, 42),
    Usual.WEEKEND: (_FREE, 20, 36),
}


def windows_of(usual: Usual) -> list[Window]:
    days, begins, ends = _USUAL[usual]
    return [Window(day, begins, ends) for day in days]


def hours_of(usual: Iterable[Usual], windows: Iterable[Window]) -> list[int]:
    """All these times as half hours of a week, 0 to 335."""
    said = [*windows, *(window for each in usual for window in windows_of(each))]
    return sorted({hour for window in said for hour in window.hours})


def usual_in(hours: Collection[int]) -> list[Usual]:
    """The usual times that are free as a whole."""
    free = set(hours)
    return [usual for usual in Usual if free.issuperset(hours_of([usual], []))]


def others_in(hours: Collection[int]) -> list[Window]:
    """What is free beyond the usual times, as few windows as say it."""
    return windows_in(set(hours).difference(hours_of(usual_in(hours), [])))


def windows_in(hours: Collection[int]) -> list[Window]:
    """All that is free, as few windows as say it."""
    found: list[Window] = []
    for hour in sorted(hours):
        day, half = divmod(hour, DAY)
        if found and (found[-1].day, found[-1].ends) == (day, half):
            found[-1] = Window(day, found[-1].begins, half + 1)
        else:
            found.append(Window(day, half, half + 1))
    return found
