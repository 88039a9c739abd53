"""What reports of results call things, and their sentences. All numbers in them are published ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from babel.lists import format_list
from flask_babel import LazyString, format_decimal, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from reviews.campaigns.rules import Purpose
from reviews.disclosure import Cell
from reviews.results.models import Access
from reviews.summing_up.agreement import Agreement
from reviews.summing_up.change import Direction
from reviews.summing_up.gaps import Category

PURPOSES: Mapping[Purpose, LazyString] = {
    Purpose.DEVELOPMENT: _l("For development: it is for learning, and decides nothing."),
    Purpose.DECISION: _l("For a decision: it counts towards something that is decided."),
}
AGREEMENTS: Mapping[Agreement, LazyString] = {
    Agreement.NONE: _l("Raters do not agree."),
    Agreement.WEAK: _l("Raters agree weakly."),
    Agreement.MODERATE: _l("Raters agree moderately."),
    Agreement.STRONG: _l("Raters agree strongly."),
    Agreement.VERY_STRONG: _l("Raters agree very strongly."),
}
DIRECTIONS: Mapping[Direction, LazyString] = {
    Direction.UP: _l("clearly higher"),
    Direction.DOWN: _l("clearly lower"),
    Direction.SAME: _l("no clear change"),
}
ACCESSES: Mapping[Access, LazyString] = {
    Access.LOOKED: _l("looked at this page"),
    Access.PDF: _l("took the PDF along"),
    Access.EXCEL: _l("took the Excel file along"),
}
CATEGORIES: Mapping[Category, LazyString] = {
    Category.BLIND_SPOT: _l("Blind spot"),
    Category.HIDDEN_STRENGTH: _l("Hidden strength"),
    Category.CONFIRMED_STRENGTH: _l("Confirmed strength"),
    Category.CONFIRMED_NEED: _l("Confirmed need"),
    Category.UNDECIDED: _l("Undecided"),
}


def number(value: float) -> str:
    return str(format_decimal(value, "0.0"))


def mean(cell: Cell) -> str:
    """*3.4*, or *about 4.8* where few have nearly all chosen one end of the scale."""
    return _("about %(mean)s", mean=number(cell.mean)) if cell.is_about else number(cell.mean)


def listed(words: Sequence[str]) -> str:
    """*Peers, Mentees, and Direct reports*."""
    return str(format_list(list(words), locale=get_locale()))
