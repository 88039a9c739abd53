"""What the engine was told of peers and what it answered, as plain JSON, so that a run can be done again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mentoring.pairing.matching.gathering import Harmony
from mentoring.pairing.matching.peers import LeftAlone, Sizes
from mentoring.pairing.matching.people import Design, Peer
from mentoring.pairing.runs.keeping import Plain, design_from, person_from, plain_design, plain_person


@dataclass(frozen=True)
class Told:
    """What the engine is told."""

    design: Design
    peers: Sequence[Peer]
    sizes: Sizes
    together: Sequence[Collection[str]]
    """Keys of people who are kept in one circle."""


def plain(told: Told) -> Plain:
    """Everything of it; the order of rows does not matter, so people stand by their keys."""
    return {
        "design": plain_design(told.design),
        "peers": [plain_person(each) for each in sorted(told.peers, key=lambda each: each.key)],
        "sizes": [told.sizes.smallest, told.sizes.largest],
        "together": sorted(sorted(each) for each in told.together),
    }


def restored(kept: Mapping[str, Any]) -> Told:
    """What `plain` was made of."""
    return Told(
        design_from(kept["design"]),
        [person_from(Peer, each) for each in kept["peers"]],
        Sizes(*kept["sizes"]),
        kept["together"],
    )


def plain_levels(levels: Harmony) -> Plain:
    return {
        "placed": levels.placed,
        "lowest": [levels.lowest.numerator, levels.lowest.denominator],
        "total": [levels.total.numerator, levels.total.denominator],
        "evenness": levels.evenness,
    }


def levels(kept: Mapping[str, Any]) -> Harmony:
    return Harmony(
        placed=kept["placed"],
        lowest=Fraction(*kept["lowest"]),
        total=Fraction(*kept["total"]),
        evenness=kept["evenness"],
    )


def plain_leftover(left: LeftAlone) -> Plain:
    return {
        "peer": left.peer.key,
        "person": left.peer.who,
        "barred": {rule.value: count for rule, count in left.barred.items()},
        "alone_too": left.alone_too,
    }
