"""How questions did, one figure at a time, as files of statistics say it; no database, no web."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

REPORTED = ("qti30", "qti22", "qti21")
"""Versions in which figures and results are told, the newest first."""


class Glossary(StrEnum):
    """Which list of words the name of a figure is from."""

    ITEM = "item"
    """1EdTech's for items: `AIS`, `P-value`, `PTbis`."""
    CHOICE = "choice"
    """1EdTech's for what can be chosen: `NumberChoosingResponse`, `PTbis-Response`."""
    OURS = "ours"
    """What neither has a word for; docs/question-files.md says what each means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One figure of one question, or of something that can be chosen in it."""

    name: str
    glossary: Glossary = Glossary.ITEM
    item: str
    """The question, as the package with it calls it."""
    choice: str = ""
    """What can be chosen, as that package calls it; empty for the question as a whole."""
    value: float
    cases: int
    """Of how many answers."""
    deviation: float | None = None
    context: str
    """Where it was found: an address that stands for one quiz."""
    updated: date
