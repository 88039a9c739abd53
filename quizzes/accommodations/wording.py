"""What was granted, in words for the learner and for staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from flask_babel import LazyString, format_percent, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.pages import local_time
from quizzes.accommodations.models import Reason
from quizzes.timing import NOTHING, Accommodation, Instead

REASONS: Mapping[Reason, LazyString] = {
    Reason.AGREED: _l("Agreed with the office in charge"),
    Reason.LANGUAGE: _l("Takes it in another language than their own"),
    Reason.TECHNICAL: _l("Something technical went wrong"),
    Reason.ABSENCE: _l("Could not be there in time"),
    Reason.OTHER: _l("Another reason"),
}
"""None of them says anything about anybody's health."""


def to_learner(granted: Accommodation) -> str:
    """All of it in one sentence; empty where it is nothing."""
    found, otherwise = lines(granted), lines_of(granted.instead)
    return " ".join(
        [
            *([_("For you it is otherwise: %(what)s.", what=", ".join(otherwise))] if otherwise else []),
            *([_("Granted to you: %(what)s.", what=", ".join(found))] if found else []),
        ]
    )


def lines_of(instead: Instead) -> list[str]:
    """Each rule that is another than the quiz's; no code is among them."""
    return list(_lines_of(instead))


def _lines_of(instead: Instead) -> Iterator[str]:
    if instead.opens is not None:
        yield _("opens %(when)s", when=local_time(instead.opens))
    if instead.closes is not None:
        yield _("closes %(when)s", when=local_time(instead.closes))
    if instead.limit is not None:
        yield ngettext(
            "%(num)d minute for an attempt", "%(num)d minutes for an attempt", instead.limit // timedelta(minutes=1)
        )
    if instead.attempts is not None:
        yield ngettext("%(num)d attempt in all", "%(num)d attempts in all", instead.attempts)
    if instead.access_codes:
        yield _("an access code of its own")


def lines(granted: Accommodation) -> list[str]:
    """Each thing that is more than others have; nothing where that is nothing."""
    return list(_lines(granted))


def _lines(granted: Accommodation) -> Iterator[str]:
    if granted.is_unlimited:
        yield _("No time limit")
    else:
        if granted.multiplier > 1:
            yield _("%(percent)s more time", percent=format_percent(granted.multiplier - 1))
        if granted.extra > NOTHING:
            minutes = granted.extra // timedelta(minutes=1)
            yield ngettext("%(num)d minute more", "%(num)d minutes more", minutes)
    if granted.attempts:
        yield ngettext("%(num)d more attempt", "%(num)d more attempts", granted.attempts)
    if granted.closes is not None:
        yield _("May be taken until %(when)s", when=local_time(granted.closes))
    if not granted.extends and (granted.is_unlimited or granted.multiplier > 1 or granted.extra > NOTHING):
        yield _("Not beyond the close of the quiz")
