"""What can be wrong with a question's text, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Place = tuple[str | int, ...]
"""The way to it in the body: `("options", 1, "text")`."""


class Wrong(StrEnum):
    """What can be wrong; `wording` says each in a sentence."""

    NO_TEXT = "no_text"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    BAD_ID = "bad_id"
    SAME_ID = "same_id"
    SAME_TEXT = "same_text"
    BLANK = "blank"
    TWO_OPTIONS = "two_options"
    NOTHING_RIGHT = "nothing_right"
    ONE_RIGHT = "one_right"
    NOT_THERE = "not_there"
    BAD_NUMBER = "bad_number"
    BAD_WEIGHT = "bad_weight"
    NOT_ALL = "not_all"
    UNKNOWN = "unknown"
    NO_ANSWER = "no_answer"
    TOLERANCE = "tolerance"
    NO_UNIT = "no_unit"
    FACTOR = "factor"
    FIRST_FACTOR = "first_factor"
    PENALTY = "penalty"
    TWO_ROWS = "two_rows"
    TWO_CHOICES = "two_choices"
    BELONGS_NOWHERE = "belongs_nowhere"
    TWO_ITEMS = "two_items"
    NO_GAP = "no_gap"
    GAP_NOT_LISTED = "gap_not_listed"
    GAP_NOT_IN_TEXT = "gap_not_in_text"
    GAP_TWICE = "gap_twice"
    GAP_WEIGHT = "gap_weight"
    NO_PICTURE = "no_picture"
    PICTURE_GONE = "picture_gone"
    NO_ALT = "no_alt"
    SOUND_GONE = "sound_gone"
    NOT_IN_WORDS = "not_in_words"
    """A recording without what is heard in words."""
    TWO_AREAS = "two_areas"
    NOT_DRAWN = "not_drawn"
    OUTSIDE = "outside"
    WORDS = "words"
    LINES = "lines"
    FILES = "files"
    NOT_LOOKED_INTO = "not_looked_into"
    """Files with this ending are not taken: nobody here can tell what is in them."""
    ENDING = "ending"
    NO_LEVEL = "no_level"
    POINTS = "points"


OF_DRAFTS_TOO = frozenset(
    {
        *(Wrong.TOO_LONG, Wrong.TOO_MANY, Wrong.BAD_ID, Wrong.SAME_ID, Wrong.NOT_THERE, Wrong.UNKNOWN),
        *(Wrong.BAD_NUMBER, Wrong.BAD_WEIGHT, Wrong.TOLERANCE, Wrong.FACTOR, Wrong.PENALTY, Wrong.GAP_WEIGHT),
        *(Wrong.WORDS, Wrong.LINES, Wrong.FILES, Wrong.ENDING, Wrong.POINTS),
    }
)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where."""

    place: Place
    wrong: Wrong
    about: Mapping[str, object] = field(default_factory=dict)
    """What its sentence names."""

    @property
    def is_of_drafts_too(self) -> bool:
        return self.wrong in OF_DRAFTS_TOO
