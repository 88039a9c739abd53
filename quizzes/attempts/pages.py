"""How the questions of an attempt are spread over pages; no database, no web."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pages:
    """So many questions, so many of them on a page; 0 where all stand on one."""

    questions: int
    per_page: int

    @property
    def count(self) -> int:
        return -(-self.questions // self.per_page) if self.per_page else 1

    def of(self, place: int) -> int:
        """The page a question stands on, from 1."""
        return (place - 1) // self.per_page + 1 if self.per_page else 1

    def nearest(self, page: int) -> int:
        """This page, or the first or last one where there is none such."""
        return min(max(page, 1), self.count)
