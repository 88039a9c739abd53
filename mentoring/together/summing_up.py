"""What stands in the summary of a mentorship that each of its people may keep: every wing says its part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from mentoring.mentorships.sections import Look


@dataclass(frozen=True, kw_only=True)
class Said:
    """Somebody's words, under what they are about."""

    heading: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Summed:
    """A filled part, as plain values: the page and the file are both made of them."""

    title: str
    facts: Sequence[tuple[str, str]] = ()
    """What it is called, and what it is: numbers and days."""
    lines: Sequence[str] = ()
    said: Sequence[Said] = ()


@dataclass(frozen=True, kw_only=True)
class SummaryPart:
    """A place in the summary that a wing fills."""

    key: str
    """Makes its heading's id."""
    order: int
    fill: Callable[[Look], Summed | None]
    """What this visitor keeps of it, and no more than they may see; None where there is nothing. The caller has seen
    that they belong to it, or did to the last."""
    is_passed_on: bool = False
    """Whether a new mentor whom the mentee lets read the summary finds it there; not what has a tick of its own."""


def init_app(app: Flask) -> None:
    app.extensions["summary_parts"] = []


def register(app: Flask, part: SummaryPart) -> None:
    parts: list[SummaryPart] = app.extensions["summary_parts"]
    parts.append(part)
    parts.sort(key=lambda each: each.order)


def summary_of(look: Look, *, is_passed_on: bool = False) -> list[tuple[str, Summed]]:
    """Every filled part with its key, in order; for a new mentor those that are passed on."""
    parts: list[SummaryPart] = current_app.extensions["summary_parts"]
    filled = [(part.key, part.fill(look)) for part in parts if part.is_passed_on or not is_passed_on]
    return [(key, summed) for key, summed in filled if summed is not None]
