"""Putting things in order.

Body: `items`, each with `id` and `text`, in the right order; `scoring`, if it is not the usual one. An answer names
every item once.

The usual mark is the share of pairs that stand the right way round, 1 - inversions / (n(n-1)/2). The others are those
of Moodle's ordering question (qtype_ordering, `grade_response`), by the names its settings have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations, pairwise

from quizzes.kinds.base import ORDER, Answered, Body, Component, Interaction, NotAnAnswer, Option, Places, Response
from quizzes.marking import Kind

AND = "[,]"


class Scoring(StrEnum):
    PAIRS = "pairs"
    ALL_OR_NOTHING = "all_or_nothing"
    ABSOLUTE_POSITION = "absolute_position"
    NEXT = "next"
    """Each item but the last is followed by the right one."""
    NEXT_AND_LAST = "next_and_last"
    """The same, and the last one is the last."""
    NEIGHBORS = "neighbors"
    """Each item has the right one before it and after it, nothing being right at the ends."""
    ALL_BEFORE_AND_AFTER = "all_before_and_after"
    LONGEST_ORDERED = "longest_ordered"
    """The most items that stand in the right order, whatever stands between them; one alone counts nothing."""
    LONGEST_CONTIGUOUS = "longest_contiguous"
    """The most items that follow one another in the right order without one left out."""
    DISTANCE = "distance"
    """Each item earns the less, the farther it is from its place."""


@dataclass(frozen=True)
class Ordering(Answered):
    kind: Kind = Kind.ORDERING

    def places(self, body: Body) -> Places:
        size = len(body["items"])
        return Places(size, (tuple(range(size)),), is_order=True)

    def options(self, body: Body) -> Sequence[Option]:
        return [Option(id=str(each["id"]), text=str(each["text"])) for each in body["items"]]

    def cleaned(self, body: Body, response: Response) -> Response:
        """An order; or, as long as it is none, the place from 1 that was given to each item."""
        if ORDER in response:
            order = [item for item in response[ORDER] if item]
            if sorted(order) != sorted(_ids(body)):
                raise NotAnAnswer("An order names each item once.")
            return {ORDER: order}
        given = self._given(body, response)
        if sorted(given.values()) == list(range(1, len(_ids(body)) + 1)):
            return {ORDER: sorted(given, key=given.__getitem__)}
        return {item: [str(place)] for item, place in given.items()}

    @staticmethod
    def _given(body: Body, response: Response) -> dict[str, int]:
        ids = _ids(body)
        known = {str(place): place for place in range(1, len(ids) + 1)}
        given = {item: put for item, puts in response.items() for put in puts if put}
        if not set(given) <= set(ids) or not set(given.values()) <= set(known):
            raise NotAnAnswer("The question has no such item or place.")
        return {item: known[given[item]] for item in ids if item in given}

    def is_answered(self, body: Body, response: Response) -> bool:
        return ORDER in response

    def fraction(self, body: Body, response: Response) -> Fraction:
        order = response.get(ORDER)
        if not order:
            return Fraction(0)
        right = {item: place for place, item in enumerate(_ids(body))}
        return SCORES[Scoring(body.get("scoring", Scoring.PAIRS))]([right[item] for item in order])

    def right(self, body: Body) -> Response:
        return {ORDER: _ids(body)}

    def interaction(self, body: Body, response: Response) -> Interaction:
        return Interaction(
            type="sequencing",
            pattern=(AND.join(_ids(body)),),
            response=AND.join(response.get(ORDER, ())),
            components=(Component("choices", tuple(self.options(body))),),
        )


def _ids(body: Body) -> list[str]:
    return [str(each["id"]) for each in body["items"]]


# Each takes the right places, from 0, of the items as they were put: all of them, in another order.


def _pairs(put: Sequence[int]) -> Fraction:
    pairs = list(combinations(put, 2))
    return Fraction(sum(first < second for first, second in pairs), len(pairs))


def _all_or_nothing(put: Sequence[int]) -> Fraction:
    return Fraction(list(put) == sorted(put))


def _absolute(put: Sequence[int]) -> Fraction:
    return Fraction(sum(place == right for place, right in enumerate(put)), len(put))


def _followed(put: Sequence[int]) -> int:
    return sum(second == first + 1 for first, second in pairwise(put))


def _next(put: Sequence[int]) -> Fraction:
    return Fraction(_followed(put), len(put) - 1)


def _next_and_last(put: Sequence[int]) -> Fraction:
    return Fraction(_followed(put) + _ends(put)[1], len(put))


def _ends(put: Sequence[int]) -> tuple[bool, bool]:
    return put[0] == 0, put[-1] == len(put) - 1


def _neighbors(put: Sequence[int]) -> Fraction:
    return Fraction(2 * _followed(put) + sum(_ends(put)), 2 * len(put))


def _longest_ordered(put: Sequence[int]) -> Fraction:
    longest: list[int] = []
    for place, right in enumerate(put):
        longest.append(1 + max((longest[i] for i in range(place) if put[i] < right), default=0))
    return _unless_alone(max(longest), len(put))


def _longest_contiguous(put: Sequence[int]) -> Fraction:
    runs: dict[int, int] = {}
    for right in put:
        runs[right] = runs.get(right - 1, 0) + 1
    return _unless_alone(max(runs.values()), len(put))


def _unless_alone(longest: int, size: int) -> Fraction:
    return Fraction(longest, size) if longest > 1 else Fraction(0)


def _distance(put: Sequence[int]) -> Fraction:
    farthest = len(put) - 1
    return Fraction(sum(farthest - abs(place - right) for place, right in enumerate(put)), farthest * len(put))


SCORES: Mapping[Scoring, Callable[[Sequence[int]], Fraction]] = {
    Scoring.PAIRS: _pairs,
    Scoring.ALL_OR_NOTHING: _all_or_nothing,
    Scoring.ABSOLUTE_POSITION: _absolute,
    Scoring.NEXT: _next,
    Scoring.NEXT_AND_LAST: _next_and_last,
    Scoring.NEIGHBORS: _neighbors,
    # Each pair the right way round is counted from both its ends.
    Scoring.ALL_BEFORE_AND_AFTER: _pairs,
    Scoring.LONGEST_ORDERED: _longest_ordered,
    Scoring.LONGEST_CONTIGUOUS: _longest_contiguous,
    Scoring.DISTANCE: _distance,
}

ORDERING = Ordering()
