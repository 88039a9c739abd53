"""The hard rules of pairing that hold today, each with its number; no database, no web."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What may stand in the way of a pair; the numbers are those of the rule book."""

    ONESELF = "R1"
    SAME_PAIR = "R2 pair"
    KIND_FILLED = "R2 kind"
    NO_OFFER = "R3 offer"
    NO_PLACE = "R3 place"
    EXCLUDED = "R4"
    CONFLICT = "R5"
    MENTEE_GONE = "R6 mentee"
    MENTOR_GONE = "R6 mentor"
    LANGUAGE = "R7"
    HOURS = "R8"
    NOT_OFFERED = "R9"
    LEVEL = "R10"
    EXPERIENCE = "R11"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is known about a pair in the moment it is to be made."""

    is_same_person: bool = False
    is_mentee_here: bool = True
    is_mentor_here: bool = True
    is_paired: bool = False
    """Whether the mentee has this very mentor already, for whatever kind."""
    mentors_of_kind: int = 0
    needed: int = 1
    load: int = 0
    capacity: int


def obstacle(pair: Situation) -> Rule | None:
    """The first rule that forbids the pair, in the order in which they are worth explaining."""
    broken = {
        Rule.ONESELF: pair.is_same_person,
        Rule.MENTEE_GONE: not pair.is_mentee_here,
        Rule.MENTOR_GONE: not pair.is_mentor_here,
        Rule.SAME_PAIR: pair.is_paired,
        Rule.KIND_FILLED: pair.mentors_of_kind >= pair.needed,
        Rule.NO_OFFER: pair.capacity == 0,
        Rule.NO_PLACE: pair.load >= pair.capacity,
    }
    return next((rule for rule, is_broken in broken.items() if is_broken), None)
