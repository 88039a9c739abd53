"""What can be wrong with QTI in its own way."""

from __future__ import annotations

from enum import StrEnum


class Wrong(StrEnum):
    NOT_INTERPRETED = "qti_not_interpreted"
    """`what` of the rules is not understood: the question is marked by what is declared right."""
    SCORES_DIFFER = "qti_scores_differ"
    """`number` of `tried` answers earn something else here."""
    BELOW_ZERO = "qti_below_zero"
    NOT_SCORED = "qti_not_scored"
    """No answer that was tried earns anything."""
    ONE_OF_MANY = "qti_one_of_many"
    """The item makes up its numbers: one set of them is kept."""
    APART = "qti_apart"
    """The item becomes `number` questions."""
    BY_PEOPLE = "qti_by_people"
    """One of the questions that an item became is marked by people: `number` is what it is worth beside the others."""
    DRAWN_APART = "qti_drawn_apart"
    """An item of a draw became `number` questions."""
    ITEM_MISSING = "qti_item_missing"
    """`what` is named by a test or a manifest and is not there."""
    BANK_MISSING = "qti_bank_missing"
    """`what` is a bank in another file."""
    BANK_KNOWN = "qti_bank_known"
    """`what` is one in another file, and is here as `now`."""
