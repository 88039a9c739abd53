"""What is known of how the runs of a program went: features upstairs say it here, and its pages show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.orm import Session

from lti_tool.models import Course


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number that is said of a run."""

    name: str
    words: str
    """The number as it is written."""
    behind: int
    """How many people stand behind it."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one evaluation says of a run: nothing in it gives anybody away."""

    title: str
    url: str
    figures: Sequence[Figure] = ()
    quotes: Sequence[tuple[str, Sequence[str]]] = ()
    """By what was asked, words of those who agreed to be quoted."""
    note: str = ""
    """How many have answered."""


def side_by_side(outcomes: Sequence[Outcome]) -> list[tuple[str, list[Figure | None]]]:
    """Each figure by its name with what every outcome says of it, in the order in which they are first named."""
    by_name = [{figure.name: figure for figure in each.figures} for each in outcomes]
    names = dict.fromkeys(name for each in by_name for name in each)
    return [(name, [each.get(name) for each in by_name]) for name in names]


ByRun = Mapping[int | None, Sequence[Outcome]]
"""By the row number of the run, the newest first; under None what is of the whole course."""
Teller = Callable[[Session, Course], ByRun]


def init_app(app: Flask) -> None:
    app.extensions["program_outcomes"] = []


def register(app: Flask, teller: Teller) -> None:
    app.extensions["program_outcomes"].append(teller)


def outcomes_of(session: Session, course: Course) -> ByRun:
    """Everything that is said of the course's runs."""
    tellers: list[Teller] = current_app.extensions["program_outcomes"]
    found: dict[int | None, list[Outcome]] = {}
    for teller in tellers:
        for run, outcomes in teller(session, course).items():
            found.setdefault(run, []).extend(outcomes)
    return found
