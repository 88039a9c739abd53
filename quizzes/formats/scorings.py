"""How Moodle's ordering question is marked, in its words and numbers (qtype_ordering, `get_grading_types`)."""

from __future__ import annotations

from collections.abc import Mapping

from quizzes.kinds.ordering import Scoring

WORDS: Mapping[str, Scoring] = {
    "ALL_OR_NOTHING": Scoring.ALL_OR_NOTHING,
    "ABSOLUTE_POSITION": Scoring.ABSOLUTE_POSITION,
    "RELATIVE_NEXT_EXCLUDE_LAST": Scoring.NEXT,
    "RELATIVE_NEXT_INCLUDE_LAST": Scoring.NEXT_AND_LAST,
    "RELATIVE_ONE_PREVIOUS_AND_NEXT": Scoring.NEIGHBORS,
    "RELATIVE_ALL_PREVIOUS_AND_NEXT": Scoring.ALL_BEFORE_AND_AFTER,
    "LONGEST_ORDERED_SUBSET": Scoring.LONGEST_ORDERED,
    "LONGEST_CONTIGUOUS_SUBSET": Scoring.LONGEST_CONTIGUOUS,
    "RELATIVE_TO_CORRECT": Scoring.DISTANCE,
}
_SHORTER: Mapping[str, Scoring] = {
    "ABSOLUTE": Scoring.ABSOLUTE_POSITION,
    "ABS": Scoring.ABSOLUTE_POSITION,
    "RELATIVE": Scoring.NEXT,
    "REL": Scoring.NEXT,
    "-1": Scoring.ALL_OR_NOTHING,
    "0": Scoring.ABSOLUTE_POSITION,
    "1": Scoring.NEXT,
    "2": Scoring.NEXT_AND_LAST,
    "3": Scoring.NEIGHBORS,
    "4": Scoring.ALL_BEFORE_AND_AFTER,
    "5": Scoring.LONGEST_ORDERED,
    "6": Scoring.LONGEST_CONTIGUOUS,
    "7": Scoring.DISTANCE,
}
_SAID = {scoring: word for word, scoring in WORDS.items()}


def scoring_of(word: str) -> Scoring | None:
    return WORDS.get(word) or _SHORTER.get(word)


def word_of(scoring: str) -> str:
    """The usual one is the share of pairs, which counts each from both its ends there."""
    return _SAID[Scoring(scoring) if scoring and scoring != Scoring.PAIRS else Scoring.ALL_BEFORE_AND_AFTER]
