"""The certificate of a run for peers in plain words: how much can be reached, and how surely."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from mentoring.pairing.circles import keeping
from mentoring.pairing.matching.gathering import Harmony
from mentoring.pairing.models import MatchRun


def proof(run: MatchRun, *, is_changed: bool) -> list[str]:
    """What no arrangement does better, as the engine proved it when the run was made; said so, if a hand changed it."""
    if not run.is_solved:
        return []
    reached, bound = keeping.levels(run.outcome["levels"]), keeping.levels(run.outcome["bounds"])
    since = [_("It was changed by hand since. As it was suggested:")] if is_changed else []
    return [*since, _most(reached, bound, run.outcome["seeking"]), _best(reached, bound)]


def _most(reached: Harmony, bound: Harmony, seeking: int) -> str:
    if reached.placed == seeking:
        return str(_("Everybody is in a circle; there is nothing more to reach."))
    if reached.placed < bound.placed:
        return str(
            _(
                "%(placed)d people are in a circle; no arrangement places more than %(most)d. The class is too large"
                " for the difference to be settled.",
                placed=reached.placed,
                most=bound.placed,
            )
        )
    return str(
        ngettext(
            "%(num)d person can be in a circle, and no arrangement places one more.",
            "%(num)d people can be in a circle, and no arrangement places one more.",
            reached.placed,
        )
    )


def _best(reached: Harmony, bound: Harmony) -> str:
    if reached == bound:
        sentence = _(
            "Among all arrangements that place as many, this one has the best circle for whoever is worst off, then the"
            " highest total, then the most even sizes. That is proved, not tried."
        )
    else:
        sentence = _(
            "The best that was found: whoever is worst off scores %(lowest)d with the others of their circle, and"
            " cannot score above %(most)d.",
            lowest=round(reached.lowest),
            most=round(bound.lowest),
        )
    return str(sentence)
