"""What of a file is not kept, in few lines: what is said of many places stands once, with the first few of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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


def together(findings: Iterable[Mapping[str, str]]) -> list[Said]:
    """In the order in which each is said first."""
    found: dict[tuple[str, str], Said] = {}
    for each in findings:
        said = found.setdefault((each["severity"], each["sentence"]), Said(each["severity"], each["sentence"]))
        said.number += 1
        if each["where"]:
            said.places.append(each["where"])
    return list(found.values())
