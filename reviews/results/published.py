"""What the gate let through, as it is kept with a snapshot: read again it is the same, whatever becomes of the answers.

No database, no web.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from reviews.disclosure import Cell, Published, Reason, Spread, Withheld, Words
from reviews.results.concluding import Conclusions

CELLS = ("statements", "competencies", "others_of_statements", "others")


def as_json(shown: Published) -> dict[str, Any]:
    """Without the ledger, which is for nobody's eyes and is kept beside it."""
    # Not `asdict`, which copies to any depth and takes as long as all the rest: these hold plain values and tuples.
    said = {
        name: [{**vars(each)} for each in getattr(shown, name)] for name in (*CELLS, "spreads", "words", "withheld")
    }
    return {"version": 1, **said}


def of(said: Mapping[str, Any]) -> Published:
    cells = {name: tuple(_cell(each) for each in said[name]) for name in CELLS}
    return Published(
        statements=cells["statements"],
        competencies=cells["competencies"],
        others_of_statements=cells["others_of_statements"],
        others=cells["others"],
        spreads=tuple(
            Spread(each["statement"], tuple(each["groups"]), tuple(each["counts"])) for each in said["spreads"]
        ),
        words=tuple(Words(**each) for each in said["words"]),
        withheld=tuple(
            Withheld(each["what"], tuple(each["groups"]), Reason(each["reason"])) for each in said["withheld"]
        ),
    )


def _cell(said: Mapping[str, Any]) -> Cell:
    return Cell(**{**said, "groups": tuple(said["groups"]), "statements": tuple(said["statements"])})


@dataclass(frozen=True)
class Answered:
    """How many of a group were asked, and how many have answered: that is no secret."""

    group: str
    asked: int
    answered: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """A snapshot as it was put together: every page and file of a result is made of this and of nothing else."""

    shown: Published
    conclusions: Conclusions
    answered: tuple[Answered, ...] = ()
    shortened: frozenset[int] = frozenset()
    """The places among `shown.words` of those from which somebody has taken a name or an insult."""

    def as_json(self) -> dict[str, Any]:
        return {
            **as_json(self.shown),
            "conclusions": self.conclusions.as_json(),
            "answered": [asdict(each) for each in self.answered],
            "shortened": sorted(self.shortened),
        }

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Report:
        return cls(
            shown=of(said),
            conclusions=Conclusions.of_json(said["conclusions"]) if "conclusions" in said else Conclusions(),
            answered=tuple(Answered(**each) for each in said.get("answered", ())),
            shortened=frozenset(said.get("shortened", ())),
        )
