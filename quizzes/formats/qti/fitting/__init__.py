"""Finding the marking of ours that earns what an item's rules earn, for every answer that is tried."""

from quizzes.formats.qti.fitting.base import Fitted, fit, tell
from quizzes.formats.qti.fitting.lists import fit_listed
from quizzes.formats.qti.fitting.orders import fit_order
from quizzes.formats.qti.fitting.pairs import fit_pairs
from quizzes.formats.qti.fitting.sets import fit_multiple
from quizzes.formats.qti.fitting.slots import fit_slots

__all__ = ["Fitted", "fit", "fit_listed", "fit_multiple", "fit_order", "fit_pairs", "fit_slots", "tell"]
