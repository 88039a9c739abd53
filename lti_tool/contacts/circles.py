"""Managers that go round in a circle; numbers in, numbers out."""

from __future__ import annotations

from collections.abc import Mapping


def circles(managers: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
    """Whoever stands in a circle of managers, with all of it: each is managed by the next, the last by the first.

    Takes time in proportion to the number of people, however long the chains are.
    """
    found: dict[int, tuple[int, ...]] = {}
    done: set[int] = set()
    for person in managers:
        path: dict[int, None] = {}
        each = person
        while each in managers and each not in done and each not in path:
            path[each] = None
            each = managers[each]
        if each in path:
            steps = list(path)
            circle = tuple(steps[steps.index(each) :])
            found |= dict.fromkeys(circle, circle)
        done |= path.keys()
    return found
