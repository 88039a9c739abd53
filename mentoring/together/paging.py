"""Long lists, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request


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
    """As the address says with `from`; whatever is no place in the list is its beginning."""
    said = request.args.get("from", "")
    is_place = said.isascii() and said.isdecimal() and len(said) < 9 and int(said) < found
    return Paging(found, int(said) if is_place else 0, at_once)
