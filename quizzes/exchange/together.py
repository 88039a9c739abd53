"""What of a file is not kept, or of a bank not said, in few lines.

What is said of many places stands once, with the first few of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from quizzes.formats.reports import Report

MOST_NAMED = 5
"""Places beside one sentence."""


@dataclass
class Said:
    """A sentence, and where in the file it is true."""

    severity: str
    sentence: str
    places: list[str] = field(default_factory=list)
    number: int = 0

    @property
    def named(self) -> Sequence[str]:
        """The first of the places."""
        return self.places[:MOST_NAMED]

    @property
    def unnamed(self) -> int:
        """How many more there are."""
        return self.number - len(self.named)


def in_words(report: Report) -> list[dict[str, str]]:
    """In the language that is spoken now."""
    from quizzes.formats import wording  # which loads all formats

    return [
        {
            "severity": each.severity.name.lower(),
            "where": str(wording.where(each)),
            "sentence": str(wording.sentence(each)),
        }
        for each in report.findings
    ]


def severities() -> dict[str, str]:
    """What each is called."""
    from quizzes.formats.wording import SEVERITIES  # which loads all formats

    return {severity.name.lower(): str(label) for severity, label in SEVERITIES.items()}


def together(findings: Iterable[Mapping[str, str]]) -> list[Said]:
    """In the order in which each is said first."""
    found: dict[tuple[str, str], Said] = {}
    for each in findings:
        said = found.setdefault((each["severity"], each["sentence"]), Said(each["severity"], each["sentence"]))
        said.number += 1
        if each["where"]:
            said.places.append(each["where"])
    return list(found.values())
