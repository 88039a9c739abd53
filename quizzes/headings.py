"""Where the sections of a quiz begin among its questions, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizzes.designing.plan import Plan


@dataclass(frozen=True)
class Heading:
    """What stands above the first question of a section, or of a page on which a section goes on."""

    title: str
    instructions: str = ""
    is_markdown: bool = False
    """Whether marks work in the instructions."""
    is_continued: bool = False
    """Whether the section began on a page before."""


def headings(plan: Plan, sections: Sequence[int | None], before: int | None = None) -> list[Heading | None]:
    """For each of these questions, given by the numbers of their sections, what stands above it; mostly nothing.

    `before` is the section of the question before the first of them. A quiz whose sections say nothing has no headings.
    """
    if not any(section.title or section.instructions for section in plan.sections):
        return [None for _each in sections]
    return list(_headings(plan, sections, before))


def _headings(plan: Plan, sections: Sequence[int | None], before: int | None) -> Iterator[Heading | None]:
    last = None
    for number in sections:
        if number is None or number == last:
            yield None
        else:
            section = plan.sections[number - 1]
            is_continued = number == before
            yield Heading(section.title, section.instructions, section.is_markdown, is_continued=is_continued)
        last = number
