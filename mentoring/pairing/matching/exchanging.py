"""Good circles in little time: begun with whom it is hardest to place, then people change places while it helps.

What is found is a beginning for `parting`, and what there is where that would take too long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from mentoring.pairing.matching.gathering import Circle, Gathering, Harmony, harmony_of
from mentoring.pairing.matching.problem import NOT_ALLOWED

FRIENDS = 12
"""Somebody changes to circles with at least one of so many of their best."""
ALONE = -1
"""In place of a circle's number: those who are left over."""


def seat(gathering: Gathering, *, tries: int) -> tuple[Circle, ...] | None:
    """The best of several goes; None where people who are kept together could not be placed."""
    best: tuple[Harmony, tuple[Circle, ...]] | None = None
    for attempt in range(tries):
        seating = Seating(gathering, attempt)
        seating.improve()
        circles = seating.done()
        if seating.keeps_together() and (best is None or harmony_of(gathering, circles) > best[0]):
            best = harmony_of(gathering, circles), circles
    return best and best[1]


class Worth(NamedTuple):
    """Of one circle, times the gathering's unit."""

    lowest: int
    total: int


class Seating:
    """Circles on their way. Who is kept together moves together: a unit is one person or several."""

    def __init__(self, gathering: Gathering, attempt: int) -> None:
        self.gathering = gathering
        self.units = gathering.units
        self.seat = [ALONE] * len(self.units)
        """The circle each unit is in."""
        self.circles: dict[int, list[int]] = {ALONE: list(range(len(self.units)))}
        self.worths: dict[int, Worth] = {}
        """Of the circles that are large enough."""
        self._rows: list[list[int]] = gathering.worth.tolist()
        self._worth: dict[Circle, Worth | None] = {}
        self._begin(self._wanted(attempt), np.random.default_rng(attempt))

    def _wanted(self, attempt: int) -> int:
        """As many circles as can be, in another attempt fewer."""
        people, smallest, largest = self.gathering.people, self.gathering.smallest, self.gathering.largest
        most, fewest = people // smallest, -(-people // largest)
        return max(most - attempt % (max(most - fewest, 0) + 1), 1)

    def _begin(self, wanted: int, chance: np.random.Generator) -> None:
        """First those kept together, then those whom the fewest may meet."""
        may_meet = (self.gathering.worth != NOT_ALLOWED).sum(axis=1).tolist()
        drawn = chance.random(len(self.units)).tolist()
        self.circles |= {number: [] for number in range(wanted)}
        for unit in sorted(self.circles[ALONE], key=lambda each: self._hardness(each, may_meet, drawn)):
            self._seat_where_best(unit)
        for number in range(wanted):
            if self._size(self.circles[number]) < self.gathering.smallest:
                self._settle({number: [], ALONE: [*self.circles[ALONE], *self.circles[number]]})

    def _hardness(self, unit: int, may_meet: Sequence[int], drawn: Sequence[float]) -> tuple[int, int, float]:
        people = self.units[unit]
        return -len(people), min(may_meet[person] for person in people), drawn[unit]

    def _seat_where_best(self, unit: int) -> None:
        """Where everybody may meet: in circles that are too small yet, and then where they suit."""
        fits = [
            (self._size(circle) >= self.gathering.smallest, -self._suits(unit, circle), number)
            for number, circle in self._with_room(unit)
            if self._may_join(unit, circle)
        ]
        if fits:
            self._settle({ALONE: self._without(unit), min(fits)[2]: [*self.circles[min(fits)[2]], unit]})

    def _with_room(self, unit: int) -> Iterator[tuple[int, list[int]]]:
        for number, circle in self.circles.items():
            if number != ALONE and self._size(circle) + len(self.units[unit]) <= self.gathering.largest:
                yield number, circle

    def _may_join(self, unit: int, circle: Sequence[int]) -> bool:
        return all(
            self._rows[mine][other] != NOT_ALLOWED for mine in self.units[unit] for other in self._people(circle)
        )

    def _suits(self, unit: int, circle: Sequence[int]) -> float:
        theirs = self._people(circle)
        points = sum(self._rows[mine][other] for mine in self.units[unit] for other in theirs)
        return points / max(len(theirs) * len(self.units[unit]), 1)

    def _people(self, circle: Sequence[int]) -> list[int]:
        return [person for unit in circle for person in self.units[unit]]

    def _size(self, circle: Sequence[int]) -> int:
        return sum(len(self.units[unit]) for unit in circle)

    def _without(self, unit: int) -> list[int]:
        return [each for each in self.circles[self.seat[unit]] if each != unit]

    def _settle(self, changes: Mapping[int, list[int]]) -> None:
        for number, circle in changes.items():
            self.circles[number] = circle
            for unit in circle:
                self.seat[unit] = number
            self.worths.pop(number, None)
            if number != ALONE and (worth := self.worth(circle)):
                self.worths[number] = worth

    # More of them.

    def improve(self) -> None:
        while self._place_more() or self._exchange():
            pass

    def _place_more(self) -> bool:
        return any(self._place(unit) for unit in self.circles[ALONE]) or any(
            self._open_another(unit) for unit in self.circles[ALONE]
        )

    def _place(self, unit: int) -> bool:
        """In a circle with room, or in the place of somebody who has another to go to."""
        rest = self._without(unit)
        for number, circle in self._with_room(unit):
            if circle and self.worth([*circle, unit]):
                self._settle({ALONE: rest, number: [*circle, unit]})
                return True
        seated = (other for other, number in enumerate(self.seat) if number != ALONE)
        return any(self._make_way(unit, other, rest) for other in seated)

    def _make_way(self, unit: int, other: int, rest: list[int]) -> bool:
        here, joined = self.seat[other], [*self._without(other), unit]
        if self.worth(joined):
            for number, circle in self._with_room(other):
                if number != here and circle and self.worth([*circle, other]):
                    self._settle({ALONE: rest, here: joined, number: [*circle, other]})
                    return True
        return False

    def _open_another(self, first: int) -> bool:
        """A circle of those who are alone, and of one each from circles that can spare them."""
        among, from_circles = [first], dict[int, int]()
        for other in [*self.circles[ALONE], *self._spare()]:
            number = self.seat[other]
            if other == first or number in from_circles or not self._may_join(other, among):
                continue
            if self._size([*among, other]) <= self.gathering.largest:
                among.append(other)
                from_circles |= {number: other} if number != ALONE else {}
            if self.worth(among):
                changes = {number: self._without(unit) for number, unit in from_circles.items()}
                alone = [unit for unit in self.circles[ALONE] if unit not in among]
                self._settle({**changes, ALONE: alone, max(self.circles) + 1: among})
                return True
        return False

    def _spare(self) -> list[int]:
        """Whose circle is large enough without them."""
        return [unit for unit, number in enumerate(self.seat) if number != ALONE and self.worth(self._without(unit))]

    # Better ones.

    def _exchange(self) -> bool:
        """Whether any unit changed places with another, or went where there was room."""
        has_changed = False
        for unit in range(len(self.units)):
            has_changed |= any(self._take(changes) for changes in self._changes(unit))
        return has_changed

    def _changes(self, unit: int) -> Iterator[dict[int, list[int]]]:
        here, rest = self.seat[unit], self._without(unit)
        for there in dict.fromkeys(self.seat[friend] for friend in self._friends[unit]):
            if there == here:
                continue
            for other in self.circles[there]:
                yield {here: [*rest, other], there: [*self._without(other), unit]}
            if there != ALONE and here != ALONE:
                yield {here: rest, there: [*self.circles[there], unit]}

    @cached_property
    def _friends(self) -> list[list[int]]:
        unit_of = {person: number for number, unit in enumerate(self.units) for person in unit}
        best = np.argsort(-self.gathering.worth, axis=1, kind="stable")[:, : FRIENDS + 1].tolist()
        return [[unit_of[each] for person in unit for each in best[person]] for unit in self.units]

    def _take(self, changes: Mapping[int, list[int]]) -> bool:
        after = [self.worth(circle) for number, circle in changes.items() if number != ALONE]
        if None in after:
            return False
        before = [self.worths[number] for number in changes if number != ALONE]
        if not self._is_better([each for each in after if each], before) or self._leaves_more(changes):
            return False
        self._settle(changes)
        return True

    def _leaves_more(self, changes: Mapping[int, list[int]]) -> bool:
        return ALONE in changes and self._size(changes[ALONE]) > self._size(self.circles[ALONE])

    def _is_better(self, after: Sequence[Worth], before: Sequence[Worth]) -> bool:
        """The lowest mean higher, or in fewer circles, or the total higher: each step goes up, so there is an end."""
        lowest = min(worth.lowest for worth in self.worths.values())
        if min(each.lowest for each in after) < lowest:
            return False
        lows = [sum(each.lowest == lowest for each in some) for some in (after, before)]
        if lows[0] != lows[1]:
            return lows[0] < lows[1]
        return sum(each.total for each in after) > sum(each.total for each in before)

    def worth(self, circle: Sequence[int]) -> Worth | None:
        """None where these units must not be one circle, or would be too few or too many."""
        key = tuple(sorted(circle))
        if key not in self._worth:
            self._worth[key] = self._worked_out(self._people(key))
        return self._worth[key]

    def _worked_out(self, people: Sequence[int]) -> Worth | None:
        if not self.gathering.smallest <= len(people) <= self.gathering.largest:
            return None
        scores = [[self._rows[one][other] for other in people if other != one] for one in people]
        if any(NOT_ALLOWED in each for each in scores):
            return None
        sums, points = [sum(each) for each in scores], self.gathering.unit // (len(people) - 1)
        return Worth(min(sums) * points, sum(sums) * points)

    def keeps_together(self) -> bool:
        return all(self.seat[unit] != ALONE for unit in range(len(self.gathering.together)))

    def done(self) -> tuple[Circle, ...]:
        seated = (circle for number, circle in self.circles.items() if circle and number != ALONE)
        return tuple(sorted(tuple(sorted(self._people(circle))) for circle in seated))
