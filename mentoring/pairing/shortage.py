"""Said as soon as fewer places are free than people need one."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from mentoring.pairing.board import Board
from mentoring.pairing.numbers import Numbers


def waiting(people: int) -> str:
    return str(ngettext("One person still needs a mentor.", "%(num)d people still need a mentor.", people))


def too_few_places(board: Numbers | Board) -> str:
    """How many wait for how many places, and what to do; nothing while there are enough."""
    if not board.is_short:
        return ""
    free = (
        ngettext("Only one place is free.", "Only %(num)d places are free.", board.free)
        if board.free
        else _("Every place is taken.")
    )
    cure = _("Say who else mentors, or let mentors have more places.")
    return f"{waiting(board.without)} {free} {cure}"
