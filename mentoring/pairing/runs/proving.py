"""The certificate of a run in plain words: how much can be reached, and why no arrangement reaches more."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from mentoring.names import in_sentence
from mentoring.pairing.matching.problem import Levels
from mentoring.pairing.models import MatchRun
from mentoring.pairing.pooling import Gathered
from mentoring.pairing.reasons import listed
from mentoring.pairing.runs import keeping
from mentoring.participants.models import Participant


def proof(run: MatchRun, gathered: Gathered) -> list[str]:
    """Why no arrangement does better, as the engine proved it when the run was made."""
    if not run.is_solved:
        return []
    reached, bound = keeping.levels(run.outcome["levels"]), keeping.levels(run.outcome["bounds"])
    return [*_most(run, gathered, reached, bound), *_best(reached, bound)]


def _most(run: MatchRun, gathered: Gathered, reached: Levels, bound: Levels) -> list[str]:
    if reached.filled < bound.filled:
        return [
            _(
                "%(filled)d places are filled; no arrangement fills more than %(most)d. The class is too large for the"
                " difference to be settled.",
                filled=reached.filled,
                most=bound.filled,
            )
        ]
    needed = len(run.outcome["proof"]["stuck"])
    if not run.outcome["leftovers"]:
        return [_("Everybody is placed; there is nothing more to reach.")]
    told = [_("%(filled)d places can be filled, and no arrangement fills one more.", filled=reached.filled)]
    if run.outcome["proof"]["most"] == reached.filled and needed:
        told.append(_shortage(run, gathered))
    else:
        told.append(
            _(
                "The reason is not a short one: the solver went through all the ways in which two mentors of different"
                " kinds, who have to be two people, could be given."
            )
        )
    return told


def _shortage(run: MatchRun, gathered: Gathered) -> str:
    proof = run.outcome["proof"]
    stuck = [gathered.participants[key] for key, _kind in proof["stuck"] if key in gathered.participants]
    wanted = [gathered.participants[key] for key in proof["wanted"] if key in gathered.participants]
    names = {"stuck": few(stuck), "wanted": few(wanted), "places": proof["places"], "needed": len(proof["stuck"])}
    if not wanted:
        return str(_("For %(stuck)s the rules leave nobody at all.", **names))
    if len(wanted) == len(gathered.pool.mentors):
        return str(_("All mentors together have %(places)d places, and %(needed)d are needed.", **names))
    sentence = _(
        "The rules leave nobody but %(wanted)s for %(stuck)s. They need %(needed)d mentors, and there are %(places)d"
        " places: whoever else is paired with whom, %(short)d stay without.",
        short=len(proof["stuck"]) - proof["places"],
        **names,
    )
    return str(sentence)


def _best(reached: Levels, bound: Levels) -> list[str]:
    if reached == bound:
        return [
            _(
                "Among all arrangements that fill as many, this one has the best place for whoever is worst off, then"
                " the highest total, then the most even load. That is proved, not tried."
            )
        ]
    return [
        _(
            "The best that was found: the total is %(total)d, and cannot be above %(most)d.",
            total=reached.total,
            most=bound.total,
        )
    ]


FEW = 6


def few(people: Sequence[Participant]) -> str:
    """The names of a few; of many, the first and how many more there are."""
    names = list(dict.fromkeys(in_sentence(each.name) for each in people))
    if len(names) <= FEW:
        return listed(names)
    more = len(names) - FEW + 1
    return str(
        ngettext("%(names)s and %(num)d other", "%(names)s and %(num)d others", more, names=", ".join(names[: FEW - 1]))
    )
