"""Long lists, a page at a time, as an address asks for them: `from` is where a page begins, `q` what is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Paging:
    """Which part of a list stands on this page."""

    found: int
    first: int
    at_once: int

    @property
    def newer(self) -> int | None:
        """Where the page of what is newer begins, if there is one."""
        return max(self.first - self.at_once, 0) if self.first else None

    @property
    def older(self) -> int | None:
        then = self.first + self.at_once
        return then if then < self.found else None


def paging(found: int, at_once: int) -> Paging:
    return Paging(found, beginning(found, at_once), at_once)


def beginning(found: int, at_once: int) -> int:
    """Where the page begins that the address asks for; whatever is no place in the list is its beginning."""
    first = place_in()
    return first - first % at_once if first < found else 0


def place_in(args: Mapping[str, str] | None = None) -> int:
    """The place that is asked for, be there so many or not."""
    said = (request.args if args is None else args).get("from", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 8 else 0


def searched(args: Mapping[str, str] | None = None) -> str:
    """What is looked for, as no database minds it."""
    return (request.args if args is None else args).get("q", "")[:LONGEST_SEARCH].replace("\0", "").strip()
