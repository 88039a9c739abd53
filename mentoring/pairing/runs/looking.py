"""How a draft is looked at, of pairs or of circles: what of it is shown, and why it was not changed."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.paging import searched
from mentoring.names import in_sentence
from mentoring.pairing.models import MatchRun, RunState
from mentoring.pairing.runs.drafting import NotChanged

AT_ONCE = 50
"""How many pairs or circles a page lists before it asks to be filtered, or for all of them."""
FILTERS = ("all", "warned", "locked")

NOT_CHANGED = {
    "changed_meanwhile": _l(
        "Somebody has changed this draft since you opened it, so nothing was done. Look at it as it stands now, and"
        " try again."
    ),
    "no_draft": _l("This is no draft any more, so nothing was changed."),
    "paired": _l("These two stand together in the draft already."),
    "filled": _l("This person has every mentor of this kind that is needed. Take a pair apart first."),
    "other_kind": _l(
        "The program has changed since: mentors and mentees are put together in another way than peers are. Put this"
        " draft away, and have people suggested again."
    ),
    "unknown": _l("One of the two takes no part any more, so nothing was changed."),
}


def why_not_changed(run: MatchRun, problem: NotChanged) -> str:
    if run.state == RunState.PUBLISHED and run.published_by is not None:
        return str(
            _(
                "%(name)s has published this draft already, so nothing was done a second time.",
                name=in_sentence(run.published_by.name),
            )
        )
    return str(NOT_CHANGED[str(problem)])


def filter_of() -> str:
    wanted = request.args.get("show", "all")
    return wanted if wanted in FILTERS else "all"


def looking() -> dict[str, Any]:
    """What the page was filtered by, to come back to the same view."""
    found = {"q": searched(), "group": request.args.get("group", "")[:32], "show": filter_of()}
    return {name: value for name, value in found.items() if value and value != "all"}
