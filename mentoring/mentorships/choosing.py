"""Who is asked next when an ask came to nothing: plain values in, a mentor out; no database, no web."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A mentor whom the mentee would like, as far as it matters here."""

    mentor: int
    """A participant's id."""
    rank: int
    """1 is the dearest."""
    free: int
    """How many places are left."""
    was_asked: bool = False
    """For this kind, by this mentee, whatever came of it."""


def next_choice(choices: Iterable[Choice], *, is_barred: Callable[[int], bool]) -> int | None:
    """The dearest mentor who was not asked yet, has a place, and whom no rule bars; nobody if there is none.

    `is_barred` is asked of one mentor after the other, in the order of the wishes, and no further than to the first.
    """
    for choice in sorted(choices, key=lambda choice: (choice.rank, choice.mentor)):
        if not choice.was_asked and choice.free > 0 and not is_barred(choice.mentor):
            return choice.mentor
    return None
